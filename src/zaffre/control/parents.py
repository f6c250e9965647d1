"""Takes a run that runs other jobs one step further: what its children did, what its type decides, one transaction of it.

A parent has no task, so nothing here is launched: children are submitted in the transaction that notes them, under the
parent's lease, with names that follow from the parent's and the child's key. So each child is there once, whatever dies when.
The end of a child nudges its parent (``store.runs``); what has not changed since the last step is not read again. A parent that
this process knows is read and planned where its item is claimed, which is most often the transaction in which a child ends.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from zaffre.control.loop import RELEASED, Step
from zaffre.core.errors import ZaffreError
from zaffre.core.intents import Wait
from zaffre.core.parents import (
    Ask,
    CancelChild,
    Child,
    FinishParent,
    Note,
    ParentFacts,
    ParentIntent,
    StartChild,
)
from zaffre.core.ports import Clock
from zaffre.core.reasons import Cause, Reason
from zaffre.core.status import RunStatus, Signal
from zaffre.store import Store, Tx, families, leases, runs
from zaffre.store.leases import Lease
from zaffre.store.runs import Run

log = logging.getLogger(__name__)

MOST_AT_ONCE = 32
"""Children submitted in one transaction; others wait a few milliseconds, and everybody else is let in between."""
_MOST_ASKED = 16
_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A child that cannot be submitted, in words for its user."""

    key: str
    message: str


