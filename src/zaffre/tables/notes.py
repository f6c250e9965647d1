"""What a reader had to let pass: values that are not of their column's type, lines that are not of their table's shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FEW = 5


@dataclass
class Counted:
    """How many, and the first few of them."""

    count: int = 0
    first: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def add(self, **what: Any) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < FEW:
            self.first.append(what)

    def to_json(self) -> dict[str, Any]:
        """For reports."""
        return {"count": self.count, "first": self.first}


@dataclass
class Notes:
    """Filled while a table is read."""

    mismatched: dict[str, Counted] = field(default_factory=dict[str, Counted])
    """By column: what became null because it is not of the column's type."""
    bad_lines: Counted = field(default_factory=Counted)

    def mismatch(self, column: str, **what: Any) -> None:
        """A value that is not of its column's type."""
        self.mismatched.setdefault(column, Counted()).add(**what)

    def to_json(self) -> dict[str, Any]:
        """For reports."""
        found = {column: told.to_json() for column, told in self.mismatched.items()}
        return {"mismatched": found, "bad_lines": self.bad_lines.to_json()}
