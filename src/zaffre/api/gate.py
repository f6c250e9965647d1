"""The one gate in front of every route: nothing passes without a known caller, but for a reviewed list.

It stands at the ASGI layer, so a route, a verb, a websocket or a mounted application added later is closed until it is
opened here. It also refuses what no route should see: foreign hosts and origins (DNS rebinding, cross-site requests),
bodies past the limit, and paths that are not what they seem.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zaffre.api.addresses import is_page
from zaffre.api.audiences import wanted
from zaffre.api.auth import TO_ASK, Principal, Tokens
from zaffre.api.errors import answer
from zaffre.api.login import login_address
from zaffre.api.members import MARK, Members
from zaffre.api.sessions import COOKIE, Sessions
from zaffre.core.errors import Forbidden, Invalid, NotBuilt, TooLarge, TooSlow, Unauthenticated, ZaffreError

OPEN_PATHS = {
    "/livez": ("GET", "HEAD"),
    "/readyz": ("GET", "HEAD"),
    "/login": ("GET", "HEAD", "POST"),
    "/metadata/endpoints": ("GET", "HEAD"),
    "/discovery": ("GET", "HEAD"),
}
"""Every path that answers without a credential, and to what. A test holds this list; adding to it needs a review."""
OPEN_SCHEMAS = re.compile(r"/schemas/[A-Za-z0-9-]{1,64}\.schema\.json")
"""JSON Schemas of documents, which editors fetch without a token: the same for everybody, known from the source."""
OPEN_IDENTITY = re.compile(r"/[A-Za-z0-9.-]{1,64}/(?:v2\.0/)?\.well-known/openid-configuration")
"""Where tokens are to be had: the same for everybody who can see the address."""
OPEN_TOKENS = re.compile(r"/[A-Za-z0-9.-]{1,64}/oauth2/(?:v2\.0/)?token")
"""Where a secret in a form is exchanged for a token, as at ``/login``: the form is the credential."""
IDENTITY_PATH = "/msi/token"
"""Where the secret comes in a header of its own, as on an Azure machine with a managed identity."""
BEHALF_PATH = "/msi/behalf"
"""Where a job's secret comes in the address: Azure's client asks for a token on a user's behalf with nothing else."""
SECRET = "key"  # noqa: S105 - the name of a query parameter

READING = re.compile(
    r"/logout"
    r"|/api/v1/workspaces/[^/]+/(?:drafts:(?:read|write)|environments:(?:diff|inspect)|schedules:times"
    r"|online-endpoints/[^/]+/(?:deployments/[^/]+/)?diff)"
    r"|/(?:history|data)/v1\.0/.+"
    r"|/mlflow/(?:[^/]+/)*?(?:api|ajax-api)/[23]\.0/mlflow/"
    r"(?:runs|experiments|logged-models|registered-models|model-versions|traces)/search"
)
"""What a reader may ask by a method that elsewhere changes something; a permission stands behind each, as behind all."""

LONGEST_LENGTH = 18
AGAIN_SECONDS = 5.0
"""How long an answer may go on after the personal token it was asked with was revoked."""
PROGRESS = 64 * 1024
_FORBIDDEN = 403
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
        r"/api/v1/workspaces/[^/]+/(?:uploads/[^/]+/pack|datastores/[^/]+/files/.+)"
        r"|/api/v1/registries/[^/]+/uploads/[^/]+/pack"
        r"|/mlflow/(?:[^/]+/)*?(?:api|ajax-api)/2\.0/mlflow-artifacts/.+"
        r"|/storage\.(?:blob|dfs|file)\.core\.windows\.net/.+"
    )
    """The paths that carry files."""
    patience: float = 30.0
    """Seconds of waiting for a body's next ``PROGRESS`` bytes, or its end."""


class Signed(Protocol):
    """Requests that carry their own proof: signed URLs of storage."""

    def principal(self, scope: Scope) -> Principal | None:
        """Who such a request is of; None for any other. Raises ``Forbidden`` for a proof that is not ours."""
        ...

    def refused(self, scope: Scope, error: ZaffreError) -> ASGIApp | None:
        """The answer to a storage client that may not pass; None for any other."""
        ...


