"""Which database a home uses: as set, else as at its last start, else SQLite in the home; and who this server is there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from zaffre.core.database import is_postgres
from zaffre.server.clock import SystemClock
from zaffre.server.settings import Settings
from zaffre.store.database import Server

SETTING = "database"
_REMEMBERED, _NAME = "database", "server.id"


def chosen(settings: Settings) -> str:
    """The database's address."""
    kept = settings.home / _REMEMBERED
    if settings.text(SETTING):
        return settings.text(SETTING)
    if kept.exists():
        return kept.read_text(encoding="utf-8").strip()
    return f"sqlite:///{settings.home / 'zaffre.db'}"


def tracking(settings: Settings) -> str:
    """Where MLflow's tables are: in a file of their own, or beside ours in PostgreSQL, in a schema of their own."""
    url = chosen(settings)
    return url if is_postgres(url) else f"sqlite:///{settings.home / 'mlflow.db'}"


def remember(settings: Settings) -> None:
    """Have later starts, by whatever command, use the database that was set; called once it has been opened."""
    if settings.text(SETTING):
        _write(settings.home / _REMEMBERED, settings.text(SETTING))


def clock(url: str) -> SystemClock:
    """This machine's clock, or where servers share a database, the database's."""
    return SharedClock() if is_postgres(url) else SystemClock()


def server(home: Path, clock: SystemClock) -> Server | None:
    """Who this server is among those that share its database; None where it is alone."""
    if not isinstance(clock, SharedClock):
        return None
    name = home / _NAME
    if not name.exists():
        _write(name, secrets.token_hex(8))
    return Server(name.read_text(encoding="utf-8").strip(), clock.follow)


class SharedClock(SystemClock):
    """Follows the time of a database, so that servers on machines whose clocks differ agree on when a lease ends."""

    TOLERATED = 0.25
    """Seconds of difference that the way to the database may explain."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Unix seconds, UTC, as the database has them."""
        return super().now() + self._ahead

    def follow(self, now: float) -> None:
        """It is ``now`` at the database."""
        if abs(now - self.now()) > self.TOLERATED:
            self._ahead = now - super().now()


def _write(file: Path, content: str) -> None:
    """For this user alone, whole or not at all: an address may hold a password."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w") as stream:
        stream.write(content + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
