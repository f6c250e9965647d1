"""Going on with a pipeline that failed or was canceled: which of its steps are taken over, and what the new one must know."""

from __future__ import annotations

from typing import Any

from zaffre.api.operations import Operations, Target
from zaffre.core.draft import Draft, NewRun
from zaffre.core.errors import Conflict, Invalid, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.registry import kinds
from zaffre.core.resource import Key
from zaffre.core.status import RunStatus
from zaffre.kinds.job.family import children
from zaffre.kinds.job.spec import Job
from zaffre.store import Tx, families, resources, runs
from zaffre.store.runs import Run

RESUMED = "zaffre.resumes"
"""The property of a job that goes on with another one."""
CARRIED = "carried"
"""In a parallel step's facts: the run whose finished mini-batches it begins with."""
_OWN = ("name", "display_name", "properties", "tags")
_FOUND = frozenset({"best_child_run_id", "best_data_container_id", "best_metric_status", "pareto_front", "score"})
"""What a sweep has come to: not said of the one that goes on with it."""


def resume(tx: Tx, operations: Operations, run: Run, name: str, actor: str) -> Run:
    """Submit the same document again, under ``name``; asking twice for the same name is asking once."""
    found = runs.get(tx, name)
    if found is not None and run.name in (
        found.facts.get("resumes"),
        mapping_of(found.facts.get("spec")).get("resume"),
    ):
        return found
    _check(run)
    stored = resources.require(tx, Key(run.workspace, "job", run.name))
    kept = {key: value for key, value in mapping_of(stored.spec.get("properties")).items() if key not in _FOUND}
    told: dict[str, Any] = {**stored.spec, "name": name, "properties": {**kept, RESUMED: run.name}}
    is_sweep = run.facts.get("type") == "sweep"
    told |= {"resume": run.name} if is_sweep else {}
    spec: Any = Job.from_stored(told)
    target = Target(kinds()["job"], run.workspace, name)
    prepared = operations.prepare(tx, target, Draft(target.key, spec, None, actor, tx.now))
    assert prepared.run is not None
    prepared.run.facts.update({} if is_sweep else facts(run))  # a sweep's plan itself knows what it takes over
    if found is not None:
        raise Conflict(f'a job named "{name}" exists already; choose another name', target="name")
    operations.keep(tx, target, prepared, "")
    return runs.require(tx, name)


def facts(run: Run) -> dict[str, Any]:
    """What a pipeline that goes on with ``run`` must know: where its outputs gather, and what people have approved."""
    decisions: dict[str, Any] = run.facts.get("decisions") or {}
    approved = {step: said for step, said in decisions.items() if said.get("approved")}
    told: dict[str, Any] = {"resumes": run.name, "origin": run.facts.get("origin") or run.name}
    return told | ({"decisions": approved} if approved else {})


def ended_well(tx: Tx, parent: str, key: str) -> Run | None:
    """The child that stood for a step at last, if it completed."""
    last = children.last(tx, parent, key)
    return last if last is not None and last.status is RunStatus.COMPLETED else None


def stopped(tx: Tx, parent: str, key: str) -> Run | None:
    """The same, if it did not."""
    last = children.last(tx, parent, key) if parent else None
    return last if last is not None and last.status is not RunStatus.COMPLETED else None


def carried(before: Run, new: NewRun) -> dict[str, Any]:
    """What a parallel step that was cut off has finished is taken over, if the new one is the same step on the same data."""
    old = before.facts
    same = [mapping_of(one.get("spec")) for one in (old, new.facts)]
    spoken = [{key: value for key, value in one.items() if key not in _OWN} for one in same]
    if new.facts.get("type") != "parallel" or spoken[0] != spoken[1] or old.get("inputs") != new.facts.get("inputs"):
        return {}
    return {CARRIED: before.name}


def kept(tx: Tx, run: Run) -> list[str]:
    """The steps of a pipeline that need not run again."""
    found = families.children(tx, run.name)
    return sorted({child.key.partition(".retry")[0] for child in found if child.status is RunStatus.COMPLETED})


def _check(run: Run) -> None:
    if run.facts.get("type") not in ("pipeline", "sweep"):
        told = f"only pipelines and sweeps can be gone on with, and {run.name} is a {run.facts.get('type') or run.type} job"
        raise Invalid([Problem(told, "name", hint="submit its document again")])
    if not run.status.is_final:
        raise Conflict(f"Job {run.name!r} is {run.status.value}; cancel it first: zaffre job cancel -n {run.name}")
    if run.status is RunStatus.COMPLETED:
        raise Conflict(f"Job {run.name!r} completed: there is nothing to go on with.", target=run.name)
