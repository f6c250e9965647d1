"""A shift of traffic in steps, watched by guardrails: what comes next, and when to go back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from zaffre.core.drift import Drift
from zaffre.kinds.online.parts.windows import Window

USUAL_STEPS = (10, 50)
USUAL_INTERVAL = 300.0
USUAL_LEAST = 20
PATIENCE = 10.0
"""Intervals that a step waits for enough requests to judge by."""
USUAL_SAMPLE = 500
"""Answers of each side that drift is measured on, at most."""
LEAST_SAMPLE = 20
UNDER_WAY = "InProgress"
DONE = "Succeeded"
BACK = "RolledBack"
STOPPED = "Stopped"


@dataclass(frozen=True, slots=True)
class Guards:
    """What must hold; None is not looked at."""

    error_rate: float | None = None
    """Percent."""
    latency_p95: float | None = None
    latency_p99: float | None = None
    """Seconds."""
    drift: float | None = None
    least: int = USUAL_LEAST
    """Requests without which nothing is judged."""

    @property
    def any(self) -> bool:
        """Whether there is anything to judge."""
        return any(one is not None for one in (self.error_rate, self.latency_p95, self.latency_p99, self.drift))


@dataclass(frozen=True, slots=True)
class Plan:
    """How the traffic is to be moved."""

    steps: tuple[int, ...] = USUAL_STEPS
    """Percent of what is to move, growing; 100 follows the last."""
    interval: float = USUAL_INTERVAL
    guards: Guards = field(default_factory=Guards)

    @property
    def stops(self) -> tuple[int, ...]:
        """All steps, the whole at the end."""
        return (*(one for one in self.steps if one < 100), 100)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a shift has come; kept in the endpoint's state."""

    before: Mapping[str, int]
    target: Mapping[str, int]
    step: int = 0
    since: float = 0.0
    """When this step's traffic was set; 0: not yet."""
    status: str = UNDER_WAY
    reason: str = ""
    started_at: float = 0.0
    history: tuple[Mapping[str, Any], ...] = ()
    """One entry for each step that is over."""
    baselines: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """By deployment, the counts at the beginning of this step."""

    @property
    def growing(self) -> list[str]:
        """The deployments that get more than before: those that are watched."""
        return sorted(name for name, share in self.target.items() if share > self.before.get(name, 0))

    @property
    def serving(self) -> str:
        """The deployment that had most of the traffic: predictions are compared with its own."""
        left = {name: share for name, share in self.before.items() if name not in self.growing}
        return max(left or self.before, key=lambda name: self.before[name], default="")

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Progress:
        """The inverse of ``to_json``."""
        return cls(
            before=stored["before"],
            target=stored["target"],
            step=int(stored.get("step", 0)),
            since=float(stored.get("since", 0)),
            status=str(stored.get("status", UNDER_WAY)),
            reason=str(stored.get("reason", "")),
            started_at=float(stored.get("started_at", 0)),
            history=tuple(stored.get("history") or ()),
            baselines=stored.get("baselines") or {},
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What one growing deployment did since the step began."""

    window: Window
    drift: Drift | None = None
    """None: too few answers to compare."""
    ready: bool = True
    """False: no replica of it answers."""


class Move(StrEnum):
    """What comes next."""

    STAY = "stay"
    ON = "on"
    DONE = "done"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Next:
    """A decision, and why."""

    move: Move
    why: str = ""


def shares(progress: Progress, plan: Plan) -> dict[str, int]:
    """The traffic of the present step: whole percents that make 100 together, as near the straight way as they can be."""
    stops = plan.stops
    percent = stops[min(progress.step, len(stops) - 1)]
    names = sorted({*progress.before, *progress.target})
    exact = {
        name: (progress.before.get(name, 0) * (100 - percent) + progress.target.get(name, 0) * percent) / 100
        for name in names
    }
    found = {name: int(share) for name, share in exact.items()}
    total = sum(progress.target.values())
    left = total - sum(found.values())
    for name in sorted(names, key=lambda name: (found[name] - exact[name], name))[:left]:
        found[name] += 1
    return found


def decide(progress: Progress, plan: Plan, seen: Mapping[str, Seen], now: float) -> Next:
    """Judge the step by what was seen of the growing deployments."""
    for name, one in sorted(seen.items()):
        broken = _broken(name, one, plan.guards)
        if broken:
            return Next(Move.BACK, broken)
    waited = now - progress.since
    short = {name: one.window.requests for name, one in seen.items() if one.window.requests < plan.guards.least}
    if plan.guards.any and short:
        return _too_few(short, plan, waited)
    if waited < plan.interval:
        return Next(Move.STAY, f"{plan.interval - waited:.0f} s more")
    return Next(Move.DONE if progress.step >= len(plan.stops) - 1 else Move.ON)


def moved(progress: Progress, plan: Plan, decision: Next, seen: Mapping[str, Seen], now: float) -> Progress:
    """The progress after a decision other than to stay."""
    entry = {
        "at": now,
        "traffic": shares(progress, plan),
        "seconds": round(now - progress.since, 1),
        "deployments": {name: _summary(one) for name, one in sorted(seen.items())},
        "outcome": decision.move.value,
    }
    history = (*progress.history, entry)
    if decision.move is Move.ON:
        return replace(progress, step=progress.step + 1, since=0.0, baselines={}, history=history)
    status = DONE if decision.move is Move.DONE else BACK
    return replace(progress, status=status, reason=decision.why, history=history, baselines={})


def _broken(name: str, one: Seen, guards: Guards) -> str:
    """The guardrail that does not hold, with what was found; empty while all hold."""
    if not one.ready:
        return f"no replica of {name} answers any more"
    window = one.window
    if window.requests < guards.least:
        return ""
    if guards.error_rate is not None and window.error_rate > guards.error_rate:
        answered = ", ".join(f"{count} x {status}" for status, count in sorted(window.statuses.items()))
        return (
            f"{name} answered {window.error_rate:.1f} % of {window.requests} requests with an error, "
            f"and guardrails.error_rate allows {guards.error_rate:g} % ({answered})"
        )
    for percent, limit in ((95, guards.latency_p95), (99, guards.latency_p99)):
        found = window.latency(percent)
        if limit is not None and found is not None and found > limit:
            return (
                f"{percent} % of {window.requests} requests to {name} were answered within {found * 1000:.0f} ms, "
                f"and guardrails.latency_p{percent}_ms allows {limit * 1000:g} ms"
            )
    if guards.drift is not None and one.drift is not None and one.drift.distance > guards.drift:
        return (
            f"the predictions of {name} differ from those that serve by {one.drift.distance:.2f} in {one.drift.field} "
            f"(Jensen-Shannon distance), and guardrails.prediction_drift allows {guards.drift:g}"
        )
    return ""


def _too_few(short: Mapping[str, int], plan: Plan, waited: float) -> Next:
    name, count = min(short.items(), key=lambda item: item[1])
    if waited > PATIENCE * plan.interval:
        return Next(
            Move.BACK,
            f"{name} got {count} requests in {waited:.0f} s, and guardrails.min_requests wants {plan.guards.least} to judge by",
        )
    return Next(Move.STAY, f"{name} has had {count} of the {plan.guards.least} requests that it is judged by")


def _summary(one: Seen) -> dict[str, Any]:
    told = one.window.to_json()
    kept = {name: told[name] for name in ("requests", "error_rate", "latency_ms", "statuses")}
    return kept | ({"prediction_drift": round(one.drift.distance, 4)} if one.drift is not None else {})


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - JSON
