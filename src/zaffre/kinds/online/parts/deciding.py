"""Pieces of ``rules.decide``: the roll-out of a new generation, the care of the serving one, and the way out."""

from __future__ import annotations

from zaffre.core.ports import BuildPhase
from zaffre.core.reasons import Cause, Reason
from zaffre.core.tasks import Phase
from zaffre.kinds.online.parts import failing, hours, monitor, scaling, trying
from zaffre.kinds.online.parts.intents import (
    EnsureEnvironment,
    Facts,
    Follow,
    ForgetReplica,
    Intent,
    MarkFailed,
    MarkReady,
    NoteSilence,
    NoteSuccesses,
    PublishTable,
    Remove,
    Replica,
    Scale,
    StageReplica,
    StartReplica,
    StopReplica,
    Wait,
)
from zaffre.kinds.online.parts.scaling import Wanted
from zaffre.kinds.online.parts.wish import Wish

SOON = 0.25
"""Seconds between looks while something is about to happen that sends no nudge: ``init()`` ending, the router reading."""
BUILDING = 2.0
DRAIN = 30.0
"""Seconds a drained replica is given for the requests it has."""
TRIES = 3
"""Replicas that may end while a deployment grows before it counts as failed."""
_GONE = (Phase.EXITED, Phase.VANISHED)


def leaving(facts: Facts) -> list[Intent]:
    """Deletion: out of the table first, then stopped, then forgotten."""
    if not facts.replicas:
        return [PublishTable(), Remove()]
    intents: list[Intent] = [PublishTable()]
    for replica in facts.replicas:
        intents += _drained(replica, facts)
    return [*intents, Wait(facts.now + SOON)]


def rolling_out(facts: Facts) -> list[Intent]:
    """A generation that does not serve yet: it gets nothing from callers until it is ready."""
    mine = [one for one in facts.replicas if one.place.generation == facts.wish.generation]
    if facts.environment is BuildPhase.FAILED:
        told = {"environment": facts.environment_name, "message": facts.environment_message}
        return [MarkFailed(Reason(Cause.ENVIRONMENT_FAILED, told))]
    if facts.environment is BuildPhase.MISSING:
        return [EnsureEnvironment(), Wait(facts.now + BUILDING)]
    if back := trying.gone_back(facts):
        return back
    reasons = [reason for one in mine if (reason := failing.reason(one, facts)) is not None]
    if reasons:
        return trying.given_up(facts, reasons[0])
    return _coming_up(facts, mine)


def _coming_up(facts: Facts, mine: list[Replica]) -> list[Intent]:
    wish = facts.wish
    lost = [one for one in mine if one.phase is Phase.VANISHED]
    if lost:
        return [*(ForgetReplica(one.place, failed=False) for one in lost), Wait(facts.now)]
    if len(mine) < wish.count:
        return [*(StartReplica(wish) for _ in range(wish.count - len(mine))), Wait(facts.now + SOON)]
    starting = [one for one in mine if one.place.stage == "starting"]
    staged = [intent for one in starting for intent in _heard(one, wish, facts.now)]
    if all(isinstance(intent, StageReplica) for intent in staged) and len(staged) == len(starting):
        pause = SOON if facts.trial is None else trying.LOOK
        return [*staged, *trying.goes_on(facts), PublishTable(), Wait(facts.now + pause)]
    return [*staged, Wait(facts.now + SOON)]


def resizing(facts: Facts) -> list[Intent]:
    """The generation that serves wants other limits, or more or fewer replicas: done when as many are ready as it wants."""
    wish = facts.wish
    if facts.serving != wish:
        return [Follow(wish), PublishTable(), Wait(facts.now)]
    mine = [one for one in facts.replicas if one.place.generation == wish.generation and one.place.stage != "draining"]
    for one in mine:
        reason = failing.reason(one, facts) if one.place.stage == "starting" else None
        if reason is not None and (one.phase is Phase.RUNNING or facts.recent_failures + 1 >= TRIES):
            return [MarkFailed(reason)]
    ready = [one for one in mine if one.place.stage == "ready" and one.phase not in _GONE]
    return [MarkReady(wish), PublishTable()] if len(ready) == wish.count == len(mine) else [Wait(facts.now + SOON)]


def scaled(facts: Facts) -> list[Intent]:
    """The number of replicas follows the load, once the deployment is settled; nothing where it is fixed."""
    serving = facts.serving
    if serving is None or not facts.settled or not serving.policy.moves:
        return []
    found = _wanted(facts, serving)
    due = Wait(facts.now + serving.policy.polling)
    if not found.changes(serving.count, facts.memory):
        return [due]
    return [Scale(found.count, found.memory), Wait(facts.now) if found.count != serving.count else due]


def _wanted(facts: Facts, serving: Wish) -> Wanted:
    policy = serving.policy
    profile = hours.profile(policy.profiles, facts.now) if policy.profiles else None
    if profile is not None and not (facts.load.held and not serving.count):
        at = monitor.Situation(facts.readings, serving.count, facts.memory, facts.now, facts.machine)
        return monitor.wanted(profile, at)
    bounds = hours.bounds(policy, facts.now) or scaling.bounded(policy)
    return scaling.by_target(policy, bounds, facts.load, serving.count, facts.memory, facts.now)


