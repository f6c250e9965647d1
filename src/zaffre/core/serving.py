"""Parts of a deployment: code, scaling, probes, limits of requests, resources, collection of data."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field, Tag

from zaffre.core.errors import Problem
from zaffre.core.plain import is_dict, mapping_of
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, LocalPath, Milliseconds, Ref, Seconds, Version, renamed
from zaffre.core.wire import BY_SHAPE, Spec, by_type


class CodeConfiguration(Spec):
    """The folder with the scoring script, and the script in it."""

    code: Annotated[str | None, Arm("codeId"), Ref("codes"), LocalPath("code")] = None
    scoring_script: str | None = None


class Probe(Spec):
    """How a replica is asked whether it lives or is ready; times in seconds."""

    period: Seconds | None = None
    initial_delay: Seconds | None = None
    timeout: Seconds | None = None
    success_threshold: int | None = None
    failure_threshold: int | None = None


class RequestSettings(Spec):
    """How much a replica takes on, and how long a request may take."""

    request_timeout_ms: Annotated[Milliseconds | None, Arm("requestTimeout")] = None
    max_concurrent_requests_per_instance: int | None = None
    max_queue_wait_ms: Annotated[Milliseconds | None, Arm("maxQueueWait")] = None


_SCALE = Arm("scaleType")


class DefaultScale(Spec):
    """A fixed number of instances."""

    type: Annotated[Literal["default"], _SCALE, renamed({"default": "Default"})]


class ScaleTarget(Spec):
    """What one replica should carry: one of these."""

    concurrency: Annotated[float | None, Field(gt=0)] = None
    """Requests at once."""
    requests_per_second: Annotated[float | None, Field(gt=0)] = None
    cpu_percent: Annotated[float | None, Field(gt=0)] = None
    """Percent of one processor."""


class ScaleSchedule(Spec):
    """Other bounds for a while, again and again."""

    cron: str
    """When it begins: minute hour day month weekday."""
    time_zone: str = "UTC"
    duration: Seconds
    min_instances: int | None = None
    max_instances: int | None = None


class TargetUtilizationScale(Spec):
    """Between two bounds, by utilization."""

    type: Annotated[Literal["target_utilization"], _SCALE, renamed({"target_utilization": "TargetUtilization"})]
    min_instances: int | None = None
    """0: no replica runs while nobody asks; the next request waits until one answers."""
    max_instances: int | None = None
    polling_interval: Seconds | None = None
    target_utilization_percentage: int | None = None
    """How much of ``max_concurrent_requests_per_instance`` a replica should be using; ``target`` says it otherwise."""
    target: ScaleTarget | None = None
    cool_down: Seconds | None = None
    """Seconds for which fewer must have been enough before there are fewer; 300."""
    wake_timeout: Seconds | None = None
    """Seconds that a request may wait for a replica where there is none; 60."""
    schedules: list[ScaleSchedule] | None = None
    profiles: list[dict[str, Any]] | None = None
    """Azure Monitor's autoscale profiles, as ``az monitor autoscale show`` prints them; instead of a target."""


ScaleSettings = Annotated[
    Annotated[DefaultScale, Tag("default")] | Annotated[TargetUtilizationScale, Tag("target_utilization")],
    by_type("default", "target_utilization"),
]


class ResourceAmount(Spec):
    """In Kubernetes' units."""

    cpu: str | None = None
    memory: str | None = None
    gpu: Annotated[str | None, Field(validation_alias=AliasChoices("gpu", "nvidia.com/gpu"))] = None


class Resources(Spec):
    """What a replica asks for and may use."""

    requests: Annotated[ResourceAmount | None, Arm("containerResourceRequests")] = None
    limits: Annotated[ResourceAmount | None, Arm("containerResourceLimits")] = None


class CollectedAsset(Spec):
    """Where collected data is registered."""

    data_id: str | None = None
    name: str | None = None
    path: str | None = None
    version: Version | None = None


def _flag(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool | str) else value


class Collection(Spec):
    """One stream of collected data."""

    enabled: Annotated[
        Literal["true", "false"],
        Arm("dataCollectionMode"),
        renamed({"true": "enabled", "false": "disabled"}),
        BeforeValidator(_flag),
    ]
    data: (
        Annotated[Annotated[CollectedAsset, Tag("object")] | Annotated[str, Tag("text"), Ref("data")], BY_SHAPE] | None
    ) = None
    client_id: str | None = None

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """ARM knows the registered data by id alone."""
        body = super().to_arm(scope)
        data = body.pop("data", None)
        data = data.get("dataId") if is_dict(data) else data
        return body | {"dataId": data} if data else body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The id alone."""
        data = super().arm_to_yaml(body, scope)
        return data | {"data": Ref("data").back(body["dataId"], scope)} if body.get("dataId") else data


class RequestLogging(Spec):
    """What of a request is kept."""

    capture_headers: list[str] | None = None


class DataCollector(Spec):
    """What a deployment keeps of its requests and answers."""

    collections: dict[str, Collection]
    rolling_rate: Annotated[
        Literal["year", "month", "day", "hour", "minute"] | None,
        renamed({one: one for one in ("year", "month", "day", "hour", "minute")}),
        BeforeValidator(_flag),
    ] = None
    sampling_rate: Annotated[float | None, Arm(), Field(ge=0, le=1)] = None
    request_logging: RequestLogging | None = None

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """ARM repeats the rate in each collection."""
        body = super().to_arm(scope)
        if self.sampling_rate is not None:
            for collection in body["collections"].values():
                collection["samplingRate"] = self.sampling_rate
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """One rate for all again."""
        data = super().arm_to_yaml(body, scope)
        rates = [
            item["samplingRate"] for item in mapping_of(body.get("collections")).values() if "samplingRate" in item
        ]
        return data | {"sampling_rate": rates[0]} if rates else data


class Guardrails(Spec):
    """What must hold while traffic moves; what is not named is not looked at."""

    error_rate: Annotated[float | None, Field(ge=0, le=100)] = None
    """Percent of answers of 500 and more, 408, 424 and 429, at most."""
    latency_p95_ms: Annotated[float | None, Field(gt=0)] = None
    latency_p99_ms: Annotated[float | None, Field(gt=0)] = None
    prediction_drift: Annotated[float | None, Field(ge=0, le=1)] = None
    """Jensen-Shannon distance of the new deployment's predictions to those of the one that serves, at most."""
    min_requests: Annotated[int | None, Field(ge=1)] = None
    """Requests of a step without which nothing is judged; 20."""


class Rollout(Spec):
    """How traffic moves from one deployment to another: in steps, watched, and back if a guardrail does not hold."""

    steps: Annotated[list[int] | None, Field(max_length=50)] = None
    """Percent of what is to move, growing; the whole follows the last. 10 and 50."""
    interval: Seconds | None = None
    """Seconds that each step lasts, the last one included; 300."""
    guardrails: Guardrails | None = None

    def check(self) -> list[Problem]:
        """Steps grow, between 1 and 100."""
        found = super().check()
        steps = self.steps or []
        if any(not 1 <= one <= 100 for one in steps) or steps != sorted(set(steps)):
            found.append(Problem(f"expected growing percentages from 1 to 100, found {steps}", "rollout.steps"))
        if self.interval is not None and float(self.interval) <= 0:
            found.append(Problem(f"expected seconds above 0, found {self.interval}", "rollout.interval"))
        return found
