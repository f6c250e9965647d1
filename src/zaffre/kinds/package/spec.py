"""The specification of a model package."""

from typing import Annotated, Any, ClassVar, Literal

from zaffre.core.serving import CodeConfiguration
from zaffre.core.shapes import Resource
from zaffre.core.spelling import Version, renamed
from zaffre.core.wire import Spec


class PackageRoute(Spec):
    """A port and a path that the server answers on."""

    port: Version
    path: str


class InferenceConfiguration(Spec):
    """How a server of one's own is asked."""

    liveness_route: PackageRoute | None = None
    readiness_route: PackageRoute | None = None
    scoring_route: PackageRoute | None = None
    entry_script: str | None = None
    configuration: dict[str, Any] | None = None


class InferencingServer(Spec):
    """The server that the package brings."""

    type: Annotated[
        Literal["azureml_online", "azureml_batch", "custom", "triton"],
        renamed(
            {"azureml_online": "AzureMLOnline", "azureml_batch": "AzureMLBatch", "custom": "Custom", "triton": "Triton"}
        ),
    ]
    code_configuration: CodeConfiguration | None = None
    inference_configuration: InferenceConfiguration | None = None


class EnvironmentSource(Spec):
    """The environment it is built on."""

    type: str | None = None
    resource_id: str | None = None


class ModelMount(Spec):
    """How the model gets in."""

    mode: Annotated[Literal["copy", "download"] | None, renamed({"copy": "Copy", "download": "Download"})] = None
    mount_path: str | None = None


class PackageInputPath(Spec):
    """Where something else lies that goes in."""

    input_path_type: Annotated[
        Literal["path_id", "url", "path_version"] | None,
        renamed({"path_id": "PathId", "url": "Url", "path_version": "PathVersion"}),
    ] = None
    resource_id: str | None = None
    url: str | None = None
    resource_name: str | None = None
    resource_version: Version | None = None


class PackageInput(Spec):
    """Something else that goes in."""

    type: Literal["uri_file", "uri_folder"] | None = None
    mode: Literal["read_only_mount", "download"] | None = None
    path: PackageInputPath | None = None
    mount_path: str | None = None


class ModelPackage(Resource):
    """A model, its server and its environment as one image."""

    needs: ClassVar[tuple[str, ...]] = ("target_environment", "inferencing_server")

    target_environment: str | dict[str, str] | None = None
    base_environment_source: EnvironmentSource | None = None
    inferencing_server: InferencingServer | None = None
    model_configuration: ModelMount | None = None
    inputs: list[PackageInput] | None = None
    tags: dict[str, Any] | None = None
    environment_variables: dict[str, Any] | None = None
