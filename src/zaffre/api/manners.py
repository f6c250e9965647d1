"""What ARM's answers have that is not in the resource itself, and what its requests mean that they do not say.

``Arm`` asks here what is particular to the official client, so that it stays one path for all kinds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zaffre.api.operations import Target, View
from zaffre.api.route import Call
from zaffre.core.refs import Scope
from zaffre.store.assets import Container


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that is about to be given: who asked, where the resource lies, and what is said of it."""

    call: Call
    place: Scope
    view: View
    body: dict[str, Any]


Finish = Callable[[Told], dict[str, Any]]
"""The body with what one kind's answers have beside the envelope of all: addresses, defaults that Azure fills in."""
Reading = Callable[[Call, Target, dict[str, Any]], Awaitable[dict[str, Any]]]
"""The body of a PUT as it is meant: places named by the URLs that this server gave out become references."""
Choosing = Callable[[Call, Target], Awaitable[list[View] | None]]
"""What a list has where it is asked for in a way of one kind's own; None where it is asked for as any other."""
Naming = Callable[[Target, list[Container]], Awaitable[Mapping[str, dict[str, Any]]]]
"""By name, what containers of one kind have beside what all have."""
Underway = Callable[[Call, Target, str], dict[str, str]]
"""(request, what it is about, the verb) → the headers of an answer whose work goes on."""


def _untold(call: Call, target: Target, verb: str) -> dict[str, str]:
    del call, target, verb
    return {}


async def _as_sent(call: Call, target: Target, body: dict[str, Any]) -> dict[str, Any]:
    del call, target
    return body


async def _as_any(call: Call, target: Target) -> list[View] | None:
    del call, target
    return None


async def _nothing_more(target: Target, found: list[Container]) -> Mapping[str, dict[str, Any]]:
    del target, found
    return {}


@dataclass(frozen=True, slots=True)
class Manners:
    """What answers have that is not in the resource itself, and what requests mean that they do not say."""

    finishes: Mapping[str, Finish] = field(default_factory=dict[str, Finish])
    """By kind."""
    underway: Underway = _untold
    reading: Reading = _as_sent
    choosing: Choosing = _as_any
    naming: Naming = _nothing_more
