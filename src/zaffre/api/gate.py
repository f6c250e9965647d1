"""The one gate in front of every route: nothing passes without a known caller, but for a reviewed list.

It stands at the ASGI layer, so a route, a verb, a websocket or a mounted application added later is closed until it is
opened here. It also refuses what no route should see: foreign hosts and origins (DNS rebinding, cross-site requests),
bodies past the limit, and paths that are not what they seem.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zaffre.api.auth import Principal, Tokens
from zaffre.api.errors import answer
from zaffre.core.errors import Forbidden, Invalid, NotBuilt, TooLarge, Unauthenticated, ZaffreError

OPEN_PATHS = frozenset({"/livez", "/readyz"})
"""Every path that answers without a credential. A test holds this list; adding to it needs a review."""


LONGEST_LENGTH = 18
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_STRANGE = re.compile(r"[\x00-\x1f\x7f\\\\]|(?:^|/)\.{1,2}(?:/|$)")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may weigh."""

    body: int = 64 * 1024 * 1024
    """Bytes of a body where no larger limit is set."""
    large_body: int = 64 * 1024**3
    """Bytes of an upload pack or artifact."""
    large_paths: re.Pattern[str] = re.compile(
        r"/api/v1/workspaces/[^/]+/uploads/[^/]+/pack|/mlflow/(?:[^/]+/)*?(?:api|ajax-api)/2\.0/mlflow-artifacts/.+"
    )
    """The paths that carry files."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The hosts we answer to, as host or host:port, lower case."""

    hosts: frozenset[str]
    limits: Limits = field(default_factory=Limits)


class Gate:
    """ASGI middleware; sets ``scope["state"]["principal"]`` and ``["request_id"]``."""

    def __init__(
        self, app: ASGIApp, tokens: Tokens, trust: Trust, run_is_open: Callable[[str], Awaitable[bool]]
    ) -> None:
        self._app = app
        self._tokens = tokens
        self._trust = trust
        self._run_is_open = run_is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then pass on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = secrets.token_hex(8)
        try:
            self._refuse_foreign(scope)
            _refuse_strange(scope)
            limit = self._check_size(scope)
            principal = await self._identify(scope)
        except ZaffreError as error:
            await _refuse(scope, receive, send, error)
            return
        if scope["type"] == "websocket":
            # There is no route for one; the day there is, this line goes, and the route stands behind the checks above.
            await _refuse(scope, receive, send, NotBuilt("There are no websockets here."))
            return
        state["principal"] = principal
        await self._app(scope, _limited(receive, limit), _stamped(send, state["request_id"]))

    def _refuse_foreign(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if len(headers.getlist("host")) != 1 or host not in self._trust.hosts:
            raise Invalid(f"Host {host!r} is not one this server answers to; server.hosts in its settings lists them.")
        origins = headers.getlist("origin")
        if any(urlsplit(origin).netloc.lower() not in self._trust.hosts for origin in origins):
            raise Forbidden("Requests from pages of another origin are refused.")
        is_unsafe = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if is_unsafe and not origins and headers.get("sec-fetch-site", "none") in ("cross-site", "same-site"):
            raise Forbidden("Requests from pages of another origin are refused.")

    def _check_size(self, scope: Scope) -> int:
        limits = self._trust.limits
        limit = limits.large_body if limits.large_paths.fullmatch(scope["path"]) else limits.body
        length = Headers(scope=scope).get("content-length")
        if length is not None and not (length.isascii() and length.isdigit()):
            raise Invalid("Content-Length is not a number.")
        if length is not None and (len(length) > LONGEST_LENGTH or int(length) > limit):
            raise TooLarge(f"The body may be at most {limit} bytes.")
        return limit

    async def _identify(self, scope: Scope) -> Principal | None:
        if scope["type"] == "http" and scope["path"] in OPEN_PATHS and scope["method"] in ("GET", "HEAD"):
            return None
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated(
                "This needs a token: Authorization: Bearer <token>. zaffre status shows where yours is."
            )
        principal = self._tokens.check(token.strip())
        if principal.run is not None and not await self._run_is_open(principal.run):
            raise Unauthenticated("The run this token belonged to has ended.")
        return principal


def _refuse_strange(scope: Scope) -> None:
    """Refuse a path that is not what it seems: decoded once, it must be plain text without a way up."""
    path: str = scope["path"]
    raw: bytes = scope.get("raw_path") or b""
    try:
        unquote_to_bytes(raw.partition(b"?")[0]).decode()
    except UnicodeDecodeError:
        raise Invalid("The path is not UTF-8.") from None
    if _STRANGE.search(path):
        raise Invalid("The path holds a character, or a part such as .., that no path of this server has.")


async def _refuse(scope: Scope, receive: Receive, send: Send, error: ZaffreError) -> None:
    if scope["type"] == "websocket":
        await receive()  # the connect
        await send({"type": "websocket.close", "code": 1008, "reason": error.code})
        return
    await answer(error)(scope, receive, _stamped(send, scope["state"]["request_id"]))


def _limited(receive: Receive, limit: int) -> Receive:
    """Counts a body that came without a length, or lied about it."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge(f"The body may be at most {limit} bytes.")
        return message

    return counted


def _stamped(send: Send, request_id: str) -> Send:
    """Adds the request's id and the headers every answer carries."""
    extra = [
        (b"x-ms-request-id", request_id.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"x-frame-options", b"DENY"),
    ]

    async def stamped(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return stamped
