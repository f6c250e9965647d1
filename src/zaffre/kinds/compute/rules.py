"""A compute here is a number of nodes: tasks of this machine that may run at once."""

from __future__ import annotations

from typing import Any

from zaffre.core.draft import Draft, Lookup, Prepared
from zaffre.core.errors import Invalid, NotBuilt, Problem

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
    most, least = spec.max_instances or 1, spec.min_instances or 0
    if least > most:
        told = f"min_instances is {least}, more than max_instances, which is {most}"
        raise Invalid([Problem(told, field="min_instances")])
    state: dict[str, Any] = {"provisioning_state": "Succeeded"}
    return Prepared(spec, state)