@dataclass(frozen=True, slots=True)
class Trust:
    """The hosts we answer to, as host or host:port, lower case."""

    hosts: frozenset[str]
    limits: Limits = field(default_factory=Limits)
    signed: Signed | None = None
    members: Members | None = None


class Gate:
    """ASGI middleware; sets ``scope["state"]["principal"]`` and ``["request_id"]``."""

    def __init__(
        self,
        app: ASGIApp,
        tokens: Tokens,
        trust: Trust,
        run_is_open: Callable[[str], Awaitable[bool]],
        sessions: Sessions | None = None,
    ) -> None:
        self._app = app
        self._signed = trust.signed
        self._members = trust.members
        self._tokens = tokens
        self._trust = trust
        self._run_is_open = run_is_open
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then pass on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = secrets.token_hex(8)
        principal: Principal | None = None
        try:
            self._refuse_foreign(scope)
            _refuse_strange(scope)
            limit = self._check_size(scope)
            principal = await self._identify(scope)
            _refuse_change(principal, scope)
        except ZaffreError as error:
            await self._noted(principal, scope, error.status)
            if isinstance(error, Unauthenticated) and _is_page(scope):
                query = scope["query_string"].decode("latin-1")
                await RedirectResponse(login_address(scope["path"], query), 303)(scope, receive, send)
            else:
                told = self._signed.refused(scope, error) if self._signed is not None else None
                await _refuse(scope, receive, send, error, told)
            return
        if scope["type"] == "websocket":
            # There is no route for one; the day there is, this line goes, and the route stands behind the checks above.
            await _refuse(scope, receive, send, NotBuilt("There are no websockets here."))
            return
        state["principal"] = principal
        heard, stamped = _limited(receive, limit, self._trust.limits.patience), _stamped(send, state)
        if principal is not None and principal.token and scope["method"] in _SAFE:
            await self._served(principal, scope, heard, stamped)
        else:
            await self._app(scope, heard, stamped)
        await self._noted(principal, scope, state.get("answered", 0))

    async def _served(self, principal: Principal, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer somebody with a personal token; a stream that is still open when the token is revoked is cut off."""
        serving = asyncio.ensure_future(self._app(scope, receive, send))
        try:
            while not serving.done():
                await asyncio.wait({serving}, timeout=AGAIN_SECONDS)
                if not serving.done():
                    await self._open(principal)
        except Unauthenticated:
            return
        finally:
            serving.cancel()  # nothing, where it has ended
        await serving

    async def _noted(self, principal: Principal | None, scope: Scope, status: int) -> None:
        """A refusal of somebody who is known is part of the audit log."""
        if status == _FORBIDDEN and principal is not None and principal.role is not None and self._members is not None:
            await self._members.denied(principal, scope["method"], scope["path"], status)

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
        if _is_open(scope):
            return None
        if self._signed is not None and (found := self._signed.principal(scope)) is not None:
            return found
        headers = Headers(scope=scope)
        if shown := _secret(scope, headers):
            return await self._asks(shown)
        if "authorization" not in headers and (found := self._logged_in(scope, headers)) is not None:
            return await self._open(found)
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated(
                "This needs a token: Authorization: Bearer <token>. zaffre status shows where yours is."
            )
        return await self._bears(token.strip(), scope["path"])

    async def _asks(self, secret: str) -> Principal:
        """Who shows the secret for which tokens are made; it opens nothing else."""
        if secret.startswith(MARK) and self._members is not None:
            return replace(await self._members.shown(secret), permissions=TO_ASK)
        return await self._open(self._tokens.identified(secret))

    async def _bears(self, token: str, path: str) -> Principal:
        if token.startswith(MARK) and self._members is not None:
            return await self._members.shown(token)
        return await self._open(self._tokens.check(token, wanted(path)))

    async def _open(self, principal: Principal) -> Principal:
        """The same, where it is no run or one that has not ended; whoever a personal token stands for now."""
        if principal.token:
            if self._members is None:
                raise Unauthenticated("There are no personal tokens here.")
            return await self._members.named(principal.token)
        if principal.run is not None and not await self._run_is_open(principal.run):
            raise Unauthenticated("The run this token belonged to has ended.")
        return principal

    def _logged_in(self, scope: Scope, headers: Headers) -> Principal | None:
        """Who a browser's cookie belongs to. It counts on pages of this server only: another port is another program."""
        found = self._sessions.check(_cookie(headers)) if self._sessions is not None else None
        if found is None or scope["type"] != "http":
            return None
        site = headers.get("sec-fetch-site", "")
        if scope["method"] in _SAFE:
            return found if site in ("", "same-origin", "none") or headers.get("sec-fetch-mode") == "navigate" else None
        if "origin" not in headers and site != "same-origin":
            raise Forbidden("A cookie counts on pages of this server only, and this request names no origin.")
        return found


def _refuse_change(principal: Principal | None, scope: Scope) -> None:
    """Whoever only reads changes nothing, in whatever spelling and whatever is mounted behind the gate."""
    if principal is None or not principal.only_reads or scope["type"] != "http" or scope["method"] in _SAFE:
        return
    if not READING.fullmatch(scope["path"]):
        told = f"{principal.subject} is a reader here: readers see everything but secrets, and change nothing."
        raise Forbidden(f"{told} An owner gives roles in Settings, or with zaffre person set.")


def _secret(scope: Scope, headers: Headers) -> str:
    """The secret for which tokens are made, as Azure's libraries show it; two of them name its header differently."""
    if scope["path"] == IDENTITY_PATH:
        return headers.get("x-identity-header", "") or headers.get("secret", "")
    if scope["path"] == BEHALF_PATH:
        return parse_qs(scope.get("query_string", b"").decode("latin-1")).get(SECRET, [""])[0]
    return ""


def _is_open(scope: Scope) -> bool:
    """Whether a request needs no credential."""
    if scope["type"] != "http":
        return False
    if OPEN_SCHEMAS.fullmatch(scope["path"]) or OPEN_IDENTITY.fullmatch(scope["path"]):
        return scope["method"] in ("GET", "HEAD")
    if OPEN_TOKENS.fullmatch(scope["path"]):
        return scope["method"] == "POST"
    return scope["method"] in OPEN_PATHS.get(scope["path"], ())


def _is_page(scope: Scope) -> bool:
    """Whether somebody opened a page in a browser, who is shown the log-in instead of an error."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    return is_page(str(scope["path"])) and "text/html" in headers.get("accept", "") and "authorization" not in headers


def _cookie(headers: Headers) -> str:
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


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


async def _refuse(scope: Scope, receive: Receive, send: Send, error: ZaffreError, told: ASGIApp | None = None) -> None:
    if scope["type"] == "websocket":
        await receive()  # the connect
        await send({"type": "websocket.close", "code": 1008, "reason": error.code})
        return
    await (told or answer(error, scope["path"]))(scope, receive, _stamped(send, scope["state"]))


def _limited(receive: Receive, limit: int, patience: float) -> Receive:
    """Counts a body that came without a length, or lied about it, and gives up on one that does not come on."""
    seen, waited, expected = 0, 0.0, PROGRESS
    whole = False

    async def counted() -> Message:
        nonlocal seen, waited, expected, whole
        if whole:
            return await receive()  # nothing but the news that the client has gone
        now = asyncio.get_running_loop().time
        began = now()
        try:
            async with asyncio.timeout(patience - waited):
                message = await receive()
        except TimeoutError:
            told = f"The body must bring its next {PROGRESS} bytes, or its end, within {patience:g} seconds."
            raise TooSlow(f"{told} server.body_patience sets that.") from None
        waited += now() - began
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if seen > limit:
                raise TooLarge(f"The body may be at most {limit} bytes.")
            if seen >= expected:
                waited, expected = 0.0, seen + PROGRESS
        return message

    return counted


def _stamped(send: Send, state: dict[str, Any]) -> Send:
    """Adds the request's id and the headers every answer carries; the answer's status is kept in ``state``."""
    extra = [
        (b"x-ms-request-id", str(state["request_id"]).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"x-frame-options", b"DENY"),
    ]

    async def stamped(message: Message) -> None:
        if message["type"] == "http.response.start":
            state["answered"] = message["status"]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return stamped
