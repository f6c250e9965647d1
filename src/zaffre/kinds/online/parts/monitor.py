"""Azure Monitor's autoscale profiles: read, checked, and asked how many replicas there should be. Pure.

The documents are those that ``az monitor autoscale`` writes and shows: profiles with a capacity, rules with a trigger and an
action, and times. Up when any rule upwards is met; down when all rules downwards are; never within a rule's cool-down.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zaffre.core.errors import Problem
from zaffre.core.plain import is_dict, is_list, mapping_of
from zaffre.core.spelling import seconds_of
from zaffre.kinds.online.parts import hours, windows
from zaffre.kinds.online.parts.scaling import Bounds, Memory, Wanted
from zaffre.kinds.online.parts.windows import Reading, Window

_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "greaterthan": operator.gt, "greaterthanorequal": operator.ge, "lessthan": operator.lt,
    "lessthanorequal": operator.le, "equals": operator.eq, "notequals": operator.ne,
}  # fmt: skip
_MEASURES: dict[str, Callable[[Window, float], float | None]] = {
    "cpuutilizationpercentage": lambda seen, _: seen.cpu / max(1.0, seen.replicas),
    "cpumemoryutilizationpercentage": lambda seen, memory: 100.0 * seen.memory / memory if memory else None,
    "requestsperminute": lambda seen, _: seen.rate * 60,
    "requestlatency": lambda seen, _: _ms(seen.latency_seconds / seen.requests if seen.requests else None),
    "requestlatency_p50": lambda seen, _: _ms(seen.latency(50)),
    "requestlatency_p90": lambda seen, _: _ms(seen.latency(90)),
    "requestlatency_p95": lambda seen, _: _ms(seen.latency(95)),
    "requestlatency_p99": lambda seen, _: _ms(seen.latency(99)),
    "deploymentcapacity": lambda seen, _: seen.replicas,
    "connectionsactive": lambda seen, _: seen.concurrency,
    "concurrentrequests": lambda seen, _: seen.concurrency,
}
"""Azure's metrics of endpoints and deployments that mean something here; the last one is ours."""
METRICS = (
    "CpuUtilizationPercentage", "CpuMemoryUtilizationPercentage", "RequestsPerMinute", "RequestLatency",
    "RequestLatency_P50", "RequestLatency_P90", "RequestLatency_P95", "RequestLatency_P99", "DeploymentCapacity",
    "ConnectionsActive", "ConcurrentRequests",
)  # fmt: skip
_OPERATORS = ("GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual", "Equals", "NotEquals")
_ACTIONS = ("ChangeCount", "PercentChangeCount", "ExactCount")
_SECONDS = re.compile(r"^-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$")
USUAL_WINDOW = 600.0
USUAL_COOL_DOWN = 300.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at."""

    readings: Sequence[Reading]
    count: int
    memory: Memory
    now: float
    machine: float = 0.0
    """Bytes of memory that the machine has."""


def bounds(profile: Mapping[str, Any]) -> Bounds:
    """A profile's capacity."""
    capacity = mapping_of(profile.get("capacity"))
    least = int(capacity.get("minimum") or 0)
    return Bounds(least, max(least, int(capacity.get("maximum") or least)), f"profile {profile.get('name')}")


def wanted(profile: Mapping[str, Any], at: Situation) -> Wanted:
    """How many replicas a profile wants now."""
    held = bounds(profile)
    inside = max(held.least, min(held.most, at.count))
    if inside != at.count:
        return Wanted(inside, replace(at.memory, changed_at=at.now, why=f"{held.why}: {held.least} to {held.most}"))
    rules = [one for one in _rules(profile)]
    for direction, whole in (("increase", any), ("decrease", all)):
        mine = [one for one in rules if _action(one, "direction").lower() == direction]
        if not mine or not whole(_is_met(one, at) for one in mine):
            continue
        met = [one for one in mine if _is_met(one, at) and not _cools(one, direction, at)]
        if not met:
            return Wanted(at.count, at.memory)
        counts = [_changed(one, direction, at.count) for one in met]
        count = max(held.least, min(held.most, max(counts)))
        if count == at.count:
            return Wanted(at.count, at.memory)
        stamp = {"out_at": at.now} if direction == "increase" else {"in_at": at.now}
        why = f"{held.why}: {_told(met[0])}"
        return Wanted(count, replace(at.memory, changed_at=at.now, why=why, **stamp))
    return Wanted(at.count, at.memory)


def problems(profiles: Sequence[Mapping[str, Any]], most: int, field: str) -> list[Problem]:
    """What is wrong with profiles as they are written."""
    found: list[Problem] = []
    for at, one in enumerate(profiles):
        here = f"{field}[{at}]"
        found += _capacity_problems(one, most, here)
        for number, rule in enumerate(_rules(one)):
            found += _rule_problems(rule, f"{here}.rules[{number}]")
        found += _time_problems(one, here)
    return found


