"""What differs between the databases that tracking can lie in, and the few words of SQL that are put together here.

The queries elsewhere keep to what SQLite and PostgreSQL share (``ON CONFLICT``, row values, window functions).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, cast

from zaffre.tracking.errors import Refusal

CHUNK = 500
"""Values in one ``IN`` list, below SQLite's limit on parameters."""
Row = tuple[Any, ...]

_COMPARE = {
    "=": "{column} = ?",
    "!=": "{column} != ?",
    ">": "{column} > ?",
    ">=": "{column} >= ?",
    "<": "{column} < ?",
    "<=": "{column} <= ?",
    "LIKE": "{column} LIKE ?",
    "ILIKE": "lower({column}) LIKE lower(?)",
}


class Cursor(Protocol):
    """What a query gives."""

    @property
    def rowcount(self) -> int:
        """Rows changed."""
        ...

    def fetchone(self) -> Row | None:
        """The next row."""
        ...

    def fetchmany(self, size: int, /) -> list[Row]:
        """The next rows, as many as that at most."""
        ...

    def fetchall(self) -> list[Row]:
        """All remaining rows."""
        ...


class Connection(Protocol):
    """The part of a DB-API connection that the queries use; parameters are ``?``."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Sequence[Sequence[Any]], /) -> Cursor:
        """Run one statement for each row."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class Engine(Protocol):
    """One database: how it is opened, how a transaction begins, and what its errors mean to a caller."""

    is_near: bool
    """Whether a few rows cost less than handing them to a thread, so that they are read and written on the event loop."""
    errors: tuple[type[Exception], ...]
    """What ``refusal`` has an answer to."""
    mlflow_url: str
    """The address as MLflow and SQLAlchemy read it."""

    def prepare(self, python: str) -> None:
        """Make it a database of this version; ``python`` runs MLflow's migrations where they are needed."""
        ...

    def connect(self, *, read_only: bool = False, waits: bool = True) -> Connection:
        """Open it. Transactions are begun and ended by hand. ``waits``: as ``begin`` has it."""
        ...

    def begin(self, connection: Connection, *, waits: bool = True) -> bool:
        """Begin to write, alone: wait for the turn, or else answer False where somebody else is writing."""
        ...

    def look(self, connection: Connection) -> None:
        """Begin to read a single moment."""
        ...

    def roll_back(self, connection: Connection) -> None:
        """Undo what is under way, if anything is. Never raises: what was lost is gone anyway."""
        ...

    def wrote(self, connection: Connection) -> None:
        """Called after every commit, by whoever may write at that moment."""
        ...

    def refusal(self, error: BaseException) -> BaseException:
        """The error as a caller can understand it; itself where the fault is ours."""
        ...

    def close(self) -> None:
        """Finish what goes on aside."""
        ...


def unstorable(error: BaseException) -> BaseException:
    """What any database refuses; other errors as they are."""
    if isinstance(error, UnicodeError | OverflowError):
        return Refusal("A value cannot be stored: text must be valid Unicode, integers must fit 64 bits.")
    return error


def compare(column: str, operator: str, value: object) -> tuple[str, list[object]]:
    """A comparison as SQL and its parameters; ``IN`` and ``NOT IN`` take a sequence."""
    if operator in ("IN", "NOT IN"):
        values = list(cast(Sequence[object], value))
        return f"{column} {operator} ({marks(values)})", values
    return _COMPARE[operator].format(column=column), [value]


def marks(values: Sequence[object]) -> str:
    """``?, ?, ?`` for a list of values."""
    return ", ".join("?" * len(values))


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """``values`` in pieces that fit one ``IN`` list."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
