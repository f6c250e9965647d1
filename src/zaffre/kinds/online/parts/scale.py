"""How many replicas a deployment wants, from the ways to say so. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.kinds.online.parts import hours, monitor, scaling
from zaffre.kinds.online.parts.scaling import Bounds, Policy, Target

MOST = 64
"""Replicas of one deployment: they all run on this machine."""
_HERE = "scale_settings"
_TARGETS = {"concurrency": scaling.CONCURRENCY, "requests_per_second": scaling.RATE, "cpu_percent": scaling.CPU}


def count(spec: Any, policy: Policy, before: int | None = None) -> int:
    """``instance_count``, or what the load has made of it before, kept between the bounds; raises ``Invalid``."""
    wanted = _number(spec.instance_count, "instance_count", 1, least=1)
    if not policy.moves:
        return wanted
    return max(policy.least, min(policy.most, wanted if before is None else before))


def policy(spec: Any, concurrent: int, beside: Mapping[str, Any] | None = None) -> Policy:
    """How the number follows the load; ``concurrent``: requests that a replica takes at once. Raises ``Invalid``.

    ``beside``: Azure Monitor's settings, which hold where the specification has none.
    """
    wanted = _number(spec.instance_count, "instance_count", 1, least=1)
    settings = spec.scale_settings
    if settings is None or settings.type == "default":
        return _monitored(beside) if beside and beside.get("enabled") else Policy(wanted, wanted)
    least = _number(settings.min_instances, f"{_HERE}.min_instances", 1, least=0)
    most = _number(settings.max_instances, f"{_HERE}.max_instances", max(least, wanted), least=1)
    wrong = _problems(settings, least, most)
    if wrong:
        raise Invalid(wrong)
    profiles = tuple(settings.profiles or ())
    return Policy(
        least=min((monitor.bounds(one).least for one in profiles), default=least),
        most=max((monitor.bounds(one).most for one in profiles), default=most),
        target=None if profiles else _target(settings, concurrent),
        cool_down=float(_or(settings.cool_down, scaling.USUAL_COOL_DOWN)),
        polling=float(_or(settings.polling_interval, scaling.USUAL_POLLING)),
        wake=float(_or(settings.wake_timeout, scaling.USUAL_WAKE)),
        profiles=profiles,
        schedules=tuple(one.to_stored() for one in settings.schedules or ()),
    )


def _monitored(beside: Mapping[str, Any]) -> Policy:
    profiles = tuple(dict(one) for one in beside.get("profiles") or ())
    if wrong := monitor.problems(profiles, MOST, "properties.profiles"):
        raise Invalid(wrong)
    bounds = [monitor.bounds(one) for one in profiles] or [Bounds(1, 1)]
    return Policy(min(one.least for one in bounds), max(one.most for one in bounds), profiles=profiles)


def _target(settings: Any, concurrent: int) -> Target:
    """What is said, or Azure's percentage of the requests that a replica takes at once."""
    if settings.target is not None:
        named = {name: value for name in _TARGETS if (value := getattr(settings.target, name)) is not None}
        ((name, value),) = named.items()
        return Target(_TARGETS[name], float(value))
    percent = _or(settings.target_utilization_percentage, scaling.USUAL_UTILIZATION)
    return Target(scaling.CONCURRENCY, concurrent * percent / 100)


def _problems(settings: Any, least: int, most: int) -> list[Problem]:
    found: list[Problem] = []
    if least > most:
        found.append(Problem(f"expected at most max_instances, {most}, found {least}", f"{_HERE}.min_instances"))
    named = [name for name in _TARGETS if settings.target is not None and getattr(settings.target, name) is not None]
    if settings.target is not None and len(named) != 1:
        told = f"expected one of {', '.join(_TARGETS)}, found {' and '.join(named) or 'none'}"
        found.append(Problem(told, f"{_HERE}.target"))
    percent = settings.target_utilization_percentage
    if percent is not None and not 1 <= percent <= 100:
        found.append(Problem(f"expected 1 to 100 percent, found {percent}", f"{_HERE}.target_utilization_percentage"))
    if settings.profiles and settings.target is not None:
        told = "expected either a target or Azure Monitor's profiles, found both"
        found.append(Problem(told, f"{_HERE}.profiles"))
    schedules = [one.to_stored() for one in settings.schedules or ()]
    found += hours.schedule_problems(schedules, f"{_HERE}.schedules")
    for at, one in enumerate(schedules):
        low, high = one.get("min_instances"), one.get("max_instances")
        if any(value is not None and not 0 <= value <= MOST for value in (low, high)):
            found.append(Problem(f"expected 0 to {MOST} instances", f"{_HERE}.schedules[{at}]"))
    return found + monitor.problems(settings.profiles or (), MOST, f"{_HERE}.profiles")


def _number(value: int | None, field: str, usual: int, least: int) -> int:
    found = usual if value is None else value
    if not least <= found <= MOST:
        hint = "its replicas are processes of this machine" if found > MOST else ""
        hint = hint or (
            f"to have none while nobody asks: {_HERE}.min_instances: 0" if field == "instance_count" else ""
        )
        raise Invalid([Problem(f"expected {least} to {MOST}, found {found}", field=field, hint=hint)])
    return found


def _or(value: Any, usual: Any) -> Any:
    return usual if value is None else value
