"""The grammar of names: what a job, an endpoint, an asset or a version may be called, in one place."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grammar:
    """One rule for one sort of name."""

    pattern: str
    """Compiled by ``re`` when it is first needed: the command line reads this file for ``fresh`` alone."""
    words: str
    """What is allowed, ready for a message."""


def _rule(pattern: str, words: str) -> Grammar:
    return Grammar(pattern, words)


_ASSET = _rule(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}",
    "1 to 255 letters, digits, dots, dashes and underscores, the first a letter or digit",
)
_RESOURCE = _rule(
    r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}",
    "1 to 255 letters, digits, dashes and underscores, the first a letter or digit",
)

GRAMMARS: dict[str, Grammar] = {
    "job": _RESOURCE,
    "data": _ASSET,
    "model": _ASSET,
    "environment": _ASSET,
    "code": _ASSET,
    "component": _rule(
        r"[a-z][a-z0-9_]{0,254}", "1 to 255 lower-case letters, digits and underscores, the first a letter"
    ),
    "connection": _RESOURCE,
    "version": _ASSET,
    "workspace": _rule(
        r"[A-Za-z0-9][A-Za-z0-9_-]{1,32}",
        "2 to 33 letters, digits, dashes and underscores, the first a letter or digit",
    ),
    "compute": _rule(
        r"[A-Za-z]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?",
        "1 to 32 letters, digits and dashes, the first a letter, the last no dash",
    ),
    "datastore": _rule(r"[A-Za-z0-9_]{1,255}", "1 to 255 letters, digits and underscores"),
    "online-endpoint": _rule(
        r"[a-z]([a-z0-9-]{1,30}[a-z0-9])",
        "3 to 32 lower-case letters, digits and dashes, the first a letter, the last no dash",
    ),
    "batch-endpoint": _rule(
        r"[A-Za-z]([A-Za-z0-9-]{1,30}[A-Za-z0-9])?", "1 to 32 letters, digits and dashes, the first a letter"
    ),
    "online-deployment": _rule(
        r"[A-Za-z]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?",
        "1 to 32 letters, digits and dashes, the first a letter, the last no dash",
    ),
    "registry": _rule(
        r"[A-Za-z0-9][A-Za-z0-9_-]{1,32}",
        "2 to 33 letters, digits, dashes and underscores, the first a letter or digit",
    ),
    "input": _rule(r"[A-Za-z_][A-Za-z0-9_]*", "letters, digits and underscores, the first no digit"),
}
GRAMMARS["output"] = GRAMMARS["input"]


def problem(sort: str, name: str) -> str:
    """Why ``name`` may not name a ``sort`` (a key of ``GRAMMARS``); empty when it may."""
    grammar = GRAMMARS.get(sort, _RESOURCE)
    if re.fullmatch(grammar.pattern, name):
        return ""
    return f"expected {grammar.words}, found {name!r}" if len(name) <= 300 else f"expected {grammar.words}"


CHANCE = 12
"""Random bytes that ``fresh`` makes a name of."""
# fmt: off
_FIRST = (
    "amber", "azure", "bold", "brave", "bright", "calm", "clear", "clever", "coral", "cosmic", "crisp", "eager",
    "gentle", "golden", "happy", "honest", "jade", "keen", "kind", "lively", "lucid", "mellow", "nimble", "noble",
    "olive", "patient", "plucky", "quiet", "rapid", "sunny", "swift", "teal",
)
_SECOND = (
    "acorn", "anchor", "badger", "beacon", "bear", "brook", "cedar", "cloud", "comet", "crane", "delta", "falcon",
    "fern", "fox", "garnet", "harbor", "heron", "island", "lantern", "lemur", "maple", "meadow", "otter", "owl",
    "pebble", "pepper", "pine", "river", "robin", "sail", "tiger", "willow",
)
# fmt: on
_LETTERS = "bcdfghjklmnpqrstvwxyz0123456789"


def fresh(chance: bytes) -> str:
    """``happy_fox_t3k9…``: two words to say aloud and ten characters that make it unique."""
    tail = "".join(_LETTERS[byte % len(_LETTERS)] for byte in chance[2:])
    return f"{_FIRST[chance[0] % len(_FIRST)]}_{_SECOND[chance[1] % len(_SECOND)]}_{tail}"
