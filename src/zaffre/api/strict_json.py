"""JSON as requests may carry it: what different readers would understand differently is refused before anyone does."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn, cast

from zaffre.core.errors import Invalid

DEEPEST = 64
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_LARGEST = 2**63
_LONGEST = len(str(-_LARGEST))


def read(body: bytes) -> Any:
    """The value of a body: no NaN, no numbers that no database holds, no key twice, no half characters, no abyss."""
    try:
        value = json.loads(
            body.decode(), parse_constant=_no_number, parse_float=_float, parse_int=_int, object_pairs_hook=_pairs
        )
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The body is not JSON: {error}") from None
    _check_depth(value, 0)
    if _SUSPECT.search(body):
        _check_texts(value)
    return value


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number in JSON")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:40]} is too large")
    return value


def _int(text: str) -> int:
    value = int(text) if len(text) <= _LONGEST else _LARGEST
    if not -_LARGEST <= value < _LARGEST:
        raise ValueError(f"the number {text[:40]} is too large")
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise ValueError(f"the key {twice[:80]!r} stands there twice")
    return found


def _check_depth(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise Invalid(f"The body is nested more than {DEEPEST} deep.")
    if isinstance(value, dict):
        for item in cast(dict[str, Any], value).values():
            _check_depth(item, depth + 1)
    elif isinstance(value, list):
        for item in cast(list[Any], value):
            _check_depth(item, depth + 1)


def _check_texts(value: Any) -> None:
    """Refuse NUL and unpaired surrogates, in keys and in values."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Invalid("The body holds a text with a NUL or half of a surrogate pair, which is not a character.")
    elif isinstance(value, dict):
        for key, item in cast(dict[str, Any], value).items():
            _check_texts(key)
            _check_texts(item)
    elif isinstance(value, list):
        for item in cast(list[Any], value):
            _check_texts(item)
