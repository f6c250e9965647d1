"""Takes one run one step further: gather facts, let its type decide, carry the intents out.

Every run there is (a job, an environment build, later a trial or a pipeline step) goes through here. Its ``RunType`` says how
to decide and what to launch; the order of things that makes crashes harmless is this module's alone: intent is committed
before effect, an effect is idempotent per attempt, and the end is one transaction with what it publishes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from zaffre.control.admission import Admission, interrupted_by
from zaffre.control.loop import RELEASED, Look, Step
from zaffre.control.parents import Parents
from zaffre.control.runtypes import RunType
from zaffre.core.errors import ZaffreError
from zaffre.core.intents import (
    Finish,
    Intent,
    Mark,
    MarkRunning,
    PrepareEnvironment,
    Retry,
    RunFacts,
    StartTask,
    StopTask,
    Wait,
)
from zaffre.core.ports import Backend, BuildState, Clock
from zaffre.core.reasons import Cause, Reason
from zaffre.core.status import RunStatus, Signal
from zaffre.core.tasks import Handle, Observation
from zaffre.store import Store, Tx, leases, runs
from zaffre.store.leases import Lease
from zaffre.store.runs import Run

log = logging.getLogger(__name__)

_LAUNCHED = frozenset(
    {
        RunStatus.STARTING,
        RunStatus.RUNNING,
        RunStatus.FINALIZING,
        RunStatus.NOT_RESPONDING,
        RunStatus.CANCEL_REQUESTED,
    }
)
INPUT = "inputs."
"""How the target of an error begins that is about an input which could not be made ready."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers an administrator may set."""

    retries: int = 1
    grace: float = 10.0


