"""The run machine against a small model of it: whatever order signals, leases and time come in, they agree (X4)."""

import itertools
import tempfile
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule

from zaffre.core.errors import Conflict
from zaffre.core.reasons import Cause, Reason
from zaffre.core.status import FINAL, RunStatus, Signal, after
from zaffre.store import leases, runs
from zaffre.store.dialect import dialect
from zaffre.store.leases import StaleLease
from zaffre.store.migrations import migrate
from zaffre.store.runs import NewRun
from zaffre.store.transaction import Tx

TTL = 30
REASONS = {Signal.COMPLETE: Cause.SUCCEEDED, Signal.CANCEL: Cause.CANCELED, Signal.FAIL: Cause.EXIT_CODE}
REQUESTS = (Signal.ASK_CANCEL, Signal.PAUSE, Signal.RESUME)
GRANTED = {
    Signal.ASK_CANCEL: {RunStatus.CANCEL_REQUESTED, *FINAL},
    Signal.PAUSE: {RunStatus.PAUSED},
    Signal.RESUME: {RunStatus.QUEUED},
}


@dataclass
class Modelled:
    """What a run must be."""

    parent: str | None = None
    status: RunStatus = RunStatus.NOT_STARTED
    facts: dict = field(default_factory=dict)
    attempt: int = 0
    cancel_by: str | None = None
    reason: Cause | None = None
    started: float | None = None
    ended: float | None = None
    holder: str | None = None
    until: float = 0
    due: float | None = 0
    nudged: bool = False
    moves: int = 1

    def move(self, status, now, actor="system"):
        self.moves += 1
        self.status = status
        if status is RunStatus.RUNNING and self.started is None:
            self.started = now
        if status is RunStatus.CANCEL_REQUESTED and self.cancel_by is None:
            self.cancel_by = actor
        if status in FINAL:
            self.ended, self.holder, self.due = now, None, None

    def nudge(self, now):
        self.due = now if self.due is None or self.due > now else self.due
        self.nudged = True


_FOLDER = tempfile.TemporaryDirectory()
_DATABASE = dialect(f"sqlite:///{_FOLDER.name}/zaffre.db")
_DATABASE.prepare()
_ENGINE = _DATABASE.writer()
migrate(_DATABASE, read=_DATABASE.reader(1), write=_ENGINE)


