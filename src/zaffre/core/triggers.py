"""When something happens again: by a cron line or a recurrence, between two moments in a time zone, or after an event."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Tag, model_validator

from zaffre.core.plain import is_dict, is_list
from zaffre.core.spelling import renamed
from zaffre.core.wire import Spec, by_type


def _many(value: Any) -> Any:
    """One is a list of one."""
    return value if is_list(value) or value is None else [value]


def _day(value: Any) -> Any:
    return [str(day).lower() for day in _many(value)] if value is not None else None


def _written(value: Any) -> Any:
    """Python's datetimes as azure.ai.ml sends them: without an offset, of the trigger's time zone."""
    return value.strftime("%Y-%m-%dT%H:%M:%S") if isinstance(value, datetime) else value


Moment = Annotated[str | None, BeforeValidator(_written)]


class Trigger(Spec):
    """What both sorts have."""

    start_time: Moment = None
    end_time: Moment = None
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


class OnEvent(Spec):
    """After something has happened in the workspace; Azure has no such trigger."""

    type: Annotated[Literal["event"], renamed({"event": "Event"})]
    on: Literal["data_version_created", "model_registered", "job_finished"]
    name: str | None = None
    """Of the asset, the experiment's job or what ``*`` and ``?`` in it stand for; every one where there is none."""
    experiment: str | None = None
    """Of the job that finished."""
    status: Annotated[list[Literal["Completed", "Failed", "Canceled"]] | None, BeforeValidator(_many)] = None
    """How the job finished; in any way where there is none."""
    debounce: int = 0
    """Seconds without another such event before one run is started for all of them; 0: a run for each event."""

    @model_validator(mode="before")
    @classmethod
    def _truly(cls, data: Any) -> Any:
        """YAML 1.1 reads the word ``on``, written without quotes, as a truth, which JSON then spells ``true``."""
        if not is_dict(data):
            return data
        return {("on" if str(key).lower() == "true" else key): value for key, value in data.items()}


AnyTrigger = Annotated[
    Annotated[Cron, Tag("cron")] | Annotated[Recurrence, Tag("recurrence")] | Annotated[OnEvent, Tag("event")],
    by_type("cron", "recurrence", "event"),
]
