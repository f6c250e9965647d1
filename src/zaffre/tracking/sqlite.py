"""Tracking in a SQLite file: every word that only SQLite understands is here.

MLflow's migrations take ten seconds and import half the scientific stack. Their result is recorded per MLflow version in
``schemas/`` (``tools/mlflow_schema.py`` writes it from the real migrations, a test holds it equal), so that a new
installation runs one script. A file of an older MLflow is backed up and migrated by MLflow itself, in a process of its
own. A file of a newer one is refused.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

from zaffre.tracking import schema
from zaffre.tracking.dialect import unstorable
from zaffre.tracking.errors import Code, Refusal

BUSY_SECONDS = 20.0
_CHECKPOINT_ROWS = 50_000
"""Changed rows after which the log is moved into the file, by a thread of its own: it waits for the disk, writers do not."""
_LONGEST_LOG = 512 * 1024**2
"""Bytes of log from which writers wait for that after all."""


class Sqlite:
    """One file. Several processes may have it open; one at a time writes."""

    is_near = True
    errors: tuple[type[Exception], ...] = (sqlite3.OperationalError, UnicodeError, OverflowError)

    def __init__(self, path: Path) -> None:
        self._path = path
        self.mlflow_url = f"sqlite:///{path}"
        self._changed = 0
        self._seen: dict[sqlite3.Connection, int] = {}
        self._checkpointing = threading.Lock()
        self._checkpoints = ThreadPoolExecutor(1, thread_name_prefix="tracking-checkpoint")

    @classmethod
    def at(cls, url: str) -> Self:
        """The file of ``sqlite:////absolute/path``."""
        return cls(Path(url.removeprefix("sqlite:///")))

    def prepare(self, python: str) -> None:
        """Create the file with MLflow's tables, or have MLflow migrate one of an older version."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(self.connect()) as connection:
            found = _revision(connection)
            if found is None:
                _create(connection)
            elif found != schema.head():
                _drop_indexes(connection)
        if found is not None and found != schema.head():
            self._migrate(python)
        with contextlib.closing(self.connect()) as connection:
            for name, columns in schema.INDEXES.items():
                connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}")

    def connect(self, *, read_only: bool = False, waits: bool = True) -> sqlite3.Connection:
        """Open the file. Transactions are begun and ended by hand."""
        patience = BUSY_SECONDS if waits else 0.0
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        for pragma in (
            "journal_mode = WAL",
            # A commit reaches the kernel before it is answered, so killing the server loses nothing; only power loss can
            # take the last moments. MLflow's own server runs with the same setting.
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "case_sensitive_like = ON",
            "temp_store = MEMORY",
            "cache_size = -16384",
            "mmap_size = 268435456",
            "wal_autocheckpoint = 0",  # done aside (``wrote``), so that no writer waits for the disk
            f"query_only = {'ON' if read_only else 'OFF'}",
            f"busy_timeout = {int(patience * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def begin(self, connection: Any, *, waits: bool = True) -> bool:
        """``BEGIN IMMEDIATE``."""
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            if waits:
                raise
            return False
        return True

    def look(self, connection: Any) -> None:
        """A snapshot from the first statement on."""
        connection.execute("BEGIN")

    def roll_back(self, connection: Any) -> None:
        """Undo what is under way."""
        if connection.in_transaction:
            connection.execute("ROLLBACK")

    def wrote(self, connection: Any) -> None:
        """Count what was written; when it is much, have the log moved into the file."""
        self._changed += connection.total_changes - self._seen.get(connection, 0)
        self._seen[connection] = connection.total_changes
        if self._changed >= _CHECKPOINT_ROWS and self._checkpointing.acquire(blocking=False):
            self._changed = 0
            self._checkpoints.submit(self._checkpoint)

    def refusal(self, error: BaseException) -> BaseException:
        """Busy or full, in words."""
        if isinstance(error, sqlite3.OperationalError):
            text = str(error)
            if "locked" in text or "busy" in text:
                return Refusal("The tracking database is busy; try again in a moment.", Code.BUSY)
            if "full" in text:
                told = "The disk that holds the tracking database is full; free space and try again."
                return Refusal(told, Code.BUSY)
        return unstorable(error)

    def close(self) -> None:
        """Wait for the checkpoint under way."""
        self._checkpoints.shutdown(wait=True)

    def _checkpoint(self) -> None:
        try:
            with contextlib.closing(self.connect()) as connection:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                log = self._path.with_name(f"{self._path.name}-wal")
                if log.exists() and log.stat().st_size > _LONGEST_LOG:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # waits for writers, and they for it
        finally:
            self._checkpointing.release()

    def _migrate(self, python: str) -> None:
        backup = self._path.with_name(f"{self._path.name}.before-{schema.MLFLOW}")
        with (
            contextlib.closing(sqlite3.connect(self._path)) as source,
            contextlib.closing(sqlite3.connect(backup)) as target,
        ):
            source.backup(target)
        said = schema.migrate(self.mlflow_url, python)
        with contextlib.closing(self.connect(read_only=True)) as connection:
            reached = _revision(connection) == schema.head()
        if said or not reached:
            raise schema.refused(str(self._path), f"a copy from before is {backup}", said)


def _revision(connection: sqlite3.Connection) -> str | None:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return row[0] if row else None


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if _revision(connection) is None:  # another process may have been first
        for statement in _statements(schema.script()):
            connection.execute(statement)
    connection.execute("COMMIT")


def _statements(text: str) -> Iterator[str]:
    gathered = ""
    for line in text.splitlines(keepends=True):
        gathered += line
        if line.endswith(";\n") and sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""


def _drop_indexes(connection: sqlite3.Connection) -> None:
    for name in schema.INDEXES:
        connection.execute(f"DROP INDEX IF EXISTS {name}")
