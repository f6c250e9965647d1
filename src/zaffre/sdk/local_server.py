"""The server on this machine: found by its home directory, started when it is not there, stopped on request."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from zaffre.core.errors import Unavailable
from zaffre.sdk import addresses
from zaffre.sdk.connection import Connection
from zaffre.sdk.settings import child_environment
from zaffre.sdk.transport import Address

READY_WITHIN = 60.0
STOPPED_WITHIN = 30.0
_LOOK_EVERY = 0.02
_OK = 200


@dataclass(frozen=True, slots=True)
class LocalServer:
    """What belongs to one home directory. ``program`` is what runs there (tests have their own)."""

    home: Path
    program: tuple[str, ...] = (sys.executable, "-m", "zaffre.server")
    database: str = ""
    """The one to use from the next start on; empty for the one of before."""

    @property
    def log(self) -> Path:
        """Where the server writes."""
        return self.home / "logs" / "server.log"

    def is_ready(self) -> bool:
        """True when it answers ``/readyz`` with 200."""
        address = addresses.read(self.home)
        return address is not None and _answers(address.url)

    def pid(self) -> int | None:
        """The process of the server, or None when that one is gone (its number may be another's by now)."""
        pid = addresses.known(self.home).get("pid")
        return pid if isinstance(pid, int) and _is_alive(pid) and _is_server(pid, self.home) else None

    def ensure(self, port: int | None = None, told: Callable[[str], None] | None = None) -> Address:
        """The address of a ready server, started if need be; of several callers at once one starts it."""
        if self.is_ready():
            return self._address()
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(self.home / "start.lock"):
            if not self.is_ready():
                if told:
                    told("starting the local server")
                self._start(port)
        return self._address()

    def stop(self, within: float = STOPPED_WITHIN) -> bool:
        """End the server (jobs and endpoints go on); False when none ran."""
        pid = self.pid()
        if pid is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        if not _until(lambda: not _is_alive(pid), within):
            raise Unavailable(
                f"The server (process {pid}) has not ended {within:.0f} s after SIGTERM; its log is {self.log}."
            )
        return True

    def _address(self) -> Address:
        address = addresses.read(self.home)
        if address is None:
            raise Unavailable(f"The server answers but {self.home}/server.json or the token is not readable.")
        return address

    def _start(self, port: int | None) -> None:
        if self.pid() is not None:
            _until(lambda: self.is_ready() or self.pid() is None, READY_WITHIN)
            if self.is_ready():
                return
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                self.program,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=child_environment(self.home, port, self.database),
                start_new_session=True,
                umask=0o077,
            )
        settled = _until(lambda: self.is_ready() or child.poll() is not None, READY_WITHIN)
        if child.poll() is None and settled:
            child.returncode = 0  # it outlives this process by design, which Popen would report as a leak
            return
        ended = f"ended with code {child.returncode}" if settled else f"was not ready after {READY_WITHIN:.0f} s"
        raise Unavailable(f"The server {ended}. The end of {self.log}:\n{_tail(self.log, before)}")


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        connection = Connection(parts.hostname or "127.0.0.1", parts.port, timeout=2)
        try:
            return connection.send("GET", "/readyz", {}).status == _OK
        finally:
            connection.close()
    except OSError:
        return False


@contextlib.contextmanager
def _alone(lock: Path) -> Generator[None]:
    """One holder at a time on this machine; the lock dies with its holder."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _until(true: Callable[[], bool], within: float) -> bool:
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_EVERY)
    return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state != "Z"


def _is_server(pid: int, home: Path) -> bool:
    """False when the process visibly is something else: a number is given again after its process ended."""
    try:
        environ = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self").exists()
    homes = [entry for entry in environ if entry.startswith(b"ZAFFRE_HOME=")]
    return homes == [b"ZAFFRE_HOME=" + os.fsencode(home)] if homes else b"zaffre" in command


def _tail(log: Path, after: int, lines: int = 15) -> str:
    with log.open("rb") as file:
        file.seek(max(after, log.stat().st_size - 8192))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:]) or "(it wrote nothing)"
