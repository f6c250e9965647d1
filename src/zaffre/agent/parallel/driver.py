"""The driver: hands mini-batches to workers, replaces those that hang or die, and ends with a verdict.

Everything that must not be forgotten goes through the ledger first. A driver that is killed leaves nothing but that, and
the next one goes on from there.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import sys
import time
import types
from collections import deque
from typing import Any, Deque, Dict, List, Optional

from zaffre.agent.parallel import outputs, plan, verdict
from zaffre.agent.parallel.crew import Worker
from zaffre.agent.parallel.ledger import Busy, Ledger
from zaffre.agent.parallel.plan import Plan
from zaffre.agent.parallel.report import Report
from zaffre.agent.parallel.settings import Settings
from zaffre.agent.parallel.splitting import Unsplittable
from zaffre.agent.parallel.verdict import Counts

_LOOK = 0.5
"""Seconds between looks at what no message tells: time-outs, and deaths that were not noticed."""
_STARTS = 3
"""Workers in a row that may fail to become ready, times those of a node."""
_FAREWELL = 30.0
"""Seconds that ``shutdown()`` has."""
STOPPED = 128 + signal.SIGTERM


class Hopeless(Exception):
    """The job cannot succeed; the text says why."""


def main(settings: Settings) -> int:
    """0 when every mini-batch was processed, or as many as the thresholds ask for."""
    os.makedirs(settings.kept, exist_ok=True)
    report = Report(settings)
    try:
        ledger = Ledger(settings.kept)
        return _Driver(settings, ledger, report).run()
    except Busy:
        return _refused(settings, "another driver of this job still lives")
    except Unsplittable as wrong:
        return _refused(settings, str(wrong))
    except OSError as error:
        if error.errno is None:
            raise
        return _refused(settings, "%s: %s" % (error.filename or settings.kept, error.strerror))


def _refused(settings: Settings, message: str) -> int:
    sys.stdout.write(message + "\n")
    _tell(settings, message)
    return 1


def _tell(settings: Settings, message: str) -> None:
    """Why the job failed, where the agent looks for it."""
    draft = settings.report + ".draft"
    with open(draft, "w", encoding="utf-8") as stream:
        json.dump({"ok": False, "name": "", "message": message}, stream)
    os.replace(draft, settings.report)


class _Driver:
    def __init__(self, settings: Settings, ledger: Ledger, report: Report) -> None:
        self._settings = settings
        self._ledger = ledger
        self._report = report
        self._plan: Plan = plan.opened(settings)
        if not len(self._plan):
            raise Unsplittable("input %s holds no row, so there is nothing to share out" % settings.name)
        finished = ledger.state.finished
        self._waiting: Deque[int] = deque(index for index in range(len(self._plan)) if index not in finished)
        self._counted = _Counted(self._plan)
        for line in (*ledger.state.done.values(), *ledger.state.failed.values()):
            self._counted.add(line)
        self._workers: Dict[int, Worker] = {}
        self._number = ledger.state.processes
        self._unable = 0
        self._stopping = False
        self._selector = selectors.DefaultSelector()

    def run(self) -> int:
        self._heed_signals()
        outputs.prepare(self._settings)
        self._report.begin(self._counts)
        message = ""
        try:
            self._work()
            for worker in self._workers.values():
                worker.dismiss(_FAREWELL)
            self._workers = {}
            found = verdict.at_the_end(self._settings, self._counts)
            message = verdict.sentence(found, self._ledger.state.failed) if found else ""
        except Hopeless as why:
            message = str(why)
        finally:
            for worker in self._workers.values():
                worker.kill()
            self._ledger.settle()
        if self._stopping:
            return STOPPED
        if not message:
            outputs.hand_over(self._settings, self._ledger.state)
        self._report.end(self._counts, message)
        self._ledger.close()
        if message:
            _tell(self._settings, message)
        return 1 if message else 0

    def _work(self) -> None:
        while self._counts.left and not self._stopping:
            self._man()
            self._feed()
            for key, _ in self._selector.select(_LOOK):
                if isinstance(key.data, Worker):
                    self._hear(key.data, key.data.incoming.ready())
                else:
                    os.read(key.fd, 4096)
            self._look_after()
            self._ledger.settle()
            found = verdict.exceeded(self._settings, self._counts)
            if found:
                raise Hopeless(verdict.sentence(found, self._ledger.state.failed))
            self._report.progress(self._counts)

    def _man(self) -> None:
        """As many workers as there is work for."""
        wanted = min(self._settings.processes, self._counts.left)
        for slot in range(self._settings.processes):
            if len(self._workers) >= wanted:
                return
            if slot not in self._workers:
                self._number += 1
                worker = self._workers[slot] = Worker(self._settings, self._number, slot)
                self._selector.register(worker.incoming.descriptor, selectors.EVENT_READ, worker)

    def _feed(self) -> None:
        for worker in list(self._workers.values()):
            if worker.ready and worker.batch is None and self._waiting:
                index = self._waiting.popleft()
                self._ledger.note("start", index, process=worker.number, at=time.time())
                self._ledger.settle(lasting=False)
                worker.give(index, self._plan[index], self._settings)
                self._report.given(worker.name, index, self._ledger.state.tries.get(index, 0) + 1)

    def _hear(self, worker: Worker, messages: List[Dict[str, Any]]) -> None:
        for message in messages:
            what = message.pop("what")
            if what == "hopeless":
                raise Hopeless(message["message"])
            if what == "ready":
                self._unable = 0
                worker.idle()
            elif what == "unable":
                worker.excused = True
                self._no_start(message)
            elif what == "loaded":
                worker.loaded(self._settings)
            elif what == "done":
                self._done(worker, message)
            else:
                self._failed(worker, message)
                worker.idle()

    def _no_start(self, message: Dict[str, Any]) -> None:
        self._unable += 1
        told = "init() failed: %s\n%s" % (message["message"], message.get("trace", ""))
        self._report.trouble(told)
        if self._unable >= _STARTS * self._settings.per_node:
            raise Hopeless("%s\nNo worker became ready in %d tries" % (told.rstrip(), self._unable))

    def _done(self, worker: Worker, message: Dict[str, Any]) -> None:
        index = message.pop("batch")
        tries = self._ledger.state.tries.get(index, 0) + 1
        items = self._plan[index]["items"]
        line = self._ledger.note(
            "done", index, items=items, tries=tries, process=worker.number, at=time.time(), **message
        )
        self._counted.add(line)
        worker.idle()

    def _failed(self, worker: Worker, message: Dict[str, Any]) -> None:
        """A try went wrong: another one follows, at once, or the mini-batch is given up."""
        index = worker.batch
        message.pop("batch", None)
        if index is None:
            return
        tries = self._ledger.state.tries.get(index, 0) + 1
        last = bool(message.pop("final", False)) or tries > self._settings.retries
        more = dict(message, items=self._plan[index]["items"], tries=tries, process=worker.number, at=time.time())
        line = self._ledger.note("failed", index, last=last, **more)
        self._report.failure(line)
        if last:
            self._counted.add(line)
        else:
            self._waiting.append(index)

    def _look_after(self) -> None:
        """Workers that died, and those that take too long."""
        now = time.monotonic()
        for worker in list(self._workers.values()):
            ended = worker.ended
            if ended is not None:
                self._hear(worker, worker.incoming.drained())
                self._bury(worker, "the worker process %s" % ended)
            elif worker.incoming.ended:
                self._bury(worker, "the worker process closed its line to the driver")
            elif now > worker.deadline:
                seconds = self._limit(worker)
                self._bury(worker, "%s took longer than %g seconds" % (worker.waits_for, seconds))

    def _limit(self, worker: Worker) -> float:
        settings = self._settings
        if not worker.ready:
            return settings.first
        return settings.timeout if worker.waits_for == "run()" else settings.overhead

    def _bury(self, worker: Worker, why: str) -> None:
        """It is gone, and what it had is tried again by another."""
        self._selector.unregister(worker.incoming.descriptor)
        worker.kill()
        del self._workers[worker.slot]
        if self._stopping:
            return
        if worker.batch is not None:
            self._failed(worker, {"message": why})
        elif not (worker.ready or worker.excused):
            self._no_start({"message": why})

    @property
    def _counts(self) -> Counts:
        return self._counted.counts

    def _heed_signals(self) -> None:
        """A stop ends the loop; the death of a worker wakes it."""
        reading, writing = os.pipe()
        for descriptor in (reading, writing):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._selector.register(reading, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, _nothing)
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, number: int, frame: Optional[types.FrameType]) -> None:
        del number, frame
        self._stopping = True


class _Counted:
    """The numbers, kept up to date line by line."""

    def __init__(self, found: Plan) -> None:
        self.counts = Counts(len(found), found.items, 0, 0, 0, 0)

    def add(self, line: Dict[str, Any]) -> None:
        """A mini-batch that is finished."""
        counts, items = self.counts, int(line["items"])
        done = line["what"] == "done"
        short = max(0, items - int(line["out"])) if done else items
        self.counts = counts._replace(
            done=counts.done + done,
            failed=counts.failed + (not done),
            items_done=counts.items_done + items,
            items_failed=counts.items_failed + short,
        )


def _nothing(number: int, frame: Optional[types.FrameType]) -> None:
    del number, frame
