"""The verbs that only endpoints have: show and regenerate keys, make a token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.control.keypairs import Keys
from zaffre.core.errors import Conflict
from zaffre.core.events import Event, EventType
from zaffre.core.ports import Clock
from zaffre.core.resource import Key, Resource, absent
from zaffre.kinds.online import rules
from zaffre.kinds.online.parts.routing import audience
from zaffre.kinds.online.reconcile import Table
from zaffre.serving.table import name_of
from zaffre.store import Store, Tx, resources

_ROOT = "/api/v1/workspaces/{ws}/online-endpoints/{name}"
_ARM = "/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{ws}/onlineEndpoints/{name}"
TOKEN_SECONDS = 12 * 3600.0
REFRESH_SECONDS = 8 * 3600.0
_UNKEPT = {"cache-control": "no-store"}

MakeToken = Callable[[str, str, float], str]
"""(subject, audience, seconds) → signed token."""


class Actions:
    """Routes beside those every kind has; the methods without ``Call`` serve the ARM spelling too."""

    def __init__(self, store: Store, clock: Clock, keys: Keys, table: Table) -> None:
        self._store = store
        self._clock = clock
        self._keys = keys
        self._table = table
        self.make_token: MakeToken | None = None
        """Set by the composition root; without it endpoints with tokens cannot be called."""
        self.metrics: Callable[[str], Awaitable[str]] | None = None
        """Set by the composition root: Prometheus text of an endpoint, by its name in the routing table."""

    def routes(self) -> list[Route]:
        """The native routes."""
        counts = "An endpoint's requests, latencies and replicas, as Prometheus reads them"
        keys = _ROOT + "/keys"
        secret = Permission.SECRETS
        return [
            Route("POST", keys, secret, self._show_keys, "Show an endpoint's keys", tag="online-endpoint"),
            Route("POST", keys + "/regenerate", secret, self._regenerate, "Replace a key", tag="online-endpoint"),
            Route("POST", _ROOT + "/token", secret, self._show_token, "Make a token", tag="online-endpoint"),
            Route("GET", _ROOT + "/metrics", Permission.READ, self._show_metrics, counts, tag="online-endpoint"),
        ]

    def arm_verbs(self) -> list[Verb]:
        """The same as the official client asks for them."""
        return [
            verb("POST", _ARM + "/listKeys", self._arm_keys),
            verb("POST", _ARM + "/regenerateKeys", self._arm_regenerate),
            verb("POST", _ARM + "/token", self._arm_token),
        ]

    async def keys(self, workspace: str, endpoint: str, actor: str) -> dict[str, str]:
        """``primary`` and ``secondary``; reading them is an event."""
        key = Key(workspace, rules.ENDPOINT, endpoint)

        def read(tx: Tx) -> dict[str, str]:
            found = _require(tx, key)
            if found.spec.get("auth_mode", "key") != "key":
                told = (
                    f"Endpoint {endpoint!r} is called with tokens (auth_mode {found.spec['auth_mode']}), not with keys."
                )
                raise Conflict(told, target=endpoint)
            tx.emit(Event(EventType.SECRET_READ, workspace, key.path, actor))
            return self._keys.ensure(tx, workspace, endpoint)

        return await self._store.write(read)

    async def regenerate(self, workspace: str, endpoint: str, which: str, value: str = "") -> None:
        """Replace a key; the old one is refused once this returns."""
        key = Key(workspace, rules.ENDPOINT, endpoint)

        def write(tx: Tx) -> None:
            _require(tx, key)
            self._keys.regenerate(tx, workspace, endpoint, which, value)

        await self._store.write(write)
        await self._table.follow(key)

    async def token(self, workspace: str, endpoint: str, actor: str) -> dict[str, Any]:
        """A token for endpoints with ``aml_token`` or ``aad_token``."""
        key = Key(workspace, rules.ENDPOINT, endpoint)
        found = await self._store.read(lambda tx: _require(tx, key))
        if found.spec.get("auth_mode", "key") == "key" or self.make_token is None:
            raise Conflict(f"Endpoint {endpoint!r} is called with keys; ask for its keys.", target=endpoint)
        now = self._clock.now()
        made = self.make_token(actor, audience(workspace, endpoint), TOKEN_SECONDS)
        return {
            "access_token": made,
            "expiry_time_utc": int(now + TOKEN_SECONDS),
            "refresh_after_time_utc": int(now + REFRESH_SECONDS),
        }

    async def _show_keys(self, call: Call) -> Response:
        found = await self.keys(_workspace(call), call.path("name"), call.actor)
        return reply({f"{name}_key": value for name, value in found.items()}, headers=_UNKEPT)

    async def _regenerate(self, call: Call) -> Response:
        body = await call.object()
        which, value = str(body.get("key_type") or ""), str(body.get("key_value") or "")
        await self.regenerate(_workspace(call), call.path("name"), which, value)
        return await self._show_keys(call)

    async def _show_token(self, call: Call) -> Response:
        found = await self.token(_workspace(call), call.path("name"), call.actor)
        return reply(found, headers=_UNKEPT)

    async def _show_metrics(self, call: Call) -> Response:
        workspace, endpoint = _workspace(call), call.path("name")
        await self._store.read(lambda tx: _require(tx, Key(workspace, rules.ENDPOINT, endpoint)))
        text = await self.metrics(name_of(workspace, endpoint)) if self.metrics is not None else ""
        return Response(text, media_type="text/plain; version=0.0.4", headers=_UNKEPT)

    async def _arm_keys(self, call: Call) -> Response:
        call.principal.require(Permission.SECRETS, _workspace(call))
        found = await self.keys(_workspace(call), call.path("name"), call.actor)
        return reply({f"{name}Key": value for name, value in found.items()}, headers=_UNKEPT)

    async def _arm_regenerate(self, call: Call) -> Response:
        call.principal.require(Permission.SECRETS, _workspace(call))
        body = await call.object()
        which, value = str(body.get("keyType") or ""), str(body.get("keyValue") or "")
        held = await self.keys(_workspace(call), call.path("name"), call.actor)
        # The official client sends the present key along and expects another one.
        await self.regenerate(_workspace(call), call.path("name"), which, "" if value in held.values() else value)
        return Response(status_code=202)

    async def _arm_token(self, call: Call) -> Response:
        call.principal.require(Permission.SECRETS, _workspace(call))
        found = await self.token(_workspace(call), call.path("name"), call.actor)
        answer = {
            "accessToken": found["access_token"],
            "expiryTimeUtc": int(found["expiry_time_utc"]),
            "refreshAfterTimeUtc": int(found["refresh_after_time_utc"]),
            "tokenType": "Bearer",
        }
        return reply(answer, headers=_UNKEPT)


def _workspace(call: Call) -> str:
    return call.path("ws").lower()


def _require(tx: Tx, key: Key) -> Resource:
    found = resources.get(tx, key)
    if found is None:
        raise absent(key.kind, key.name, key.workspace)
    return found
