"""What an endpoint and a deployment must be before they are accepted, and what a deployment needs done next. Pure."""

from __future__ import annotations

from typing import Any

from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict, Invalid, Problem
from zaffre.core.resource import Key, Resource
from zaffre.core.status import Provisioning
from zaffre.kinds.online.parts import deciding, planning
from zaffre.kinds.online.parts.intents import Facts, Intent, Wait
from zaffre.kinds.online.parts.wish import Wish

ENDPOINT = "online-endpoint"
DEPLOYMENT = "online-deployment"
WATCH = 10.0
"""Seconds between looks at a deployment that serves and sends no news."""


def endpoint_work(workspace: str, endpoint: str) -> str:
    """The work item of an endpoint."""
    return f"{ENDPOINT}:{workspace}/{endpoint}"


def deployment_work(workspace: str, endpoint: str, deployment: str) -> str:
    """The work item of a deployment."""
    return f"{DEPLOYMENT}:{workspace}/{endpoint}/{deployment}"


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Check an endpoint or a deployment against what it names."""
    return _endpoint(draft, lookup) if draft.key.kind == ENDPOINT else _deployment(draft, lookup)


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """Facts in the words of Azure's command line; nothing of the inner book-keeping."""
    state = resource.state
    shown: dict[str, Any] = {
        "provisioning_state": state.get("provisioning_state", Provisioning.CREATING.value),
        "reason": state.get("reason"),
    }
    if resource.key.kind == ENDPOINT:
        shown |= {name: state[name] for name in ("scoring_uri", "openapi_uri") if name in state}
        children = lookup.children(resource.key.workspace, DEPLOYMENT, resource.key.name)
        shown["deployments"] = sorted(child.key.name for child in children)
        return shown
    serving = state.get("serving")
    shown["replicas"] = [
        {"id": f"{one['generation']}-{one['number']}", "stage": one["stage"]} for one in state.get("replicas", [])
    ]
    shown["serving_generation"] = serving["generation"] if serving else None
    wish = wish_in(state)
    shown["environment"] = wish.content.environment.get("name", "") if wish is not None else ""
    return shown


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """Both go in steps: out of the routing table first. A deployment with traffic cannot go."""
    key = resource.key
    going = {"provisioning_state": Provisioning.DELETING.value}
    if key.kind == ENDPOINT:
        children = lookup.children(key.workspace, DEPLOYMENT, key.name)
        work = [deployment_work(key.workspace, key.name, child.key.name) for child in children]
        return Removal(False, going, (endpoint_work(key.workspace, key.name), *work))
    endpoint = lookup.resource(Key(key.workspace, ENDPOINT, key.parent))
    traffic: dict[str, int] = (endpoint.spec.get("traffic") if endpoint is not None else None) or {}
    share = traffic.get(key.name, 0)
    if share:
        told = (
            f"Deployment {key.name!r} has {share} % of the traffic. Give it to another first: "
            f"zaffre online-endpoint update -n {key.parent} --traffic {key.name}=0"
        )
        raise Conflict(told, target=key.name)
    return Removal(False, going, (deployment_work(key.workspace, key.parent, key.name),))


def decide(facts: Facts) -> list[Intent]:
    """What to do next for one deployment; asked again whenever something changed.

    A new generation gets traffic only when all its replicas are ready; then the older one is drained and stopped. One
    that fails changes nothing for callers.
    """
    if facts.deleting:
        return deciding.soonest(deciding.leaving(facts))
    intents: list[Intent] = []
    if not facts.settled:
        same = facts.serving is not None and facts.serving.generation == facts.wish.generation
        intents += deciding.resizing(facts) if same else deciding.rolling_out(facts)
    intents += deciding.caring(facts)
    intents += deciding.superseded(facts)
    return deciding.soonest([*intents, Wait(facts.now + WATCH)])


def _endpoint(draft: Draft, lookup: Lookup) -> Prepared:
    spec, key = draft.spec, draft.key
    _refuse_deleting(draft)
    known = {child.key.name for child in lookup.children(key.workspace, DEPLOYMENT, key.name)}
    wrong = planning.traffic_problems(spec.traffic or {}, known, "traffic")
    wrong += planning.mirror_problems(spec, known)
    if wrong:
        raise Invalid(wrong)
    moving = Provisioning.CREATING if draft.existing is None else Provisioning.UPDATING
    state = {"provisioning_state": moving.value, "reason": None}
    return Prepared(spec, state, work=(endpoint_work(key.workspace, key.name),))


def _deployment(draft: Draft, lookup: Lookup) -> Prepared:
    spec, key = draft.spec, draft.key
    _refuse_deleting(draft)
    if spec.endpoint_name and spec.endpoint_name.lower() != key.parent.lower():
        told = f"expected {key.parent}, the endpoint in the address, found {spec.endpoint_name}"
        raise Invalid([Problem(told, field="endpoint_name")])
    wish = planning.wish_of(draft, lookup)
    moving = Provisioning.CREATING if draft.existing is None else Provisioning.UPDATING
    state = {"wish": wish.to_json(), "provisioning_state": moving.value, "reason": None, "build": None}
    return Prepared(spec, state, work=(deployment_work(key.workspace, key.parent, key.name),))


def _refuse_deleting(draft: Draft) -> None:
    if draft.existing is not None and draft.existing.state.get("provisioning_state") == Provisioning.DELETING.value:
        raise Conflict(f"{draft.key.name!r} is being deleted; create it again when it is gone.", target=draft.key.name)


def wish_in(state: dict[str, Any], name: str = "wish") -> Wish | None:
    """A wish on record."""
    stored = state.get(name)
    return Wish.from_json(stored) if stored else None
