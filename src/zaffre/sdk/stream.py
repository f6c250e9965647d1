"""A job's log as it is written: server-sent events, taken up again at the offset where a connection broke."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from zaffre.core.errors import NotFound, ZaffreError
from zaffre.sdk import family, steps
from zaffre.sdk.parsed import mapping
from zaffre.sdk.resources import Resources, Which, is_final, reason_of, status_of
from zaffre.sdk.sse import events
from zaffre.sdk.transport import Broken

LOG = "user_logs/std_log.txt"
_ALL_RANKS = "user_logs/all_ranks.txt"
"""The log that is followed where a job has several processes: the lines of all, each behind its rank."""
_FIRST_SILENCE = 1.0
_LONGEST_SILENCE = 15.0
_GRACE = 5.0


@dataclass(frozen=True, slots=True)
class Output:
    """Where a stream writes: ``log`` gets the job's own text, ``note`` what Zaffre says about it."""

    log: Callable[[str], None]
    note: Callable[[str], None]
    status: Callable[[str], None] = field(default=lambda text: None)
    """What the job waits for, to be shown in passing."""


def follow(jobs: Resources, job: dict[str, Any], output: Output) -> dict[str, Any]:
    """Write the log of ``job`` until it is final; returns the job as it ended."""
    name = str(job["name"])
    output.note(f"RunId: {name}")
    address = web_view(job)
    if address:
        output.note(f"Web View: {address}")
    output.note("")
    if mapping(job.get("spec")).get("type") == "pipeline":
        steps.Steps(jobs, Which(name), output.log, output.status).run()
        *_, ended = jobs.wait(Which(name))
        _summary(ended, address, output)
        return ended
    if family.is_parent(job):
        family.Family(jobs, Which(name), output.log).run()
        *_, ended = jobs.wait(Which(name))
        _summary(ended, address, output)
        return ended
    output.note(f"Streaming {LOG}")
    output.note("=" * (10 + len(LOG)))
    output.note("")
    _Follower(jobs, Which(name), output).run()
    *_, ended = jobs.wait(Which(name))
    _summary(ended, address, output)
    return ended


def web_view(job: dict[str, Any]) -> str:
    """The job's page in the studio, or where there is none the job's own address."""
    state = mapping(job.get("state"))
    studio = mapping(mapping(state.get("services")).get("Studio"))
    return str(studio.get("endpoint") or state.get("studio_url") or "")


class _Follower:
    """Reads one log; silence makes it look at the job itself, so that waiting is never unexplained."""

    def __init__(self, jobs: Resources, which: Which, output: Output) -> None:
        self._jobs = jobs
        self._which = which
        self._output = output
        self._log = LOG
        self._offset = 0
        self._seen = ""

    def run(self) -> None:
        silence = _FIRST_SILENCE
        while True:
            before = self._offset
            if self._read(silence):
                if not self._is_elsewhere():
                    return
                continue
            job = self._jobs.get(self._which)
            self._tell(job)
            elsewhere = self._is_elsewhere()
            if is_final(job):
                self._read(_GRACE)
                return
            silence = _FIRST_SILENCE if elsewhere or self._offset > before else min(silence * 2, _LONGEST_SILENCE)

    def _read(self, silence: float) -> bool:
        """Read until the log's end (True), or until nothing came for ``silence`` seconds or the line broke (False)."""
        path = f"{self._jobs.path(self._which, 'logs')}/{quote(self._log)}"
        query = {"after": self._offset, "follow": "1"}
        headers = {"Accept": "text/event-stream"}
        try:
            with closing(self._jobs.transport.lines(path, query=query, headers=headers, timeout=silence)) as lines:
                return any(self._take(*event) for event in events(lines))
        except NotFound:
            time.sleep(min(silence, 0.2))  # no log yet: the job has not started
            return False
        except Broken:
            return False

    def _is_elsewhere(self) -> bool:
        """Whether nothing came because the job has several processes; then the log of all of them is followed."""
        if self._offset or self._log != LOG:
            return False
        listed = mapping(self._jobs.transport.call("GET", self._jobs.path(self._which, "logs")))
        if not any(mapping(each).get("path") == _ALL_RANKS for each in listed.get("value") or ()):
            return False
        self._log = _ALL_RANKS
        return True

    def _take(self, event: str, data: str, identity: str) -> bool:
        if event == "log":
            self._output.log(str(json.loads(data)["data"]))
            self._offset = int(identity)  # the offset after this piece: where the next request goes on
        return event == "end"

    def _tell(self, job: dict[str, Any]) -> None:
        state = mapping(job.get("state"))
        waits = str(state.get("waiting_for") or state.get("message") or "")
        told = f"{status_of(job)}: {waits}" if waits else status_of(job)
        if told != self._seen:
            self._seen = told
            self._output.status(told)


class JobFailed(ZaffreError):
    """A streamed job that did not complete."""

    code = "JobFailed"


def check(job: dict[str, Any]) -> None:
    """Raise ``JobFailed`` unless ``job`` completed."""
    if status_of(job) != "Completed":
        told = f"Job {job['name']} ended as {status_of(job)}. {reason_of(job)}"
        raise JobFailed(told.rstrip(), target=str(job["name"]))


def _summary(job: dict[str, Any], address: str, output: Output) -> None:
    output.note("")
    output.note("Execution Summary")
    output.note("=================")
    output.note(f"RunId: {job['name']}")
    output.note(f"Status: {status_of(job)}")
    if address:
        output.note(f"Web View: {address}")
    best = mapping(mapping(job.get("state")).get("best"))
    if best:
        scores = ", ".join(f"{name} = {value:.6g}" for name, value in best.items() if name != "job")
        output.note(f"Best trial: {best['job']}, {scores}")
    reason = reason_of(job) if status_of(job) != "Completed" else ""
    if reason:
        output.note(f"Reason: {reason}")
    for line in steps.card(steps.failure_of(job), log=False):
        output.note(line)
