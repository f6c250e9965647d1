"""The host's HTTP server: one event loop, one thread, and ``run()`` called in it.

A prediction is never handed to another thread: two Python threads fight for the interpreter lock, which costs up to
three quarters of the throughput of a small model. More predictions at once are more processes (``workers``).
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
import sys
import time
import traceback
from binascii import hexlify
from types import FrameType
from typing import Any, Container, Iterator, List, Optional, Set, Tuple

from zaffre.agent.scoring import answers, collecting, forms
from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.cors import Cors
from zaffre.agent.scoring.script import FAILED, NOT_ALLOWED, SERVER_ERROR, SUCCEEDED
from zaffre.agent.scoring.swagger import NoVersion
from zaffre.agent.scoring.wire import Parser, Refused, Request

if sys.version_info >= (3, 8):
    from typing import Protocol
else:
    Protocol = object

ID_LIMIT = 100
RECEIVED = 64 * 1024
"""Bytes taken from a connection at once."""
_IDS = ("x-request-id", "x-ms-request-id", "x-ms-client-request-id", "traceid")
_TOO_LONG = "{} must not exceed {} characters"
_PAGE_METHODS = ("GET", "HEAD", "OPTIONS")
SERVER = ("x-ms-server-version", "zaffre")
NOT_RUN = ("x-zaffre-not-run", "1")
"""On an answer: user code never saw this request, so the router may ask another replica, whatever the method."""


class RunTimedOut(TimeoutError):
    """``run()`` took longer than the deployment's request timeout."""


class Model(Protocol):
    """What is served: a script or an MLflow model."""

    @property
    def routes(self) -> Container[str]:
        """Paths that score."""
        ...

    def answer(self, request: Request) -> answers.Answer:
        """Score one request."""
        ...

    def swagger(self, version: str) -> bytes:
        """The API description of a Swagger version; raises ``NoVersion``."""
        ...