def caring(facts: Facts) -> list[Intent]:
    """The serving generation: the dead are replaced, the silent too, and newcomers get traffic once they are ready."""
    serving = facts.serving
    if serving is None:
        return []
    intents: list[Intent] = []
    mine = [one for one in facts.replicas if one.place.generation == serving.generation]
    for replica in mine:
        intents += _cared(replica, facts)
    alive = [one for one in mine if one.phase not in _GONE and one.place.stage != "draining" and not _hangs(one, facts)]
    missing = serving.count - len(alive)
    intents += _spared(alive, -missing)
    if missing > 0:
        wait = _back_off(facts)
        intents += [Wait(wait)] if wait > facts.now else [StartReplica(serving) for _ in range(missing)]
    if intents or any(one.place.stage == "starting" for one in mine):
        intents.append(Wait(facts.now + SOON))
    return [*intents, PublishTable()]


def _spared(alive: list[Replica], count: int) -> list[Intent]:
    """Replicas too many: those that do not answer yet go first, then the youngest."""
    if count <= 0:
        return []
    order = sorted(alive, key=lambda one: (one.place.stage == "ready" and bool(one.answers), -one.place.number))
    return [*(StageReplica(one.place, "draining") for one in order[:count]), PublishTable()]


def superseded(facts: Facts) -> list[Intent]:
    """Replicas of other generations than the serving one (and the one being rolled out): drained, then stopped."""
    keep = {facts.serving.generation} if facts.serving is not None else set[int]()
    if not facts.settled:
        keep.add(facts.wish.generation)
    intents: list[Intent] = []
    for replica in facts.replicas:
        if replica.place.generation not in keep or replica.place.stage == "draining":
            intents += _drained(replica, facts)
    return [*intents, Wait(facts.now + SOON)] if intents else []


def _drained(replica: Replica, facts: Facts) -> list[Intent]:
    """Never stopped while the router may still send it something."""
    if replica.phase in _GONE:
        return [ForgetReplica(replica.place, failed=False)]
    if replica.place.stage != "draining":
        return [StageReplica(replica.place, "draining"), PublishTable()]
    if replica.place.id in facts.published:
        return [PublishTable()]
    return [StopReplica(replica.place, DRAIN)]


def _cared(replica: Replica, facts: Facts) -> list[Intent]:
    place = replica.place
    if place.stage == "draining":
        return []
    if replica.phase in _GONE:
        return [ForgetReplica(place, failed=True), PublishTable()]
    if _hangs(replica, facts):
        return [StageReplica(place, "draining"), PublishTable()]
    found = _heard(replica, facts.serving, facts.now) if facts.serving is not None else []
    return [*found, PublishTable()] if any(isinstance(one, StageReplica) for one in found) else found


def _heard(replica: Replica, wish: Wish, now: float) -> list[Intent]:
    """What a probe's answer changes."""
    place = replica.place
    if replica.answers is False:
        if place.stage == "ready" and place.silent_since is None:
            return [NoteSilence(place, now)]
        return [NoteSuccesses(place, 0, 0.0)] if place.successes else []
    starting = place.stage == "starting"
    if not replica.answers or not (starting or place.silent_since is not None):
        return []
    probing = wish.readiness if starting else wish.liveness
    if place.successes and now - place.success_at < probing.period:
        return []
    if place.successes + 1 < probing.success_threshold:
        return [NoteSuccesses(place, place.successes + 1, now)]
    return [StageReplica(place, "ready") if starting else NoteSilence(place, None)]


def _hangs(replica: Replica, facts: Facts) -> bool:
    """Alive but of no use: silent for longer than the liveness probe allows, or starting for longer than readiness does."""
    place, serving = replica.place, facts.serving
    if serving is None or replica.answers:
        return False
    if place.stage == "starting":
        return facts.now - place.started_at > serving.readiness.patience
    probing = serving.liveness
    return (
        place.silent_since is not None and facts.now - place.silent_since > probing.period * probing.failure_threshold
    )


def _back_off(facts: Facts) -> float:
    """When a replacement may start: at once the first time, later and later if replacements keep ending."""
    if facts.recent_failures <= 1:
        return facts.now
    return facts.last_failure + min(60.0, 2.0 ** (facts.recent_failures - 1))


def soonest(intents: list[Intent]) -> list[Intent]:
    """One ``Wait``, the earliest, at the end; one ``PublishTable`` before it, after everything that it tells of."""
    waits = [one.until for one in intents if isinstance(one, Wait)]
    rest = [one for one in intents if not isinstance(one, (Wait, PublishTable, Remove))]
    publish: list[Intent] = [PublishTable()] if any(isinstance(one, PublishTable) for one in intents) else []
    remove: list[Intent] = [one for one in intents if isinstance(one, Remove)]
    return [*rest, *publish, *remove, *([Wait(min(waits))] if waits else [])]
