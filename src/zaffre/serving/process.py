"""The router as a process of its own: started detached, found again after a restart of the server, told to reload.

It is known by pid and start time together, so that a reused pid is never taken for it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from zaffre.core.errors import Unavailable

RECORD = "router.json"
LOG = "router.log"


@dataclass(frozen=True, slots=True)
class Record:
    """What a running router wrote of itself."""

    pid: int
    started: float
    port: int
    control: str
    tls_port: int = 0
    """0 for one that speaks no TLS, and for one of before there was any."""

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return asdict(self)

    @property
    def alive(self) -> bool:
        """True while this very process runs."""
        return self.pid > 0 and self.started > 0 and start_time(self.pid) == self.started


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a router."""

    home: Path
    """Its folder: table, record and logs."""
    control: Path
    port: int
    environ: Mapping[str, str]
    """Its whole environment."""
    host: str = "127.0.0.1"
    tls_port: int = 0
    tls_cert: str = ""
    tls_key: str = ""

    def suits(self, running: Record) -> bool:
        """Whether a running router listens where this one would."""
        return not self.tls_cert or running.tls_port == self.tls_port


def find(home: Path) -> Record | None:
    """The router that runs for this home, or None."""
    try:
        record = Record(**json.loads((home / RECORD).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return record if record.alive else None


async def ensure(launch: Launch, patience: float = 20.0) -> Record:
    """The running router, adopted; started where none runs. ``Unavailable`` says why it did not come up.

    One that runs without TLS, or on another port of it, gives way to one as it is wanted: for the moment that a process
    needs to start, callers are refused; what it has under way it finishes.
    """
    found = find(launch.home)
    if found is not None and (launch.suits(found) or not _is_free(launch.host, launch.tls_port)):
        return found
    if found is not None:
        _signal(found, signal.SIGTERM)
        await _released(launch.host, found.port)
    launch.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    process = await _start(launch)
    for _ in range(int(patience / 0.05)):
        found = find(launch.home)
        if found is not None and found.pid == process.pid:
            return found
        if process.returncode is not None:
            break
        await asyncio.sleep(0.05)
    told = f"the scoring router did not start: {_last_words(launch.home / LOG)}"
    raise Unavailable(f"{told} ({LOG} in the home directory's router folder has the rest)", retry_after=1)


def reload(home: Path) -> None:
    """Tell the router to read its table now; without this it sees the change within a second."""
    _signal(find(home), signal.SIGHUP)


async def stop(home: Path, grace: float = 35.0) -> None:
    """End the router: it finishes the requests it has, then leaves; killed after ``grace`` seconds."""
    record = find(home)
    _signal(record, signal.SIGTERM)
    for _ in range(int(grace / 0.05)):
        if record is None or not record.alive:
            return
        await asyncio.sleep(0.05)
    _signal(record, signal.SIGKILL)


async def ask(record: Record, path: str, patience: float = 5.0) -> bytes:
    """Read a page of the control socket."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_unix_connection(record.control)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nhost: router\r\n\r\n".encode())
            async with asyncio.timeout(patience):
                answer = await reader.read()
        finally:
            writer.close()
    except (OSError, TimeoutError) as error:
        raise Unavailable("the scoring router does not answer on its control socket", retry_after=1) from error
    return answer.partition(b"\r\n\r\n")[2]


def start_time(pid: int) -> float:
    """When a process started, as the kernel tells it; 0 where there is none (a zombie is none)."""
    try:
        process = psutil.Process(pid)
        return 0.0 if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return 0.0


async def _start(launch: Launch) -> asyncio.subprocess.Process:
    arguments = [
        *(sys.executable, "-m", "zaffre.serving", "--home", str(launch.home), "--control", str(launch.control)),
        *("--host", launch.host, "--port", str(launch.port)),
    ]
    if launch.tls_cert:
        arguments += ["--tls-port", str(launch.tls_port), "--tls-cert", launch.tls_cert, "--tls-key", launch.tls_key]
    log = os.open(launch.home / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return await asyncio.create_subprocess_exec(
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=dict(launch.environ),
            start_new_session=True,
        )
    finally:
        os.close(log)


async def _released(host: str, port: int) -> None:
    """Wait until a router that was told to end listens no more; it does so at once, whatever it has under way."""
    for _ in range(100):
        if _is_free(host, port):
            return
        await asyncio.sleep(0.05)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _signal(record: Record | None, number: signal.Signals) -> None:
    if record is not None and record.alive:
        try:
            os.kill(record.pid, number)
        except ProcessLookupError:
            return


def _last_words(path: Path) -> str:
    """The last line of a log: what went wrong, without the places in our code that a traceback names."""
    try:
        lines = path.read_text(errors="replace").split("\n")
    except OSError:
        return "it wrote no log"
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "it wrote nothing")
