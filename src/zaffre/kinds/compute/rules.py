"""A compute here is a number of nodes: tasks of this machine that may run at once; what is attached is kept, not used yet."""

from __future__ import annotations

import re
from typing import Any

from zaffre.core import queues, sizes
from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict, Invalid, NotBuilt, Problem
from zaffre.core.resource import Resource
from zaffre.kinds.compute.parts import nodes
from zaffre.kinds.compute.parts.nodes import Held

BUILT_IN = queues.BUILT_IN
ATTACHED = {
    "kubernetes": re.compile(
        r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.(containerservice/managedclusters"
        r"|kubernetes/connectedclusters)/[^/]+",
        re.IGNORECASE,
    ),
    "virtualmachine": re.compile(
        r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.compute/virtualmachines/[^/]+", re.IGNORECASE
    ),
}
_TYPICAL = {
    "kubernetes": "Microsoft.ContainerService/managedClusters or Microsoft.Kubernetes/connectedClusters",
    "virtualmachine": "Microsoft.Compute/virtualMachines",
}


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Ready at once: nodes come and go with the jobs. Whoever waits for the compute is told of the change."""
    del lookup
    spec, key = draft.spec, draft.key
    if key.name in BUILT_IN:
        told = f"{key.name!r} is built in and always there"
        raise Invalid([Problem(told, field="name", hint="choose another name")])
    if draft.existing is not None and draft.existing.spec.get("type") != spec.type:
        raise Conflict(f"Compute {key.name!r} is of another type; delete it first.", target="type")
    if spec.type == "synapsespark":
        raise NotBuilt("Zaffre cannot use computes of type synapsespark yet.", target="type")
    state: dict[str, Any] = {"provisioning_state": "Succeeded", "notes": _notes(spec.size)}
    if spec.type in ATTACHED:
        return Prepared(spec, {**state, **_attached(spec)})
    if spec.ssh_settings is not None and (spec.ssh_settings.admin_password or spec.ssh_settings.ssh_private_key_file):
        told = "nodes of a local cluster are processes of this machine, which nobody logs in to; no password is kept"
        raise Invalid([Problem(told, field="ssh_settings", hint="leave out ssh_settings")])
    if draft.existing is None and spec.type == "computeinstance":
        state["state"] = "Running"
    return Prepared(spec, state, work=(work_key(key.workspace, key.name),) if draft.existing is not None else ())


def work_key(workspace: str, name: str) -> str:
    """The work item that calls up those who wait for a compute."""
    return f"compute:{workspace}/{name}"


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """The built-in one stays, and so does one that jobs still wait for or run on."""
    key = resource.key
    if key.name in BUILT_IN:
        raise Conflict(f"Compute {key.name!r} is built in and cannot be deleted.", target=key.name)
    job = lookup.open_run(key.workspace, key.name)
    if job is not None:
        told = f"Compute {key.name!r} is in use by job {job!r}; let it end, or: zaffre job cancel -n {job}"
        raise Conflict(told, target=key.name)
    return Removal()


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """The state without the engine's own notes in it."""
    shown = {name: value for name, value in resource.state.items() if name not in ("idle_nodes", "notes")}
    shown["notes"] = resource.state.get("notes") or []
    if resource.spec.get("type") == "amlcompute":
        held, idle = lookup.nodes(resource)
        spec = resource.spec
        least, most = int(spec.get("min_instances") or 0), int(spec.get("max_instances") or 1)
        found = nodes.nodes([Held(*one) for one in held], idle, least, most)
        shown |= {"allocation_state": "Steady", "current_node_count": len(found), "target_node_count": len(found)}
        shown["node_state_counts"] = nodes.counts(found)
    return shown


def _notes(size: str | None) -> list[str]:
    """What is to be told of a size; one that is not in the table is taken all the same."""
    if not size or sizes.find(size) is not None:
        return []
    near = sizes.near(size)
    hint = f"; near it: {', '.join(near)}" if near else ""
    return [f"{size} is not a size whose processors and memory are known here, so it sets no limits{hint}"]


def _attached(spec: Any) -> dict[str, Any]:
    """What is kept of something attached; a password is not."""
    if not spec.resource_id or not ATTACHED[spec.type].fullmatch(spec.resource_id):
        told = f"expected the resource id of a {_TYPICAL[spec.type]}, found {spec.resource_id!r}"
        raise Invalid([Problem(told, field="resource_id", hint="/subscriptions/…/resourceGroups/…/providers/…")])
    notes = [f"kept; this version runs no jobs on computes of type {spec.type}"]
    if spec.ssh_settings is not None and (spec.ssh_settings.admin_password or spec.ssh_settings.ssh_private_key_file):
        spec.ssh_settings = spec.ssh_settings.model_copy(update={"admin_password": None, "ssh_private_key_file": None})
        notes.append("the password (or private key) was not kept: nothing here would use it")
    return {"is_attached": True, "notes": notes}
