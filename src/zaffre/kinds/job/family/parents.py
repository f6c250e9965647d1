"""Jobs that run other jobs, as runs of the engine: children are submitted as a user's jobs are, or taken from earlier runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from zaffre.api.operations import Operations, Target
from zaffre.control.parents import Refusal
from zaffre.control.registering import LookupIn, register
from zaffre.control.specs import Specs
from zaffre.core.asset import spec_hash
from zaffre.core.draft import Below, Draft, NewRun, Prepared
from zaffre.core.errors import ZaffreError
from zaffre.core.intents import Wait
from zaffre.core.parents import (
    Ask,
    CancelChild,
    Child,
    FinishParent,
    ParentFacts,
    ParentIntent,
    ReusePolicy,
    StartChild,
)
from zaffre.core.ports import Clock, Tracking
from zaffre.core.reasons import Cause, Reason
from zaffre.core.registry import job_types, kinds
from zaffre.core.resource import Content
from zaffre.core.status import RunStatus
from zaffre.kinds.job.family import children, resuming, reuse
from zaffre.kinds.job.family.reuse import Earlier, Reuse
from zaffre.kinds.job.family.tracked import ENDS, tracked
from zaffre.kinds.job.parts import fingerprint, publication
from zaffre.kinds.job.spec import Job
from zaffre.store import Store, Tx, resources, runs
from zaffre.store.runs import Run

_LAST_LOOK = 30.0


class Adviser(Protocol):
    """Finds out for a job type's plan what cannot be known purely."""

    async def answer(self, run: Run, spec: Any, facts: ParentFacts, asked: Ask) -> Mapping[str, Any]:
        """The answer to one question."""
        ...


@dataclass(frozen=True, slots=True)
class ParentFloors:
    """The floors below that parents need."""

    store: Store
    clock: Clock
    operations: Operations
    tracking: Tracking
    reuse: Reuse
    lookup: LookupIn
    advisers: Mapping[str, Adviser]
    """By job type."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A child that can be submitted."""

    key: str
    name: str
    spec: Any
    submitted: str
    below: Below
    earlier: Earlier | None
    """With a run in it: what it left is taken instead."""
    instead: str = ""
    """The same, of a run that its parent knows."""


