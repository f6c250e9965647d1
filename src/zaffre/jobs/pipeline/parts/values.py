"""Conditions and lists of items: values at once, or the text of a file that a step wrote, which somebody must read first. Pure.

What was read is remembered under the file's place, so that it is read once, and the same after a restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaffre.core.parents import Ask, ParentFacts, ParentIntent
from zaffre.core.plain import is_mapping
from zaffre.jobs.pipeline.parts.binding import MISSING, Surroundings, value_of

_TRUE = ("true", "1", "yes")
_FALSE = ("false", "0", "no", "")


class Unreadable(Exception):
    """A value that is needed and is none."""


class Values:
    """The values that one walk needs."""

    def __init__(self, facts: ParentFacts, around: Surroundings) -> None:
        self._facts = facts
        self._around = around
        self._known: dict[str, Any] = dict(facts.memory.get("values", {}))
        self._asked: dict[str, ParentIntent] = {}

    @property
    def asks(self) -> list[ParentIntent]:
        """Files that must be read."""
        return list(self._asked.values())

    @property
    def learned(self) -> dict[str, Any]:
        """What to remember of what was read now."""
        return {} if self._known == self._facts.memory.get("values", {}) else {"values": self._known}

    def read(self, said: Any) -> Any:
        """The value; None while the file that holds it is being read. Raises ``Unreadable``."""
        found = value_of(said, self._around)
        if found is MISSING:
            raise Unreadable(f"{said} is an optional input, and was not given")
        if not is_mapping(found) or "path" not in found:
            return found
        path = str(found["path"])
        if path not in self._known:
            name = f"value {path}"
            told: Mapping[str, Any] | None = self._facts.told.get(name)
            if told is None:
                self._asked[name] = Ask(name, {"path": path})
                return None
            if told.get("error"):
                raise Unreadable(str(told["error"]))
            self._known[path] = told["value"]
        return self._known[path]


def truth(value: Any) -> bool:
    """What a condition means; a file holds the word. Raises ``Unreadable``."""
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word not in _FALSE:
        raise Unreadable(f"its condition must be true or false, and is {str(value)[:80]!r}")
    return False
