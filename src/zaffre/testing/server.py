"""A whole server process in a temporary home, for tests that tell stories and for tests that kill it.

Whatever such a test starts (server, nursery, agents, commands, scoring hosts, router) is known by the path of its home,
which is in its command line or its environment, and is ended with the installation.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from zaffre.testing import postgres
from zaffre.testing.ports import free_port

CURATED = "azureml://registries/azureml/environments/python/labels/latest"
PATIENCE = 60.0
FINAL = ("Completed", "Failed", "Canceled")
_TOKEN = b"ZAFFRE_TASK_TOKEN="


class NotInTime(AssertionError):
    """Something that was waited for did not come."""


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """The first true answer of ``true``, asked again and again; fails after ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise NotInTime(f"not in {patience} s: {what}")


@dataclass(slots=True)
class Installation:
    """One home and the server that runs in it, now or again."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict[str, str])
    """Added to the variables of the server."""
    process: subprocess.Popen[bytes] | None = None
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))
    port: int = 0
    keys: dict[str, str] = field(default_factory=dict[str, str])
    """Of endpoints, for tests that score without the server."""

    def start(self) -> Installation:
        """Start the server and wait until it is ready."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = self.port or free_port()
        log = (self.home / "server.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "zaffre.server"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.variables(),
                start_new_session=True,
            )
        until(self._ready, f"a server ready in {self.home}; {self.log()[-2000:]}")
        token = (self.home / "token").read_text().strip()
        self.http.headers["Authorization"] = f"Bearer {token}"
        return self

    def kill(self) -> None:
        """``kill -9``; nothing else of the home is touched."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Ask the server to end, and wait."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def end(self) -> None:
        """End everything that belongs to this home; its files stay."""
        self.http.close()
        if self.process is not None:
            self.kill()
        until(self._ended, f"the end of {processes(self.home)}")

    def close(self) -> None:
        """End everything that belongs to this home and remove it."""
        self.end()
        shutil.rmtree(self._sockets(), ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def variables(self) -> dict[str, str]:
        """The environment of the server, and of clients that speak to it."""
        return {
            **os.environ,  # noqa: TID251 - a client hands its own on
            "ZAFFRE_HOME": str(self.home),
            "ZAFFRE_SERVER_PORT": str(self.port),
            "ZAFFRE_ROUTER_PORT": "0",
            "ZAFFRE_ROUTER_TLS_PORT": "0",
            "ZAFFRE_SERVER_TLS_PORT": "0",
            **postgres.variables(self.home),
            **self.environ,
        }

    def log(self) -> str:
        """What the server wrote."""
        return (self.home / "server.log").read_text(errors="replace")

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """One request below ``/api/v1/workspaces/default``; an absolute path is taken as it is."""
        prefix = "" if path.startswith("/") else "/api/v1/workspaces/default/"
        return self.http.request(method, f"http://127.0.0.1:{self.port}{prefix}{path}", json=body, **more)

    def submit(self, name: str, command: str, **more: Any) -> dict[str, Any]:
        """Submit a command job, in the curated Python environment unless ``more`` names another."""
        answer = self.call("PUT", f"jobs/{name}", {**job(command), **more})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def upload(self, target: str, files: Mapping[str, bytes], name: str = "files") -> dict[str, Any]:
        """Upload files as the client does: digests first, then what is missing."""
        listed = [
            {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for path, content in files.items()
        ]
        asked = (
            self.call("POST", "uploads", {"target": target, "name": name, "files": listed}).raise_for_status().json()
        )
        known = {hashlib.sha256(content).hexdigest(): content for content in files.values()}
        pack = b"".join(
            bytes.fromhex(digest) + len(known[digest]).to_bytes(8, "big") + known[digest] for digest in asked["missing"]
        )
        if pack:
            url = f"http://127.0.0.1:{self.port}/api/v1/workspaces/default/uploads/{asked['id']}/pack"
            self.http.put(url, content=pack).raise_for_status()
        return self.call("POST", f"uploads/{asked['id']}/commit").raise_for_status().json()

    def state(self, name: str) -> dict[str, Any]:
        """What the server says of a job."""
        return self.call("GET", f"jobs/{name}").raise_for_status().json()["state"]

    def ended(self, name: str, patience: float = PATIENCE) -> dict[str, Any]:
        """The state of a job once it is final."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            query = {"wait_for": "final", "timeout": "5"}
            found = self.call("GET", f"jobs/{name}", params=query).raise_for_status().json()["state"]
            if found["status"] in FINAL:
                return found
        raise NotInTime(f"job {name} is not final in {patience} s: {self.state(name)}")

    def running(self, name: str) -> dict[str, Any]:
        """The state of a job once its command runs (or it has ended)."""
        return until(lambda: (found := self.state(name))["status"] in ("Running", *FINAL) and found, f"{name} to run")

    def text(self, name: str, file: str = "user_logs/std_log.txt") -> str:
        """A log of a job."""
        return self.call("GET", f"jobs/{name}/logs/{file}").raise_for_status().text

    def attempt(self, name: str, number: int = 1) -> Path:
        """The directory of an attempt."""
        return self.home / "runs" / name / str(number)

    def agent(self, name: str, number: int = 1) -> dict[str, Any]:
        """What the agent of an attempt wrote when the command had started."""
        file = self.attempt(name, number) / "spawned.json"
        until(file.exists, f"{file}")
        return json.loads(file.read_text())

    def nursery(self) -> int:
        """The process that forks agents for the present server."""
        found = [
            pid for pid, words in processes(self.home).items() if " nursery " in words and _parent(pid) == self._pid()
        ]
        assert len(found) == 1, processes(self.home)
        return found[0]

    def commands(self) -> dict[int, str]:
        """What lives of the commands of jobs and builds: every process with a task's token, replicas left out."""
        found = {pid: words for pid, words in processes(self.home).items() if _TOKEN in _file(pid, "environ")}
        return {pid: words for pid, words in found.items() if f"{self.home}/endpoints/" not in words}

    def _pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def _ready(self) -> bool:
        assert self.process is not None
        code = self.process.poll()
        assert code is None, f"the server ended with {code}: {self.log()[-3000:]}"
        with contextlib.suppress(httpx.HTTPError):
            return self.http.get(f"http://127.0.0.1:{self.port}/readyz").status_code == 200
        return False

    def _ended(self) -> bool:
        found = processes(self.home)
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return not found

    def _sockets(self) -> Path:
        root = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108, TID251 - where the server puts them
        return root / f"zaffre-{os.getuid()}-{hashlib.sha256(str(self.home).encode()).hexdigest()[:12]}"


