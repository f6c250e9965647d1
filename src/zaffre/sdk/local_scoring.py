"""Deployments on the user's own machine (``--local``, ``local=True``): the same scoring host, without the server's control.

The server, started if need be, is asked for two things only: an interpreter with the environment's software, and a
registered model's files. Everything else lies in ``<home>/local/<endpoint>/<deployment>``.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.core.errors import Conflict, Invalid, NotFound, Unavailable
from zaffre.sdk import local_parts, packaging
from zaffre.sdk.local_parts import Wanted

_RUN = '''"""Run the deployment in this folder: started by zaffre online-deployment create --local."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "score.pyz"))

from zaffre.agent.scoring.local import main  # noqa: E402 - the archive must be on the path first

if __name__ == "__main__":
    sys.exit(main(HERE, sys.argv[1:]))
'''
_PATIENCE = 600.0
_LOOK = 0.1
_TOLD = 40
"""Lines of the log that tell why it did not start."""


@dataclass(frozen=True, slots=True)
class Way:
    """How it is to run."""

    foreground: bool = False
    debug: bool = False
    """Listen for a debugger (debugpy, from the environment)."""


class Local:
    """The endpoints and deployments of one home."""

    def __init__(self, home: Path) -> None:
        self._root = home / "local"

    def create_endpoint(self, document: dict[str, Any]) -> dict[str, Any]:
        """Put one on record; a deployment does that too where there is none."""
        name = _named(document, "name")
        (self._root / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(self._root / name / "endpoint.json", document)
        return self.endpoint(name)

    def endpoint(self, name: str) -> dict[str, Any]:
        """What there is of it."""
        folder = self._root / name
        if not folder.is_dir():
            raise NotFound(f"There is no local endpoint {name}.")
        known = _read(folder / "endpoint.json") if (folder / "endpoint.json").exists() else {"name": name}
        running = [one for one in self.deployments(name) if one["provisioning_state"] == "Succeeded"]
        where = {"scoring_uri": running[0]["scoring_uri"]} if running else {}
        return {**known, "name": name, "provisioning_state": "Succeeded", "local": True, **where}

    def endpoints(self) -> list[dict[str, Any]]:
        """All."""
        return [self.endpoint(one.name) for one in sorted(self._root.glob("*")) if one.is_dir()]

    def delete_endpoint(self, name: str) -> None:
        """With all its deployments."""
        for one in self.deployments(self.endpoint(name)["name"]):
            self.delete(name, one["name"])
        shutil.rmtree(self._root / name)

    def create(self, wanted: Wanted, way: Way) -> dict[str, Any]:
        """Start it, in place of what ran under its name; in the foreground this process becomes it."""
        name, endpoint = wanted.spec.name, _named(wanted.document, "endpoint_name")
        folder = self._root / endpoint / name
        if (folder / "deployment.json").exists():
            self._stop(folder)
        fresh = {"home", "collected"}
        for left in [one for one in folder.glob("*") if one.name not in fresh]:
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        (folder / "home").mkdir(parents=True, exist_ok=True, mode=0o700)
        made = local_parts.prepare(wanted, folder, debug=way.debug)
        port = _free_port()
        _write(folder / "host.json", {**made.orders, "socket": f"tcp:127.0.0.1:{port}", **_patient(way)})
        (folder / "run.py").write_text(_RUN, encoding="utf-8")
        packaging.host_archive(folder / "score.pyz")
        environ = {**made.environ, **({"AZUREML_DEBUG_PORT": str(_free_port())} if way.debug else {})}
        command = [made.python, "-u", str(folder / "run.py")]
        record = {
            "name": name, "endpoint_name": endpoint, "port": port, "debug_port": environ.get("AZUREML_DEBUG_PORT"),
            "document": wanted.document,
        }  # fmt: skip
        if way.foreground:
            _write(folder / "deployment.json", {**record, **_identity(os.getpid())})
            sys.stderr.write(f"It will answer on http://127.0.0.1:{port}/score; Ctrl-C ends it.\n")
            os.execve(command[0], command, environ)  # noqa: S606 - this process becomes it
        with (folder / "log.txt").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--first-must-load"], env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        _write(folder / "deployment.json", {**record, **_identity(process.pid)})
        _wait(process, port, folder / "log.txt")
        return self.deployment(endpoint, name)

    def deployment(self, endpoint: str, name: str) -> dict[str, Any]:
        """What is known of it, and whether it runs."""
        known = _read(self._folder(endpoint, name) / "deployment.json")
        url = f"http://127.0.0.1:{known['port']}/score"
        state = "Succeeded" if _runs(known) else "Failed"
        shown = {**known["document"], "provisioning_state": state, "scoring_uri": url, "local": True}
        return shown | ({"debug_port": int(known["debug_port"])} if known.get("debug_port") else {})

    def deployments(self, endpoint: str) -> list[dict[str, Any]]:
        """Those of an endpoint."""
        found = sorted((self._root / endpoint).glob("*/deployment.json"))
        return [self.deployment(endpoint, one.parent.name) for one in found]

    def delete(self, endpoint: str, name: str) -> None:
        """End it and forget it."""
        folder = self._folder(endpoint, name)
        self._stop(folder)
        shutil.rmtree(folder)

    def logs(self, endpoint: str, name: str, lines: int) -> str:
        """The last lines of what it wrote."""
        log = self._folder(endpoint, name) / "log.txt"
        if not log.exists():
            raise NotFound(f"Deployment {name} runs in the foreground: its terminal shows what it writes.")
        return _tail(log, lines)

    def invoke(self, endpoint: str, request: bytes, deployment: str = "") -> bytes:
        """Send a request to one of its deployments."""
        running = [one for one in self.deployments(endpoint) if one["provisioning_state"] == "Succeeded"]
        found = [one for one in running if deployment in ("", one["name"])]
        if len(found) != 1:
            names = ", ".join(one["name"] for one in running) or "none"
            raise Conflict(f"Say which deployment is meant (--deployment-name); running here: {names}.")
        port = int(found[0]["scoring_uri"].split(":")[2].partition("/")[0])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        try:
            connection.request("POST", "/score", request, {"content-type": "application/json"})
            answer = connection.getresponse()
            body = answer.read()
        except OSError as error:
            raise Unavailable(f"The local deployment does not answer: {error}") from error
        finally:
            connection.close()
        if answer.status >= 400:
            raise Invalid(f"The local deployment answered {answer.status}: {body.decode(errors='replace')}")
        return body

    def _folder(self, endpoint: str, name: str) -> Path:
        folder = self._root / endpoint / name
        if not (folder / "deployment.json").exists():
            raise NotFound(f"There is no local deployment {name} of an endpoint {endpoint}.")
        return folder

    def _stop(self, folder: Path) -> None:
        known = _read(folder / "deployment.json")
        deadline = time.monotonic() + 40
        while _runs(known) and time.monotonic() < deadline:
            os.kill(int(known["pid"]), signal.SIGTERM)
            time.sleep(_LOOK)


def _patient(way: Way) -> dict[str, Any]:
    """Who stands at a breakpoint is not to be hurried."""
    return {"request_timeout": None} if way.foreground or way.debug else {}


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        code = process.poll()
        if code is not None:
            raise Invalid(f"The deployment could not be started (exit code {code}). Its log ends:\n{_tail(log, _TOLD)}")
        if _is_healthy(port):
            return
        time.sleep(_LOOK)
    process.terminate()
    raise Invalid(f"The deployment did not answer within {_PATIENCE:.0f} s. Its log ends:\n{_tail(log, _TOLD)}")


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _identity(pid: int) -> dict[str, Any]:
    return {"pid": pid, "started": _started(pid)}


def _runs(known: dict[str, Any]) -> bool:
    return bool(known.get("started")) and _started(int(known["pid"])) == known["started"]


def _started(pid: int) -> str:
    """When a process began, by which it is told from a later one of its number; empty where it ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in ("Z", "X") else fields[19]


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _named(document: dict[str, Any], field: str) -> str:
    name = str(document.get(field) or "")
    if not name or "/" in name or name.startswith("."):
        raise Invalid(f"{field}: expected a name, found {name!r}")
    return name


def _tail(log: Path, lines: int) -> str:
    text = log.read_text(encoding="utf-8", errors="replace")
    return "".join(text.splitlines(keepends=True)[-lines:])


def _write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