class JobParents:
    """The run type of jobs that run other jobs."""

    def __init__(self, floors: ParentFloors) -> None:
        self._floors = floors
        self._specs = Specs()
        self._kind = kinds()["job"]

    def plan(self, run: Run, facts: ParentFacts) -> Sequence[ParentIntent]:
        """Ask the job type; what its plan finds wrong with values known only now ends the job."""
        job_type, spec = self._specs.of(run)
        part = job_type.part("plan")
        assert part is not None
        try:
            intents: Sequence[ParentIntent] = part.plan(spec, facts)
        except ZaffreError as error:
            return _given_up(facts, error)
        return intents

    async def ask(self, run: Run, facts: ParentFacts, asked: Ask) -> Mapping[str, Any]:
        """The adviser of the job's type."""
        _, spec = self._specs.of(run)
        return await self._floors.advisers[run.facts["type"]].answer(run, spec, facts, asked)

    async def ready(self, run: Run, start: StartChild) -> _Ready | Refusal:
        """Read the child's document as a user's, and look for an equal job that has run before."""
        name = await self._floors.store.read(lambda tx: children.name(tx, run.name, start.key))
        below = Below(run.name, run.root or run.name, start.key, run.experiment)
        try:
            spec: Any = Job.from_yaml({**start.document, "name": name})
            instead = start.instead or await self._taken_over(run, start.key)
            ready = _Ready(start.key, name, spec, spec_hash(spec.to_stored()), below, None, instead)
            if instead or start.reuse is ReusePolicy.NEVER or job_types()[spec.type].is_parent:
                return ready
            prepared = await self._floors.store.read(lambda tx: self._prepared(tx, run, ready))
            earlier = await self._floors.reuse.find(reuse.below(run, start.key), prepared, start.reuse)
            return replace(ready, earlier=earlier)
        except ZaffreError as error:
            return Refusal(start.key, _words(error))

    def submit(self, tx: Tx, run: Run, ready: _Ready) -> Child | Refusal:
        """Put the child on record: open, or over already where nothing has to run."""
        found = runs.get(tx, ready.name)
        if found is not None:  # it was submitted by a transaction whose answer was lost
            return _child(ready.key, found)
        try:
            prepared = self._prepared(tx, run, ready)
        except ZaffreError as error:
            return Refusal(ready.key, _words(error))
        assert prepared.run is not None
        earlier, over = ready.earlier, None
        prepared = _with(prepared, _place(tx, run, ready.key, prepared.run))
        if ready.instead and (known := runs.get(tx, ready.instead)) is not None and known.status is RunStatus.COMPLETED:
            over = Reason(Cause.REUSED, {"of": known.name})
            prepared = _with(prepared, {"reused": known.name, "output_paths": known.facts["output_paths"]})
        if earlier is not None:
            taken = self._floors.reuse.take(tx, earlier)
            over = Reason(Cause.REUSED, {"of": taken.name}) if taken is not None else None
            told = fingerprint.facts(earlier.made, earlier.subject, earlier.compared)
            told |= {"reused": taken.name, "output_paths": taken.facts["output_paths"]} if taken is not None else {}
            prepared = _with(prepared, told)
        self._floors.operations.keep(tx, self._target(run, ready.name), prepared, ready.submitted, over)
        return _child(ready.key, runs.require(tx, ready.name))

    async def _taken_over(self, run: Run, key: str) -> str:
        """What a step was in the pipeline that this one goes on with, if it ended well there and what it left is there."""
        before = run.facts.get("resumes")
        if not before or run.facts.get("type") != "pipeline":
            return ""
        found = await self._floors.store.read(lambda tx: resuming.ended_well(tx, before, key))
        return found.name if found is not None and self._floors.reuse.is_there(found) else ""

    def _prepared(self, tx: Tx, run: Run, ready: _Ready) -> Prepared:
        target = self._target(run, ready.name)
        draft = Draft(target.key, ready.spec, None, run.actor, tx.now, ready.below)
        return self._floors.operations.prepare(tx, target, draft)

    async def opened(self, run: Run) -> None:
        """A tracked run of its own, under which those of its children lie."""
        _, spec = self._specs.of(run)
        await self._floors.tracking.open_run(tracked(run, spec))

    async def ending(self, run: Run, reason: Reason) -> None:
        """Close the tracked run with the job's true end."""
        status = ENDS.get(reason.cause, RunStatus.FAILED).value
        await self._floors.tracking.close_run(run.name, status, self._floors.clock.now())
        self._specs.forget(run.name)

    def publish(self, tx: Tx, run: Run, outputs: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
        """Its outputs are where its children's are; what has a name and was not registered by a child is registered."""
        paths: dict[str, Any] = {}
        registered: dict[str, str] = {}
        for name, (child, output) in outputs.items():
            facts = runs.require(tx, child).facts
            if output in facts.get("output_paths", {}):
                paths[name] = facts["output_paths"][output]
            if output in facts.get("registered", {}):
                registered[name] = facts["registered"][output]
        _, spec = self._specs.of(run)
        for made in publication.assets_of(spec, run.name, run.workspace):
            if made.output in paths and made.output not in registered:
                datastore, path = paths[made.output]
                left = {**made.spec, "path": f"azureml://datastores/{datastore}/paths/{path}"}
                registered[made.output] = register(tx, self._floors.lookup, made.key, left, run.actor)
        told = {"output_paths": paths, "registered": registered}
        return {key: value for key, value in told.items() if value}

    def show(self, tx: Tx, run: Run, properties: Mapping[str, str]) -> None:
        """Its answers have them from then on; the hash of what was submitted stays, so submitting it again changes nothing."""
        found = resources.get(tx, self._target(run, run.name).key)
        if found is not None:
            told: dict[str, Any] = {**found.spec, "properties": {**(found.spec.get("properties") or {}), **properties}}
            resources.replace_content(tx, found, Content(told, found.spec_hash, found.state), run.actor)

    def _target(self, run: Run, name: str) -> Target:
        return Target(self._kind, run.workspace, name)


class Values:
    """A pipeline's adviser: reads what a step wrote where a condition or a list of items is wanted."""

    def __init__(self, store: Store, lookup: LookupIn) -> None:
        self._store = store
        self._lookup = lookup

    async def answer(self, run: Run, spec: Any, facts: ParentFacts, asked: Ask) -> Mapping[str, Any]:
        """The text of a small file."""
        del spec, facts
        path = str(asked.question["path"])
        text = await self.text(run.workspace, path)
        if text is None:
            return {"path": path, "error": f"it needs a value, and nothing was written to {path}"}
        return {"path": path, "value": text.strip()}

    async def text(self, workspace: str, path: str) -> str | None:
        """What a step wrote to a small file; None where there is none."""

        def read(tx: Tx) -> str | None:
            lookup = self._lookup(tx)
            found = lookup.local_path(workspace, path)
            return lookup.text(found) if found is not None else None

        return await self._store.read(read)


def _given_up(facts: ParentFacts, error: ZaffreError) -> Sequence[ParentIntent]:
    """The end of a job whose values, known only now, make no sense: its children end first."""
    still = [child.key for child in facts.children.values() if not child.status.is_final]
    if still:
        return [*(CancelChild(key, "a mistake in the job that started it") for key in still), Wait(_LAST_LOOK)]
    return [FinishParent(Reason(Cause.PLAN_FAILED, {"message": error.message}))]


def _place(tx: Tx, run: Run, key: str, new: NewRun) -> dict[str, Any]:
    """Where a pipeline inside a pipeline stands, and what it goes on with."""
    resumed = resuming.stopped(tx, str(run.facts.get("resumes") or ""), key)
    if new.type != run.type:
        return resuming.carried(resumed, new) if resumed is not None else {}
    return {"place": reuse.below(run, key).place, **(resuming.facts(resumed) if resumed is not None else {})}


def _with(prepared: Prepared, told: Mapping[str, Any]) -> Prepared:
    """With further facts for the run to keep."""
    assert prepared.run is not None
    return replace(prepared, run=replace(prepared.run, facts={**prepared.run.facts, **told}))


def _child(key: str, run: Run) -> Child:
    told = (run.started_at, run.ended_at, str(run.facts.get("reused") or ""))
    return Child(key, run.name, run.status, run.reason, *told)


def _words(error: ZaffreError) -> str:
    return error.message
