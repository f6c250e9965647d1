"""The life of one task, from the order in its run directory to the exit record there."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
import traceback
from collections.abc import Generator
from typing import Any

from zaffre.agent import copying, deposits, disks, failpoint, files, gang, intakes, order, procs, scratch
from zaffre.agent.bell import Bell
from zaffre.agent.failure import INTERNAL, LAUNCH_FAILED, Failure, Interrupted, words
from zaffre.agent.order import Order
from zaffre.agent.steps import Steps
from zaffre.agent.supervisor import Supervisor

_LONG_SAVE = 0.3
"""Seconds of saving outputs after which it is told that this is what is going on."""
_ROOM = ((files.SPAWNED, 1 << 12), (files.EXIT, 1 << 14))
"""Bytes that are taken at the beginning, for what must be told of a task even if it fills its disk."""
_RETRY = 1.0
_GONE = 60
"""Times that a record finds no directory to lie in until nobody is taken to wait for it: whoever cleared it away knows."""
"""Seconds between tries to write the exit record onto a full disk."""


def run(directory: str, nudge: int = -1) -> int:
    """Do what the order in ``directory`` says, unless somebody already did or does."""
    attend(directory, nudge, Bell())
    return 0


def attend(directory: str, nudge: int, bell: Bell) -> bool:
    """The same, and whether nothing of it is left in this process, which may then go on with another task.

    That is so for the plainest of tasks only: recorded, one process that left no other, nothing of it limited or secret.
    """
    sys.stderr = _Troubles(directory)
    claim = files.Claim.take(directory)
    if claim is None or claim.signed:
        return False
    failpoint.hit("claimed")
    found = order.read(directory)
    mine = dict(found.identity, agent_pid=os.getpid(), agent_start_time=_start_time(os.getpid()), at=time.time())
    if not _signed(claim, mine, bell):
        return False
    for name, size in _ROOM:
        files.reserve(directory, name, size)
    failpoint.hit("signed")
    life = _Life(found, bell, mine)
    life.live(nudge)
    files.release(directory, files.SPAWNED)
    recorded = _record(found, life.exit, nudge)
    claim.let_go()
    return recorded and life.left_nothing and found.plain and not failpoint.armed()


def _signed(claim: files.Claim, mine: dict[str, Any], bell: Bell) -> bool:
    """Nothing is started before it can be seen who started it; false where a stop came while the disk was full."""
    while not bell.asked:
        try:
            claim.sign(mine)
            return True
        except OSError:
            traceback.print_exc()
            time.sleep(_RETRY)
    return False


class _Life:
    """Collects what the exit record says while the task goes through its stages."""

    def __init__(self, found: Order, bell: Bell, mine: dict[str, Any]) -> None:
        self._order = found
        self._bell = bell
        self._mine = mine
        self._steps = Steps(found, bell)
        self._saving = False
        self.left_nothing = False
        """The command's processes were started, and no child of this process is left."""
        self.exit: dict[str, Any] = {"exit_code": None, "signal": None, "started_at": time.time()}

    def live(self, nudge: int) -> None:
        """Whatever happens, ``exit`` is true and complete afterwards."""
        success = False
        supervisor: Supervisor | None = None
        with self._told():
            supervisor = Supervisor(self._order, self._bell)
            if self._prepare(supervisor):
                self._attend(supervisor, nudge)
                success = self._conclude(supervisor)
        self._finish(supervisor, success, nudge)
        if success and self._order.after and "error" not in self.exit:
            with self._told():
                self._say_saving(nudge)
                self._steps.run(self._order.after, self._beater(supervisor), None)
        self._steps.clear()
        scratch.clear(self._order.scratch)
        self.exit["ended_at"] = time.time()

    @contextlib.contextmanager
    def _told(self) -> Generator[None, None, None]:
        """Whatever ends the block becomes part of the record."""
        try:
            yield
        except Interrupted:
            self.exit["stopped"] = True
        except Failure as failure:
            self._fail(failure)
        except Exception as error:  # noqa: BLE001 a process main: the record must tell even this
            traceback.print_exc()
            self._fail(Failure(INTERNAL, message=words(error)))

    def _beater(self, supervisor: Supervisor | None) -> copying.Beat:
        def beat() -> None:
            if supervisor is not None:
                supervisor.beat()
            if self._bell.asked or self._stop_lies_there():
                raise Interrupted

        return beat

    def _prepare(self, supervisor: Supervisor) -> bool:
        """False where the time was up before the command could be started."""
        beat = self._beater(supervisor)
        self._steps.take()
        if self._order.own is not None:
            supervisor.feed(self._steps.given(self._order.own))
        beat()
        if self._order.before:
            begun = time.monotonic()
            if not self._steps.run(self._order.before, beat, self._order.timeout):
                self.exit["timed_out"] = True
                return False
            supervisor.spend(time.monotonic() - begun)
        intakes.place(self._order.intakes, beat)
        try:
            os.makedirs(self._order.cwd, exist_ok=True)
        except OSError as error:
            raise Failure(LAUNCH_FAILED, message=words(error)) from error
        deposits.prepare(self._order.deposits)
        scratch.make(self._order.scratch)
        beat()
        return True

    def _attend(self, supervisor: Supervisor, nudge: int) -> None:
        """From the start of the processes to their end; none is left behind, whatever happens."""
        try:
            self._start(supervisor, nudge)
            supervisor.watch()
        except Exception:
            supervisor.abandon()
            raise

    def _start(self, supervisor: Supervisor, nudge: int) -> None:
        failpoint.hit("start")
        self.exit["started_at"] = time.time()
        supervisor.start()
        failpoint.hit("started")
        first = supervisor.ranks[0]
        group = supervisor.group.to_json() if supervisor.group else None
        files.write(
            self._order.directory,
            files.SPAWNED,
            dict(
                self._mine,
                pid=first.pid,
                start_time=first.start_time,
                pids=[rank.pid for rank in supervisor.ranks],
                group=group,
                at=self.exit["started_at"],
            ),
        )
        _tell(nudge, b"r\n")
        failpoint.hit("spawned")

    def _conclude(self, supervisor: Supervisor) -> bool:
        end = gang.end(self._order, supervisor.first_failed())
        why = supervisor.why
        self.exit.update(
            exit_code=end.exit_code,
            signal=end.signal,
            rank=end.who,
            out_of_memory=supervisor.out_of_memory(),
            too_many_processes=supervisor.too_many_processes(),
            limited_by=supervisor.limited_by,
            timed_out=why.timed_out,
            stopped=why.stopped,
        )
        if end.failed and not any(why):
            tmp = self._order.environ.get("TMPDIR", "/tmp")  # noqa: S108 only asked how full it is
            self.exit["disk_full"] = disks.first_full((self._order.cwd, self._order.directory, tmp))
        own = self._order.own
        if own is not None and not supervisor.succeeded and not any(why) and not self.exit["out_of_memory"]:
            self._fail(self._steps.failure(own, supervisor))
        return supervisor.succeeded

    def _finish(self, supervisor: Supervisor | None, success: bool, nudge: int) -> None:
        """Logs are complete before outputs move, since a log may lie in one."""
        if supervisor is not None:
            supervisor.close()
            self.exit.update(
                peak_memory=supervisor.peak_memory,
                cpu_seconds=supervisor.cpu_seconds,
                survivors=supervisor.survivors,
            )
            self.left_nothing = supervisor.is_childless and not supervisor.survivors
        alive = supervisor.beat if supervisor is not None else _no_beat
        soon = time.monotonic() + _LONG_SAVE

        def beat() -> None:
            alive()
            if time.monotonic() > soon:
                self._say_saving(nudge)

        failpoint.hit("ended")
        saved, trouble = deposits.save(self._order.deposits, success, beat)
        if trouble is not None and "error" not in self.exit:
            self._fail(trouble)
        self.exit.update(deposited=saved)

    def _say_saving(self, nudge: int) -> None:
        """The command has ended and its outputs take a while: told once, by a file that most runs do not have."""
        if not self._saving:
            self._saving = True
            with contextlib.suppress(OSError):
                files.write(self._order.directory, files.SAVING, dict(self._order.identity, at=time.time()))
            _tell(nudge, b"f\n")

    def _fail(self, failure: Failure) -> None:
        self.exit.update(error=failure.cause, error_facts=failure.facts)

    def _stop_lies_there(self) -> bool:
        return os.path.exists(os.path.join(self._order.directory, files.STOP))


