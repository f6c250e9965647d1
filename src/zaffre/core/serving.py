"""Parts of a deployment: code, scaling, probes, limits of requests, resources, collection of data."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field, Tag

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


class TargetUtilizationScale(Spec):
    """Between two bounds, by utilization."""

    type: Annotated[Literal["target_utilization"], _SCALE, renamed({"target_utilization": "TargetUtilization"})]
    min_instances: int | None = None
    max_instances: int | None = None
    polling_interval: Seconds | None = None
    target_utilization_percentage: int | None = None


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
    return str(value).lower() if isinstance(value, bool) else value


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
        Literal["minute", "hour", "day"] | None, renamed({"minute": "minute", "hour": "hour", "day": "day"})
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
