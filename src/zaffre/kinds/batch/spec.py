"""The specifications of a batch endpoint and of a batch deployment."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Tag

from zaffre.assets.environment.spec import EnvironmentField
from zaffre.assets.model.spec import Model
from zaffre.core import names
from zaffre.core.errors import Problem
from zaffre.core.joblike import ComputeRef, JobResources
from zaffre.core.serving import CodeConfiguration
from zaffre.core.shapes import SERVER_FACTS, Resource, ResourceIdentity
from zaffre.core.spelling import Arm, Ref, renamed
from zaffre.core.wire import BY_SHAPE, Spec


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

    max_retries: int | None = None
    timeout: int | None = None


class BatchSettings(Spec):
    """How data is cut up and what becomes of the answers."""

    mini_batch_size: int | None = None
    max_concurrency_per_instance: int | None = None
    instance_count: int | None = None
    output_action: Annotated[
        Literal["append_row", "summary_only"] | None,
        renamed({"append_row": "AppendRow", "summary_only": "SummaryOnly"}),
    ] = None
    output_file_name: str | None = None
    retry_settings: BatchRetries | None = None
    error_threshold: int | None = None
    logging_level: str | None = None
    environment_variables: dict[str, Any] | None = None
    default_compute: str | None = None
    default_datastore: str | None = None
    continue_on_step_failure: bool | None = None
    force_rerun: bool | None = None


_ModelField = Annotated[Annotated[Model, Tag("object")] | Annotated[str, Ref("models"), Tag("text")], BY_SHAPE]


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
    environment_variables: dict[str, Any] | None = None
    component: str | dict[str, Any] | None = None
    job_definition: str | dict[str, Any] | None = None
    compute: Annotated[str | None, ComputeRef()] = None
    resources: JobResources | None = None
    settings: BatchSettings | None = None
    mini_batch_size: int | None = None
    max_concurrency_per_instance: int | None = None
    output_action: Annotated[
        Literal["append_row", "summary_only"] | None,
        renamed({"append_row": "AppendRow", "summary_only": "SummaryOnly"}),
    ] = None
    output_file_name: str | None = None
    retry_settings: BatchRetries | None = None
    error_threshold: int | None = None
    logging_level: str | None = None
    tags: Annotated[dict[str, Any] | None, Arm("/tags")] = None
    properties: dict[str, Any] | None = None

    def check(self) -> list[Problem]:
        """What its type needs."""
        found = super().check()
        if self.type == "pipeline" and self.component is None and self.job_definition is None:
            found.append(Problem("required for type pipeline, but missing", "component"))
        if self.type == "model" and self.compute is None:
            found.append(Problem("required for type model, but missing", "compute"))
        return found
