"""Whether two answers of models say the same: numbers within a tolerance, everything else exactly. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from zaffre.core.plain import is_dict, is_list

TOLERANCE = 1e-6
MOST_NAMED = 5


def differences(expected: bytes, found: bytes, tolerance: float = TOLERANCE) -> list[str]:
    """Where two bodies differ, in words, the first few; empty where they say the same."""
    try:
        one, other = json.loads(expected), json.loads(found)
    except ValueError:
        return [] if expected == found else [f"expected {_short(expected)}, found {_short(found)}"]
    told: list[str] = []
    for line in _differing(one, other, "", tolerance):
        told.append(line)
        if len(told) == MOST_NAMED:
            break
    return told


def _differing(one: Any, other: Any, at: str, tolerance: float) -> Iterator[str]:
    if is_dict(one) and is_dict(other):
        for name in sorted({*one, *other}):
            if name not in one or name not in other:
                yield f"{at}.{name}: {'new' if name in other else 'missing'}"
            else:
                yield from _differing(one[name], other[name], f"{at}.{name}", tolerance)
    elif is_list(one) and is_list(other):
        if len(one) != len(other):
            yield f"{at or 'answer'}: expected {len(one)} values, found {len(other)}"
        for number, (left, right) in enumerate(zip(one, other, strict=False)):
            yield from _differing(left, right, f"{at}[{number}]", tolerance)
    elif not _same(one, other, tolerance):
        yield f"{at or 'answer'}: expected {_short(one)}, found {_short(other)}"


def _same(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance) if numbers else one == other


def _short(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"
