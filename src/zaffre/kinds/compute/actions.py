"""Start, stop and restart: what Azure lets one do with a compute instance. Clusters have no such switch."""

from __future__ import annotations

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route
from zaffre.core.errors import NotBuilt
from zaffre.core.registry import kinds

_ROOT = "/api/v1/workspaces/{ws}/computes/{name}"


class Actions:
    """Routes beside those every kind has."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def routes(self) -> list[Route]:
        """One a verb."""
        return [
            Route(
                "POST",
                f"{_ROOT}/{verb}",
                Permission.WRITE,
                self._refuse,
                f"{verb.capitalize()} a compute",
                tag="compute",
            )
            for verb in ("start", "stop", "restart")
        ]

    async def _refuse(self, call: Call) -> Response:
        name = call.path("name")
        await self._operations.get(Target(kinds()["compute"], call.path("ws").lower(), name))
        verb = call.request.url.path.rpartition("/")[2]
        told = f"Compute {name!r} is a cluster: there is nothing to {verb}, its nodes come and go with the jobs."
        raise NotBuilt(f"{told} Compute instances, which one can {verb}, are not built in this version.", target=name)