class RunMachine(RuleBasedStateMachine):
    """One example is one transaction, rolled back at its end: the database is empty again."""

    names = Bundle("names")
    held = Bundle("held")

    def __init__(self):
        super().__init__()
        self.connection = _ENGINE.connect()
        self.connection.begin()
        self.now = 1000.0
        self.model = {}
        self.names_given = itertools.count()
        self.whole = Tx(self.connection, self.now)

    def teardown(self):
        self.connection.rollback()
        self.connection.close()

    @property
    def tx(self):
        """The one transaction that it is, with what it remembers of runs."""
        self.whole.now = self.now
        return self.whole

    @invariant()
    def what_is_remembered_is_what_is_on_record(self):
        for name in self.model:
            assert runs.get(self.tx, name) == runs.get(Tx(self.connection, self.now), name)

    @rule(target=names, parent=st.none() | names)
    def submit(self, parent):
        name = f"run{next(self.names_given)}"
        runs.submit(self.tx, NewRun(name, "ws", "command", "user:me", parent=parent or ""))
        self.model[name] = Modelled(parent, due=self.now)
        return name

    @rule(name=names)
    def submit_again(self, name):
        with pytest.raises(Conflict):
            runs.submit(self.tx, NewRun(name, "ws", "command", "user:me"))

    @rule(target=held, limit=st.integers(1, 3))
    def claim(self, limit):
        claimed = leases.claim(self.tx, "one", TTL, limit)
        free = [
            (model.due, name)
            for name, model in self.model.items()
            if model.due is not None and model.due <= self.now and (model.holder is None or model.until <= self.now)
        ]
        assert len(claimed) == min(limit, len(free))
        dues = {f"run:{name}": due for due, name in free}
        assert [dues[lease.key] for lease in claimed] == sorted(dues.values())[: len(claimed)]
        for lease in claimed:
            model = self.model[lease.key.removeprefix("run:")]
            model.holder, model.until, model.nudged = lease.token, lease.until, False
        return multiple(*claimed)

    @rule(lease=held, signal=st.sampled_from(Signal), fact=st.none() | st.integers(0, 3))
    def apply(self, lease, signal, fact):
        name = lease.key.removeprefix("run:")
        model = self.model[name]
        cause = REASONS.get(signal)
        change = {"facts": None if fact is None else {"x": fact}, "reason": Reason(cause) if cause else None}
        if signal is Signal.START:
            change["attempt"] = model.attempt + 1
        if model.holder != lease.token:
            with pytest.raises(StaleLease):
                runs.apply(self.tx, lease, signal, **change)
            return
        status = after(model.status, signal)
        moved = runs.apply(self.tx, lease, signal, **change)
        assert (moved is None) == (status is None)
        if status is None:
            return
        model.move(status, self.now)
        model.facts |= change["facts"] or {}
        model.reason = cause or model.reason
        model.attempt = change.get("attempt", model.attempt)
        if status in FINAL and model.parent and self.model[model.parent].status not in FINAL:
            self.model[model.parent].nudge(self.now)

    @rule(lease=held, fact=st.integers(0, 3))
    def note(self, lease, fact):
        model = self.model[lease.key.removeprefix("run:")]
        if model.holder != lease.token:
            with pytest.raises(StaleLease):
                runs.note(self.tx, lease, {"y": fact})
            return
        runs.note(self.tx, lease, {"y": fact})
        model.moves += model.facts.get("y") != fact
        model.facts["y"] = fact

    @rule(name=names, signal=st.sampled_from(REQUESTS), actor=st.sampled_from(["user:a", "user:b"]))
    def request(self, name, signal, actor):
        model = self.model[name]
        if model.status in GRANTED[signal]:
            runs.request(self.tx, name, signal, actor)
        elif (status := after(model.status, signal)) is None:
            with pytest.raises(Conflict):
                runs.request(self.tx, name, signal, actor)
        else:
            runs.request(self.tx, name, signal, actor)
            model.move(status, self.now, actor)
            model.nudge(self.now)

    @rule(lease=held, wait=st.none() | st.integers(0, 100))
    def release(self, lease, wait):
        due = None if wait is None else self.now + wait
        leases.release(self.tx, lease, due)
        model = self.model[lease.key.removeprefix("run:")]
        if model.holder == lease.token:
            model.holder, model.due, model.nudged = None, self.now if model.nudged else due, False

    @rule(lease=held)
    def renew(self, lease):
        model = self.model[lease.key.removeprefix("run:")]
        assert leases.renew(self.tx, lease, TTL) == (model.holder == lease.token)
        if model.holder == lease.token:
            model.until = self.now + TTL

    @rule(name=names)
    def nudge(self, name):
        self.tx.nudge(f"run:{name}")
        if self.model[name].status not in FINAL:
            self.model[name].nudge(self.now)

    @rule(seconds=st.integers(1, 40))
    def pass_time(self, seconds):
        self.now += seconds

    @precondition(lambda self: self.model)
    @invariant()
    def agrees(self):
        for name, model in self.model.items():
            run = runs.require(self.tx, name)
            assert (run.status, run.facts, run.attempt) == (model.status, model.facts, model.attempt)
            assert (run.cancel_by, run.started_at, run.ended_at) == (model.cancel_by, model.started, model.ended)
            assert (run.reason.cause if run.reason else None) == model.reason
            assert run.revision == model.moves

    @invariant()
    def wakes_in_time(self):
        waiting = [
            model.due if model.holder is None else model.until for model in self.model.values() if model.due is not None
        ]
        assert leases.next_due(self.tx) == min(waiting, default=None)


RunMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
test_run_machine = RunMachine.TestCase
