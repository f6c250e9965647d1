"""The loop beside the running processes: their output, their ends, the time limit, a stop, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
from typing import NamedTuple

from zaffre.agent import failpoint, files, gang, groups, memory, procs, ranks
from zaffre.agent.bell import Bell
from zaffre.agent.failure import LAUNCH_FAILED, Failure, words
from zaffre.agent.logs import Merged, Pump
from zaffre.agent.order import Order, Rank
from zaffre.agent.vitals import Vitals

BEAT = 2.0
"""Seconds between heartbeats."""
_SWEEP = 5.0
"""Seconds that killed processes get to disappear before they count as survivors."""
_WATCH = 0.25
"""Seconds between looks at what no group holds."""
_FAR = 86400.0
_AWAITED = 120.0
"""Seconds that the head of a cluster gets to listen at its port."""
_READY = 20.0
"""Seconds after that in which its word that it is ready is waited for."""
_GLANCE = 0.05
"""Seconds between looks whether it does."""
_HELPERS = 5.0
"""Seconds that those who helped the ranks get to end when no rank lives any more."""


class Why(NamedTuple):
    """What made the loop end the processes."""

    stopped: bool = False
    timed_out: bool = False
    out_of_memory: bool = False
    too_many: bool = False


class Supervisor:
    """Owns a task's processes from their start until none of them lives."""

    def __init__(self, order: Order, bell: Bell) -> None:
        self.ranks: list[ranks.Process] = []
        self.why = Why()
        self.peak_memory = 0
        self.cpu_seconds = 0.0
        self.survivors = 0
        self._spent = 0.0
        self._order = order
        self._bell = bell
        self._selector = selectors.DefaultSelector()
        self._selector.register(bell.descriptor, selectors.EVENT_READ)
        self._pumps: list[Pump] = []
        self._adopts = procs.become_subreaper()
        self._childless = False
        self._ending = False
        self._ending_at = 0.0
        self._whole = False
        self._merged: Merged | None = None
        self._kill_at = _FAR + time.monotonic()
        self._time_out_at = self._kill_at
        self._beat_at = 0.0
        self._killed: set[int] = set()
        limits = groups.Limits(order.memory, order.cpus, order.pids)
        self._group = groups.make(limits, order.token) if limits.wanted else None
        self._watched = limits.wanted - (self._group.holds if self._group else frozenset())
        self._kernel_kills = 0
        self._give_up_at = self._kill_at
        self._vitals = Vitals(order.directory, order.vitals, order.environ)

    @property
    def group(self) -> groups.Group | None:
        """The control group of the processes, where there is one."""
        return self._group

    @property
    def is_childless(self) -> bool:
        """Whether this process has no child any more, its own or an orphan of the task's."""
        return self._childless

    def beat(self) -> None:
        """Show that this process lives; cheap enough to be called anywhere."""
        now = time.monotonic()
        if now >= self._beat_at:
            with contextlib.suppress(OSError):  # a full disk costs a beat, not the task
                files.touch(self._order.directory, files.HEARTBEAT)
            self._beat_at = now + BEAT

    def feed(self, stdin: int | None) -> None:
        """What the processes read from, instead of nothing."""
        self._order = self._order._replace(stdin=stdin)

    def spend(self, seconds: float) -> None:
        """Part of the time limit is used up already."""
        self._spent = seconds

    def start(self) -> None:
        """Start every rank, or none: a ``Failure`` leaves nothing running. Where the end is asked for meanwhile, it stops."""
        if self._order.timeout is not None:
            self._time_out_at = time.monotonic() + self._order.timeout - self._spent
        for rank in self._order.ranks:
            if rank.awaits and not self._await(rank):
                return
            pump = self._pump(rank)
            if rank.role == gang.TOLD:
                self._selector.register(pump.reader, selectors.EVENT_READ, pump)
                continue
            try:
                self.ranks.append(ranks.start(self._order, rank, pump.writer, self._group))
            except (ranks.NotStarted, OSError) as error:
                pump.started()
                self._sweep()
                raise Failure(LAUNCH_FAILED, message=str(error)) from error
            pump.started()
            self._selector.register(pump.reader, selectors.EVENT_READ, pump)
            failpoint.hit("rank")
        self._whole = True

    def _await(self, rank: Rank) -> bool:
        """Until those listen that it needs; False where the task is being ended meanwhile."""
        until = time.monotonic() + _AWAITED
        listened = _FAR + until
        while True:
            now = time.monotonic()
            if gang.listening(rank.awaits):
                listened = min(listened, now)
                if rank.role or all(pump.said for pump in self._pumps) or now - listened >= _READY:
                    return True
            elif now >= until:
                self._sweep()
                told = "nothing listened at port %s within %d s" % (" and ".join(map(str, rank.awaits)), _AWAITED)
                raise Failure(LAUNCH_FAILED, message=told)
            self._wait(_GLANCE)
            self._heed()
            self.beat()
            if self._ending:
                return False

    def _pump(self, rank: Rank) -> Pump:
        try:
            if self._order.merged and self._merged is None:
                self._merged = Merged(self._order.merged, self._order.log_limit)
            strand = None
            if self._merged is not None and gang.joins(rank):
                strand = self._merged.strand(gang.label(self._order, rank))
            gang.prepare(self._order)
            pump = Pump(rank.log, self._order.log_limit, strand, gang.pipe(self._order, rank), rank.ready)
        except OSError as error:
            self._sweep()
            raise Failure(LAUNCH_FAILED, message=words(error)) from error
        self._pumps.append(pump)
        return pump

    def abandon(self) -> None:
        """Nobody will watch: whatever runs is killed."""
        self._sweep()

    def watch(self) -> None:
        """Until all have ended, by themselves or because they were made to; then no process of the task lives."""
        self._kernel_kills = memory.kernel_kills()
        self._reap()
        while not self._over():
            self._wait(self._next_deadline())
            self._heed()
            self.beat()
            self._vitals.look(self.cpu_seconds, self._running)
        self._sweep()

    def close(self) -> None:
        """Let go of logs and control group; the numbers stay."""
        for pump in self._pumps:
            pump.drain()
        self._pumps = []
        if self._merged is not None:
            self._merged.close()
            self._merged = None
        if self._group is not None:
            self.peak_memory = max(self.peak_memory, self._group.peak())
            self._group.close()
        self._selector.close()

    @property
    def succeeded(self) -> bool:
        """Every rank was started and ended with 0, and nothing made it."""
        ended_well = all(rank.status == 0 for rank in self.ranks if gang.counts(rank))
        return self._whole and ended_well and self.why == Why()

    def first_failed(self) -> ranks.Process:
        """The process whose end is the task's: the first that failed by itself, else rank 0."""
        return gang.first_failed(self.ranks, self._ending_at if self._ending else time.monotonic())

    def out_of_memory(self) -> bool:
        """True when the kernel (or the watch on the limit) killed for want of memory, and the task failed by it."""
        end = self.first_failed()
        if self.why.out_of_memory:
            return True
        if not end.failed:
            return False
        if self._group is not None and "memory" in self._group.holds:
            return self._group.kills() > 0
        killed = end.signal == signal.SIGKILL and end.pid not in self._killed
        told_so = end.exit_code == 128 + signal.SIGKILL
        return (killed or told_so) and memory.kernel_kills() > self._kernel_kills

    def too_many_processes(self) -> bool:
        """True when the task failed after it had reached the number of processes it may have."""
        if self.why.too_many:
            return True
        return self._group is not None and self.first_failed().failed and self._group.refusals() > 0

    @property
    def limited_by(self) -> str:
        """What keeps the limits."""
        held = sorted(self._group.holds) if self._group is not None else []
        told = ["%s by cgroup v%d" % (" and ".join(held), self._group.version)] if held and self._group else []
        ways = {"memory": "memory by a watch", "cpu": "cpu by affinity", "pids": "pids by a watch"}
        return ", ".join(told + [ways[name] for name in sorted(self._watched)])

    def _over(self) -> bool:
        now = time.monotonic()
        if now >= self._give_up_at:
            return True
        if self._running:
            return False
        # After a stop, children of the command may still be saving their work: they have the grace too.
        return self._childless or not self._ending or now >= self._kill_at

    @property
    def _running(self) -> bool:
        """Whether a rank lives, or is still to be started."""
        coming = not self._whole and not self._ending
        return coming or any(rank.status is None for rank in self.ranks if gang.counts(rank))

    def _next_deadline(self) -> float:
        now = time.monotonic()
        look_again = now + (_WATCH if self._watched & {"memory", "pids"} else BEAT)
        return max(0.0, min(self._kill_at, self._time_out_at, self._beat_at, self._vitals.due, look_again) - now)

    def _wait(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, Pump):
                if not key.data.step():
                    self._selector.unregister(key.fd)
            else:
                self._bell.silence()
        self._reap()

    def _heed(self) -> None:
        """Whatever asks for an end, in order of who is right when two do."""
        now = time.monotonic()
        if self._bell.asked:
            wish = files.read(self._order.directory, files.STOP) or {}
            self._end(float(wish.get("grace", self._order.grace)), Why(stopped=True))
        if now >= self._time_out_at:
            self._time_out_at = now + _FAR
            self._end(self._order.grace, Why(timed_out=True))
        if self._running and any(rank.failed for rank in self.ranks if gang.needed(rank)):
            self._end(self._order.grace, Why())
        if not self._running and not self._ending and any(rank.status is None for rank in self.ranks):
            self._end(min(self._order.grace, _HELPERS), Why())
        if self._watched & {"memory", "pids"} and not self._ending:
            self._watch_use()
        if now >= self._kill_at:
            self._signal_all(signal.SIGKILL)
            self._kill_at = now + 1.0
            self._give_up_at = min(self._give_up_at, now + _SWEEP)

    def _watch_use(self) -> None:
        """What no group holds is looked at here."""
        size, number = memory.in_use(os.getpid())
        if "memory" in self._watched and size > (self._order.memory or 0):
            self._end(0.0, Why(out_of_memory=True))
        elif "pids" in self._watched and number > (self._order.pids or 0):
            self._end(0.0, Why(too_many=True))

    def _end(self, grace: float, why: Why) -> None:
        """Ask all to end; the first reason stays, the shortest grace holds."""
        self._kill_at = min(self._kill_at, time.monotonic() + grace)
        if self._ending:
            return
        if self._running:
            self.why = why
        self._ending = True
        self._ending_at = time.monotonic()
        failpoint.hit("stop")
        self._signal_all(signal.SIGTERM)
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: int) -> None:
        groups: set[int] = set()
        for rank in self.ranks:
            if rank.status is None:
                groups.add(rank.pid)
                procs.send_group(rank.pid, number)
                if number == signal.SIGKILL:
                    self._killed.add(rank.pid)
        for one in self._alive():
            if one.group not in groups:
                procs.send(one, number)

    def _alive(self) -> list[procs.Stat]:
        """Every process of the task: the descendants, and where orphans do not come here, those with the token."""
        among = procs.every()
        found = procs.descendants([os.getpid()], among)
        if not self._adopts:
            for one in found:
                del among[one.pid]
            found += [one for one in among.values() if procs.carries(one.pid, self._order.token)]
        return found

    def _sweep(self) -> None:
        """Kill what is left. Without any child there is nothing left, and nothing to look for."""
        end = time.monotonic() + _SWEEP
        if self._group is not None and not self._childless:
            self._group.seal()
        while not (self._childless and self._adopts):
            alive = self._alive()
            self.survivors = len(alive)
            if (not alive and self._childless) or time.monotonic() >= end:
                return
            for one in alive:
                procs.send(one, signal.SIGKILL)
            self._wait(0.02)
            self.beat()
        self.survivors = 0

    def _reap(self) -> None:
        while not self._childless:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                self._childless = True
                return
            if pid == 0:
                return
            self.cpu_seconds += usage.ru_utime + usage.ru_stime
            self.peak_memory = max(self.peak_memory, usage.ru_maxrss * 1024)
            for rank in self.ranks:
                if rank.pid == pid:
                    rank.end(status)