class Supervisor:
    """The stepper of all runs."""

    def __init__(self, store: Store, backend: Backend, clock: Clock, admission: Admission, policy: Policy) -> None:
        self._store = store
        self._backend = backend
        self._clock = clock
        self.admission = admission
        self._policy = policy
        self._types: dict[str, RunType] = {}
        self.parents = Parents(store, clock)
        self._launched: dict[str, Run] = {}
        """The runs whose present attempt this process launched, as it last wrote them."""

    def serve(self, name: str, run_type: RunType) -> None:
        """Let ``run_type`` decide for runs of that type."""
        self._types[name] = run_type

    async def step(self, lease: Lease) -> float | None:
        """One look at one run."""
        run = await self._store.read(lambda tx: runs.get(tx, lease.key.partition(":")[2]))
        if run is not None and not run.status.is_final and self.parents.knows(run):
            return await self.parents.step(lease, run)
        return await self._step(lease, run)

    async def hear(self, key: str) -> Look | None:
        """What has become of a task that this process launched, for the loop: where it has begun, or ended for good, all that
        is left is one transaction. Records outside the store are written before, as at any end."""
        name = key.partition(":")[2]
        run = self._launched.get(name)
        if run is None:
            return None
        run_type = self._types[run.type]
        environment = run_type.environment_at_hand(run)
        if environment is None:
            return None
        facts = self._known(run, environment, await self._backend.observe(self.handle(run, run_type)))
        match run_type.plan(run, facts):
            case [MarkRunning(), Wait(seconds)]:
                return partial(self._settle, run, facts, lambda step, tx: step.leave_running(tx, seconds))
            case [Finish(reason)]:
                told = reason.about(run.name)
                await run_type.ending(run, told, facts.task)
                return partial(self._settle, run, facts, lambda step, tx: step.end(tx, told))
            case _:
                return None

    def _settle(self, run: Run, facts: RunFacts, settle: Callable[[_Step, Tx], bool], tx: Tx, lease: Lease) -> Step:
        """What was found out of the run holds while nobody has changed it."""
        if runs.fresh(tx, run) is run and settle(_Step(self, lease, run, self._types[run.type], facts), tx):
            return _nothing
        return self.look(tx, lease)

    def look(self, tx: Tx, lease: Lease) -> Step:
        """The same for the loop, which reads the run where it claims its item; one that can start is admitted there."""
        name = lease.key.partition(":")[2]
        known = self.parents.known(name)
        run = runs.fresh(tx, known) if known is not None else runs.get(tx, name)
        if run is None or run.status.is_final:
            return partial(self._step, lease, run)
        if self.parents.knows(run):
            return self.parents.look(tx, lease, run)
        if run.status in _LAUNCHED:
            return partial(self._step, lease, run)
        run_type = self._types[run.type]
        environment = run_type.environment_at_hand(run)
        if environment is None:
            return partial(self._step, lease, run)
        facts = self._known(run, environment, None)
        intents = run_type.plan(run, facts)
        step = _Step(self, lease, run, run_type, facts)
        if any(isinstance(intent, StartTask) for intent in intents):
            step.admit(tx)
            if step.waits:
                step.leave_waiting(tx)
                return _nothing
        return partial(step.carry_out, intents)

    async def give_up(self, lease: Lease, why: str) -> float | None:
        """A parent whose plan fails again and again ends, its children first; what has a task of its own is tried on."""
        run = await self._store.read(lambda tx: runs.get(tx, lease.key.partition(":")[2]))
        if run is None or run.status.is_final or not self.parents.knows(run):
            return None
        return await self.parents.give_up(lease, run, why)

    async def _step(self, lease: Lease, run: Run | None) -> float | None:
        if run is None or run.status.is_final:
            await self._store.write(lambda tx: leases.remove(tx, lease))
            return RELEASED
        run_type = self._types[run.type]
        failed = None
        launched = self._launched.get(run.name)
        if run.status is RunStatus.STARTING and (launched is None or launched.token != run.token):
            failed = await self.launch(run, run_type)  # an intent whose effect a crash may have prevented
        facts = await self._facts(run, run_type)
        intents = [Finish(failed)] if failed is not None else run_type.plan(run, facts)
        return await _Step(self, lease, run, run_type, facts).carry_out(intents)

    async def _facts(self, run: Run, run_type: RunType) -> RunFacts:
        observed = None
        if run.token and run.status in _LAUNCHED:
            observed = await self._backend.observe(self.handle(run, run_type))
        return self._known(run, await run_type.environment(run), observed)

    def _known(self, run: Run, environment: tuple[str, BuildState], observed: Observation | None) -> RunFacts:
        name, build = environment
        return RunFacts(
            status=run.status,
            attempt=run.attempt,
            cancel_by=run.cancel_by,
            environment=build.phase,
            environment_message=build.message,
            environment_name=name,
            task=observed,
            now=self._clock.now(),
            retries_left=max(0, self._policy.retries + 1 - run.attempt + _interruptions(run, self._policy.retries)),
            interrupted_by=interrupted_by(run),
        )

    def handle(self, run: Run, run_type: RunType) -> Handle:
        """Where the backend finds the present attempt."""
        return Handle(run.name, run.attempt, run.token, run_type.directory(run, run.attempt))

    async def launch(self, run: Run, run_type: RunType) -> Reason | None:
        """The effect after the intent, at once or again after a crash (it is idempotent); a reason where it cannot be."""
        try:
            await self._backend.launch(await run_type.task(run))
            self._launched[run.name] = run
        except ZaffreError as error:
            return _refused(error, run)
        except OSError as error:
            log.exception("launch failed", extra={"run": run.name})
            return Reason(Cause.LAUNCH_FAILED, {"message": error.strerror or type(error).__name__, "run": run.name})
        return None

    def remember(self, run: Run) -> None:
        """What this process launched has moved on."""
        self._launched[run.name] = run

    def forget(self, run: Run) -> None:
        """The run is over."""
        self._launched.pop(run.name, None)

    async def write(self, change: Callable[[Tx], Any]) -> Any:
        """One transaction."""
        return await self._store.write(change)

    async def stop(self, run: Run, run_type: RunType) -> None:
        """Ask the present attempt to end."""
        await self._backend.stop(self.handle(run, run_type), self._policy.grace)

    def now(self) -> float:
        """Unix seconds."""
        return self._clock.now()


