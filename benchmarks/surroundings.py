"""What a benchmark runs against: a Zaffre of its own in a temporary home, peers in environments of their own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

VENVS = Path(__file__).with_name(".venvs")
PEERS = {
    "limit": (),
    "idle-limit": ("fastapi", "uvicorn"),
    "mlflow": ("mlflow==3.17.2",),
    "ray": ("ray[default]",),
    "ray-tune": ("ray[default,tune]",),
    "optuna": ("optuna>=5,<6",),
    "dvc": ("dvc",),
    "snakemake": ("snakemake",),
    "luigi": ("luigi",),
    "serving-limit": ("uvicorn", "uvloop", "httptools", "scikit-learn==1.7.2", "joblib"),
    "azureml-server": ("azureml-inference-server-http", "scikit-learn==1.7.2", "joblib"),
    "mlflow-serving": ("mlflow==3.17.2", "scikit-learn==1.7.2", "setuptools<81"),
    "bentoml": ("bentoml", "scikit-learn==1.7.2", "joblib"),
    "ray-serve": ("ray[serve]", "scikit-learn==1.7.2", "joblib"),
    "azure": ("azure-ai-ml==1.35.2", "azure-identity", "marshmallow<4"),
}
API = "/api/v1/workspaces/default"


def clean_environment(**more: str) -> dict[str, str]:
    """This environment without what would slow a start: a cache of compiled modules must be allowed."""
    environ = {
        key: value for key, value in os.environ.items() if not key.startswith(("ZAFFRE_", "PYTHON", "VIRTUAL_ENV"))
    }
    quiet = {
        "DO_NOT_TRACK": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "RAY_USAGE_STATS_ENABLED": "0",
        "GIT_PYTHON_REFRESH": "quiet",
    }
    return environ | quiet | more


def venv(name: str) -> Path:
    """The peer's environment, made on first use; raises with uv's words where its packages cannot be had."""
    folder = VENVS / name
    if not (folder / ".ready").exists():
        uv = str(Path(sys.executable).with_name("uv"))
        shutil.rmtree(folder, ignore_errors=True)
        _must([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        if PEERS[name]:
            _must(
                [
                    uv,
                    "pip",
                    "install",
                    "--quiet",
                    "--compile-bytecode",
                    "--python",
                    str(folder / "bin/python"),
                    *PEERS[name],
                ]
            )
        (folder / ".ready").touch()
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], within: float, what: str) -> None:
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} after {within:.0f} s")
        time.sleep(0.005)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextlib.contextmanager
def process(command: list[str], folder: Path, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """A peer's server in a session of its own, ended with everything it started."""
    with (folder / "peer.log").open("ab") as log:
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=clean_environment(HOME=str(folder), **environ),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        end(child)


def end(child: subprocess.Popen[bytes]) -> None:
    for number, patience in ((signal.SIGTERM, 8.0), (signal.SIGKILL, 5.0)):
        for pid in session(child.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: child.poll() is not None and not session(child.pid), patience, "still there")
            return


def session(leader: int) -> list[int]:
    """The processes of one session: a server and what it started."""
    found = []
    for entry in (path.name for path in Path("/proc").iterdir()):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                if os.getsid(int(entry)) == leader:
                    found.append(int(entry))
    return found


class Zaffre:
    """One installation of its own, on free ports; the one on this machine is never touched."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.python = sys.executable
        self.port = free_port() if not self.home.exists() else _kept_port(self.home)
        self.environ = clean_environment(
            ZAFFRE_HOME=str(self.home),
            ZAFFRE_SERVER_PORT=str(self.port),
            ZAFFRE_ROUTER_PORT=str(free_port()),
            ZAFFRE_SERVER_TLS_PORT="0",
            ZAFFRE_ROUTER_TLS_PORT="0",
        )

    def cli(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            [self.python, "-m", "zaffre", *words],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(f"zaffre {' '.join(words)}: {done.stdout}{done.stderr}"[-2000:])
        return done.stdout

    def up(self) -> dict[str, Any]:
        self.cli("up")
        return self.facts()

    def down(self) -> None:
        self.cli("down", check=False)

    def facts(self) -> dict[str, Any]:
        return json.loads((self.home / "server.json").read_text())

    def client(self) -> Client:
        url = str(self.facts()["server_url"])
        return Client(url.removeprefix("http://"), (self.home / "token").read_text().strip())


class Client:
    """A warm client: one kept-open connection and the native REST, as any program would use it."""

    def __init__(self, address: str, token: str) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=120)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        self._connection.request(method, API + path, json.dumps(body) if body is not None else None, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode(errors='replace')[:1000]}")
        return json.loads(text) if text else None

    def run(self, name: str, spec: dict[str, Any]) -> str:
        """Submit and wait for the end, without asking twice: the wait is answered when the job is final."""
        self.call("PUT", f"/jobs/{name}", spec)
        while True:
            job = self.call("GET", f"/jobs/{name}?wait_for=final&timeout=30")
            status = job["state"]["status"]
            if status in {"Completed", "Failed", "Canceled"}:
                return str(status)


def _kept_port(home: Path) -> int:
    """A home's port is chosen once: running jobs hold URLs."""
    return int(json.loads((home / "server.json").read_text())["server_url"].rpartition(":")[2])


def _must(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment())
    if done.returncode:
        raise RuntimeError((done.stdout + done.stderr)[-800:])
