"""``?filter=``: which of many are meant, e.g. ``status = Failed and tags.team = blue and created > 7d``. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from zaffre.core.errors import Invalid, Problem
from zaffre.core.problems import closest
from zaffre.core.status import RunStatus

_TERM = re.compile(
    r"\s*(?P<field>[A-Za-z_]+(?:\.(?:\"[^\"]+\"|[^\s=!<>~\"']+))?)\s*(?P<sign>!=|>=|<=|=|>|<|~)\s*"
    r"(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"']+)\s*"
)
_AND = re.compile(r"and\b", re.I)
_AGO = re.compile(r"(\d{1,6})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_EQUAL = ("=", "!=")
_WORDS = (*_EQUAL, "~")
_TIMES = (">", ">=", "<", "<=")
FIELDS = {
    "name": _WORDS,
    "status": _EQUAL,
    "experiment": _WORDS,
    "compute": _EQUAL,
    "parent": _EQUAL,
    "type": _EQUAL,
    "created": _TIMES,
    "created_by": _EQUAL,
    "text": ("~",),
    "document": ("~",),
    "tags": _WORDS,
    "properties": _WORDS,
}
"""Field → the signs it knows; ``text`` is name, display name and description, ``document`` all that was submitted."""
_KEYED = ("tags", "properties")
MOST_TERMS = 20


@dataclass(frozen=True, slots=True)
class Term:
    """One condition."""

    field: str
    sign: str
    value: str
    key: str = ""
    """Of a tag or a property."""
    at: float = 0.0
    """Unix seconds, of a time."""


def parse(text: str, now: float) -> tuple[Term, ...]:
    """The terms, all of which must hold; raises ``Invalid`` with what was expected where."""
    terms: list[Term] = []
    at = 0
    while text[at:].strip():
        if terms:
            joined = _AND.match(text, at)
            if joined is None:
                raise _wrong(f"expected 'and' before {text[at:][:40]!r}")
            at = joined.end()
        found = _TERM.match(text, at)
        if found is None:
            raise _wrong(f"expected FIELD SIGN VALUE, such as status = Failed, found {text[at:].strip()[:40]!r}")
        terms.append(_term(found, now))
        at = found.end()
        if len(terms) > MOST_TERMS:
            raise _wrong(f"expected at most {MOST_TERMS} conditions")
    return tuple(terms)


def _term(found: re.Match[str], now: float) -> Term:
    field, _, key = found["field"].partition(".")
    field, key, sign, value = field.lower(), key.strip('"'), found["sign"], _bare(found["value"])
    signs = FIELDS.get(field)
    if signs is None:
        hint = closest(field, FIELDS)
        raise _wrong(f"there is no field {field!r}; there are {', '.join(FIELDS)}", hint)
    if (field in _KEYED) != bool(key):
        raise _wrong("a tag is written tags.KEY, e.g. tags.team = blue, a property properties.KEY")
    if sign not in signs:
        raise _wrong(f"{field} is compared with {' '.join(signs)}, found {sign}")
    if field == "status":
        value = _status(value)
    return Term(field, sign, value, key, _time(value, now) if field == "created" else 0.0)


def _bare(value: str) -> str:
    return value[1:-1] if value[0] in "\"'" else value


def _status(value: str) -> str:
    folded = value.replace("_", "").lower()
    for status in RunStatus:
        if status.value.lower() == folded:
            return status.value
    words = [status.value for status in RunStatus]
    raise _wrong(f"expected one of the statuses {', '.join(words)}, found {value!r}", closest(value, words))


def _time(value: str, now: float) -> float:
    """An ISO date or time (UTC unless it says otherwise), or how long ago: ``7d``, ``12h``."""
    if ago := _AGO.fullmatch(value):
        return now - int(ago[1]) * _SECONDS[ago[2]]
    try:
        said = datetime.fromisoformat(value)
    except ValueError:
        raise _wrong(
            f"expected a date such as 2026-01-31, a time, or how long ago (7d, 12h), found {value!r}"
        ) from None
    return (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()


def _wrong(told: str, hint: str = "") -> Invalid:
    return Invalid([Problem(told, field="filter", hint=hint)])
