"""Start, stop and restart of a compute, its nodes, what there is of sizes and what is used, in both spellings.

A stopped compute starts no job: those that run go on to their end, those that wait go on waiting and say so.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.control.admission import Admission
from zaffre.control.rooms import idle_nodes
from zaffre.core import queues, sizes
from zaffre.core.errors import Conflict
from zaffre.core.registry import kinds
from zaffre.core.resource import Key, Resource
from zaffre.core.sizes import Size
from zaffre.kinds.compute.parts import nodes
from zaffre.kinds.compute.parts.nodes import Held, Node
from zaffre.kinds.compute.rules import BUILT_IN
from zaffre.store import Store, Tx, resources
from zaffre.store import queues as lines

_WS = "/api/v1/workspaces/{ws}"
_ROOT = _WS + "/computes/{name}"
_SUBSCRIPTION = "/providers/Microsoft.MachineLearningServices/locations/{location}"
_ARM = "/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{ws}/computes/{name}"
_MOST = 1000
_STATES = {"start": "Running", "stop": "Stopped", "restart": "Running"}


class Actions:
    """Routes beside those every kind has."""

    def __init__(self, store: Store, operations: Operations, admission: Admission) -> None:
        self._store = store
        self._operations = operations
        self._admission = admission

    def routes(self) -> list[Route]:
        """The native ones."""
        read, write = Permission.READ, Permission.WRITE
        found = [
            Route("GET", _ROOT + "/nodes", read, self._nodes, "List the nodes of a compute", tag="compute"),
            Route("GET", _WS + "/compute-sizes", read, self._sizes, "List sizes of nodes", tag="compute"),
            Route("GET", _WS + "/compute-usage", read, self._usage, "Show used nodes and quotas", tag="compute"),
        ]
        for name in _STATES:
            told = f"{name.capitalize()} a compute"
            found.append(Route("POST", f"{_ROOT}/{name}", write, self._operate, told, tag="compute"))
        return found

    def arm_verbs(self) -> list[Verb]:
        """The same as the official client asks for them."""
        return [
            *(verb("POST", f"{_ARM}/{name}", self._operate_arm) for name in _STATES),
            verb("POST", _ARM + "/listNodes", self._arm_nodes),
            verb("GET", _SUBSCRIPTION + "/vmSizes", self._arm_sizes),
            verb("GET", _SUBSCRIPTION + "/usages", self._arm_usages),
            verb("GET", _SUBSCRIPTION + "/quotas", self._arm_quotas),
        ]

    async def _operate(self, call: Call) -> Response:
        await self._switch(call)
        return Response(status_code=204)

    async def _operate_arm(self, call: Call) -> Response:
        await self._switch(call)
        return Response(status_code=202)

    async def _switch(self, call: Call) -> None:
        asked = call.request.url.path.rpartition("/")[2].lower()
        workspace, name = call.path("ws").lower(), call.path("name")
        if name in BUILT_IN:
            raise Conflict(f"Compute {name!r} is built in: it cannot be stopped, and so not be started.", target=name)

        def write(tx: Tx) -> None:
            found = resources.require(tx, Key(workspace, "compute", name))
            if found.state.get("is_attached"):
                told = f"Compute {name!r} is attached; it is started and stopped where it belongs."
                raise Conflict(told, target=name)
            resources.set_state(tx, found.key, {"state": _STATES[asked]})
            if _STATES[asked] == "Running":
                self._admission.call_up(tx, workspace, queues.line(workspace, name))

        await self._store.write(write)

    async def _nodes(self, call: Call) -> Response:
        found = await self._found(call)
        return reply({"value": nodes.told(call.path("name"), found)})

    async def _arm_nodes(self, call: Call) -> Response:
        answer = nodes.told(call.path("name"), await self._found(call))
        names = {"node_id": "nodeId", "node_state": "nodeState", "private_ip_address": "privateIpAddress"}
        names |= {"public_ip_address": "publicIpAddress", "port": "port", "run_id": "runId"}
        return reply({"nodes": [{names[key]: value for key, value in one.items()} for one in answer]})

    async def _found(self, call: Call) -> list[Node]:
        workspace, name = call.path("ws").lower(), call.path("name")
        if name in BUILT_IN:
            return await self._store.read(lambda tx: self._built_in(tx, workspace))
        target = Target(kinds()["compute"], workspace, name)
        resource = (await self._operations.get(target)).resource
        return await self._store.read(lambda tx: _nodes_of(tx, resource))

    def _built_in(self, tx: Tx, workspace: str) -> list[Node]:
        most = self._admission.rooms.of(tx, workspace, queues.LOCAL).slots
        return nodes.nodes(_held(tx, queues.LOCAL, workspace), 0, most, most)

    async def _sizes(self, call: Call) -> Response:
        del call
        return reply({"value": [_size(size) for size in sizes.SIZES.values()]})

    async def _arm_sizes(self, call: Call) -> Response:
        del call
        return reply({"value": [_arm_size(size) for size in sizes.SIZES.values()]})

    async def _usage(self, call: Call) -> Response:
        workspace = call.path("ws").lower()
        return reply({"value": await self._store.read(lambda tx: self._used(tx, workspace))})

    async def _arm_usages(self, call: Call) -> Response:
        return reply({"value": [_arm_usage(call.path("sub"), one) for one in await self._used_everywhere()]})

    async def _arm_quotas(self, call: Call) -> Response:
        """What may be used, without what is."""
        found = [_arm_usage(call.path("sub"), one) for one in await self._used_everywhere()]
        return reply({"value": [{key: said for key, said in one.items() if key != "currentValue"} for one in found]})

    async def _used_everywhere(self) -> list[dict[str, Any]]:
        def read(tx: Tx) -> list[dict[str, Any]]:
            every = resources.list(tx, resources.Query("", "workspace", view=resources.View.ALL, top=_MOST))
            return [one for workspace in every for one in self._used(tx, workspace.key.name)]

        return await self._store.read(read)

    def _used(self, tx: Tx, workspace: str) -> list[dict[str, Any]]:
        """The workspace's nodes against its quota, then each compute's against its own number."""
        rooms = self._admission.rooms
        every = rooms.lines(tx, workspace)
        total = _usage("nodes of the workspace", lines.occupied_by(tx, workspace, every), rooms.quota(workspace))
        return [
            {"workspace": workspace, **one}
            for one in (
                total,
                *(
                    _usage(
                        f"nodes of {queues.compute_of(line)}",
                        lines.occupied(tx, line),
                        rooms.of(tx, workspace, line).slots,
                    )
                    for line in every
                ),
            )
        ]


def _nodes_of(tx: Tx, resource: Resource) -> list[Node]:
    spec = resource.spec
    if spec.get("type") != "amlcompute":
        return []
    line = queues.line(resource.key.workspace, resource.key.name)
    idle = sum(count for _, count in idle_nodes(resource, tx.now))
    least, most = int(spec.get("min_instances") or 0), int(spec.get("max_instances") or 1)
    return nodes.nodes(_held(tx, line, resource.key.workspace), idle, least, most)


def _held(tx: Tx, line: str, workspace: str) -> list[Held]:
    """Names of other workspaces' jobs are theirs; on the machine's own line their nodes are seen, not their names."""
    found = lines.holding(tx, line, _MOST)
    return [Held(one.name if one.workspace == workspace else "other", one.status.value, one.slots) for one in found]


def _size(size: Size) -> dict[str, Any]:
    return {
        "name": size.name,
        "family": size.family,
        "v_cp_us": size.cores,
        "gpus": size.gpus,
        "memory_gb": size.memory / 1024**3,
        "max_resource_volume_mb": size.disk,
        "supported_compute_types": ["AmlCompute", "ComputeInstance"],
    }


def _arm_size(size: Size) -> dict[str, Any]:
    return {
        "name": size.name,
        "family": size.family,
        "vCPUs": size.cores,
        "gpus": size.gpus,
        "osVhdSizeMB": 1_047_552,
        "maxResourceVolumeMB": size.disk,
        "memoryGB": size.memory / 1024**3,
        "lowPriorityCapable": True,
        "premiumIO": False,
        "supportedComputeTypes": ["AmlCompute", "ComputeInstance"],
    }


def _usage(name: str, used: int, limit: int | None) -> dict[str, Any]:
    told = {"value": name.replace(" ", "_"), "localized_value": name}
    return {"name": told, "current_value": used, "limit": limit, "unit": "Count"}


def _arm_usage(subscription: str, one: dict[str, Any]) -> dict[str, Any]:
    name = one["name"]
    return {
        "id": f"/subscriptions/{subscription}/workspaces/{one['workspace']}/usages/{name['value']}",
        "type": "Microsoft.MachineLearningServices/workspaces/usages",
        "amlWorkspaceLocation": "local",
        "unit": "Count",
        "currentValue": one["current_value"],
        "limit": -1 if one["limit"] is None else one["limit"],
        "name": {"value": name["value"], "localizedValue": name["localized_value"]},
    }
