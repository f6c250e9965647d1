"""Two documents compared field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zaffre.core.plain import is_mapping


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every field that is not the same: ``field``, ``from`` and ``to``; None for one that is not there."""
    return list(_between(before, after, ""))


def marked(document: Any, mark: str) -> list[str]:
    """The texts of a document that begin with ``mark``, without it."""
    if is_mapping(document):
        return [found for value in document.values() for found in marked(value, mark)]
    return [document.removeprefix(mark)] if isinstance(document, str) and document.startswith(mark) else []


def _between(before: Mapping[str, Any], after: Mapping[str, Any], at: str) -> Iterator[dict[str, Any]]:
    for name in sorted({*before, *after}):
        old, new, field = before.get(name), after.get(name), f"{at}.{name}" if at else name
        if is_mapping(old) and is_mapping(new):
            yield from _between(old, new, field)
        elif old != new:
            yield {"field": field, "from": old, "to": new}
