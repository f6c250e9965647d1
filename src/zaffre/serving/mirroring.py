"""Copies of requests for a mirrored deployment: their answers are counted and thrown away, and nobody waits for them."""

from __future__ import annotations

from typing import Protocol

from zaffre.core.ports import Clock
from zaffre.serving.answers import Answer
from zaffre.serving.exchange import Exchange, Lane
from zaffre.serving.heads import Reply
from zaffre.serving.meter import Meter
from zaffre.serving.samples import Sample, Samples

MOST_BODY = 4 * 1024 * 1024
"""Bytes of a request that is copied; larger ones are not, since each would be kept until it has come whole."""
MOST_WAITING = 64
"""Copies are left out while so many requests wait for the mirrored deployment already."""


class Mirrored(Lane, Protocol):
    """The deployment that copies go to."""

    meter: Meter
    samples: Samples

    @property
    def waiting(self) -> int:
        """Requests in its queue."""
        ...


class Copy:
    """The sink of a copy's answer."""

    def __init__(self, lane: Mirrored, clock: Clock, sample: Sample | None) -> None:
        self._lane = lane
        self._clock = clock
        self._sample = sample
        self._began = clock.monotonic()
        self._status = 0

    def begin(self, reply: Reply) -> None:
        """The answer's head."""
        self._status = reply.status

    def body(self, data: bytes) -> None:
        """Looked at by nobody but who compares."""
        if self._sample is not None:
            self._sample.answered(data)

    def end(self) -> None:
        """Counted."""
        self._note(self._status)

    def whole(self, head: bytes, body: bytes) -> None:
        """Copies take the long way."""

    def refuse(self, answer: Answer) -> None:
        """Counted as what a caller would have been answered."""
        self._note(answer.status)

    def abort(self) -> None:
        """Cut off in the middle: counted as lost."""
        self._note(502)

    def hang_up(self) -> None:
        """A copy is never a websocket."""

    def flush(self) -> None:
        """There is nobody to write to."""

    def hold(self, paused: bool) -> None:
        """The copy is here as a whole."""

    def _note(self, status: int) -> None:
        seconds = self._clock.monotonic() - self._began
        self._lane.meter.mirror.add(status, seconds)
        if self._sample is not None:
            self._lane.samples.add(self._sample, status, seconds)


def send(lane: Mirrored, original: Exchange, body: bytes, clock: Clock) -> None:
    """Give the deployment a copy of a request, unless it has enough to do or the request is large."""
    if len(body) > MOST_BODY or lane.waiting >= MOST_WAITING:
        lane.meter.mirror_skipped += 1
        return
    lane.meter.mirrored += 1
    sample = None
    if lane.samples.most:
        path = original.head.split(b" ", 2)[1].partition(b"?")[0].decode("latin-1")
        sample = Sample(clock.now(), path, "", bytearray(body), mirrored=True)
    copy = Exchange(Copy(lane, clock, sample), original.method, original.head, len(body), original.request_id)
    copy.lane, copy.pinned = lane, True
    copy.feed(body)
    copy.finish()