class _Step:
    """One step of one run: its intents, carried out in order."""

    def __init__(self, engine: Supervisor, lease: Lease, run: Run, run_type: RunType, facts: RunFacts) -> None:
        self._engine = engine
        self._lease = lease
        self._run = run
        self._type = run_type
        self._facts = facts
        self._ended = False
        self._admitted: Run | None = None
        self._asked = False

    async def carry_out(self, intents: Sequence[Intent]) -> float | None:
        """Every intent; the time of the next look."""
        match intents:
            case [MarkRunning(), Wait(seconds)]:
                await self._engine.write(lambda tx: self.leave_running(tx, seconds))
                return RELEASED
            case _:
                pass
        due: float | None = None
        for intent in intents:
            if isinstance(intent, Wait):
                due = self._engine.now() + intent.seconds
            else:
                await self._do(intent)
        return RELEASED if self._ended else due

    async def _do(self, intent: Intent) -> None:
        match intent:
            case PrepareEnvironment():
                await self._engine.write(self._prepare_environment)
            case StartTask():
                await self._start()
            case MarkRunning():
                await self._engine.write(self._mark_running)
            case Mark(signal):
                await self._engine.write(lambda tx: runs.apply(tx, self._lease, signal))
            case StopTask():
                await self._engine.stop(self._run, self._type)
            case Retry(reason):
                await self._engine.write(lambda tx: self._retry(tx, reason))
            case Finish(reason):
                await self._finish(reason)
            case _:
                pass

    def _mark_running(self, tx: Tx) -> Run | None:
        since = self._facts.task.started_at if self._facts.task is not None else None
        return runs.apply(tx, self._lease, Signal.RUN, run=self._run, started_at=since)

    def _has_run(self, signal: Signal) -> bool:
        """Whether the user's processes were started, whoever saw them."""
        end = self._facts.task.exit if self._facts.task is not None else None
        return signal is Signal.COMPLETE or (end is not None and not end.error)

    def leave_running(self, tx: Tx, seconds: float) -> bool:
        """What every run goes through: the mark and the end of the step in one transaction."""
        running = self._mark_running(tx)
        if running is not None:
            tx.follow(partial(self._engine.remember, running))
        leases.release(tx, self._lease, tx.now + seconds)
        return True

    def _prepare_environment(self, tx: Tx) -> None:
        if self._run.status is not RunStatus.PREPARING:
            runs.apply(tx, self._lease, Signal.PREPARE)
        self._type.prepare_environment(tx, self._lease, self._run)
        self._engine.admission.call_up(tx, self._run.workspace, self._run.compute)  # it was about to take a node

    def admit(self, tx: Tx) -> None:
        """Ask for nodes; what becomes of it is committed before anything is launched."""
        self._admitted = self._engine.admission.admit(tx, self._lease, self._run)
        self._asked = True

    @property
    def waits(self) -> bool:
        """It asked, and has to wait its turn."""
        return self._asked and self._admitted is None

    def leave_waiting(self, tx: Tx) -> None:
        """The end of a step that found no room: those in front are looked at soon, the others when they are told."""
        leases.release(tx, self._lease, tx.now + self._engine.admission.patience(tx, self._run))

    async def _start(self) -> None:
        """Admit and launch; what cannot be launched ends here."""
        if not self._asked:
            await self._engine.write(self._admit_or_leave)
        admitted = self._admitted
        if admitted is None:
            self._ended = True
            return
        self._run = admitted
        reason = await self._engine.launch(admitted, self._type)
        if reason is not None:
            await self._finish(reason)

    def _admit_or_leave(self, tx: Tx) -> None:
        self.admit(tx)
        if self.waits:
            self.leave_waiting(tx)

    def _retry(self, tx: Tx, reason: Reason) -> None:
        runs.note(tx, self._lease, {"retried": [*self._run.facts.get("retried", []), reason.to_json()]})
        queued = runs.apply(tx, self._lease, Signal.RETRY)
        tx.nudge(self._lease.key)
        if queued is not None:
            self._engine.admission.released(tx, queued)

    async def _finish(self, reason: Reason) -> None:
        """End the run: records outside the store first (idempotent), then one transaction with all that it publishes."""
        reason = reason.about(self._run.name)
        await self._type.ending(self._run, reason, self._facts.task)
        try:
            self._ended = await self._engine.write(lambda tx: self.end(tx, reason))
        except ZaffreError as error:
            if reason.cause is not Cause.SUCCEEDED:
                raise
            failed = Reason(Cause.PUBLISH_FAILED, {"name": error.target, "message": error.message})
            await self._type.ending(self._run, failed, self._facts.task)
            self._ended = await self._engine.write(lambda tx: self.end(tx, failed))

    def end(self, tx: Tx, reason: Reason) -> bool:
        """True when the run is final, which removes its work item."""
        facts = self._type.publish(tx, self._run) if reason.cause is Cause.SUCCEEDED else {}
        signal, run = reason.signal, self._run
        if signal is Signal.CANCEL and run.status is not RunStatus.CANCEL_REQUESTED:
            run = runs.apply(tx, self._lease, Signal.ASK_CANCEL, run=run) or run
        if run.status is RunStatus.STARTING and self._has_run(signal):  # it ended before anybody saw it running
            run = self._mark_running(tx) or run
        if run.status is RunStatus.NOT_RESPONDING:
            run = runs.apply(tx, self._lease, Signal.FIND, run=run) or run
        ended = runs.apply(tx, self._lease, signal, run=run, reason=reason, facts=facts)
        if ended is not None:
            self._engine.forget(ended)
            self._type.ended(tx, ended)
            self._engine.admission.released(tx, ended)
        return ended is not None


async def _nothing() -> float:
    """The step of a run that waits: all was done where it was claimed."""
    return RELEASED


def _interruptions(run: Run, retries: int) -> int:
    """Attempts that were ended to make room: they use up none of the retries, where retries are allowed at all."""
    before: list[dict[str, Any]] = run.facts.get("retried", [])
    return sum(reason.get("code") == Cause.INTERRUPTED for reason in before) if retries else 0


def _refused(error: ZaffreError, run: Run) -> Reason:
    """Why an attempt could not be made ready."""
    if error.target.startswith(INPUT):
        return Reason(Cause.INPUT_FAILED, {"name": error.target.removeprefix(INPUT), "message": error.message})
    return Reason(Cause.LAUNCH_FAILED, {"message": error.message, "run": run.name})