def _record(found: Order, ending: dict[str, Any], nudge: int) -> bool:
    """Durable, or tried again: a task never ends without its record only because the disk is full. False where it has none.

    Who waits is told as soon as the record can be read: it takes a power cut to lose it then, which loses the waiting
    server too, and what the server concludes from it is durable by the server's own care.
    """
    failpoint.hit("exit")
    content = dict(found.identity, exit=ending)
    missed = 0
    while missed < _GONE:
        try:
            files.write(found.directory, files.EXIT, content)
            failpoint.hit("recorded")
            _tell(nudge, b"x\n")
            with contextlib.suppress(FileNotFoundError):  # who was told has read it and cleared the directory away
                files.settle(found.directory, files.EXIT)
            return True
        except OSError:
            traceback.print_exc()
            missed = 0 if os.path.isdir(found.directory) else missed + 1
            time.sleep(_RETRY)
    return False


class _Troubles(io.TextIOBase):
    """The agent's own go into the run directory, next to what they explain: a file that most runs do not have."""

    def __init__(self, directory: str) -> None:
        super().__init__()
        self._path = os.path.join(directory, files.LOG)

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):  # to tell of a full disk must not fail because it is full
            log = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            try:
                os.write(log, text.encode(errors="replace"))
            finally:
                os.close(log)
        return len(text)


def _start_time(pid: int) -> int:
    found = procs.stat(pid)
    return 0 if found is None else found.start_time


def _tell(nudge: int, text: bytes) -> None:
    """The reader may be gone, or not listening; files are the truth."""
    if nudge >= 0:
        try:
            os.set_blocking(nudge, False)
            os.write(nudge, text)
        except OSError:
            pass


def _no_beat() -> None:
    pass
