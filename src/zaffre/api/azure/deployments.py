"""Workspaces as Azure's resource manager makes them: from a template, of which the parameters say all that counts here.

Beside it what clients ask the resource manager on the way: the group and its location, workspaces of a subscription, the
keys of a workspace's storage.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, reply
from zaffre.core.errors import Invalid, NotBuilt, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.ports import Clock
from zaffre.core.refs import Scope
from zaffre.core.registry import Kind
from zaffre.core.times import iso

_GROUP = "/resourceGroups/{group}"
_DEPLOYMENT = _GROUP + "/providers/Microsoft.Resources/deployments/{name}"
_WORKSPACE = _GROUP + "/providers/Microsoft.MachineLearningServices/workspaces/{ws}"
_LOCATION = "local"
_PLAIN = {
    "description": "description",
    "friendlyName": "friendlyName",
    "publicNetworkAccess": "publicNetworkAccess",
    "imageBuildCompute": "imageBuildCompute",
    "primaryUserAssignedIdentity": "primaryUserAssignedIdentity",
    "systemDatastoresAuthMode": "systemDatastoresAuthMode",
    "managedNetwork": "managedNetwork",
    "workspace_hub": "hubResourceId",
}
"""Parameters of the template, and the properties of a workspace that they are."""
_KINDS = {"default": "", "hub": "hub", "project": "project"}


class Deployments:
    """The verbs of the resource manager beside those of our own kinds."""

    def __init__(self, operations: Operations, workspace: Kind, account_key: str, clock: Clock) -> None:
        self._operations = operations
        self._workspace = workspace
        self._account_key = account_key
        self._clock = clock

    def verbs(self) -> list[Verb]:
        """All below ``/subscriptions/{sub}``."""
        return [
            verb("GET", _GROUP, self._group),
            verb("PUT", _DEPLOYMENT, self._deploy),
            verb("GET", _DEPLOYMENT, self._deployed),
            verb("GET", _GROUP + "/deployments/{name}/operations", self._steps),
            verb("GET", _DEPLOYMENT + "/operations", self._steps),
            verb("POST", _WORKSPACE + "/listKeys", self._keys),
        ]

    async def _group(self, call: Call) -> Response:
        """Every group there is a name for: here they are parts of addresses and no more."""
        sub, group = call.path("sub"), call.path("group")
        id_ = f"/subscriptions/{sub}/resourceGroups/{group}"
        properties = {"provisioningState": "Succeeded"}
        return reply({"id": id_, "name": group, "location": _LOCATION, "tags": {}, "properties": properties})

    async def _deploy(self, call: Call) -> Response:
        asked = mapping_of((await call.object()).get("properties"))
        given = {name: mapping_of(one).get("value") for name, one in mapping_of(asked.get("parameters")).items()}
        name = str(given.get("workspaceName") or "")
        if not name:
            told = "Of templates only the one with which the official client makes a workspace is known here."
            raise NotBuilt(told, target="Microsoft.Resources/deployments")
        call.principal.require(Permission.MANAGE, name.lower())
        place = Scope(call.path("sub"), call.path("group"), name)
        spec = self._workspace.model().from_arm(_workspace(given), scope=place)
        if problems := spec.check():
            raise Invalid(problems)
        await self._operations.put(Target(self._workspace, "", name.lower()), spec, call.actor)
        return reply(self._deployment(call))

    async def _deployed(self, call: Call) -> Response:
        """A deployment is over when it was asked for; nothing is kept of it but what it made."""
        return reply(self._deployment(call))

    async def _steps(self, call: Call) -> Response:
        del call
        return reply({"value": []})

    async def _keys(self, call: Call) -> Response:
        # The account's key opens the files of every workspace, for good.
        call.principal.require(Permission.MANAGE, None)
        await self._operations.get(Target(self._workspace, "", call.path("ws").lower()))
        sub, group = call.path("sub"), call.path("group")
        account = f"/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/storage"
        answer: dict[str, Any] = {
            "userStorageKey": self._account_key,
            "userStorageArmId": account,
            "appInsightsInstrumentationKey": None,
            "containerRegistryCredentials": {},
            "notebookAccessKeys": {},
        }
        return reply(answer, headers={"cache-control": "no-store"})

    def _deployment(self, call: Call) -> dict[str, Any]:
        sub, group, name = call.path("sub"), call.path("group"), call.path("name")
        id_ = f"/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.Resources/deployments/{name}"
        properties: dict[str, Any] = {
            "provisioningState": "Succeeded",
            "mode": "Incremental",
            "duration": "PT0S",
            "timestamp": iso(self._clock.now()),
            "correlationId": str(uuid.uuid5(uuid.NAMESPACE_URL, id_)),
            "outputs": {},
            "providers": [],
            "dependencies": [],
        }
        return {"id": id_, "name": name, "type": "Microsoft.Resources/deployments", "properties": properties}


def _workspace(given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as a workspace's body."""
    kind = str(given.get("kind") or "default").lower()
    if kind not in _KINDS:
        known = ", ".join(_KINDS)
        if kind == "featurestore":
            raise NotBuilt("Feature stores are not built in this version of Zaffre.", target="kind")
        raise Invalid([Problem(f"expected one of {known}, found {kind!r}", field="kind")])
    properties = {place: given[name] for name, place in _PLAIN.items() if given.get(name) not in (None, "", {})}
    return {
        "name": str(given["workspaceName"]).lower(),
        "location": given.get("location") or _LOCATION,
        "tags": {name: str(value) for name, value in mapping_of(given.get("tagValues")).items()},
        "properties": properties,
        **({"kind": _KINDS[kind]} if _KINDS[kind] else {}),
    }
