"""Requests passed on to a server of a job, and its answers back: nothing of ours goes there, nothing of its power comes here.

Credentials of this server are taken off, and so are the headers by which an answer could act for the whole of this origin.
A websocket is passed on as bytes once both sides have agreed to it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from zaffre.api.sessions import COOKIE
from zaffre.core.errors import Forbidden, NotBuilt, Unavailable

if TYPE_CHECKING:  # weight: a client and all it imports, for servers whose jobs have no services
    import httpx

UPGRADE = "zaffre.upgrade"
"""The extension of a request's scope that hands its connection over (``server/tunnels.py``)."""
_OFF = frozenset(
    b"authorization connection keep-alive proxy-authorization proxy-connection te trailer transfer-encoding upgrade cookie"
    b" x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-prefix forwarded expect".split()
)
_OFF_BACK = frozenset(
    b"connection keep-alive transfer-encoding upgrade trailer server date content-length service-worker-allowed"
    b" set-cookie location strict-transport-security clear-site-data access-control-allow-origin"
    b" access-control-allow-credentials".split()
)
_ATTRIBUTES = re.compile(r";\s*(?:path|domain)=[^;]*", re.IGNORECASE)
_AS_IS = "/:@!$&'()*+,;=~-._"
"""Characters of a path that are not escaped."""
_LONGEST_HEAD = 64 * 1024
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Listener:
    """Where to pass it on to."""

    at: str
    """A port of this machine, or the path of a socket."""
    prefix: str
    """The path here that stands for its root."""
    under_prefix: bool
    """Whether it expects that path in front of its own."""


async def passed_on(request: Request, listener: Listener, path: str) -> Response:
    """The answer of the server behind ``listener`` to a request for its ``path``."""
    target = _target(request, listener, path)
    if request.headers.get("upgrade", "").lower() == "websocket":
        return await _upgraded(request, listener, target)
    import httpx  # noqa: PLC0415 - weight

    uds = None if listener.at.isdigit() else listener.at
    authority = f"127.0.0.1:{listener.at}" if uds is None else "service"
    client = httpx.AsyncClient(
        transport=httpx.AsyncHTTPTransport(uds=uds), timeout=httpx.Timeout(None, connect=_PATIENCE), trust_env=False
    )
    try:
        sent = client.build_request(
            request.method, f"http://{authority}{target}", headers=_headers(request, listener), content=_body(request)
        )
        answer = await client.send(sent, stream=True, follow_redirects=False)
    except httpx.HTTPError as error:
        await client.aclose()
        raise _silent(listener) from error
    made = StreamingResponse(_pieces(client, answer), answer.status_code)
    made.raw_headers = list(_back(answer.headers.raw, request, listener))
    return made


def _target(request: Request, listener: Listener, path: str) -> str:
    query = bytes(request.scope.get("query_string", b"")).decode("latin-1")
    own = listener.prefix if listener.under_prefix else ""
    return f"{own}/{quote(path, safe=_AS_IS)}" + (f"?{query}" if query else "")


def _headers(request: Request, listener: Listener) -> list[tuple[bytes, bytes]]:
    """What the client sent, less what is meant for this server."""
    found = [(name, value) for name, value in request.headers.raw if name.lower() not in _OFF]
    kept = [part.strip() for part in request.headers.get("cookie", "").split(";")]
    cookies = "; ".join(part for part in kept if part and part.partition("=")[0] != COOKIE)
    if cookies:
        found.append((b"cookie", cookies.encode("latin-1")))
    return [
        *found,
        (b"x-forwarded-prefix", listener.prefix.encode()),
        (b"x-forwarded-proto", request.url.scheme.encode()),
    ]


def _body(request: Request) -> AsyncIterator[bytes] | None:
    has_one = "content-length" in request.headers or "transfer-encoding" in request.headers
    return request.stream() if has_one else None


async def _pieces(client: httpx.AsyncClient, answer: httpx.Response) -> AsyncIterator[bytes]:
    """As they come and as they are, compressed or not."""
    try:
        async for piece in answer.aiter_raw():
            yield piece
    finally:
        await answer.aclose()
        await client.aclose()


def _back(
    headers: Sequence[tuple[bytes, bytes]], request: Request, listener: Listener
) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers:
        low = name.lower()
        if low not in _OFF_BACK:
            yield low, value
        elif low == b"set-cookie" and (cookie := _cookie(value.decode("latin-1"), listener)):
            yield low, cookie.encode("latin-1")
        elif low == b"location" and (place := _location(value.decode("latin-1"), request, listener)):
            yield low, place.encode("latin-1")


def _cookie(text: str, listener: Listener) -> str:
    """For this service alone; none that would stand in for a log-in here."""
    if text.partition("=")[0].strip() == COOKIE:
        return ""
    return f"{_ATTRIBUTES.sub('', text)}; Path={listener.prefix}/"


def _location(text: str, request: Request, listener: Listener) -> str:
    """A place of the same service; nobody is sent anywhere else from here."""
    found = urlsplit(text)
    own = {"", request.headers.get("host", ""), f"127.0.0.1:{listener.at}", f"localhost:{listener.at}", "service"}
    if found.netloc not in own or found.scheme not in ("", "http", "https"):
        return ""
    place = found._replace(scheme="", netloc="").geturl()
    if not place.startswith("/"):
        return place
    return place if place.startswith(f"{listener.prefix}/") else f"{listener.prefix}/{place.lstrip('/')}"


async def _upgraded(request: Request, listener: Listener, target: str) -> Response:
    """Both sides agree, and from then on bytes go to and fro without being looked at."""
    handover = request.scope.get("extensions", {}).get(UPGRADE)
    if handover is None:
        raise NotBuilt("There are no websockets over this kind of connection.", target=listener.prefix)
    try:
        async with asyncio.timeout(_PATIENCE):
            reader, writer = await _connected(listener)
            head = [f"{request.method} {target} HTTP/1.1".encode(), b"connection: Upgrade", b"upgrade: websocket"]
            head += [name + b": " + value for name, value in _headers(request, listener)]
            writer.write(b"\r\n".join(head) + b"\r\n\r\n")
            told = await reader.readuntil(b"\r\n\r\n")
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise _silent(listener) from error
    status, *lines = told.decode("latin-1").rstrip().split("\r\n")
    if status.split(" ")[1:2] != ["101"]:
        writer.close()
        raise Forbidden("the service refused a websocket", target=listener.prefix)
    pairs = [(name.strip().encode("latin-1"), value.strip().encode("latin-1")) for name, _, value in _split(lines)]
    return _Handover(handover, [*_back(pairs, request, listener)], (reader, writer))


def _split(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    return (line.partition(":") for line in lines)


async def _connected(listener: Listener) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if listener.at.isdigit():
        return await asyncio.open_connection("127.0.0.1", int(listener.at), limit=_LONGEST_HEAD)
    return await asyncio.open_unix_connection(listener.at, limit=_LONGEST_HEAD)


class _Handover(Response):
    """Not an answer: the end of HTTP on this connection."""

    def __init__(self, handover: Any, headers: list[tuple[bytes, bytes]], far: tuple[Any, Any]) -> None:
        super().__init__(status_code=101)
        self._handover = handover
        self._head = headers
        self._far = far

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the connection over; returns when one side has closed it."""
        del scope, receive, send
        await self._handover(self._head, *self._far)


def _silent(listener: Listener) -> Unavailable:
    return Unavailable("the service does not answer; it may have just ended", target=listener.prefix)
