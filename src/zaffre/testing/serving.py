"""A router and scoring hosts as real processes in a temporary folder, for tests that speak HTTP to them."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KEY = "the-key-of-the-test"
PATIENCE = 60.0


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


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass(slots=True)
class Host:
    """One scoring host."""

    socket: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal."""
        os.kill(self.process.pid, number)

    def replica(self, name: str) -> dict[str, str]:
        """As the table names it."""
        return {"id": name, "socket": self.socket}


@dataclass(slots=True)
class Rig:
    """Everything one test starts; ``close`` ends it."""

    folder: Path
    sockets: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="zt-")))
    port: int = 0
    version: int = 0
    router: subprocess.Popen[bytes] | None = None
    _hosts: list[Host] = field(default_factory=list[Host])

    @property
    def home(self) -> Path:
        """The router's folder."""
        return self.folder / "router"

    def start_router(self) -> None:
        """Start it on a free port and wait until it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        log = (self.folder / "router.log").open("ab")
        command = [sys.executable, "-m", "zaffre.serving", "--home", str(self.home), "--port", str(self.port)]
        command += ["--control", str(self.sockets / "control")]
        self.router = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()
        record = self.home / "router.json"
        pid = self.router.pid
        until(lambda: record.exists() and json.loads(record.read_text())["pid"] == pid, "the router's record")
        self.port = json.loads(record.read_text())["port"]

    def start_host(self, orders: Mapping[str, Any], script: str = "", *, ready: bool = True) -> Host:
        """Start a scoring host; ``script`` becomes its score.py."""
        number = len(self._hosts)
        folder = self.folder / f"host-{number}"
        code = folder / "code"
        code.mkdir(parents=True)
        document: dict[str, Any] = {"socket": str(self.sockets / f"h{number}"), "kind": "score", **orders}
        if script:
            (code / "score.py").write_text(script)
            document |= {"code_dir": str(code), "score_file": "score.py"}
        (folder / "host.json").write_text(json.dumps(document))
        log = folder / "log.txt"
        with log.open("ab") as file:
            command = [sys.executable, "-m", "zaffre.agent.scoring", str(folder / "host.json")]
            process = subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True)
        host = Host(document["socket"], process, log)
        self._hosts.append(host)
        if ready:
            until(lambda: b"ready:" in log.read_bytes() or process.poll() is not None, "the host's init()")
            if process.poll() is not None:
                raise NotInTime(log.read_text())
        return host

    def publish(self, endpoints: Mapping[str, Any], *, wait: bool = True) -> None:
        """Replace the table and wait until the router follows it."""
        self.version += 1
        draft = self.home / ".table.draft"
        self.home.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps({"version": self.version, "endpoints": dict(endpoints)}))
        draft.replace(self.home / "table.json")
        if self.router is not None:
            self.router.send_signal(signal.SIGHUP)
            if wait:
                until(lambda: self.status()["table_version"] == self.version, "the router's new table")

    def status(self) -> Any:
        """The router's own account."""
        return json.loads(self._control("/status"))

    def metrics(self) -> str:
        """The router's Prometheus text."""
        return self._control("/metrics").decode()

    def counts(self, deployment: str = "ws/e/blue") -> Any:
        """What the router counted of one deployment."""
        return json.loads(self._control("/counts"))["deployments"][deployment]

    def control(self, path: str) -> bytes:
        """Any page of the router's own door; empty where it has none."""
        return self._control(path)

    def call(self, path: str = "/endpoints/ws/e/score", body: bytes = b"{}", **options: Any) -> Reply:
        """One request with the key, on a connection of its own; ``method``, ``headers`` and ``key`` as options."""
        headers = {"authorization": f"Bearer {options.get('key', KEY)}", "content-type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            return ask(connection, path, body, {**headers, **options.get("headers", {})}, options.get("method", "POST"))
        finally:
            connection.close()

    def raw(self, data: bytes, patience: float = 10.0) -> bytes:
        """Bytes to the router, bytes back until it closes or falls silent."""
        return exchange(socket.create_connection(("127.0.0.1", self.port), patience), data)

    def close(self) -> None:
        """End every process of this rig."""
        started = [host.process for host in self._hosts] + ([self.router] if self.router is not None else [])
        for process in started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for left in self.sockets.iterdir():
            left.unlink()
        self.sockets.rmdir()

    def _control(self, path: str) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.sockets / "control"))
            request = f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode()
            return exchange(connection, request).partition(b"\r\n\r\n")[2]


def ask(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: Mapping[str, str], method: str = "POST"
) -> Reply:
    """One request on a connection that may be used again."""
    connection.request(method, path, body if method not in ("GET", "HEAD") else None, dict(headers))
    answer = connection.getresponse()
    return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


def exchange(connection: socket.socket, data: bytes) -> bytes:
    """Send all, then read until the end or a pause."""
    found = b""
    with connection:
        try:
            connection.sendall(data)
            while piece := connection.recv(65536):
                found += piece
        except OSError:
            return found
    return found


def endpoint(deployments: Mapping[str, Any], **options: Any) -> dict[str, Any]:
    """An endpoint's part of a table, called with ``KEY``; callers see the model's own status unless told otherwise."""
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    share = {name: 100 if number == 0 else 0 for number, name in enumerate(deployments)}
    made = {"auth": {"key_hashes": [digest]}, "traffic": share, "mirror": {}, "deployments": dict(deployments)}
    return {**made, "model_errors": "pass", **options}