class Server:
    """Serves one model on one listening socket until told to stop."""

    def __init__(self, model: Model, config: Config) -> None:
        self.config = config
        self.draining = False
        self.connections: Set[Connection] = set()
        self._model = model
        self._running = False
        self._ids = itertools.count(1)
        self._prefix = hexlify(os.urandom(8)).decode()
        self._done: Optional[asyncio.Event] = None
        self._limit, self._limited_by = _limit_of(config)
        self._cors = Cors(os.environ.get("AML_CORS_ORIGINS", ""))
        self._sink = collecting.present()

    async def serve(self, listener: socket.socket) -> None:
        """Answer until SIGTERM; then finish what has been received and return."""
        loop = asyncio.get_event_loop()
        self._done = asyncio.Event()
        if self._limit:
            signal.signal(signal.SIGALRM, self._alarm)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._done.set)
        local = listener.family == socket.AF_UNIX
        create: Any = loop.create_unix_server if local else loop.create_server
        server = await create(lambda: Connection(self), sock=listener)
        await self._done.wait()
        self.draining = True
        server.close()
        await self._drain()
        if self._sink is not None:
            self._sink.close()

    async def _drain(self) -> None:
        """Connections idle for a moment close; one in the middle of a request is given the grace."""
        deadline = time.monotonic() + self.config.grace
        while self.connections and time.monotonic() < deadline:
            now = time.monotonic()
            for connection in list(self.connections):
                connection.close_if_idle(now - 0.5)
            await asyncio.sleep(0.05)

    def handle(self, request: Request) -> Tuple[answers.Answer, List[Tuple[str, str]]]:
        """The answer to a request and the headers every answer carries."""
        extra, refusal = self._ids_of(request)
        if self._cors.on:
            extra += self._cors.headers(request)
        if refusal is not None:
            return refusal, extra
        if request.path not in self._model.routes:
            return self._page(request), extra
        if self._sink is None:
            return self._score(request, extra), extra
        self._sink.request_id = own = extra[1][1]
        answer = self._score(request, extra)
        if self._sink.payloads:
            self._sink.put_payloads(request, answer, own)
        return answer, extra

    def next_piece(self, pieces: Iterator[bytes]) -> Optional[bytes]:
        """The next piece of a streamed answer, within the time a request may take; None at the end."""
        with _Timer(self):
            return next(pieces, None)

    def _score(self, request: Request, extra: List[Tuple[str, str]]) -> answers.Answer:
        began = time.perf_counter()
        try:
            self.start_timer()
            try:
                answer = self._model.answer(request)
            finally:
                self.stop_timer()
        except TimeoutError:
            traceback.print_exc()
            return self._timed_out()
        except Exception:  # noqa: BLE001 - the process's last line: a fault of ours is logged and answered
            traceback.print_exc()
            return answers.message(500, SERVER_ERROR, SUCCEEDED)
        if answer.ran:
            extra.append(("x-ms-run-fn-exec-ms", "{:.3f}".format((time.perf_counter() - began) * 1000)))
        return answer

    def _timed_out(self) -> answers.Answer:
        if self._limited_by == "script":
            return answers.message(500, "Scoring timeout after {:.0f} ms".format((self._limit or 0) * 1000), FAILED)
        text = "run() took longer than the request timeout of {} s (request_settings.request_timeout_ms).".format(
            self._limit
        )
        return answers.message(408, text, FAILED)

    def start_timer(self) -> None:
        """From here on user code runs, and not for longer than it may."""
        if self._limit:
            signal.setitimer(signal.ITIMER_REAL, self._limit)
        self._running = True

    def stop_timer(self) -> None:
        """User code has returned."""
        self._running = False
        if self._limit:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _alarm(self, _number: int, _frame: Optional[FrameType]) -> None:
        if self._running:
            raise RunTimedOut

    def _page(self, request: Request) -> answers.Answer:
        healthy = request.path == "/" or request.path in self.config.health_paths
        if not healthy and request.path != "/swagger.json":
            return answers.message(
                404, "The requested URL was not found on this deployment; score at /score.", SUCCEEDED
            )
        if request.method not in _PAGE_METHODS:
            return answers.message(405, NOT_ALLOWED, (("allow", ", ".join(_PAGE_METHODS)), *SUCCEEDED))
        if request.method == "OPTIONS":
            return answers.Answer(200, b"", answers.TEXT, (("allow", ", ".join(_PAGE_METHODS)),))
        if healthy:
            return answers.Answer(200, b"Healthy", answers.TEXT)
        try:
            found = self._model.swagger(forms.query(request.query).get("version", "2"))
        except NoVersion as missing:
            return answers.message(404, str(missing), SUCCEEDED)
        return answers.Answer(200, found, answers.JSON, SUCCEEDED)

    def _ids_of(self, request: Request) -> Tuple[List[Tuple[str, str]], Optional[answers.Answer]]:
        """Azure's three request ids: ours, the old name of the caller's, and the caller's; and Office's own."""
        sent = [pair for pair in request.headers if pair[0] in _IDS]
        if len(sent) == 1 and sent[0][0] == "x-request-id" and 0 < len(sent[0][1]) <= ID_LIMIT:
            return [SERVER, sent[0], ("x-ms-request-id", sent[0][1])], None
        own = old = client = trace = ""
        if sent:
            own, old, client, trace = (dict(reversed(sent)).get(name, "") for name in _IDS)
        own = own or "{}-{:x}".format(self._prefix, next(self._ids))
        extra: List[Tuple[str, str]] = [SERVER]
        if len(own) > ID_LIMIT:
            return extra, answers.message(431, _TOO_LONG.format("x-request-id", ID_LIMIT), SUCCEEDED)
        extra.append(("x-request-id", own))
        client, old = client or old, old or client or own
        if trace:
            extra.append(("TraceId", trace))
        if len(old) > ID_LIMIT or len(client) > ID_LIMIT:
            named = "x-ms-request-id and x-ms-client-request-id"
            return extra, answers.message(431, _TOO_LONG.format(named, ID_LIMIT), SUCCEEDED)
        extra.append(("x-ms-request-id", old))
        if client:
            extra.append(("x-ms-client-request-id", client))
        return extra, None


