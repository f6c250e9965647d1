"""The specifications of a batch endpoint and of a batch deployment."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, Tag

from zaffre.assets.environment.spec import EnvironmentField
from zaffre.assets.model.spec import Model
from zaffre.core import names
from zaffre.core.errors import Problem
from zaffre.core.joblike import ComputeRef, JobResources
from zaffre.core.refs import Scope
from zaffre.core.serving import CodeConfiguration
from zaffre.core.shapes import SERVER_FACTS, Resource, ResourceIdentity
from zaffre.core.spelling import Arm, LocalPath, Ref, Seconds, renamed
from zaffre.core.wire import BY_SHAPE, Spec
from zaffre.kinds.batch.parts import arm


class Defaults(Spec):
    """What is meant where nothing is said."""

    deployment_name: str | None = None


class BatchEndpoint(Resource):
    """An address that scores data as jobs."""

    needs: ClassVar[tuple[str, ...]] = ("name",)
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"provisioning_state", "scoring_uri", "openapi_uri"}

    auth_mode: Annotated[
        Literal["aad_token", "key", "aml_token"] | None,
        renamed({"aad_token": "AADToken", "key": "Key", "aml_token": "AMLToken"}),
    ] = None
    defaults: Defaults | None = None
    location: Annotated[str | None, Arm("/location")] = None
    identity: Annotated[ResourceIdentity | None, Arm("/identity")] = None
    tags: Annotated[dict[str, Any] | None, Arm("/tags")] = None
    properties: dict[str, Any] | None = None

    def check(self) -> list[Problem]:
        """The name."""
        found = super().check()
        if self.name and (why := names.problem("batch-endpoint", self.name)):
            found.append(Problem(why, "name"))
        return found


class BatchRetries(Spec):
    """How often a mini-batch is tried, and for how many seconds."""

    max_retries: Annotated[int, Field(ge=0)] | None = None
    timeout: Seconds | None = None


Action = Annotated[
    Literal["append_row", "summary_only"] | None,
    renamed({"append_row": "AppendRow", "summary_only": "SummaryOnly"}),
]
Count = Annotated[int, Field(ge=1)]


class Scoring(Spec):
    """How data is cut up and what becomes of the answers."""

    mini_batch_size: Count | None = None
    max_concurrency_per_instance: Count | None = None
    output_action: Action = None
    output_file_name: str | None = None
    retry_settings: BatchRetries | None = None
    error_threshold: Annotated[int, Field(ge=-1)] | None = None
    logging_level: str | None = None
    environment_variables: dict[str, Any] | None = None


class BatchSettings(Scoring):
    """The same for a deployment of a model; of a pipeline, what holds for all of its steps."""

    instance_count: Count | None = None
    default_compute: str | None = None
    default_datastore: str | None = None
    continue_on_step_failure: bool | None = None
    force_rerun: bool | None = None


_ModelField = Annotated[Annotated[Model, Tag("object")] | Annotated[str, Ref("models"), Tag("text")], BY_SHAPE]
_PIPELINE = ("component", "job_definition")
_OF_PIPELINES = ("default_compute", "default_datastore", "continue_on_step_failure", "force_rerun")


class BatchDeployment(Resource):
    """A model with its code, or a pipeline component, behind a batch endpoint."""

    needs: ClassVar[tuple[str, ...]] = ("name", "endpoint_name")
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"provisioning_state"}

    endpoint_name: Annotated[str | None, Arm()] = None
    type: Annotated[Literal["model", "pipeline"] | None, Arm(), renamed({"model": "model", "pipeline": "pipeline"})] = (
        None
    )
    model: _ModelField | None = None
    code_configuration: CodeConfiguration | None = None
    environment: Annotated[EnvironmentField | None, Arm("environmentId")] = None
    component: Annotated[Annotated[str, LocalPath("component")] | dict[str, Any] | None, Arm()] = None
    job_definition: Annotated[str | dict[str, Any] | None, Arm()] = None
    """A pipeline job that has run (``azureml:NAME``), or one written out: what it does is what is deployed."""
    compute: Annotated[str | None, ComputeRef()] = None
    resources: JobResources | None = None
    settings: Annotated[BatchSettings | None, Arm()] = None
    mini_batch_size: Annotated[Count | None, Arm()] = None
    """Here and below: the same as in ``settings``, where Azure's documents had them before these had a ``type``."""
    max_concurrency_per_instance: Annotated[Count | None, Arm()] = None
    output_action: Annotated[Action, Arm()] = None
    output_file_name: Annotated[str | None, Arm()] = None
    retry_settings: Annotated[BatchRetries | None, Arm()] = None
    error_threshold: Annotated[Annotated[int, Field(ge=-1)] | None, Arm()] = None
    logging_level: Annotated[str | None, Arm()] = None
    environment_variables: Annotated[dict[str, Any] | None, Arm()] = None
    tags: Annotated[dict[str, Any] | None, Arm("/tags")] = None
    properties: dict[str, Any] | None = None

    @property
    def is_pipeline(self) -> bool:
        """Whether it runs a pipeline rather than a model."""
        return self.type == "pipeline" or (self.type is None and any(getattr(self, field) for field in _PIPELINE))

    def scoring(self) -> BatchSettings:
        """Its settings, wherever they are written."""
        said = self.settings.to_yaml() if self.settings is not None else {}
        legacy = {name: value for name in Scoring.model_fields if (value := getattr(self, name)) is not None}
        return BatchSettings.model_validate({**legacy, **said})

    def check(self) -> list[Problem]:
        """What its type needs, and what does not go together."""
        found = super().check()
        if self.is_pipeline:
            said = [field for field in _PIPELINE if getattr(self, field) is not None]
            if not said:
                found.append(Problem("required for type pipeline, but missing", "component"))
            if len(said) > 1:
                found.append(Problem("component and job_definition exclude each other", "job_definition"))
            return found
        if self.type == "model" and self.compute is None:
            found.append(Problem("required for type model, but missing", "compute"))
        settings = self.scoring()
        if settings.output_action == "summary_only" and settings.output_file_name:
            told = "with output_action: summary_only the script writes its own files; leave output_file_name out"
            found.append(Problem(told, "settings.output_file_name" if self.settings else "output_file_name"))
        if settings.instance_count is not None and self.resources is not None:
            found.append(Problem("resources says it; leave one of the two out", "settings.instance_count"))
        foreign = [name for name in _OF_PIPELINES if getattr(settings, name) is not None]
        found += [Problem("is for deployments of type pipeline", f"settings.{name}") for name in foreign]
        return found

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """Azure keeps a model's settings beside it, and a pipeline in a configuration of its own."""
        body = super().to_arm(scope)
        properties: dict[str, Any] = body.setdefault("properties", {})
        if self.is_pipeline:
            settings = self.settings.to_yaml() if self.settings is not None else {}
            return arm.pipeline_out(body, self.component, settings, scope)
        settings = self.scoring()
        if isinstance(properties.get("model"), str):
            properties["model"] = {"referenceType": "Id", "assetId": properties["model"]}
        if settings.instance_count is not None and self.resources is None:
            properties["resources"] = {"instanceCount": settings.instance_count, "properties": {}}
        told = Scoring.model_validate({k: v for k, v in settings.to_yaml().items() if k in Scoring.model_fields})
        properties.update(told.to_arm(scope))
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The same, read; the endpoint stands in the id."""
        data = super().arm_to_yaml(arm.read(body), scope)
        return arm.back(data, body, Scoring.arm_to_yaml, scope)


class GivenInput(Spec):
    """Data for a job, or (with a scalar's type) a value."""

    type: str | None = None
    path: Annotated[str | None, LocalPath("data")] = None
    mode: str | None = None
    default: bool | int | float | str | None = None
    value: bool | int | float | str | None = None


class GivenOutput(Spec):
    """Where an output is to go."""

    type: str | None = None
    path: str | None = None
    mode: str | None = None
    name: str | None = None
    version: str | None = None


Scalar = bool | int | float | str


class Invocation(Scoring):
    """What an endpoint is asked to do: data in, and what is to differ from the deployment's own settings."""

    deployment_name: str | None = None
    """The default deployment where nothing is said."""
    inputs: (
        dict[str, Annotated[Annotated[GivenInput, Tag("object")] | Annotated[Scalar, Tag("text")], BY_SHAPE]] | None
    ) = None
    outputs: dict[str, GivenOutput] | None = None
    instance_count: Count | None = None
    replace: bool | None = None
    """Whether a file of results that is there already may be replaced."""
    job_name: str | None = None
    display_name: str | None = None
    description: str | None = None
    experiment_name: str | None = None
    tags: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None
