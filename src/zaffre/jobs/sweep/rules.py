"""What a sweep must be before it is accepted: the sweeps that it learns from, or goes on with, are there and like it."""

from __future__ import annotations

from typing import Any

from zaffre.core.draft import Draft, Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.core.resource import Key

_SAME = ("search_space", "objective", "trial", "inputs")
"""What may not differ in a sweep that goes on with another: its trials would be others."""


def check(draft: Draft, lookup: Lookup) -> None:
    """Raise ``Invalid`` with everything that would fail later."""
    wrong: list[Problem] = []
    for index, name in enumerate(draft.spec.warm_start or ()):
        wrong += _earlier(draft, lookup, name, f"warm_start.{index}")
    if draft.spec.resume:
        wrong += _earlier(draft, lookup, draft.spec.resume, "resume") or _gone_on(draft, lookup)
    if wrong:
        raise Invalid(wrong)


def _earlier(draft: Draft, lookup: Lookup, name: str, field: str) -> list[Problem]:
    """A sweep of that name, after the same metrics."""
    found = lookup.resource(Key(draft.key.workspace, "job", name))
    if found is None or found.spec.get("type") != "sweep":
        told = f"there is no sweep {name!r} in workspace {draft.key.workspace}"
        return [Problem(told, field, hint="zaffre job list shows what is there")]
    theirs, ours = (_objectives(one) for one in (found.spec, draft.spec.to_stored()))
    if theirs != ours:
        return [Problem(f"sweep {name} has another objective: {theirs}, here {ours}", field)]
    return []


def _objectives(spec: Any) -> str:
    said: Any = spec["objective"]
    listed: list[dict[str, str]] = said if isinstance(said, list) else [said]  # pyright: ignore[reportUnknownVariableType]
    return ", ".join(f"{one['goal']} {one['primary_metric']}" for one in listed)


def _gone_on(draft: Draft, lookup: Lookup) -> list[Problem]:
    name = draft.spec.resume
    found = lookup.resource(Key(draft.key.workspace, "job", name))
    state = lookup.run_state(name)
    assert found is not None  # it was looked at before
    if state is not None and state["ended_at"] is None:
        return [Problem(f"sweep {name} is {state['status']}; it can be gone on with when it has ended", "resume")]
    ours = draft.spec.to_stored()
    return [
        Problem(f"differs from that of sweep {name}, whose trials are to be taken over", field)
        for field in _SAME
        if found.spec.get(field) != ours.get(field)
    ]