def _capacity_problems(profile: Mapping[str, Any], most: int, here: str) -> list[Problem]:
    capacity = profile.get("capacity")
    if not is_dict(capacity):
        return [Problem("required: minimum, maximum and default, but missing", f"{here}.capacity")]
    try:
        least, highest = int(capacity["minimum"]), int(capacity["maximum"])
    except (KeyError, TypeError, ValueError):
        return [Problem(f"expected numbers as minimum and maximum, found {capacity}", f"{here}.capacity")]
    if not 0 <= least <= highest <= most:
        return [Problem(f"expected 0 <= minimum <= maximum <= {most}, found {least} and {highest}", f"{here}.capacity")]
    return []


def _rule_problems(rule: Mapping[str, Any], here: str) -> list[Problem]:
    trigger, action = mapping_of(rule.get("metricTrigger")), mapping_of(rule.get("scaleAction"))
    sort = action.get("type") or "ChangeCount"
    found = _unlike(trigger.get("metricName"), METRICS, f"{here}.metricTrigger.metricName")
    found += _unlike(trigger.get("operator"), _OPERATORS, f"{here}.metricTrigger.operator")
    found += _unlike(action.get("direction"), ("Increase", "Decrease"), f"{here}.scaleAction.direction")
    found += _unlike(sort, _ACTIONS, f"{here}.scaleAction.type")
    threshold, value = trigger.get("threshold"), action.get("value") or "1"
    if not isinstance(threshold, int | float):
        found.append(Problem(f"expected a number, found {threshold!r}", f"{here}.metricTrigger.threshold"))
    if not str(value).isdigit():
        found.append(Problem(f"expected a whole number, found {value!r}", f"{here}.scaleAction.value"))
    durations = {"metricTrigger.timeWindow": trigger.get("timeWindow"), "scaleAction.cooldown": action.get("cooldown")}
    for name, said in durations.items():
        if said is not None and not _SECONDS.match(str(said)):
            found.append(Problem(f"expected a duration such as PT5M, found {said!r}", f"{here}.{name}"))
    return found


def _unlike(said: Any, known: Sequence[str], field: str) -> list[Problem]:
    if str(said).lower() in {one.lower() for one in known}:
        return []
    return [Problem(f"expected one of {', '.join(known)}, found {said!r}", field)]


def _time_problems(profile: Mapping[str, Any], here: str) -> list[Problem]:
    try:
        hours.profile([profile], 0.0)
        recurrence = profile.get("recurrence")
        if is_dict(recurrence):
            list(hours.starts(recurrence, 0.0))
    except (KeyError, ValueError, TypeError) as error:
        return [Problem(f"its times cannot be read: {error}", here)]
    return []


def _is_met(rule: Mapping[str, Any], at: Situation) -> bool:
    """Whether a trigger holds; without anything measured it does not."""
    trigger = mapping_of(rule.get("metricTrigger"))
    length = _duration(trigger.get("timeWindow"), USUAL_WINDOW)
    seen = windows.between(windows.since(at.readings, at.now - length))
    if seen.seconds <= 0:
        return False
    found = _MEASURES[str(trigger.get("metricName")).lower()](seen, at.machine)
    return found is not None and _HOLDS[str(trigger.get("operator")).lower()](found, float(trigger["threshold"]))


def _cools(rule: Mapping[str, Any], direction: str, at: Situation) -> bool:
    """Upwards only steps upwards count; downwards any step does, so that what was just added is not taken away."""
    pause = _duration(mapping_of(rule.get("scaleAction")).get("cooldown"), USUAL_COOL_DOWN)
    last = at.memory.out_at if direction == "increase" else max(at.memory.out_at, at.memory.in_at)
    return at.now - last < pause


def _changed(rule: Mapping[str, Any], direction: str, count: int) -> int:
    value, sort = int(_action(rule, "value") or 1), (_action(rule, "type") or "ChangeCount").lower()
    if sort == "exactcount":
        return value
    step = max(1, round(count * value / 100)) if sort == "percentchangecount" else value
    return count + step if direction == "increase" else count - step


def _told(rule: Mapping[str, Any]) -> str:
    trigger = mapping_of(rule.get("metricTrigger"))
    return f"{trigger.get('metricName')} {trigger.get('operator')} {trigger.get('threshold')}"


def _rules(profile: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = profile.get("rules")
    return [mapping_of(one) for one in found] if is_list(found) else []


def _action(rule: Mapping[str, Any], name: str) -> str:
    return str(mapping_of(rule.get("scaleAction")).get(name) or "")


def _duration(value: Any, usual: float) -> float:
    return float(seconds_of(str(value))) if value is not None else usual


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000
