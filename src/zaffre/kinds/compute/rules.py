"""A compute here is a number of nodes: tasks of this machine that may run at once."""

from __future__ import annotations

from typing import Any

from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict, Invalid, NotBuilt, Problem
from zaffre.core.resource import Resource

BUILT_IN = ("local", "serverless")


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Clusters are ready at once; their nodes come and go with the jobs."""
    del lookup
    spec = draft.spec
    if draft.key.name in BUILT_IN:
        told = f"{draft.key.name!r} is built in and always there"
        raise Invalid([Problem(told, field="name", hint="choose another name")])
    if spec.type != "amlcompute":
        raise NotBuilt(f"Zaffre cannot make computes of type {spec.type} yet; amlcompute is built.", target="type")
    if spec.ssh_settings is not None and (spec.ssh_settings.admin_password or spec.ssh_settings.ssh_private_key_file):
        told = "nodes of a local cluster are processes of this machine, which nobody logs in to; no password is kept"
        raise Invalid([Problem(told, field="ssh_settings", hint="leave out ssh_settings")])
    if draft.existing is not None and draft.existing.spec.get("type") != spec.type:
        raise Conflict(f"Compute {draft.key.name!r} is of another type; delete it first.", target="type")
    state: dict[str, Any] = {"provisioning_state": "Succeeded"}
    return Prepared(spec, state)


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
