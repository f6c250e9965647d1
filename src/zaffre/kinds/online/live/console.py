"""An endpoint asked by somebody who looks at its page: the router is another origin, which no page of ours may reach.

What is asked goes through the router like any other request, so it is balanced, counted and refused as there. The answer
is the model's: it comes back as something that a browser neither runs nor takes for a page.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from starlette.responses import Response, StreamingResponse

from zaffre.api import strict_json
from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.control.keypairs import Keys
from zaffre.core.errors import Invalid, Unavailable
from zaffre.core.resource import Key, Resource
from zaffre.kinds.online import rules
from zaffre.kinds.online.parts.routing import audience
from zaffre.store import Store, Tx, resources

if TYPE_CHECKING:  # weight: a client and all it imports, for servers whose endpoints nobody looks at
    import httpx

_ROOT = "/api/v1/workspaces/{ws}/online-endpoints/{name}"
_NAMED = "azureml-model-deployment"
_TAKEN = ("content-type", "accept", _NAMED)
"""What of a request's head is passed on."""
_TOKEN_SECONDS = 60.0
_CONNECT_SECONDS = 10.0
_SWAGGER_SECONDS = 10.0
_HARMLESS = {"cache-control": "no-store", "content-security-policy": "sandbox"}

Sign = Callable[[str, str, float], str]
"""(subject, audience, seconds) → signed token."""


class Console:
    """The routes by which a page asks an endpoint."""

    def __init__(self, store: Store, keys: Keys, sign: Sign) -> None:
        self._store = store
        self._keys = keys
        self._sign = sign

    def routes(self) -> list[Route]:
        """The native routes."""
        write, read, tag = Permission.WRITE, Permission.READ, "online-endpoint"
        return [
            Route("POST", _ROOT + "/score", write, self._score, "Ask an endpoint, as its callers do", tag=tag),
            Route("GET", _ROOT + "/swagger", read, self._swagger, "Show what an endpoint can be asked", tag=tag),
        ]

    async def _score(self, call: Call) -> Response:
        client, sent = await self._prepared(call, "score", await call.request.body())
        import httpx  # noqa: PLC0415 - weight

        try:
            answer = await client.send(sent, stream=True, follow_redirects=False)
        except httpx.HTTPError as error:
            await client.aclose()
            raise _silent(call) from error
        kept = {name: answer.headers[name] for name in ("content-type", _NAMED) if name in answer.headers}
        return StreamingResponse(_pieces(client, answer), answer.status_code, headers={**kept, **_HARMLESS})

    async def _swagger(self, call: Call) -> Response:
        client, sent = await self._prepared(call, "swagger.json")
        import httpx  # noqa: PLC0415 - weight

        try:
            answer = await client.send(sent, follow_redirects=False)
        except httpx.HTTPError as error:
            raise _silent(call) from error
        finally:
            await client.aclose()
        return reply(_read(answer.content) if answer.is_success else {}, headers=_HARMLESS)

    async def _prepared(self, call: Call, page: str, body: bytes | None = None) -> tuple[httpx.AsyncClient, Any]:
        """A client and what it is to send, under a key that the page never sees."""
        import httpx  # noqa: PLC0415 - weight

        key = Key(call.path("ws").lower(), rules.ENDPOINT, call.path("name"))
        address, token = await self._store.write(lambda tx: self._way(tx, key, call.actor))
        heads = {name: value for name in _TAKEN if (value := call.request.headers.get(name))}
        if named := call.query("deployment"):
            heads[_NAMED] = named
        patience = httpx.Timeout(None if body is not None else _SWAGGER_SECONDS, connect=_CONNECT_SECONDS)
        client = httpx.AsyncClient(timeout=patience, trust_env=False)
        url = f"{address.removesuffix('/score')}/{page}"
        method = "GET" if body is None else "POST"
        return client, client.build_request(
            method, url, headers={**heads, "authorization": f"Bearer {token}"}, content=body
        )

    def _way(self, tx: Tx, key: Key, actor: str) -> tuple[str, str]:
        found: Resource = resources.require(tx, key)
        address = str(found.state.get("scoring_uri") or "")
        if not address:
            raise Unavailable(f"Endpoint {key.name!r} has no address yet; it is being made.", target=key.name)
        if found.spec.get("auth_mode", "key") == "key":
            return address, self._keys.ensure(tx, key.workspace, key.name)["primary"]
        return address, self._sign(actor, audience(key.workspace, key.name), _TOKEN_SECONDS)


async def _pieces(client: httpx.AsyncClient, answer: httpx.Response) -> AsyncIterator[bytes]:
    """As they come; what was compressed is not any more."""
    try:
        async for piece in answer.aiter_bytes():
            yield piece
    finally:
        await answer.aclose()
        await client.aclose()


def _read(content: bytes) -> Any:
    try:
        return strict_json.read(content)
    except Invalid:
        return {}


def _silent(call: Call) -> Unavailable:
    return Unavailable(f"Endpoint {call.path('name')!r} does not answer: its router is not there.", target="router")
