"""The specification of an environment: an image, packages for it, or a folder to build one from."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Tag, model_validator

from zaffre.core import refs
from zaffre.core.plain import is_dict
from zaffre.core.refs import Scope
from zaffre.core.shapes import SERVER_FACTS, VersionedAsset
from zaffre.core.spelling import Arm, LocalPath, Ref, renamed
from zaffre.core.wire import BY_SHAPE, Spec


@dataclass(frozen=True, slots=True)
class _CondaText:
    """A mapping in YAML, YAML text in ARM."""

    def out(self, value: Any, scope: Scope) -> Any:
        # imported here because most commands that load this model never write an ARM body, and PyYAML costs 12 ms
        from zaffre.core import document  # noqa: PLC0415

        return document.dump(value, sort_keys=True) if is_dict(value) else value

    def back(self, value: Any, scope: Scope | None) -> Any:
        from zaffre.core import document  # noqa: PLC0415

        return document.load(value, file="condaFile").data if isinstance(value, str) else value


_CondaFile = Annotated[Annotated[dict[str, Any], Tag("object")] | Annotated[str, Tag("text")], BY_SHAPE]


class BuildContext(Spec):
    """A folder with a Dockerfile."""

    path: Annotated[str | None, Arm("contextUri"), LocalPath("build")] = None
    dockerfile_path: str | None = None


class Route(Spec):
    """A port and a path that a container answers on."""

    port: int
    path: str


class InferenceConfig(Spec):
    """How a server inside the image is asked."""

    liveness_route: Route
    readiness_route: Route
    scoring_route: Route


class Environment(VersionedAsset):
    """The software a job or deployment runs in."""

    needs: ClassVar[tuple[str, ...]] = ("name",)
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"intellectual_property"}

    image: str | None = None
    conda_file: Annotated[_CondaFile | None, LocalPath("yaml"), _CondaText()] = None
    build: BuildContext | None = None
    inference_config: InferenceConfig | None = None
    os_type: Annotated[Literal["linux", "windows"] | None, renamed({"linux": "linux", "windows": "windows"})] = None
    datastore: Annotated[str | None, Arm()] = None
    """Where a local build context is uploaded to."""

    @model_validator(mode="before")
    @classmethod
    def _no_conda_file(cls, data: Any) -> Any:
        if is_dict(data) and ("dependencies" in data or "channels" in data):
            raise ValueError(
                "expected an environment, found a conda file (it has channels or dependencies); "
                "name an image and put the conda file under conda_file"
            )
        return data


@dataclass(frozen=True, slots=True)
class _EnvironmentRef:
    """A reference; the short names of Azure's old curated environments stay as they are."""

    def out(self, value: Any, scope: Scope) -> Any:
        if not isinstance(value, str) or value.startswith("azureml:AzureML-"):
            return value
        return refs.to_arm(value, "environments", scope)

    def back(self, value: Any, scope: Scope | None) -> Any:
        return Ref("environments").back(value, scope)


def _reference(value: str) -> str:
    if not value.startswith(("azureml:", "file:")):
        told = "expected azureml:NAME:VERSION, azureml:NAME@latest, file:PATH or a mapping with an image"
        raise ValueError(f'{told}, found the text "{value}"')
    return value


_ByName = Annotated[str, AfterValidator(_reference), _EnvironmentRef(), LocalPath("environment"), Tag("text")]
EnvironmentField = Annotated[Annotated[Environment, Tag("object")] | _ByName, BY_SHAPE]
"""An environment by name, in a file of its own (``file:env.yml``), or written out inside what needs it."""
