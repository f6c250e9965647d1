"""The children of a job that runs others, checked before any of them runs: each as if it were submitted now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from zaffre.core.draft import Below, Draft, Lookup, Prepared
from zaffre.core.errors import Invalid, NotBuilt, Problem
from zaffre.core.parents import Ahead
from zaffre.core.plain import mapping_of
from zaffre.core.registry import job_types
from zaffre.core.resource import Content, Key
from zaffre.kinds.job.parts.expansion import typed
from zaffre.kinds.job.spec import Job


@dataclass(slots=True)
class Checked:
    """What became of it."""

    spec: Any
    """The parent's, with what its children pinned."""
    problems: list[Problem] = field(default_factory=list[Problem])
    notes: list[str] = field(default_factory=list[str])
    furnish: tuple[tuple[Key, Content], ...] = ()


def check(draft: Draft, lookup: Lookup, prepare: Callable[[Draft, Lookup], Prepared]) -> Checked:
    """Every child that is known already; all that is wrong is told at once, at its place in the parent."""
    plan = job_types()[draft.spec.type].part("plan")
    assert plan is not None
    checked = Checked(draft.spec)
    made: dict[str, Prepared] = {}
    children: list[Ahead] = plan.ahead(draft.spec)
    draft = replace(draft, written=_written(children))
    for child in children:
        try:
            prepared = prepare(_draft(draft, child, lookup), lookup)
        except Invalid as error:
            checked.problems += [replace(each, field=_at(child.field, each.field)) for each in error.problems]
            continue
        except NotBuilt as error:
            raise NotBuilt(error.message, target=_at(child.field, error.target)) from error
        made[child.field] = prepared
        checked.furnish += prepared.furnish
        notes: list[str] = prepared.run.facts.get("notes", []) if prepared.run else []
        checked.notes += [note for note in notes if note not in checked.notes]
    if not checked.problems:
        checked.spec = plan.pin(draft.spec, made)
        remarks = getattr(plan, "notes", None)
        checked.notes += remarks(made) if remarks is not None else []
        unnamed = getattr(checked.spec, "unnamed", None)
        checked.furnish += unnamed(draft.key.workspace) if unnamed is not None else ()
    return checked


def _draft(draft: Draft, child: Ahead, lookup: Lookup) -> Draft:
    name = f"{draft.key.name}_ahead"
    spec = Job.from_yaml({**typed(child.document, draft.key.workspace, lookup), "name": name})
    below = Below(draft.key.name, draft.key.name, child.field, "")
    return Draft(
        replace(draft.key, name=name), spec, None, draft.actor, draft.now, below, ahead=True, written=draft.written
    )


def _written(children: list[Ahead]) -> tuple[str, ...]:
    outputs = [mapping_of(said) for child in children for said in mapping_of(child.document.get("outputs")).values()]
    return tuple(str(said["path"]).rstrip("/") for said in outputs if said.get("path"))


def _at(where: str, inside: str) -> str:
    return f"{where}.{inside}" if inside else where
