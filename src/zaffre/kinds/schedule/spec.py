"""The specification of a schedule, and of the monitors that one may start."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from zaffre.core.errors import Problem
from zaffre.core.io import JobInput
from zaffre.core.plain import mapping_of
from zaffre.core.refs import Scope
from zaffre.core.shapes import SERVER_FACTS, Resource
from zaffre.core.spelling import Arm, Version, renamed
from zaffre.core.triggers import AnyTrigger
from zaffre.core.wire import Spec
from zaffre.kinds.schedule.parts import arm

_SIGNALS = (
    "data_drift", "data_quality", "prediction_drift", "feature_attribution_drift", "model_performance", "custom",
    "generation_safety_quality", "generation_token_statistics",
)  # fmt: skip


class MonitorCompute(Spec):
    """The Spark session that computes."""

    instance_type: str | None = None
    runtime_version: Version | None = None
    compute_type: str | None = None


class MonitoringTarget(Spec):
    """Which model or deployment is watched."""

    ml_task: str | None = None
    endpoint_deployment_id: str | None = None
    model_id: str | None = None


class DataWindow(Spec):
    """Which part of the data, by time."""

    window_start: str | None = None
    window_end: str | None = None
    lookback_window_size: str | None = None
    lookback_window_offset: str | None = None


class MonitoredData(Spec):
    """Data that is watched, or compared with."""

    input_data: JobInput | None = None
    data_context: str | None = None
    pre_processing_component: str | None = None
    target_column_name: str | None = None
    data_window: DataWindow | None = None
    data_column_names: dict[str, str] | None = None


class SignalConnection(Spec):
    """Variables and secrets of a custom signal."""

    environment_variables: dict[str, str] | None = None
    secret_config: dict[str, str] | None = None


class Signal(Spec):
    """One thing that is watched."""

    type: Annotated[
        Literal[
            "data_drift", "data_quality", "prediction_drift", "feature_attribution_drift", "model_performance", "custom",
            "generation_safety_quality", "generation_token_statistics",
        ],
        renamed({word: word for word in _SIGNALS}),
    ]  # fmt: skip
    production_data: MonitoredData | list[MonitoredData] | None = None
    reference_data: MonitoredData | None = None
    features: dict[str, int] | str | list[str] | None = None
    feature_type_override: dict[str, str] | None = None
    data_segment: dict[str, Any] | None = None
    metric_thresholds: dict[str, Any] | list[dict[str, Any]] | None = None
    alert_enabled: bool | None = None
    component_id: str | None = None
    connection: SignalConnection | None = None
    connection_id: str | None = None
    input_data: dict[str, MonitoredData] | None = None
    inputs: dict[str, Any] | None = None
    sampling_rate: float | None = None
    properties: dict[str, Any] | None = None


class Alerts(Spec):
    """Who hears of it."""

    emails: list[str]


class Monitor(Spec):
    """Signals on a model's data."""

    compute: MonitorCompute | None = None
    monitoring_target: MonitoringTarget | None = None
    monitoring_signals: dict[str, Signal] | None = None
    alert_notification: Alerts | Literal["azmonitoring"] | None = None


_ACTIONS = ("create_job", "create_monitor", "import_data", "invoke_batch_endpoint")


class Schedule(Resource):
    """A trigger and what it starts: one of a job, a batch endpoint's, a monitor and an import."""

    needs: ClassVar[tuple[str, ...]] = ("name", "trigger")
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"provisioning_state"}

    display_name: str | None = None
    trigger: Annotated[AnyTrigger | None, Arm()] = None
    create_job: Annotated[str | dict[str, Any] | None, Arm()] = None
    """A file, an existing job (``azureml:name``), or one of these (``job:``) with what is to differ."""
    create_monitor: Annotated[Monitor | None, Arm()] = None
    import_data: Annotated[str | dict[str, Any] | None, Arm()] = None
    invoke_batch_endpoint: Annotated[dict[str, Any] | None, Arm()] = None
    """``endpoint_name``, and what the endpoint is asked, as ``zaffre batch-endpoint invoke -f`` reads it."""
    is_enabled: bool | None = None
    """Whether its times count; ``zaffre schedule enable`` and ``disable`` change it."""
    tags: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None

    def check(self) -> list[Problem]:
        """Exactly one thing is started."""
        said = [field for field in _ACTIONS if getattr(self, field) is not None]
        if len(said) == 1:
            return super().check()
        told = f"expected one of {', '.join(_ACTIONS)}, found {', '.join(said) or 'none'}"
        return [*super().check(), Problem(told, said[1] if said else "create_job")]

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """Trigger and action as Azure has them; a job by reference is a pipeline that names its source, as there."""
        body = super().to_arm(scope)
        properties: dict[str, Any] = body.setdefault("properties", {})
        properties.setdefault("isEnabled", True)
        if self.trigger is not None:
            properties["trigger"] = arm.trigger_out(self.trigger.to_arm(scope))
        if self.create_job is not None:
            definition = arm.job_out(self.create_job, scope)
            properties["action"] = {"actionType": "CreateJob", "jobDefinition": definition}
        elif isinstance(self.import_data, dict):
            properties["action"] = {
                "actionType": "ImportData",
                "dataImportDefinition": arm.import_out(self.import_data),
            }
        elif self.invoke_batch_endpoint is not None:
            properties["action"] = arm.invocation_out(self.invoke_batch_endpoint)
        elif self.create_monitor is not None:
            definition = self.create_monitor.to_arm(scope)
            properties["action"] = {"actionType": "CreateMonitor", "monitorDefinition": definition}
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The same, read."""
        data = super().arm_to_yaml(body, scope)
        properties = mapping_of(body.get("properties"))
        if trigger := mapping_of(properties.get("trigger")):
            data["trigger"] = arm.trigger_back(trigger)
        action = mapping_of(properties.get("action"))
        said = str(action.get("actionType") or "").replace("_", "").lower()
        if said == "createjob":
            data["create_job"] = arm.job_back(mapping_of(action.get("jobDefinition")), scope)
        elif said == "importdata":
            data["import_data"] = arm.import_back(mapping_of(action.get("dataImportDefinition")))
        elif said == "invokebatchendpoint":
            data["invoke_batch_endpoint"] = arm.invocation_back(mapping_of(action.get("endpointInvocationDefinition")))
        elif said == "createmonitor":
            data["create_monitor"] = Monitor.arm_to_yaml(mapping_of(action.get("monitorDefinition")), scope)
        return data
