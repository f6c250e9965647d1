"""A schedule that was created: when it says it is next due, beside a clock of the runner's own, and the job that it starts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from clients import Client
from listing import Entry
from observing import Look
from preparing import NotPrepared, Preparer

_ENDED_SECONDS = 600
_DAYS = 8
_ZONES = {None: "UTC", "UTC": "UTC", "Pacific Standard Time": "America/Los_Angeles"}
"""Windows' names; what an example names beyond these is to be added."""


def run(entry: Entry, preparer: Preparer, client: Client, observations: list[Look]) -> list[str]:
    """Creates it, triggers it, waits for the job, and takes it away again."""
    file, document = preparer.document(entry["path"])
    name = document["name"]
    client.schedule(file)
    try:
        shown = preparer.site.tell("schedule", "show", "-n", name)
        wrong = [_late(shown, document["trigger"]) for look in observations if look.at == "due"]
        job = client.trigger(name)
        streamed = client.stream(job, _ENDED_SECONDS)
        ended = client.job(job)["status"]
        wrong += [] if ended == "Completed" else [f"{job} is {ended}: {streamed.reason}"]
        return [told for told in wrong if told]
    finally:
        client.unschedule(name)


def _late(shown: dict[str, Any], trigger: dict[str, Any]) -> str:
    """How its next time differs from the first minute from now on that fits hours and minutes by the wall clock there."""
    fits = trigger.get("schedule") or {}
    if trigger.get("type") != "recurrence" or trigger.get("interval") != 1 or set(fits) != {"hours", "minutes"}:
        raise NotPrepared("the runner can tell the next time of daily hours and minutes only")
    zone = ZoneInfo(_ZONES[trigger.get("time_zone")])
    minute = datetime.now(UTC).replace(second=0, microsecond=0)
    for _ in range(_DAYS * 24 * 60):
        minute += timedelta(minutes=1)
        there = minute.astimezone(zone)
        if there.hour in fits["hours"] and there.minute in fits["minutes"]:
            break
    said = str(shown.get("next_run_time"))
    return "" if datetime.fromisoformat(said) == minute else f"it is next due at {said}, expected {minute.isoformat()}"
