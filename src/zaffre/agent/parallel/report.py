"""What people read: progress on the job's log and in ``logs/``, the errors, the result, a table of all tries."""

from __future__ import annotations

import csv
import os
import sys
import time
from typing import Any, Dict

from zaffre.agent.parallel import ledger
from zaffre.agent.parallel.metrics import Metrics
from zaffre.agent.parallel.settings import Settings
from zaffre.agent.parallel.verdict import Counts

_EVERY = 1.0
_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30}
_COLUMNS = [
    "Mini-batch Id",
    "Try",
    "Process",
    "Start Time",
    "Total",
    "Succeeded",
    "Failed",
    "Run Method Seconds",
    "Process Seconds",
    "Status",
    "Error Message",
]


class Report:
    """Told of everything that happens; writes the files below ``logs/``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._level = _LEVELS.get(settings.level, 20)
        self._metrics = Metrics(settings.prefix)
        self._begun = time.monotonic()
        self._before = 0
        self._due = 0.0
        os.makedirs(settings.logs, exist_ok=True)

    def begin(self, counts: Counts) -> None:
        """The plan is known, and what earlier attempts did of it."""
        self._before = counts.done + counts.failed
        told = "%d mini-batches of %d items, %d processes" % (counts.batches, counts.items, self._settings.processes)
        if self._before:
            told += "; %d mini-batches were finished before, and are not run again" % self._before
        self._say(20, told)
        self._metrics.tell(_numbers(counts))
        self._due = time.monotonic() + _EVERY

    def progress(self, counts: Counts) -> None:
        """How far it is, told once a second at most."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + _EVERY
        finished = counts.done + counts.failed
        rate = (finished - self._before) / max(now - self._begun, 1e-6)
        told = "%d of %d mini-batches finished, %d failed; %d items failed; %.2f mini-batches a second"
        self._say(20, told % (finished, counts.batches, counts.failed, counts.items_failed, rate))
        self._metrics.tell(_numbers(counts))

    def given(self, worker: str, index: int, attempt: int) -> None:
        """A worker has a mini-batch."""
        self._say(10, "%s has mini-batch %d, try %d" % (worker, index, attempt))

    def failure(self, line: Dict[str, Any]) -> None:
        """One try went wrong."""
        follows = "it is given up" if line.get("last") else "it is tried again"
        told = "mini-batch %d failed on process%03d (try %d; %s): %s"
        text = told % (line["batch"], line["process"], line["tries"], follows, line["message"])
        self._say(30, text)
        with open(os.path.join(self._settings.logs, "job_error.txt"), "a", encoding="utf-8") as stream:
            stream.write("%s %s\n%s\n" % (_now(), text, line.get("trace", "")))

    def trouble(self, text: str) -> None:
        """Something else went wrong."""
        self._say(30, text)

    def end(self, counts: Counts, message: str) -> None:
        """It is over: a success where ``message`` is empty."""
        self._due = 0.0
        self.progress(counts)
        result = message or "All mini-batches were processed."
        if not message and counts.failed:
            result = "%d of %d mini-batches were processed, %d failed." % (counts.done, counts.batches, counts.failed)
        self._say(30 if message else 20, result)
        with open(os.path.join(self._settings.logs, "job_result.txt"), "w", encoding="utf-8") as stream:
            stream.write(result + "\n")
        self._table()
        self._metrics.close()

    def _table(self) -> None:
        folder = os.path.join(self._settings.logs, "sys", "job_report")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "processed_mini-batches.csv"), "w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(_COLUMNS)
            for line in ledger.history(self._settings.kept):
                if line["what"] != "start":
                    writer.writerow(_row(line))

    def _say(self, level: int, text: str) -> None:
        if level < self._level:
            return
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
        with open(os.path.join(self._settings.logs, "job_progress_overview.txt"), "a", encoding="utf-8") as stream:
            stream.write("%s %s\n" % (_now(), text))


def _row(line: Dict[str, Any]) -> Any:
    total, out = line.get("items", 0), line.get("out", 0)
    yield from (
        line["batch"],
        line.get("tries", 1),
        "process%03d" % line.get("process", 0),
        _moment(line.get("at", 0.0)),
    )
    yield from (total, min(out, total), max(0, total - out), "%.3f" % line.get("seconds", 0.0))
    yield from ("%.3f" % line.get("busy", 0.0), line["what"], line.get("message", ""))


def _numbers(counts: Counts) -> Dict[str, float]:
    return {
        "Total Mini-batches": counts.batches,
        "Processed Mini-batches": counts.done + counts.failed,
        "Remaining Mini-batches": counts.left,
        "Failed Mini-batches": counts.failed,
        "Processed Items": counts.items_done,
        "Failed Items": counts.items_failed,
    }


def _now() -> str:
    return _moment(time.time())


def _moment(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
