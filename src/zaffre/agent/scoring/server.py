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
from typing import Any, Container, List, Optional, Set, Tuple

from zaffre.agent.scoring import answers, forms
from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.script import SERVER_ERROR, SUCCEEDED
from zaffre.agent.scoring.wire import Parser, Refused, Request

if sys.version_info >= (3, 8):
    from typing import Protocol
else:
    Protocol = object

ID_LIMIT = 100
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

    def swagger(self, version: str) -> Optional[bytes]:
        """The API description of a Swagger version."""
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

    async def serve(self, listener: socket.socket) -> None:
        """Answer until SIGTERM; then finish what has been received and return."""
        loop = asyncio.get_event_loop()
        self._done = asyncio.Event()
        if self.config.request_timeout:
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
        if refusal is not None:
            return refusal, extra
        if request.path in self._model.routes:
            return self._score(request, extra), extra
        return self._page(request), extra

    def _score(self, request: Request, extra: List[Tuple[str, str]]) -> answers.Answer:
        limit = self.config.request_timeout
        began = time.perf_counter()
        try:
            if limit:
                signal.setitimer(signal.ITIMER_REAL, limit)
            self._running = True
            try:
                answer = self._model.answer(request)
            finally:
                self._running = False
                if limit:
                    signal.setitimer(signal.ITIMER_REAL, 0)
        except TimeoutError:
            traceback.print_exc()
            text = "run() took longer than the request timeout of {} s (request_settings.request_timeout_ms).".format(
                limit
            )
            return answers.message(408, text, (("x-ms-run-function-failed", "True"),))
        except Exception:  # noqa: BLE001 - the process's last line: a fault of ours is logged and answered
            traceback.print_exc()
            return answers.message(500, SERVER_ERROR, SUCCEEDED)
        extra.append(("x-ms-run-fn-exec-ms", "{:.3f}".format((time.perf_counter() - began) * 1000)))
        return answer

    def _alarm(self, _number: int, _frame: Optional[FrameType]) -> None:
        if self._running:
            raise RunTimedOut

    def _page(self, request: Request) -> answers.Answer:
        if request.path == "/" or request.path in self.config.health_paths:
            return answers.Answer(200, b"Healthy", answers.TEXT)
        if request.path == "/swagger.json":
            found = self._model.swagger(forms.query(request.query).get("version", "2"))
            if found is None:
                return answers.message(404, "There is no such version; ask for version=2 or version=3.")
            return answers.Answer(200, found)
        return answers.message(404, "The requested URL was not found on this deployment; score at /score.")

    def _ids_of(self, request: Request) -> Tuple[List[Tuple[str, str]], Optional[answers.Answer]]:
        """Azure's three request ids: ours, the old name of the caller's, and the caller's."""
        own = old = client = ""
        for name, value in request.headers:
            if name == "x-request-id":
                own = value
            elif name == "x-ms-request-id":
                old = value
            elif name == "x-ms-client-request-id":
                client = value
        if not own:
            own = "{}-{:x}".format(self._prefix, next(self._ids))
        if len(own) > ID_LIMIT or len(old) > ID_LIMIT or len(client) > ID_LIMIT:
            text = "x-request-id, x-ms-request-id and x-ms-client-request-id must not exceed {} characters"
            return [SERVER], answers.message(431, text.format(ID_LIMIT))
        client = client or old
        extra = [SERVER, ("x-request-id", own), ("x-ms-request-id", client or own)]
        if client:
            extra.append(("x-ms-client-request-id", client))
        return extra, None


class Connection(asyncio.Protocol):
    """One connection of the router."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._parser = Parser(server.config.max_body)
        self._transport: Optional[asyncio.Transport] = None
        self._paused = False
        self._used = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = transport  # type: ignore[assignment]
        self._server.connections.add(self)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        """Called by the loop."""
        self._transport = None
        self._server.connections.discard(self)

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
            self.data_received(b"")

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        parser = self._parser
        parser.feed(data)
        self._used = time.monotonic()
        try:
            while self._transport is not None and not self._paused:
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
        if self._transport is not None and self._parser.idle and self._used < since:
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
        if not keep_alive:
            transport.close()
            self._transport = None
