"""A pipeline as it runs: steps as they begin and end, their log lines behind their names, a table at the end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from zaffre.core.errors import ZaffreError
from zaffre.sdk import sse
from zaffre.sdk.parsed import mapping
from zaffre.sdk.resources import Resources, Which
from zaffre.sdk.transport import Broken

_LOG = "user_logs/std_log.txt"
_FINAL = ("Completed", "Failed", "Canceled")
_AT_ONCE = 16
"""Logs that are read in one round; of more steps at once, the others' come when these have ended."""
_ROUND = 0.5
_IN_A_ROUND = 0.05
_PATIENCE = 2.0
_DEEPEST = 10


@dataclass(slots=True)
class _Step:
    """One step that is, or was, under way."""

    label: str
    job: str
    status: str = ""
    offset: int = 0
    rest: str = ""
    """The beginning of a line whose end has not come."""
    read: bool = False
    seconds: float | None = None
    reused: str = ""
    state: str = ""
    message: str = ""


@dataclass(slots=True)
class Steps:
    """Tells what is new of one pipeline."""

    jobs: Resources
    which: Which
    write: Callable[[str], None]
    status: Callable[[str], None] = field(default=lambda text: None)
    _known: dict[str, _Step] = field(default_factory=dict[str, _Step])

    def run(self) -> None:
        """Until it is final."""
        while True:
            told = self._look(self.which.name)
            shown = list(self._rows(told, ""))
            for row, label in shown:
                self._heed(row, label)
            open_ones = [step for step in self._known.values() if step.job and not step.read and step.status]
            for step in open_ones[:_AT_ONCE]:
                self._follow(step, max(_IN_A_ROUND, _ROUND / len(open_ones)))
            if told.get("status") in _FINAL:
                self._table([label for _, label in shown])
                return
            if not open_ones:
                self.status(str(told.get("message") or told.get("status")))
                time.sleep(_ROUND)

    def _look(self, job: str) -> dict[str, Any]:
        return self.jobs.transport.call("GET", self.jobs.path(Which(job), "why"))

    def _rows(self, told: Mapping[str, Any], prefix: str) -> Iterator[tuple[dict[str, Any], str]]:
        """Every step, those of pipelines inside it too, with its label."""
        for row in told.get("steps") or ():
            label = f"{prefix}{row['step']}"
            if row.get("type") == "pipeline" and row.get("job") and prefix.count("/") < _DEEPEST:
                yield from self._rows(self._look(row["job"]), f"{label}/")
            elif row.get("jobs"):
                yield from ((turn, f"{prefix}{turn['key']}") for turn in row["jobs"])
            else:
                yield row, label

    def _heed(self, row: Mapping[str, Any], label: str) -> None:
        """Say what is new of a step."""
        step = self._known.setdefault(label, _Step(label, ""))
        if step.job != row.get("job", ""):
            step.job, step.offset, step.rest, step.read = str(row.get("job") or ""), 0, "", False
        before = (step.status, step.state)
        step.status, step.state = str(row.get("status") or ""), str(row.get("state") or "")
        step.seconds, step.reused, step.message = row.get("seconds"), row.get("reused") or "", row.get("message") or ""
        if (step.status, step.state) == before:
            return
        if step.reused:
            step.read = True
            self.write(f"{label}: HIT, it has what {step.reused} left\n")
        elif step.status == "Running":
            self.write(f"{label}: started, job {step.job}\n")
        elif step.status in _FINAL:
            self._follow(step, _PATIENCE)
            self._ended(step)
        elif step.message and step.state != "waiting" and (not step.job or step.status == "Preparing"):
            self.write(f"{label}: {step.message}\n")

    def _ended(self, step: _Step) -> None:
        took = f" after {_time(step.seconds)}" if step.seconds is not None else ""
        why = f": {step.message}" if step.status != "Completed" and step.message else ""
        self.write(f"{step.label}: {step.status.lower()}{took}{why}\n")

    def _follow(self, step: _Step, silence: float) -> None:
        """What is new in its log, until it ends or nothing came for a while."""
        if step.read or not step.job:
            return
        path = f"{self.jobs.path(Which(step.job), 'logs')}/{quote(_LOG)}"
        query = {"after": step.offset, "follow": "1"}
        headers = {"Accept": "text/event-stream"}
        try:
            with closing(self.jobs.transport.lines(path, query=query, headers=headers, timeout=silence)) as lines:
                for event, data, identity in sse.events(lines):
                    if event == "log":
                        self._lines(step, str(json.loads(data)["data"]))
                        step.offset = int(identity)
                    if event == "end":
                        step.read = True
                        break
        except Broken:
            return
        except ZaffreError:  # no log, or none yet
            step.read = step.status in _FINAL
        if step.read and step.rest:
            self._lines(step, "\n")

    def _lines(self, step: _Step, text: str) -> None:
        *whole, step.rest = (step.rest + text).split("\n")
        for line in whole:
            self.write(f"{step.label} | {line}\n")

    def _table(self, labels: Sequence[str]) -> None:
        """Of what is a step at the end: a pipeline inside has become its own steps by then."""
        rows = [
            (step.label, "HIT" if step.reused else step.status or step.state, _time(step.seconds), step.job)
            for step in (self._known[label] for label in labels)
        ]
        self.write("\n" + table(("Step", "Status", "Time", "Job"), rows))


def card(failure: Mapping[str, Any], *, log: bool = True) -> list[str]:
    """The card of a failure, for people; without ``log`` for who has just read it."""
    told: list[str] = []
    if failure.get("step"):
        told.append(f"Step: {failure['step']} (job {failure.get('job')})")
    if failure.get("error"):
        told.append(f"Error: {failure['error']}")
    if failure.get("at"):
        told.append(f"At: {failure['at']}   {failure.get('source') or ''}".rstrip())
    lines: Sequence[str] = failure.get("log") or ()
    if log and lines:
        told += ["Last lines of the log:", *(f"  {line}" for line in lines)]
    told += ["What to do:", *(f"  {line}" for line in failure.get("do") or ())] if failure.get("do") else []
    return told


def failure_of(job: Mapping[str, Any]) -> Mapping[str, Any]:
    """The card that an answer carries; empty without one."""
    return mapping(mapping(job.get("state")).get("failure"))


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side."""
    widths = [max(len(row[at]) for row in (titles, *rows)) for at in range(len(titles))]
    lines = [titles, ["-" * width for width in widths], *rows]
    return "".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"
        for line in lines
    )


def _time(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f} s"
