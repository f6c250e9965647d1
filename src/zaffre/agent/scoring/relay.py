"""A server of the user's own behind a replica's socket: started, watched, its requests passed on to its port.

A request is read whole and strictly, its path mapped (``/score`` to the server's own scoring route) and sent on a
connection paired with the caller's; the answer is passed back byte for byte as it comes, and so is everything after an
``Upgrade``. While nothing listens on the port the answer is 503.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from typing import Any, Dict, List, NamedTuple, Optional, Set

from zaffre.agent.scoring.answers import encode, message
from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.server import NOT_RUN, SERVER
from zaffre.agent.scoring.wire import Parser, Refused, Request

_DROPPED = ("connection", "content-length", "transfer-encoding", "expect", "keep-alive")
_HIGH = 1024 * 1024


class Route(NamedTuple):
    """A path of the server's and the port that answers on it."""

    path: str
    port: int


class Routes(NamedTuple):
    """``inference_config``'s three."""

    scoring: Route
    liveness: Route
    readiness: Route

    @classmethod
    def of(cls, told: Dict[str, Any]) -> Routes:
        """As they stand in ``host.json``."""
        port = int(told.get("port") or 0)
        found = dict(told.get("routes") or {})
        return cls(*(_route(dict(found.get(name) or {}), port) for name in cls._fields))

    def ports(self) -> List[int]:
        """Each port once."""
        return sorted({one.port for one in self})

    def target(self, path: str) -> Route:
        """Where a request goes."""
        if path == "/score":
            return self.scoring
        for one in (self.liveness, self.readiness):
            if path == one.path:
                return one
        return Route(path, self.scoring.port)


def run(config: Config, listener: socket.socket) -> int:
    """Serve until SIGTERM, or until the user's server ends; the exit code is its own."""
    program = Program.of(config.server).moved()
    taken = [port for port in program.routes.ports() if _answers(port)]
    if taken:
        text = "port {} of the server is in use on this machine already, and nothing in its command names it\n"
        sys.stderr.write(text.format(taken[0]))
        return 1
    sys.stderr.write("zaffre scoring host: starting {}\n".format(" ".join(program.argv)))
    environ = dict(os.environ, **program.environ)
    try:
        process = subprocess.Popen(program.argv, cwd=program.folder or None, env=environ)
    except OSError as error:
        sys.stderr.write("The server cannot be started: {}: {}\n".format(program.argv[0], error.strerror))
        return 1
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    relay = Relay(program.routes, config, process)
    return loop.run_until_complete(relay.serve(listener))


class Program(NamedTuple):
    """How the server is started."""

    argv: List[str]
    environ: Dict[str, str]
    folder: str
    routes: Routes

    @classmethod
    def of(cls, told: Dict[str, Any]) -> Program:
        """As it stands in ``host.json``."""
        environ = {str(name): str(value) for name, value in dict(told.get("environ") or {}).items()}
        return cls([str(word) for word in told["argv"]], environ, str(told.get("folder") or ""), Routes.of(told))

    def moved(self) -> Program:
        """With free ports in place of those that its words or variables name: replicas share this machine's."""
        argv, environ, routes = list(self.argv), dict(self.environ), self.routes
        for port in self.routes.ports():
            named = re.compile(r"(?<![\d.]){}(?![\d.])".format(port))
            if not any(named.search(word) for word in (*argv, *environ.values())):
                continue
            free = str(_free_port())
            argv = [named.sub(free, word) for word in argv]
            environ = {name: named.sub(free, value) for name, value in environ.items()}
            routes = Routes(*(one._replace(port=int(free)) if one.port == port else one for one in routes))
        return Program(argv, environ, self.folder, routes)


class Relay:
    """One replica's connections."""

    def __init__(self, routes: Routes, config: Config, process: Any) -> None:
        self.routes = routes
        self.config = config
        self.connections: Set[_Caller] = set()
        self.draining = False
        self._process = process

    async def serve(self, listener: socket.socket) -> int:
        """Until told to stop or the process ends."""
        loop = asyncio.get_event_loop()
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        local = listener.family == socket.AF_UNIX
        create: Any = loop.create_unix_server if local else loop.create_server
        listener.setblocking(False)
        server = await create(lambda: _Caller(self), sock=listener)
        told = False
        while not stopped.is_set() and self._process.poll() is None:
            if not told and all(_answers(port) for port in self.routes.ports()):
                told = True
                sys.stderr.write("zaffre scoring host: ready: the server listens on its port\n")
            try:
                await asyncio.wait_for(stopped.wait(), 0.25)
            except asyncio.TimeoutError:
                continue
        server.close()
        return await self._end()

    async def _end(self) -> int:
        code = self._process.poll()
        if code is not None:
            sys.stderr.write("The server ended by itself, with code {}.\n".format(code))
            return code if code > 0 else 1
        self.draining = True
        deadline = time.monotonic() + self.config.grace
        while any(one.busy for one in self.connections) and time.monotonic() < deadline:  # noqa: ASYNC110 - no bell
            await asyncio.sleep(0.05)
        self._process.terminate()
        while self._process.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110 - a process has no bell
            await asyncio.sleep(0.05)
        if self._process.poll() is None:
            self._process.kill()
        return 0


