"""A route as data: method, path, permission, model and sentence in one place, so that none can be forgotten.

The routing table, the permission check and the OpenAPI document are all made from the same list.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as StarletteRoute
from starlette.types import Receive, Scope, Send

from zaffre.api import strict_json
from zaffre.api.auth import Permission, Principal
from zaffre.core import refs
from zaffre.core.errors import Invalid, NotBuilt, Problem, Unauthenticated, WrongMethod

_NUMBER = re.compile(r"-?[0-9]{1,18}")
Answer = Callable[["Call"], Awaitable[Response]]


class Call:
    """One request, as a route's function sees it."""

    __slots__ = ("_principal", "request")

    def __init__(self, request: Request, principal: Principal | None) -> None:
        self.request = request
        self._principal = principal

    @property
    def principal(self) -> Principal:
        """Who asks; only routes that are open to nobody in particular have none."""
        if self._principal is None:
            raise Unauthenticated("This needs a token.")
        return self._principal

    @property
    def actor(self) -> str:
        """Who asks, for events and history."""
        return self.principal.subject

    @property
    def owner(self) -> str:
        """Who owns what the address is about, as keys have it: a workspace, or a registry."""
        registry = self.request.path_params.get("registry")
        return refs.registry_owner(str(registry)) if registry else str(self.request.path_params.get("ws", "")).lower()

    def path(self, name: str) -> str:
        """A path parameter, decoded once."""
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        """A query parameter, or ``default``."""
        return self.request.query_params.get(name, default)

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2**53) -> int:
        """A whole-number query parameter within bounds."""
        text = self.query(name)
        if not text:
            return default
        if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
            raise Invalid([Problem(f"expected a whole number from {least} to {most}, found {text!r}", field=name)])
        return int(text)

    async def json(self) -> Any:
        """The body, parsed; refuses what is not JSON sent as JSON, or is read differently by others."""
        kind = self.request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise Invalid(f"Content-Type is {kind!r}; send application/json.")
        body = await self.request.body()
        return strict_json.read(body) if body else {}

    async def object(self) -> dict[str, Any]:
        """The body, which must be a JSON object."""
        body = await self.json()
        if not isinstance(body, dict):
            raise Invalid(f"The body must be a JSON object; found {type(body).__name__}.")
        return cast(dict[str, Any], body)


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    permission: Permission
    call: Answer
    summary: str
    body: Callable[[], type[Any]] | None = None
    """Gives the model of the request body, for the OpenAPI document."""
    success: int = 200
    tag: str = ""
    answer: str = ""
    """Name of the answer's schema in the OpenAPI document, e.g. ``Resource``."""
    asks_again: bool = False
    """A catch-all: what it calls requires the permission once more, for the workspace that it finds in the path."""
    place: str = "ws"
    """The path's parameter that names the workspace."""


def mounted(routes: list[Route]) -> list[StarletteRoute]:
    """The routes as Starlette serves them, each behind its permission."""
    methods: dict[str, set[str]] = {}
    for route in routes:
        methods.setdefault(route.path, set()).update({route.method, *(("HEAD",) if route.method == "GET" else ())})
    return [_Mounted(route, frozenset(methods[route.path])) for route in routes]


class _Mounted(StarletteRoute):
    """A route that tells, in our own shape, which methods its path answers."""

    def __init__(self, route: Route, allowed: frozenset[str]) -> None:
        super().__init__(route.path, _checked(route), methods=[route.method])
        self._allowed = allowed

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse a method that the path does not have."""
        if self.methods and scope["method"] not in self.methods:
            told = f"{scope['path']} does not answer {scope['method']}; it answers {', '.join(sorted(self._allowed))}."
            raise WrongMethod(told, allowed=sorted(self._allowed), target=scope["path"])
        await self.app(scope, receive, send)


def reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> JSONResponse:
    """A JSON answer."""
    return JSONResponse(body, status_code=status, headers=headers)


async def unknown(scope: Scope, receive: Receive, send: Send) -> None:
    """What a path without a route answers: precise, and never an empty 404."""
    del receive, send
    if scope["type"] == "http":
        raise NotBuilt(f"Zaffre does not have the operation {scope['method']} {scope['path']}.", target=scope["path"])


def _checked(route: Route) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        principal: Principal | None = getattr(request.state, "principal", None)
        if route.permission is not Permission.OPEN:
            if principal is None:
                raise Unauthenticated("This needs a token.")
            workspace = principal.workspace if route.asks_again else request.path_params.get(route.place)
            principal.require(route.permission, workspace and workspace.lower(), request.path_params.get("name"))
        return await route.call(Call(request, principal))

    return serve
