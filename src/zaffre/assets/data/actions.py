"""The verbs that only data has: preview, profile, verify. And what an asset with expectations goes through when created."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.control.tabular import Asset, Tabular, asset_of
from zaffre.core.errors import Invalid, NotFound, Problem
from zaffre.core.registry import kinds
from zaffre.core.times import iso

_ROOT = "/api/v1/workspaces/{ws}/data/{name}/versions/{version}"
MOST_ROWS = 1000


class Actions:
    """Routes beside those every kind has."""

    def __init__(self, operations: Operations, tabular: Tabular) -> None:
        self._operations = operations
        self._tabular = tabular
        self._kind = kinds()["data"]

    def routes(self) -> list[Route]:
        """Below each version."""
        read, write = Permission.READ, Permission.WRITE
        return [
            Route("GET", _ROOT + "/preview", read, self._preview, "Show the first rows of data", tag="data"),
            Route("GET", _ROOT + "/profile", read, self._profile, "Show every column of data in numbers", tag="data"),
            Route(
                "GET", _ROOT + "/verification", read, self._verify, "Show how data meets its expectations", tag="data"
            ),
            Route("POST", _ROOT + "/verify", write, self._verify, "Hold data against its expectations", tag="data"),
        ]

    async def inspect(self, target: Target, spec: Any, actor: str) -> None:
        """Before an asset is created: data that breaks its expectations is refused, and nothing is registered."""
        if spec.expectations is None or spec.verify == "never" or await self._exists(target):
            return
        prepared = await self._operations.check(target, spec, actor)
        name = f"{target.name}:{target.version}" if target.version else target.name
        await self._tabular.require(Asset(target.workspace, name, prepared.spec))

    async def _exists(self, target: Target) -> bool:
        if target.is_container:
            return False
        try:
            await self._operations.get(target)
        except NotFound:
            return False
        return True

    async def _preview(self, call: Call) -> Response:
        rows = call.number("rows", 20, least=1, most=MOST_ROWS)
        skip = call.number("skip", 0)
        return _told(await self._tabular.preview(await self._asset(call), rows, skip))

    async def _profile(self, call: Call) -> Response:
        return _told(await self._tabular.profile(await self._asset(call)))

    async def _verify(self, call: Call) -> Response:
        asset = await self._asset(call)
        if asset.spec.expectations is None:
            told = f"data {asset.name} has no expectations"
            raise Invalid([Problem(told, "expectations", hint="a data document says them under expectations:")])
        return _told(await self._tabular.verify(asset))

    async def _asset(self, call: Call) -> Asset:
        target = Target(self._kind, call.path("ws").lower(), call.path("name"), "", call.path("version"))
        return asset_of((await self._operations.get(target)).resource)


def _told(answer: dict[str, Any]) -> Response:
    shown = {key: value for key, value in answer.items() if key not in ("peak_memory",)}
    return reply({**shown, "made_at": iso(answer["made_at"])})
