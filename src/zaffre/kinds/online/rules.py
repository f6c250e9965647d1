"""What an endpoint and a deployment must be before they are accepted, and what a deployment needs done next. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict, Invalid, Problem
from zaffre.core.resource import Key, Resource
from zaffre.core.status import Provisioning
from zaffre.core.times import iso
from zaffre.kinds.online.parts import deciding, planning, plans, rollout, routing
from zaffre.kinds.online.parts.intents import Facts, Intent, Wait
from zaffre.kinds.online.parts.scaling import Memory
from zaffre.kinds.online.parts.wish import Wish

ENDPOINT = "online-endpoint"
DEPLOYMENT = "online-deployment"
WATCH, LEAST_WATCH = 10.0, 1.0
"""Seconds between looks at a deployment that serves and sends no news, at most and at least."""


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
        return shown | _rollout(resource)
    serving = state.get("serving")
    shown["replicas"] = [
        {"id": f"{one['generation']}-{one['number']}", "stage": one["stage"]} for one in state.get("replicas", [])
    ]
    if state.get("last_end"):
        shown["last_end"] = state["last_end"]
    shown["serving_generation"] = serving["generation"] if serving else None
    wish = wish_in(state)
    shown |= _scaling(state) | _trial(state)
    shown["environment"] = wish.content.environment.get("name", "") if wish is not None else ""
    return shown


def _rollout(endpoint: Resource) -> dict[str, Any]:
    """The last shift of traffic, step by step, and what holds now."""
    stored = endpoint.state.get("rollout")
    if not stored:
        return {}
    told = {name: value for name, value in stored.items() if name not in ("baselines", "since", "step")}
    moving = routing.moves(endpoint.state)
    if moving is not None:
        told["step"] = f"{moving.step + 1} of {len(plans.plan(endpoint.spec).stops(moving))}"
    shown: dict[str, Any] = {"rollout": told, "live_traffic": routing.live_traffic(endpoint)}
    return shown | (
        {"message": endpoint.state["message"]} if moving is not None and endpoint.state.get("message") else {}
    )


def _trial(state: Mapping[str, Any]) -> dict[str, Any]:
    """The last update that was held against guardrails, step by step, and what its next revision gets now."""
    stored = state.get("trial")
    if not stored:
        return {}
    return {"rollout": {name: value for name, value in stored.items() if name not in ("baselines", "since")}}


def _scaling(state: Mapping[str, Any]) -> dict[str, Any]:
    """How many are wanted, since when and why; how long the first answer takes where none runs."""
    wish = wish_in(dict(state), "serving")
    if wish is None or not wish.policy.moves:
        return {}
    memory = Memory.from_json(state.get("scaling"))
    told: dict[str, Any] = {"wanted": wish.count, "min": wish.policy.least, "max": wish.policy.most}
    told |= {"why": memory.why or None, "since": iso(memory.changed_at) if memory.changed_at else None}
    if wish.policy.least == 0:
        told |= {"wakes_in_seconds": state.get("start_seconds"), "asleep": wish.count == 0}
    return {"scaling": told}


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """Both go in steps: out of the routing table first. A deployment with traffic cannot go."""
    key = resource.key
    going = {"provisioning_state": Provisioning.DELETING.value}
    if key.kind == ENDPOINT:
        children = lookup.children(key.workspace, DEPLOYMENT, key.name)
        work = [deployment_work(key.workspace, key.name, child.key.name) for child in children]
        return Removal(False, going, (endpoint_work(key.workspace, key.name), *work))
    endpoint = lookup.resource(Key(key.workspace, ENDPOINT, key.parent))
    share = _share(endpoint, key.name)
    if share:
        told = (
            f"Deployment {key.name!r} has {share} % of the traffic. Give it to another first: "
            f"zaffre online-endpoint update -n {key.parent} --traffic {key.name}=0"
        )
        raise Conflict(told, target=key.name)
    return Removal(False, going, (deployment_work(key.workspace, key.parent, key.name),))


def _share(endpoint: Resource | None, name: str) -> int:
    """What a deployment gets or, in a rollout under way, is to get or would get back."""
    if endpoint is None:
        return 0
    said: dict[str, int] = endpoint.spec.get("traffic") or {}
    moving = routing.moves(endpoint.state)
    before: Mapping[str, int] = moving.before if moving is not None else {}
    known = (said, routing.live_traffic(endpoint), before)
    return max(one.get(name, 0) for one in known)


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
    intents += deciding.scaled(facts)
    intents += deciding.caring(facts)
    intents += deciding.superseded(facts)
    return deciding.soonest([*intents, Wait(facts.now + _pause(facts))])


def _pause(facts: Facts) -> float:
    """Until the next look at a deployment that sends no news: its liveness probe may want it sooner."""
    probing = (facts.serving or facts.wish).liveness
    return max(LEAST_WATCH, min(WATCH, probing.period))


def _endpoint(draft: Draft, lookup: Lookup) -> Prepared:
    spec, key = draft.spec, draft.key
    _refuse_deleting(draft)
    known = {child.key.name for child in lookup.children(key.workspace, DEPLOYMENT, key.name)}
    wrong = planning.traffic_problems(spec.traffic or {}, known, "traffic")
    wrong += planning.mirror_problems(spec, known) + plans.problems(spec)
    if wrong:
        raise Invalid(wrong)
    moving = Provisioning.CREATING if draft.existing is None else Provisioning.UPDATING
    state = {"provisioning_state": moving.value, "reason": None, **_shift(draft)}
    return Prepared(spec, state, work=(endpoint_work(key.workspace, key.name),))


def _shift(draft: Draft) -> dict[str, Any]:
    """Traffic that is to move in steps begins from what holds now; a way back to what held before is taken at once."""
    if draft.existing is None:
        return {}
    under_way = routing.moves(draft.existing.state)
    before, target = _shares(routing.live_traffic(draft.existing)), _shares(draft.spec.traffic or {})
    if under_way is not None and target == _shares(under_way.target):
        return {}
    stopped = replace(under_way, status=rollout.STOPPED, reason="other traffic was asked for") if under_way else None
    kept = {"rollout": stopped.to_json()} if stopped is not None else {}
    back = under_way is not None and target == _shares(under_way.before)
    if back or before == target or not target or not plans.moves(draft.spec.to_stored(), bool(before)):
        return kept
    progress = rollout.Progress(before, target, started_at=draft.now)
    return {"rollout": progress.to_json()} if progress.growing else kept


def _shares(traffic: Mapping[str, int]) -> dict[str, int]:
    return {name: share for name, share in traffic.items() if share}


def _deployment(draft: Draft, lookup: Lookup) -> Prepared:
    spec, key = draft.spec, draft.key
    _refuse_deleting(draft)
    if spec.endpoint_name and spec.endpoint_name.lower() != key.parent.lower():
        told = f"expected {key.parent}, the endpoint in the address, found {spec.endpoint_name}"
        raise Invalid([Problem(told, field="endpoint_name")])
    wish = planning.wish_of(draft, lookup)
    moving = Provisioning.CREATING if draft.existing is None else Provisioning.UPDATING
    state = {"wish": wish.to_json(), "provisioning_state": moving.value, "reason": None, "build": None, "trial": None}
    return Prepared(spec, state, work=(deployment_work(key.workspace, key.parent, key.name),))


def _refuse_deleting(draft: Draft) -> None:
    if draft.existing is not None and draft.existing.state.get("provisioning_state") == Provisioning.DELETING.value:
        raise Conflict(f"{draft.key.name!r} is being deleted; create it again when it is gone.", target=draft.key.name)


def wish_in(state: dict[str, Any], name: str = "wish") -> Wish | None:
    """A wish on record."""
    stored = state.get(name)
    return Wish.from_json(stored) if stored else None
