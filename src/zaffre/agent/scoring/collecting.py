"""What a deployment keeps of its inputs and outputs: JSON lines in files that roll, in Azure's layout.

``put`` only queues; a thread writes. A full disk, a slow disk or too many requests lose collected data, say so in the
log once a minute, and never touch an answer.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import uuid
import zlib
from collections import deque
from typing import Any, Deque, Dict, List, NamedTuple, Optional, Tuple

from zaffre.agent.scoring.answers import JSON, Answer
from zaffre.agent.scoring.wire import Request

PAYLOADS = ("request", "response")
"""Collections that the host fills by itself."""
MOST_QUEUED = 1500
MOST_BYTES = 64 * 1024 * 1024
MOST_INLINE = 4 * 1024 * 1024
"""Bytes of data that a line may hold; more lies in a file beside."""
_ROLLS = {"minute": "%Y/%m/%d/%H/%M", "hour": "%Y/%m/%d/%H", "day": "%Y/%m/%d", "month": "%Y/%m", "year": "%Y"}
_QUIET = 60.0


class Event(NamedTuple):
    """One thing to keep."""

    collection: str
    at: float
    body: bytes
    content_type: str
    facts: Dict[str, Any]


class Sink:
    """The collections of one process; ``settings`` is ``host.json``'s ``collect``."""

    def __init__(self, settings: Dict[str, Any], suffix: str = "") -> None:
        self.request_id = ""
        """Of the request that user code is answering."""
        told: Dict[str, Dict[str, Any]] = dict(settings.get("collections") or ())
        self._collections = {str(name).lower(): dict(one) for name, one in told.items()}
        self._roll = _ROLLS.get(str(settings.get("rolling") or "hour"), _ROLLS["hour"])
        self._source = str(settings.get("source") or "")
        headers: List[str] = settings.get("headers") or []
        self._headers = [str(name).lower() for name in headers]
        self._instance = str(settings.get("instance") or uuid.uuid4().hex) + suffix
        self._queue: Deque[Event] = deque()
        self._bytes = 0
        self._bell = threading.Condition()
        self._thread: Optional[threading.Thread] = None
        self._closing = False
        self._lost = 0
        self._told = float("-inf")
        self.payloads = any(name in self._collections for name in PAYLOADS)

    def wants(self, collection: str) -> bool:
        """True when the deployment collects it."""
        return collection.lower() in self._collections

    def samples(self, collection: str, correlation: str) -> bool:
        """Whether this one is kept: the same for all collections of one correlation id, so that they can be joined."""
        rate = float(self._collections[collection.lower()].get("rate", 1.0))
        return rate >= 1 or zlib.crc32(correlation.encode("utf-8", "replace")) % 1_000_000 < rate * 1_000_000

    def rates(self) -> List[Tuple[str, int]]:
        """The collections that scripts fill, each with its percentage."""
        return [
            (name, round(100 * float(one.get("rate", 1.0))))
            for name, one in self._collections.items()
            if name not in PAYLOADS
        ]

    def put(self, event: Event) -> bool:
        """Queue it; False when the queue is full."""
        size = len(event.body)
        with self._bell:
            if self._closing or len(self._queue) >= MOST_QUEUED or self._bytes + size > MOST_BYTES:
                self._lose(1, "more comes than is written")
                return False
            self._queue.append(event)
            self._bytes += size
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="collecting", daemon=True)
                self._thread.start()
            self._bell.notify()
        return True

    def put_payloads(self, request: Request, answer: Answer, own: str) -> None:
        """A request and its answer, where the deployment collects them."""
        now = time.time()
        ids = {"correlationid": own, "xrequestid": own}
        if self.wants("request") and self.samples("request", own):
            shown = {name: value for name, value in request.headers if name in self._headers}
            path = request.path + ("?" + request.query if request.query else "")
            facts: Dict[str, Any] = {"path": path, "method": request.method, **ids}
            kind = request.header("content-type")
            self.put(Event("request", now, request.body, kind, dict(facts, headers=shown) if shown else facts))
        if self.wants("response") and self.samples("response", own):
            facts = {"statuscode": answer.status, **ids}
            self.put(Event("response", now, answer.body, answer.content_type, facts))

    def close(self, patience: float = 5.0) -> None:
        """Write what is queued, for a while."""
        with self._bell:
            self._closing = True
            self._bell.notify()
        if self._thread is not None:
            self._thread.join(patience)

    def _work(self) -> None:
        while True:
            with self._bell:
                while not self._queue and not self._closing:
                    self._bell.wait()
                if not self._queue:
                    return
                events = list(self._queue)
                self._queue.clear()
                self._bytes = 0
            self._write(events)

    def _write(self, events: List[Event]) -> None:
        files: Dict[str, List[bytes]] = {}
        for event in events:
            try:
                folder = self._folder(event)
                line = json.dumps(self._line(event, folder), separators=(",", ":")).encode() + b"\n"
                files.setdefault(os.path.join(folder, self._instance + ".jsonl"), []).append(line)
            except (OSError, ValueError, TypeError) as error:
                self._lose(1, str(error))
        for path, lines in files.items():
            try:
                _append(path, b"".join(lines))
            except OSError as error:
                self._lose(len(lines), str(error))

    def _folder(self, event: Event) -> str:
        rolled = time.strftime(self._roll, time.gmtime(event.at))
        return os.path.join(str(self._collections[event.collection]["folder"]), *rolled.split("/"))

    def _line(self, event: Event, folder: str) -> Dict[str, Any]:
        size = len(event.body)
        kind = event.content_type.split(";")[0].strip() or JSON
        found: Dict[str, Any] = {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": self._source,
            "type": "azureml.inference." + event.collection,
            "datacontenttype": kind,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(event.at)),
        }
        data = _shown(event.body, kind) if size <= MOST_INLINE else None
        if data is None:
            found["datainblob"] = "true"
            data = self._set_beside(event, folder, str(found["id"]))
        total = str(size) if event.collection != "request" else "*"
        return dict(found, data=data[0], contentrange="bytes 0-{}/{}".format(max(size - 1, 0), total), **event.facts)

    def _set_beside(self, event: Event, folder: str, name: str) -> List[str]:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(event.body)
        known = self._collections[event.collection]
        below = os.path.relpath(os.path.join(folder, name), str(known["folder"]))
        return ["{}/{}".format(known.get("address") or known["folder"], below)]

    def _lose(self, count: int, why: str) -> None:
        self._lost += count
        now = time.monotonic()
        if now - self._told > _QUIET:
            text = "zaffre scoring host: data collection lost {} records, answers are not affected: {}\n"
            sys.stderr.write(text.format(self._lost, why))
            self._told, self._lost = now, 0


def _shown(body: bytes, kind: str) -> Optional[List[Any]]:
    """The body as it stands in a line, in a list of one; None for bytes that are no text."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if kind.endswith("json"):
        try:
            return [json.loads(text)]
        except (ValueError, RecursionError):
            return [text]
    return [text]


def _append(path: str, data: bytes) -> None:
    """All of ``data`` or nothing: half a line would spoil the next."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        before = os.fstat(number).st_size
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(number, left) :]
        except OSError:
            os.ftruncate(number, before)
            raise
    finally:
        os.close(number)


_sink: List[Sink] = []


def use(sink: Optional[Sink]) -> None:
    """The sink of this process."""
    _sink[:] = [sink] if sink is not None else []


def present() -> Optional[Sink]:
    """The sink of this process; None where nothing is collected."""
    return _sink[0] if _sink else None