class _Timer:
    """A context in which user code runs."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def __enter__(self) -> None:
        self._server.start_timer()

    def __exit__(self, *_: object) -> None:
        self._server.stop_timer()


def _limit_of(config: Config) -> Tuple[Optional[float], str]:
    """Seconds that ``run()`` may take, and who says so: the deployment, or the script's own ``SCORING_TIMEOUT_MS``."""
    text = os.environ.get("SCORING_TIMEOUT_MS", "")
    own = int(text) / 1000 if text.isdigit() and int(text) > 0 else None
    if own is not None and (not config.request_timeout or own < config.request_timeout):
        return own, "script"
    return config.request_timeout, "deployment"


class Connection(asyncio.Protocol):
    """One connection of the router."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._parser = Parser(server.config.max_body)
        self._transport: Optional[asyncio.Transport] = None
        self._paused = False
        self._pieces: Optional[Iterator[bytes]] = None
        """Of the answer that is being streamed; nothing else is answered meanwhile."""
        self._last = False
        self._used = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = transport  # type: ignore[assignment]
        if hasattr(transport, "max_size"):
            setattr(transport, "max_size", RECEIVED)  # noqa: B010 - asyncio's own 256 KiB are mapped and unmapped by the kernel each time
        self._server.connections.add(self)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        """Called by the loop."""
        self._transport = None
        self._server.connections.discard(self)
        self._end_stream()

    def pause_writing(self) -> None:
        """The router reads slowly: take nothing more from it until it catches up."""
        self._paused = True
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The router caught up."""
        self._paused = False
        if self._transport is not None:
            self._transport.resume_reading()
            if self._pieces is not None:
                self._stream()
            else:
                self.data_received(b"")

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        parser = self._parser
        parser.feed(data)
        self._used = time.monotonic()
        try:
            while self._transport is not None and not self._paused and self._pieces is None:
                request = parser.next()
                if request is None:
                    if parser.wants_continue:
                        self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                    return
                self._answer(request)
        except Refused as refused:
            if self._transport is not None:
                self._transport.write(answers.encode(answers.message(refused.status, refused.message), [SERVER], False))
                self._transport.close()

    def close_if_idle(self, since: float) -> None:
        """Close between requests, when nothing has come since ``since``."""
        if self._transport is not None and self._parser.idle and self._pieces is None and self._used < since:
            self._transport.close()

    def _answer(self, request: Request) -> None:
        transport = self._transport
        if transport is None:
            return
        answer, extra = self._server.handle(request)
        keep_alive = request.keep_alive and not self._server.draining
        if request.method == "HEAD":
            answer = answer._replace(body=b"")
        transport.write(answers.encode(answer, extra, keep_alive))
        self._used = time.monotonic()
        if answer.stream is not None:
            self._pieces = answer.stream
            self._last = not keep_alive
            self._stream()
        elif not keep_alive:
            transport.close()
            self._transport = None

    def _stream(self) -> None:
        """One piece, and the next when the loop has looked at the others."""
        transport, pieces = self._transport, self._pieces
        if transport is None or pieces is None or self._paused:
            return
        try:
            piece = self._server.next_piece(pieces)
        except Exception:  # noqa: BLE001 - the head is sent: an answer that breaks off is all that can be told
            traceback.print_exc()
            transport.abort()
            return
        self._used = time.monotonic()
        if piece is not None:
            transport.write(answers.chunk(piece))
            if not self._paused:
                asyncio.get_event_loop().call_soon(self._stream)
            return
        transport.write(answers.LAST_CHUNK)
        self._end_stream()
        if self._last or self._server.draining:
            transport.close()
            self._transport = None
        else:
            self.data_received(b"")

    def _end_stream(self) -> None:
        pieces, self._pieces = self._pieces, None
        close: Any = getattr(pieces, "close", None)
        if close is not None:
            close()
