"""From what is on record to the routing table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zaffre.core.resource import Resource
from zaffre.core.status import Provisioning
from zaffre.kinds.online.parts import plans, rollout
from zaffre.kinds.online.parts.task import sockets
from zaffre.kinds.online.parts.wish import Place, Wish
from zaffre.serving import table

AAD_AUDIENCE = "https://ml.azure.com"
"""What Azure's clients ask a token for when an endpoint takes those of its directory; ours are signed by the same key."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What the router must know to tell callers apart."""

    key_hashes: tuple[str, ...]
    public_key: str
    """PEM; for endpoints with tokens."""


def endpoint(found: Resource, deployments: Iterable[Resource], trust: Trust) -> table.Endpoint:
    """One endpoint's part of the table."""
    traffic = live_traffic(found)
    mirror: dict[str, int] = found.spec.get("mirror_traffic") or {}
    below, plan = list(deployments), plans.plan(found.spec)
    sampled = sampling(found, any(tried(one.state) is not None for one in below))
    served: dict[str, table.Deployment] = {}
    for one in below:
        served |= _entries(one, sampled, plan)
    return table.Endpoint(
        _auth(found, trust),
        {name: share for name, share in traffic.items() if share and name in served},
        {name: share for name, share in mirror.items() if share and name in served},
        served,
        table.PASSED if plans.passes_errors(found.spec) else table.MASKED,
    )


def live_traffic(found: Resource) -> dict[str, int]:
    """The shares that hold now: those of the present step while traffic moves."""
    moving = moves(found.state)
    if moving is not None:
        return rollout.shares(moving, plans.plan(found.spec))
    traffic: dict[str, int] = found.spec.get("traffic") or {}
    return traffic


def moves(state: Mapping[str, Any]) -> rollout.Progress | None:
    """The shift of traffic that is under way."""
    stored = state.get("rollout")
    progress = rollout.Progress.from_json(stored) if stored else None
    return progress if progress is not None and progress.status == rollout.UNDER_WAY else None


def trial(state: Mapping[str, Any]) -> rollout.Progress | None:
    """The trial of the revision that a deployment wants to be; its names are entries of the table."""
    stored = state.get("trial")
    if not stored or not state.get("wish") or stored.get("generation") != state["wish"]["generation"]:
        return None
    return rollout.Progress.from_json(stored)


def tried(state: Mapping[str, Any]) -> rollout.Progress | None:
    """The trial that is under way."""
    progress = trial(state)
    return progress if progress is not None and progress.status == rollout.UNDER_WAY else None


def sampling(found: Resource, trying: bool = False) -> int:
    """Exchanges that the router is to keep of each deployment: what drift is measured on, and what is to be replayed."""
    plan = plans.plan(found.spec)
    drifts = (trying or moves(found.state) is not None) and plan.guards.drift is not None
    return max(plans.recording(found.spec), rollout.USUAL_SAMPLE if drifts else 0)


def deployment(state: Mapping[str, Any], sample: int = 0) -> table.Deployment | None:
    """One deployment's part: the ready replicas of the generation that serves; none of them for one that sleeps."""
    if state.get("provisioning_state") == Provisioning.DELETING.value or not state.get("serving"):
        return None
    return _entry(Wish.from_json(state["serving"]), state, sample)


def _entries(found: Resource, sample: int, plan: rollout.Plan) -> dict[str, table.Deployment]:
    """A deployment's entry, and beside it that of its next revision while that is on trial."""
    made, progress = deployment(found.state, sample), tried(found.state)
    if made is None or progress is None:
        return {found.key.name: made} if made is not None else {}
    wish = Wish.from_json(found.state["wish"])
    entry = table.revision_of(found.key.name, wish.generation)
    share = rollout.shares(progress, plan).get(entry, 0)
    return {
        found.key.name: replace(made, revision=entry, revision_share=share),
        entry: _entry(wish, found.state, sample),
    }


def _entry(serving: Wish, state: Mapping[str, Any], sample: int) -> table.Deployment:
    ready = [place for place in places(state) if place.generation == serving.generation and place.stage == "ready"]
    return table.Deployment(
        tuple(
            table.Replica(
                place.id if not index else f"{place.id}.{index}", socket, place.ends, f"{place.directory}/exit.json"
            )
            for place in ready
            for index, socket in enumerate(sockets(place))
        ),
        serving.limits.max_queue_wait,
        serving.limits.request_timeout,
        max(1, serving.limits.max_concurrent // serving.content.workers),
        wake=serving.policy.wake if serving.policy.moves and serving.policy.least == 0 else 0.0,
        wake_expected=float(state.get("start_seconds") or 0.0),
        sample=sample,
    )


def places(state: Mapping[str, Any]) -> list[Place]:
    """The replicas on record."""
    kept: list[dict[str, Any]] = state.get("replicas") or []
    return [Place.from_json(one) for one in kept]


def replicas_in(found: table.Deployment | None) -> frozenset[str]:
    """Ids of the replicas a table sends requests to, without their processes' numbers."""
    return frozenset(one.id.partition(".")[0] for one in found.replicas) if found is not None else frozenset()


def audience(workspace: str, name: str) -> str:
    """Whom an endpoint's tokens are for."""
    return f"endpoint:{workspace}/{name}"


def _auth(found: Resource, trust: Trust) -> table.Auth:
    if found.spec.get("auth_mode", "key") == "key":
        return table.Auth(key_hashes=trust.key_hashes)
    own = audience(found.key.workspace, found.key.name)
    further = (AAD_AUDIENCE,) if found.spec["auth_mode"] == "aad_token" else ()
    return table.Auth(jwt_public_key=trust.public_key, audiences=(own, *further))