def job(command: str, **more: Any) -> dict[str, Any]:
    """The document of a command job in the curated Python environment."""
    return {"type": "command", "command": command, "environment": CURATED, **more}


def deployed(rig: Installation, endpoint: str, score: str, **more: Any) -> dict[str, Any]:
    """An endpoint with all traffic on the deployment ``blue`` of a scoring script; the deployment's state."""
    code = rig.upload("code", {"score.py": score.encode()})["code"]
    document = {
        "name": "blue",
        "endpoint_name": endpoint,
        "environment": CURATED,
        "code_configuration": {"code": code, "scoring_script": "score.py"},
        "instance_type": "Standard_DS3_v2",
        "instance_count": 1,
        **more,
    }
    if rig.call("GET", f"online-endpoints/{endpoint}").status_code == 404:
        rig.call("PUT", f"online-endpoints/{endpoint}", {"name": endpoint}).raise_for_status()
    path = f"online-endpoints/{endpoint}/deployments/blue"
    answer = rig.call("PUT", path, document)
    assert answer.status_code in (200, 201), answer.text

    def state() -> dict[str, Any]:
        return rig.call("GET", path).raise_for_status().json()["state"]

    found = until(lambda: (now := state())["provisioning_state"] in ("Succeeded", "Failed") and now, "the deployment")
    assert found["provisioning_state"] == "Succeeded", found
    spec = rig.call("GET", f"online-endpoints/{endpoint}").raise_for_status().json()["spec"]
    rig.call("PUT", f"online-endpoints/{endpoint}", {**spec, "traffic": {"blue": 100}}).raise_for_status()

    def follows() -> bool:
        state = rig.call("GET", f"online-endpoints/{endpoint}").raise_for_status().json()["state"]
        return state["provisioning_state"] == "Succeeded"

    until(follows, "the endpoint's traffic")
    return found


@contextlib.contextmanager
def installation(
    environments: Path | None = None, environ: Mapping[str, str] | None = None, **settings: str
) -> Generator[Installation]:
    """A started server in a fresh home; ``environments`` is a folder of built ones to share (``furnished``)."""
    home = Path(tempfile.mkdtemp(prefix="zaffre-test-"))
    if environments is not None:
        (home / "environments").symlink_to(environments)
    named = {f"ZAFFRE_{name.upper()}": value for name, value in settings.items()}
    rig = Installation(home, {**(environ or {}), **named})
    try:
        yield rig.start()
    finally:
        rig.close()


def furnished(root: Path, wanted: Iterable[str] = (CURATED,)) -> Path:
    """A folder with the environments ``wanted``, built once below ``root`` however many test processes ask."""
    home = root / "zaffre-environments"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for number, environment in enumerate(wanted):
            done = home / hashlib.sha256(environment.encode()).hexdigest()[:16]
            if done.exists():
                continue
            rig = Installation(home)
            try:
                rig.start()
                name = f"furnish-{number}-{os.getpid()}"
                rig.submit(name, "true", environment=environment)
                state = rig.ended(name, 300)
                assert state["status"] == "Completed", state
                done.touch()
            finally:
                rig.end()
    return home / "environments"


def processes(home: Path) -> dict[int, str]:
    """Every living process whose command line or environment names ``home``: pid → its words."""
    mark = os.fsencode(home)
    found: dict[int, str] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 - names, not paths
        pid = int(name) if name.isdigit() else os.getpid()
        if pid == os.getpid():
            continue
        words, environ = _file(pid, "cmdline"), _file(pid, "environ")
        if (mark in words or mark in environ) and _alive(pid):
            found[pid] = words.replace(b"\0", b" ").decode(errors="replace")
    return found


def _alive(pid: int) -> bool:
    state = _file(pid, "stat").rpartition(b")")[2].split()
    return bool(state) and state[0] not in (b"Z", b"X")


def _parent(pid: int) -> int:
    fields = _file(pid, "stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else 0


def _file(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