class _Caller(asyncio.Protocol):
    """One connection of the router's, and its pair to the server."""

    def __init__(self, relay: Relay) -> None:
        self.busy = False
        self._relay = relay
        self._parser = Parser(relay.config.max_body)
        self._raw = False
        self._transport: Any = None
        self._server: Optional[_Server] = None
        self._waiting: List[bytes] = []
        self._port = 0
        self._connecting: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = transport
        self._relay.connections.add(self)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        """Called by the loop."""
        self._transport = None
        self.busy = False
        self._relay.connections.discard(self)
        if self._server is not None:
            self._server.close()

    def data_received(self, data: bytes) -> None:
        """Whole requests go on; after an upgrade every byte does."""
        if self._raw:
            self._send(data)
            return
        self._parser.feed(data)
        try:
            request = self._parser.next()
            while request is not None:
                self._pass(request)
                request = None if self._raw else self._parser.next()
            if self._parser.wants_continue and self._transport is not None:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        except Refused as refused:
            self._answer(refused.status, refused.message)

    def write(self, data: bytes) -> None:
        """A piece of the server's answer."""
        self.busy = False
        if self._transport is not None:
            self._transport.write(data)
            if self._transport.get_write_buffer_size() > _HIGH and self._server is not None:
                self._server.pause(True)

    def resume_writing(self) -> None:
        """The router caught up."""
        if self._server is not None:
            self._server.pause(False)

    def ended(self) -> None:
        """The server closed the connection."""
        if self._transport is not None:
            self._transport.close()

    def refused(self) -> None:
        """Nothing listens on the server's port."""
        text = "The server does not listen on port {} yet.".format(self._port)
        self._answer(503, text)

    def _pass(self, request: Request) -> None:
        target = self._relay.routes.target(request.path)
        self._raw = bool(request.header("upgrade"))
        self.busy = True
        data = _written(request, target.path, self._raw)
        if self._server is not None and self._port == target.port:
            self._send(data)
            return
        self._port = target.port
        self._waiting.append(data)
        self._connecting = asyncio.ensure_future(self._connect(target.port))

    async def _connect(self, port: int) -> None:
        loop = asyncio.get_event_loop()
        old, self._server = self._server, None
        if old is not None:
            old.detach()
        try:
            _, made = await loop.create_connection(lambda: _Server(self), "127.0.0.1", port)
        except OSError:
            self.refused()
            return
        self._server = made
        waiting, self._waiting = self._waiting, []
        for data in waiting:
            made.write(data)

    def _send(self, data: bytes) -> None:
        if self._server is None:
            self._waiting.append(data)
        else:
            self._server.write(data)

    def _answer(self, status: int, text: str) -> None:
        self.busy = False
        if self._transport is not None:
            self._transport.write(encode(message(status, text), [SERVER, NOT_RUN], False))
            self._transport.close()


class _Server(asyncio.Protocol):
    """The pair of a caller's connection."""

    def __init__(self, caller: _Caller) -> None:
        self._caller: Optional[_Caller] = caller
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Back to the caller."""
        if self._caller is not None:
            self._caller.write(data)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        """Called by the loop."""
        if self._caller is not None:
            self._caller.ended()

    def write(self, data: bytes) -> None:
        """To the server."""
        self._transport.write(data)

    def pause(self, paused: bool) -> None:
        """Take nothing more from the server while the router reads slowly."""
        if paused:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def detach(self) -> None:
        """Close without telling the caller, who has another pair now."""
        self._caller = None
        self.close()

    def close(self) -> None:
        """The caller is gone."""
        if self._transport is not None:
            self._transport.close()


def _route(told: Dict[str, Any], port: int) -> Route:
    return Route(str(told.get("path") or "/"), int(told.get("port") or port))


def _written(request: Request, path: str, upgrade: bool) -> bytes:
    """The request as the server gets it."""
    target = path + ("?" + request.query if request.query else "")
    lines = ["{} {} HTTP/1.1".format(request.method, target)]
    lines += ["{}: {}".format(name, value) for name, value in request.headers if upgrade or name not in _DROPPED]
    if not upgrade:
        lines.append("content-length: {}".format(len(request.body)))
        lines.append("connection: " + ("keep-alive" if request.keep_alive else "close"))
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + request.body


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as trial:
        trial.settimeout(0.5)
        return trial.connect_ex(("127.0.0.1", port)) == 0
