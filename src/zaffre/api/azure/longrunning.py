"""Work that goes on after its answer: where it is asked about, and what is told there.

Nothing is kept: an operation's id says what was asked of which resource, and the resource itself says how far that is.
So an answer is right after a restart of the server too.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.azure.origin import origin
from zaffre.api.operations import Operations, Target, View
from zaffre.api.route import Call, reply
from zaffre.core.errors import NotFound
from zaffre.core.plain import is_list, mapping_of
from zaffre.core.registry import Kind
from zaffre.core.status import FINAL, Provisioning
from zaffre.core.times import iso

RETRY_AFTER = "1"
"""Seconds; without it the official client waits for thirty between two questions."""
_WHERE = "/providers/Microsoft.MachineLearningServices/locations/{location}"
_LOCATION = "local"
_PARTS = 6
_LONGEST = 2000
_FINAL_WORDS = frozenset(status.value for status in FINAL)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an operation is."""

    status: str = "InProgress"
    error: dict[str, Any] | None = None


class LongRunning:
    """Makes the addresses of operations, and answers there."""

    def __init__(self, operations: Operations, kinds: Mapping[str, Kind]) -> None:
        self._operations = operations
        self._kinds = kinds

    def verbs(self) -> list[Verb]:
        """Where clients ask; the second address answers with what the operation came to."""
        return [
            verb("GET", f"{_WHERE}/mfeOperationsStatus/{{operation}}", self._status),
            verb("GET", f"{_WHERE}/mfeOperationResults/{{operation}}", self._result),
        ]

    def headers(self, call: Call, target: Target, word: str) -> dict[str, str]:
        """What an answer carries whose work goes on; ``word`` is what was asked."""
        subscription = call.request.path_params.get("sub") or call.request.url.path.strip("/").split("/")[1]
        root = f"{origin(call)}/subscriptions/{subscription}{_WHERE.format(location=_LOCATION)}"
        id_ = _written(target, word)
        query = (
            f"?api-version={call.query('api-version')}" if call.query("api-version").replace("-", "").isalnum() else ""
        )
        return {
            "Azure-AsyncOperation": f"{root}/mfeOperationsStatus/{id_}{query}",
            "Location": f"{root}/mfeOperationResults/{id_}{query}",
            "Retry-After": RETRY_AFTER,
        }

    async def _status(self, call: Call) -> Response:
        target, word = self._asked(call)
        standing, view = await self._standing(target, word)
        answer: dict[str, Any] = {
            "id": call.request.url.path,
            "name": call.path("operation"),
            "status": standing.status,
            "startTime": iso(view.resource.modified_at) if view is not None else None,
            "endTime": None,
            "error": standing.error,
        }
        under_way = standing.status == "InProgress"
        return reply(answer, headers={"Retry-After": RETRY_AFTER} if under_way else None)

    async def _result(self, call: Call) -> Response:
        """202 while it goes on, 204 when there is nothing to show for it, as of a delete."""
        target, word = self._asked(call)
        standing, _ = await self._standing(target, word)
        if standing.status == "InProgress":
            return Response(status_code=202, headers={"Location": str(call.request.url), "Retry-After": RETRY_AFTER})
        return Response(status_code=204) if word == "delete" else reply({"status": standing.status})

    def _asked(self, call: Call) -> tuple[Target, str]:
        """What an id stands for, and whether the caller may see it."""
        target, word = _read(call.path("operation"), self._kinds)
        call.principal.require(Permission.READ, target.workspace or target.name)
        return target, word

    async def _standing(self, target: Target, word: str) -> tuple[Standing, View | None]:
        try:
            view = await self._operations.get(target)
        except NotFound:
            if word == "delete":
                return Standing("Succeeded"), None
            raise
        return _standing(view.state, word), view


def _standing(state: Mapping[str, Any], word: str) -> Standing:
    """How far what was asked is, by the state of what it was asked of."""
    moving = state.get("provisioning_state")
    if word == "cancel":
        return Standing("Succeeded" if state.get("status") in _FINAL_WORDS else "InProgress")
    if word == "delete":
        return Standing()
    if word == "put" and moving == Provisioning.FAILED.value:
        reason = mapping_of(state.get("reason"))
        error = {"code": reason.get("code") or "Failed", "message": reason.get("message") or "It failed."}
        return Standing("Failed", error)
    if word == "put" and moving not in (None, Provisioning.SUCCEEDED.value):
        return Standing()
    return Standing("Succeeded")


def _written(target: Target, word: str) -> str:
    """An operation as a word for an address."""
    said = [target.kind.name, target.workspace, target.parent, target.name, target.version, word]
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def _read(id_: str, kinds: Mapping[str, Kind]) -> tuple[Target, str]:
    absent = NotFound(f"There is no operation {id_[:80]!r}.", target="operation")
    if len(id_) > _LONGEST:
        raise absent
    try:
        said: Any = json.loads(base64.urlsafe_b64decode(id_ + "=" * (-len(id_) % 4)))
    except (binascii.Error, ValueError):
        raise absent from None
    if not is_list(said) or len(said) != _PARTS or not all(isinstance(part, str) for part in said):
        raise absent
    kind, workspace, parent, name, version, word = said
    if kind not in kinds:
        raise absent
    return Target(kinds[kind], workspace, name, parent, version), word
