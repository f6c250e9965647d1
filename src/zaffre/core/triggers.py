"""When something happens again: by a cron line or by a recurrence, between two moments, in a time zone."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Tag

from zaffre.core.plain import is_list
from zaffre.core.spelling import renamed
from zaffre.core.wire import Spec, by_type


def _many(value: Any) -> Any:
    """One is a list of one."""
    return value if is_list(value) or value is None else [value]


def _day(value: Any) -> Any:
    return [str(day).lower() for day in _many(value)] if value is not None else None


class Trigger(Spec):
    """What both sorts have."""

    start_time: str | None = None
    end_time: str | None = None
    time_zone: str | None = None


class Cron(Trigger):
    """At the times of a cron line."""

    type: Annotated[Literal["cron"], renamed({"cron": "Cron"})]
    expression: str


class Pattern(Spec):
    """At which times of the day, on which days."""

    hours: Annotated[list[int], BeforeValidator(_many)]
    minutes: Annotated[list[int], BeforeValidator(_many)]
    week_days: Annotated[
        list[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]] | None,
        BeforeValidator(_day),
    ] = None
    month_days: Annotated[list[int] | None, BeforeValidator(_many)] = None


class Recurrence(Trigger):
    """Every so many minutes, hours, days, weeks or months."""

    type: Annotated[Literal["recurrence"], renamed({"recurrence": "Recurrence"})]
    frequency: Annotated[
        Literal["minute", "hour", "day", "week", "month"],
        renamed({word: word for word in ("minute", "hour", "day", "week", "month")}),
    ]
    interval: int
    schedule: Pattern | None = None


AnyTrigger = Annotated[
    Annotated[Cron, Tag("cron")] | Annotated[Recurrence, Tag("recurrence")], by_type("cron", "recurrence")
]
