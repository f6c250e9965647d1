"""``az monitor autoscale``, for online deployments: settings, their profiles and rules, as az words them."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from typing import Any

from zaffre.cli import output
from zaffre.cli.terminal import Terminal
from zaffre.core.errors import Invalid, NotFound
from zaffre.sdk import connect
from zaffre.sdk.settings import GROUP, SUBSCRIPTION, Settings
from zaffre.sdk.transport import Transport

_PLACE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Insights/autoscaleSettings"
_CONDITION = re.compile(
    r"(?P<metric>[\w.]+)\s*(?P<holds>==|!=|>=|<=|>|<)\s*(?P<threshold>-?\d+(?:\.\d+)?)\s+"
    r"(?P<how>avg|min|max|total|count)\s+(?P<period>(?:\d+[hms])+)(?:\s+where\s.*)?",
)
_HOLDS = {"==": "Equals", "!=": "NotEquals", ">": "GreaterThan", ">=": "GreaterThanOrEqual", "<": "LessThan",
          "<=": "LessThanOrEqual"}  # fmt: skip
_HOW = {"avg": "Average", "min": "Minimum", "max": "Maximum", "total": "Total", "count": "Count"}
_DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
         "sun": "Sunday"}  # fmt: skip
_USUAL = "default"
Setting = dict[str, Any]


def main(words: list[str]) -> int:
    """Do what follows ``az monitor autoscale`` and write the answer; returns the exit code."""
    verb = " ".join(word for word in words[:2] if not word.startswith("-"))
    name = next((one for one in (verb, verb.partition(" ")[0]) if one in _VERBS), None)
    if name is None:
        raise Invalid(f"Zaffre's az has no 'monitor autoscale {verb}'; it has {', '.join(_VERBS)}.")
    flags, do = _VERBS[name]
    parser = argparse.ArgumentParser(prog=f"az monitor autoscale {name}", allow_abbrev=False)
    for flag in ("-g --resource-group", "--subscription", "-o --output", "--query", *flags):
        spellings = flag.split()
        several = spellings[-1] in ("--scale", "--recurrence")
        parser.add_argument(*spellings, dest=spellings[-1].lstrip("-").replace("-", "_"), nargs="+" if several else "?")
    told = parser.parse_args(words[len(name.split()) :])
    answer = do(connect.line(Settings.read()), told)
    if answer is not None:
        output.write(answer, told.output or "json", told.query, Terminal())
    return 0


def _create(line: Transport, told: Any) -> Setting:
    name = told.name or str(told.resource or "").rstrip("/").rpartition("/")[2]
    body: Setting = {
        "location": "local",
        "tags": {},
        "properties": {
            "enabled": told.disabled != "true",
            "targetResourceUri": told.resource,
            "profiles": [{"name": _USUAL, "capacity": _capacity(told), "rules": []}],
        },
    }
    return line.call("PUT", f"{_PLACE}/{name}", body)


def _show(line: Transport, told: Any) -> Setting:
    return line.call("GET", f"{_PLACE}/{told.name or told.autoscale_name}")


def _list(line: Transport, told: Any) -> list[Setting]:
    del told
    return line.call("GET", _PLACE)["value"]


def _delete(line: Transport, told: Any) -> None:
    line.call("DELETE", f"{_PLACE}/{told.name or told.autoscale_name}")


def _update(line: Transport, told: Any) -> Setting:
    found = _show(line, told)
    if told.enabled is not None:
        found["properties"]["enabled"] = told.enabled.lower() == "true"
    usual = _profile(found, _USUAL)
    usual["capacity"] |= {name: value for name, value in _capacity(told, usual["capacity"]).items() if value}
    return _put(line, found)


def _add_rule(line: Transport, told: Any) -> Setting:
    found = line.call("GET", f"{_PLACE}/{told.autoscale_name}")
    made = {"metricTrigger": _trigger(told.condition or ""), "scaleAction": _action(told)}
    made["metricTrigger"]["metricResourceUri"] = told.resource or found["properties"]["targetResourceUri"]
    _profile(found, told.profile_name or _USUAL)["rules"].append(made)
    _put(line, found)
    return made


def _rules(line: Transport, told: Any) -> list[Setting]:
    found = line.call("GET", f"{_PLACE}/{told.autoscale_name}")
    return _profile(found, told.profile_name or _USUAL)["rules"]


def _drop_rules(line: Transport, told: Any) -> None:
    """``--index`` counts as ``rule list`` shows them; ``*`` means all."""
    found = line.call("GET", f"{_PLACE}/{told.autoscale_name}")
    rules = _profile(found, told.profile_name or _USUAL)["rules"]
    if told.index == "*":
        rules.clear()
    else:
        del rules[int(told.index or 0)]
    _put(line, found)


def _add_profile(line: Transport, told: Any) -> Setting:
    """A profile for certain days or dates; az writes the way back to the usual one as a profile beside it."""
    found = line.call("GET", f"{_PLACE}/{told.autoscale_name}")
    usual, rules = _profile(found, _USUAL), []
    if told.copy_rules:
        rules = list(_profile(found, told.copy_rules)["rules"])
    made: Setting = {"name": told.name, "capacity": _capacity(told), "rules": rules}
    if told.recurrence:
        made["recurrence"] = _recurrence(told, told.start or "00:00")
        back = {"name": json.dumps({"name": usual["name"], "for": told.name}), "capacity": usual["capacity"]}
        back |= {"rules": usual["rules"], "recurrence": _recurrence(told, told.end or "23:59")}
        found["properties"]["profiles"].append(back)
    else:
        made["fixedDate"] = {"timeZone": told.timezone or "UTC", "start": told.start, "end": told.end}
    found["properties"]["profiles"].append(made)
    _put(line, found)
    return made


def _drop_profile(line: Transport, told: Any) -> None:
    found = line.call("GET", f"{_PLACE}/{told.autoscale_name}")
    profiles = found["properties"]["profiles"]
    mine = {told.name, json.dumps({"name": _USUAL, "for": told.name})}
    found["properties"]["profiles"] = [one for one in profiles if one["name"] not in mine]
    _put(line, found)


def _put(line: Transport, found: Setting) -> Setting:
    return line.call("PUT", f"{_PLACE}/{found['name']}", found)


def _profile(found: Setting, name: str) -> Setting:
    profiles = found["properties"]["profiles"]
    chosen = next((one for one in profiles if one["name"] == name), None)
    if chosen is None:
        raise NotFound(f"The autoscale setting {found['name']} has no profile {name!r}.")
    return chosen


def _capacity(told: Any, before: Setting | None = None) -> dict[str, str]:
    known = before or {}
    count = told.count or known.get("default") or "1"
    return {
        "default": count,
        "minimum": told.min_count or known.get("minimum") or count,
        "maximum": told.max_count or known.get("maximum") or count,
    }


def _trigger(condition: str) -> Setting:
    found = _CONDITION.fullmatch(condition.strip())
    if found is None:
        raise Invalid(f'--condition: expected such as "CpuUtilizationPercentage > 70 avg 5m", found {condition!r}')
    return {
        "metricName": found["metric"], "operator": _HOLDS[found["holds"]], "threshold": float(found["threshold"]),
        "timeGrain": "PT1M", "statistic": _HOW[found["how"]] if found["how"] in ("avg", "min", "max") else "Sum",
        "timeWindow": f"PT{found['period'].upper()}", "timeAggregation": _HOW[found["how"]], "dimensions": [],
    }  # fmt: skip


def _action(told: Any) -> Setting:
    way, *amount = told.scale or ["?"]
    value = (amount or ["1"])[0]
    if way not in ("in", "out", "to"):
        raise Invalid(f"--scale: expected in, out or to, and a number, found {' '.join(told.scale or [])!r}")
    sort = "ExactCount" if way == "to" else "PercentChangeCount" if value.endswith("%") else "ChangeCount"
    direction = "Decrease" if way == "in" else "Increase"
    return {"direction": direction, "type": sort, "value": value.rstrip("%"), "cooldown": f"PT{told.cooldown or 5}M"}


def _recurrence(told: Any, time: str) -> Setting:
    word, *days = told.recurrence
    unknown = [day for day in days if day.lower()[:3] not in _DAYS]
    if word != "week" or unknown:
        raise Invalid(f"--recurrence: expected week and days such as sat sun, found {' '.join(told.recurrence)!r}")
    hour, _, minute = time.partition(":")
    schedule = {"timeZone": told.timezone or "UTC", "days": [_DAYS[day.lower()[:3]] for day in days]}
    return {"frequency": "Week", "schedule": {**schedule, "hours": [int(hour)], "minutes": [int(minute or 0)]}}


_COUNTS = ("--count", "--min-count", "--max-count")
_NAME = "-n --name"
_OF = "--autoscale-name"
_RULE = (_OF, "--profile-name")
_VERBS: dict[str, tuple[tuple[str, ...], Callable[[Transport, Any], Any]]] = {
    "create": ((_NAME, "--resource", "--disabled", *_COUNTS), _create),
    "show": ((_NAME, _OF), _show),
    "list": ((), _list),
    "update": ((_NAME, _OF, "--enabled", *_COUNTS), _update),
    "delete": ((_NAME, _OF), _delete),
    "rule create": ((*_RULE, "--condition", "--scale", "--cooldown", "--resource"), _add_rule),
    "rule list": (_RULE, _rules),
    "rule delete": ((*_RULE, "--index"), _drop_rules),
    "profile create": (
        (_NAME, _OF, *_COUNTS, "--recurrence", "--timezone", "--start", "--end", "--copy-rules"), _add_profile,
    ),
    "profile delete": ((_NAME, _OF), _drop_profile),
}  # fmt: skip