class ParentType(Protocol):
    """What differs between the types of parents."""

    def plan(self, run: Run, facts: ParentFacts) -> Sequence[ParentIntent]:
        """Decide; pure."""
        ...

    async def ask(self, run: Run, facts: ParentFacts, asked: Ask) -> Mapping[str, Any]:
        """The adviser's answer."""
        ...

    async def ready(self, run: Run, starts: Sequence[StartChild]) -> Sequence[Any]:
        """Look at what children need, outside the transaction that submits them: what ``submit`` takes, or a ``Refusal``."""
        ...

    def at_hand(self, tx: Tx, run: Run, start: StartChild) -> Any | None:
        """The same within a transaction, for a child that is over as it is submitted; None where that is not known at once."""
        ...

    def submit(self, tx: Tx, run: Run, ready: Any) -> Child | Refusal:
        """Put the child on record."""
        ...

    async def opened(self, run: Run) -> None:
        """The parent is about to begin: tell whoever keeps records outside the store. Idempotent."""
        ...

    async def ending(self, run: Run, reason: Reason) -> None:
        """It is about to end: the same."""
        ...

    def publish(self, tx: Tx, run: Run, outputs: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
        """What its outputs are, in the transaction of its end; facts to keep. ``outputs``: name → (child's run, its output)."""
        ...

    def show(self, tx: Tx, run: Run, properties: Mapping[str, str]) -> None:
        """Put properties beside those that its user gave it, in the same transaction."""
        ...


@dataclass(slots=True)
class _Family:
    """One parent and its children, as this process has last seen them."""

    run: Run
    children: dict[str, Child] = field(default_factory=dict[str, Child])

    def news(self, tx: Tx, parent: str, refused: Mapping[str, str]) -> list[Child]:
        """What has changed since it was last learned; changes nothing here, for the transaction may come to nothing."""
        known = self.children
        submitted = [child for child in known.values() if not child.refused]
        failed = [
            Child(key, "", RunStatus.FAILED, None, None, None, refused=message)
            for key, message in refused.items()
            if key not in known
        ]
        return [*families.news(tx, parent, submitted), *failed]

    def learn(self, fresh: Sequence[Child]) -> None:
        if fresh:
            self.children = self.children | {
                child.key: child for child in fresh
            }  # who reads on another thread has the old


@dataclass(slots=True)
class _Done:
    """What one transaction did."""

    ended: bool = False
    again: bool = False
    released: bool = False
    submitted: list[Child] = field(default_factory=list[Child])
    refused: dict[str, str] = field(default_factory=dict[str, str])


class Parents:
    """The stepper of all parents."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._types: dict[str, ParentType] = {}
        self._families: dict[str, _Family] = {}

    def serve(self, name: str, parent_type: ParentType) -> None:
        """Let ``parent_type`` decide for runs of that type."""
        self._types[name] = parent_type

    def knows(self, run: Run) -> bool:
        """Whether the run is a parent."""
        return run.type in self._types

    def known(self, name: str) -> Run | None:
        """A parent as it was last seen, if it was: the facts of a large pipeline are not read again for nothing."""
        family = self._families.get(name)
        return family.run if family is not None else None

    def look(self, tx: Tx, lease: Lease, run: Run) -> Step:
        """Read and plan where the item is claimed; a parent that has nothing to do but to wait is let go of there."""
        family = self._families.get(run.name)
        if family is None or run.status is RunStatus.NOT_STARTED:
            return partial(self.step, lease, run)
        seen = _Seen(run, family.news(tx, run.name, run.facts.get("refused", {})))
        intents = self._types[run.type].plan(run, self._facts(seen))
        if all(isinstance(intent, Wait) for intent in intents):
            leases.release(tx, lease, self._due(intents))
            tx.follow(partial(family.learn, seen.news))
            return _nothing
        asks = any(isinstance(intent, Ask) for intent in intents)
        return partial(self.step, lease, run, seen if asks else replace(seen, intents=intents))

    async def step(self, lease: Lease, run: Run, seen: _Seen | None = None) -> float | None:
        """Plan and carry out, again and again while children end as they are submitted."""
        parent_type = self._types[run.type]
        if run.status is RunStatus.NOT_STARTED:
            await parent_type.opened(run)
        while True:
            seen = seen or await self._store.read(partial(self._seen, run))
            run, facts = seen.run, self._facts(seen)
            self._family(run).learn(seen.news)
            intents = seen.intents or await self._planned(parent_type, run, facts)
            done = await self._carry_out(parent_type, lease, run, intents)
            if done.ended:
                self._families.pop(run.name, None)
            if done.ended or done.released:
                return RELEASED
            if not done.again:
                return self._due(intents)
            seen = None

    def _due(self, intents: Sequence[ParentIntent]) -> float | None:
        waits = [intent.seconds for intent in intents if isinstance(intent, Wait)]
        return self._clock.now() + min(waits) if waits else None

    async def give_up(self, lease: Lease, run: Run, why: str) -> float | None:
        """End what cannot be planned: ask its children to end, and when they have, fail it for that reason."""
        told = f"the job could not be planned, however often it was tried ({why})"
        reason = Reason(Cause.INTERNAL, {"message": told, "request": run.name, "run": run.name})

        def write(tx: Tx) -> bool:
            leases.check(tx, lease)
            still = [child for child in families.children(tx, run.name) if not child.status.is_final]
            for child in still:
                if child.status is not RunStatus.CANCEL_REQUESTED:
                    runs.request(tx, child.name, Signal.ASK_CANCEL, f"a mistake of Zaffre's in {run.name}")
            return not still and runs.apply(tx, lease, Signal.FAIL, reason=reason) is not None

        await self._types[run.type].ending(run, reason)
        if not await self._store.write(write):
            return None
        self._families.pop(run.name, None)
        return RELEASED

    def _family(self, run: Run) -> _Family:
        if len(self._families) > _KEPT:
            self._families.clear()
        family = self._families.setdefault(run.name, _Family(run))
        family.run = run
        return family

    def _seen(self, run: Run, tx: Tx) -> _Seen:
        now = runs.fresh(tx, run)
        return _Seen(now, self._family(now).news(tx, run.name, now.facts.get("refused", {})))

    def _facts(self, seen: _Seen) -> ParentFacts:
        run = seen.run
        return ParentFacts(
            name=run.name,
            status=run.status,
            cancel_by=run.cancel_by,
            now=self._clock.now(),
            started_at=run.started_at,
            children=self._family(run).children | {child.key: child for child in seen.news},
            memory=run.facts.get("memory", {}),
            decisions=run.facts.get("decisions", {}),
            origin=run.facts.get("origin", ""),
        )

    async def _planned(self, parent_type: ParentType, run: Run, facts: ParentFacts) -> Sequence[ParentIntent]:
        """The plan, with whatever it had to ask answered."""
        told: dict[str, Any] = {}
        for _ in range(_MOST_ASKED):
            facts = replace(facts, told=dict(told))
            intents = parent_type.plan(run, facts)
            asked = [intent for intent in intents if isinstance(intent, Ask)]
            if not asked:
                return intents
            for ask in asked:
                told[ask.name] = await parent_type.ask(run, facts, ask)
        raise RuntimeError(f"the plan of {run.name} asks without end: {', '.join(told)}")

    async def _carry_out(
        self, parent_type: ParentType, lease: Lease, run: Run, intents: Sequence[ParentIntent]
    ) -> _Done:
        starts = [intent for intent in intents if isinstance(intent, StartChild)]
        ready = await parent_type.ready(run, starts[:MOST_AT_ONCE]) if starts else ()
        finish = next((intent for intent in intents if isinstance(intent, FinishParent)), None)
        if finish is not None:
            await parent_type.ending(run, finish.reason)
        changes = any(not isinstance(intent, Wait) for intent in intents)
        if not changes and run.status is not RunStatus.NOT_STARTED:
            return _Done()

        def write(tx: Tx) -> _Done:
            leases.check(tx, lease)
            done = self._write(tx, _Writing(parent_type, lease, run, intents), ready)
            done.again = done.again or len(starts) > MOST_AT_ONCE
            if not done.ended and not done.again:
                leases.release(tx, lease, self._due(intents))
                done.released = True
            tx.follow(partial(self._family(run).learn, done.submitted))
            return done

        return await self._store.write(write)

    def _write(self, tx: Tx, writing: _Writing, ready: Sequence[Any]) -> _Done:
        """Everything that was decided, in one transaction."""
        done = _Done()
        run = _begun(tx, writing.lease, writing.run)
        for one in ready:
            made = one if isinstance(one, Refusal) else writing.type.submit(tx, run, one)
            if isinstance(made, Refusal):
                done.refused[made.key] = made.message
                done.again = True
            else:
                done.submitted.append(made)
                done.again = done.again or made.status.is_final
        self._go_on(tx, writing, run, done)
        noted: dict[str, Any] = {}
        finish: FinishParent | None = None
        for intent in writing.intents:
            match intent:
                case CancelChild(key, by):
                    self._cancel(tx, run.name, key, by)
                case Note(memory):
                    noted |= memory
                case FinishParent():
                    finish = intent
                case _:
                    pass
        facts: dict[str, Any] = {"memory": {**run.facts.get("memory", {}), **noted}} if noted else {}
        facts |= {"refused": {**run.facts.get("refused", {}), **done.refused}} if done.refused else {}
        if facts:
            runs.note(tx, writing.lease, facts)
        return done if finish is None else self._finish(tx, writing, runs.require(tx, run.name), finish)

    def _go_on(self, tx: Tx, writing: _Writing, run: Run, done: _Done) -> None:
        """While all that was submitted is over already, what follows it is planned and submitted in the same transaction."""
        parent_type = writing.type
        if not done.submitted or done.refused or not _only_starts(writing.intents):
            return
        while len(done.submitted) < MOST_AT_ONCE and all(child.status.is_final for child in done.submitted):
            intents = parent_type.plan(run, self._facts(_Seen(run, done.submitted)))
            starts = [intent for intent in intents if isinstance(intent, StartChild)]
            ready = [parent_type.at_hand(tx, run, start) for start in starts]
            if not ready or None in ready or not _only_starts(intents):
                return
            made = [parent_type.submit(tx, run, one) for one in ready]
            children = [one for one in made if isinstance(one, Child)]
            done.submitted += children
            if len(children) < len(made):
                return  # what is refused is refused again in its own turn, and noted

    def _cancel(self, tx: Tx, parent: str, key: str, by: str) -> None:
        child = self._families[parent].children.get(key)
        if child is None or child.refused:
            return
        now = runs.require(tx, child.name)
        if not now.status.is_final and now.status is not RunStatus.CANCEL_REQUESTED:
            runs.request(tx, child.name, Signal.ASK_CANCEL, by)

    def _finish(self, tx: Tx, writing: _Writing, run: Run, intent: FinishParent) -> _Done:
        reason = Reason(intent.reason.cause, {"run": run.name, **intent.reason.facts})
        children = self._families[run.name].children
        outputs = {name: (children[key].name, output) for name, (key, output) in intent.outputs.items()}
        try:
            facts = writing.type.publish(tx, run, outputs)
        except ZaffreError as error:
            facts, reason = {}, Reason(Cause.PUBLISH_FAILED, {"run": run.name, "name": "", "message": error.message})
        if intent.properties:
            writing.type.show(tx, run, intent.properties)
        signal = reason.signal
        if signal is Signal.CANCEL and run.status is not RunStatus.CANCEL_REQUESTED:
            run = runs.apply(tx, writing.lease, Signal.ASK_CANCEL, run=run) or run
        ended = runs.apply(tx, writing.lease, signal, run=run, reason=reason, facts=facts)
        return _Done(ended=ended is not None, again=ended is None)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A parent as a transaction found it, and what is new of its children."""

    run: Run
    news: Sequence[Child]
    intents: Sequence[ParentIntent] = ()
    """What was planned with it, where that was done already."""


def _only_starts(intents: Sequence[ParentIntent]) -> bool:
    return all(isinstance(intent, StartChild | Wait) for intent in intents)


async def _nothing() -> float:
    """The step of a parent that waits: all was done where it was claimed."""
    return RELEASED


@dataclass(frozen=True, slots=True)
class _Writing:
    """What one transaction is given."""

    type: ParentType
    lease: Lease
    run: Run
    intents: Sequence[ParentIntent]


def _begun(tx: Tx, lease: Lease, run: Run) -> Run:
    """A parent runs from its first step on."""
    if run.status is not RunStatus.NOT_STARTED:
        return runs.fresh(tx, run)
    started = runs.apply(tx, lease, Signal.START, run=run, attempt=1) or run
    return runs.apply(tx, lease, Signal.RUN, run=started) or started
