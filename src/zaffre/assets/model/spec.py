"""The specification of a model asset."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from zaffre.core.refs import Scope
from zaffre.core.shapes import SERVER_FACTS, VersionedAsset
from zaffre.core.spelling import Arm, LocalPath, Texts, renamed
from zaffre.core.wire import Spec


@dataclass(frozen=True, slots=True)
class _Flavors:
    """``{"sklearn": {...}}`` in YAML, ``{"sklearn": {"data": {...}}}`` in ARM."""

    def out(self, value: Any, scope: Scope) -> Any:
        return {name: {"data": dict(flavor)} for name, flavor in value.items()} or None

    def back(self, value: Any, scope: Scope | None) -> Any:
        return {name: flavor.get("data", {}) for name, flavor in value.items()} or None


class DeploymentTemplate(Spec):
    """A registry's template for deploying the model."""

    asset_id: str | None = None


class Model(VersionedAsset):
    """Files of a model and their format."""

    needs: ClassVar[tuple[str, ...]] = ("name",)
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"utc_time_created", "job_name", "intellectual_property"}
    arm_always: ClassVar[dict[str, Any]] = VersionedAsset.arm_always | {
        "properties.tags": {},
        "properties.properties": {},
    }

    path: Annotated[str | None, Arm("modelUri"), LocalPath("model")] = None
    type: Annotated[
        Literal["custom_model", "mlflow_model", "triton_model"],
        Arm("modelType"),
        renamed({"custom_model": "custom_model", "mlflow_model": "mlflow_model", "triton_model": "triton_model"}),
    ] = "custom_model"
    tags: Annotated[dict[str, Any] | None, Texts()] = None
    properties: Annotated[dict[str, Any] | None, Texts()] = None
    flavors: Annotated[dict[str, dict[str, Any]] | None, _Flavors()] = None
    stage: str | None = None
    datastore: Annotated[str | None, Arm()] = None
    """Where a local path is uploaded to."""
    system_metadata: dict[str, Any] | None = None
    default_deployment_template: DeploymentTemplate | None = None
    allowed_deployment_templates: list[DeploymentTemplate] | None = None

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """As the official client does, a model with deployment templates is sent without its stage."""
        body = super().to_arm(scope)
        if self.default_deployment_template or self.allowed_deployment_templates:
            body["properties"].pop("stage", None)
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """A body without a type is a custom model."""
        return {"type": "custom_model"} | super().arm_to_yaml(body, scope)
