"""The specifications of an online endpoint and of its deployments."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, Tag

from zaffre.assets.environment.spec import EnvironmentField
from zaffre.assets.model.spec import Model
from zaffre.core import names
from zaffre.core.errors import Problem
from zaffre.core.joblike import ComputeRef
from zaffre.core.refs import Scope
from zaffre.core.serving import (
    CodeConfiguration,
    DataCollector,
    Probe,
    RequestSettings,
    Resources,
    Rollout,
    ScaleSettings,
)
from zaffre.core.shapes import SERVER_FACTS, Resource, ResourceIdentity
from zaffre.core.spelling import Arm, Ref, renamed
from zaffre.core.wire import BY_SHAPE

_ACCESS = renamed({"enabled": "enabled", "disabled": "disabled"})


def _reference(value: str) -> str:
    if not value.startswith("azureml:"):
        raise ValueError(f'expected azureml:NAME:VERSION or a mapping with a path, found the text "{value}"')
    return value


_ModelField = Annotated[
    Annotated[Model, Tag("object")] | Annotated[str, AfterValidator(_reference), Ref("models"), Tag("text")], BY_SHAPE
]


class OnlineEndpoint(Resource):
    """An address, how callers prove themselves, and which deployment gets how much traffic."""

    needs: ClassVar[tuple[str, ...]] = ("name",)
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {
        "provisioning_state", "scoring_uri", "openapi_uri", "swagger_uri", "kind", "location",
    }  # fmt: skip
    arm_always: ClassVar[dict[str, Any]] = {
        "properties.properties": {},
        "properties.traffic": {},
        "properties.mirrorTraffic": {},
        "tags": {},
        "identity": {"type": "SystemAssigned"},
    }

    auth_mode: Annotated[
        Literal["key", "aml_token", "aad_token"],
        renamed({"key": "Key", "aml_token": "AMLToken", "aad_token": "AADToken"}),
    ] = "key"
    traffic: dict[str, int] | None = None
    """Deployment → percent; at most 100 together."""
    mirror_traffic: dict[str, int] | None = None
    """Deployment → percent of the traffic it gets a copy of; one deployment, at most 50."""
    compute: Annotated[str | None, ComputeRef()] = None
    """A Kubernetes compute; without one the endpoint is managed."""
    public_network_access: Annotated[Literal["enabled", "disabled"] | None, _ACCESS] = None
    identity: Annotated[ResourceIdentity | None, Arm("/identity")] = None
    tags: Annotated[dict[str, Any] | None, Arm("/tags")] = None
    properties: dict[str, Any] | None = None
    rollout: Rollout | None = None
    """How traffic moves when its shares change; without it, at once."""
    record_requests: Annotated[int | None, Field(ge=0, le=10_000)] = None
    """Exchanges of each deployment that the router keeps in memory, to be replayed against another."""

    def check(self) -> list[Problem]:
        """Names and percentages."""
        found = super().check() + (self.rollout.check() if self.rollout is not None else [])
        if self.name and (why := names.problem("online-endpoint", self.name)):
            found.append(Problem(why, "name"))
        found += _percentages(self.traffic or {}, "traffic", 100)
        if len(self.mirror_traffic or {}) > 1:
            found.append(Problem("expected one deployment, found several", "mirror_traffic"))
        return found + _percentages(self.mirror_traffic or {}, "mirror_traffic", 50)

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """Endpoints say where they are."""
        return {"location": scope.location} | super().to_arm(scope)


def _percentages(shares: Mapping[str, int], field: str, limit: int) -> list[Problem]:
    wrong = [Problem("expected 0 to 100 percent", f"{field}.{name}") for name, share in shares.items() if share < 0]
    total = sum(shares.values())
    if total > limit:
        wrong.append(Problem(f"expected at most {limit} percent together, found {total}", field))
    return wrong


class OnlineDeployment(Resource):
    """A model with what it takes to answer requests."""

    needs: ClassVar[tuple[str, ...]] = ("name", "endpoint_name")
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"provisioning_state", "location"}
    arm_always: ClassVar[dict[str, Any]] = {
        "sku.name": "Default",
        "tags": {},
        "properties.properties": {},
        "properties.environmentVariables": {},
    }

    type: Annotated[
        Literal["managed", "kubernetes"],
        Arm("endpointComputeType"),
        renamed({"managed": "Managed", "kubernetes": "Kubernetes"}),
    ] = "managed"
    endpoint_name: Annotated[str | None, Arm()] = None
    model: _ModelField | None = None
    environment: Annotated[EnvironmentField | None, Arm("environmentId")] = None
    code_configuration: CodeConfiguration | None = None
    environment_variables: dict[str, Any] | None = None
    instance_type: str | None = None
    instance_count: Annotated[int | None, Arm("/sku.capacity")] = None
    app_insights_enabled: bool = False
    scale_settings: ScaleSettings | None = None
    request_settings: RequestSettings | None = None
    liveness_probe: Probe | None = None
    readiness_probe: Probe | None = None
    model_mount_path: str | None = None
    data_collector: DataCollector | None = None
    resources: Annotated[Resources | None, Arm("containerResourceRequirements")] = None
    """Kubernetes only."""
    egress_public_network_access: Annotated[Literal["enabled", "disabled"] | None, _ACCESS] = None
    private_network_connection: bool | None = None
    tags: Annotated[dict[str, Any] | None, Arm("/tags")] = None
    properties: dict[str, Any] | None = None

    def check(self) -> list[Problem]:
        """Names, and what each type of deployment must and may have."""
        found = super().check()
        if self.name and (why := names.problem("online-deployment", self.name)):
            found.append(Problem(why, "name"))
        if self.type == "managed":
            found += self._check_managed()
        elif self.egress_public_network_access or self.private_network_connection:
            field = (
                "egress_public_network_access" if self.egress_public_network_access else "private_network_connection"
            )
            found.append(Problem("known to managed deployments only", field))
        return found

    def _check_managed(self) -> list[Problem]:
        found: list[Problem] = []
        if self.instance_type is None:
            found.append(Problem("required for a managed deployment, but missing", "instance_type"))
        if self.resources is not None:
            found.append(Problem('known to "type: kubernetes" only', "resources"))
        return found

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """Deployments say where they are; a private connection is said twice, as Azure expects it."""
        body: dict[str, Any] = {"location": scope.location, **super().to_arm(scope)}
        if self.private_network_connection:
            body["properties"]["properties"] = {
                **body["properties"]["properties"],
                "private-network-connection": True,
            }
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The endpoint's name stands in the deployment's id."""
        data = super().arm_to_yaml(body, scope)
        parts = str(body.get("id") or "").strip("/").split("/")
        lowered = [part.lower() for part in parts]
        if "onlineendpoints" in lowered and lowered[-2:-1] == ["deployments"]:
            data["endpoint_name"] = parts[lowered.index("onlineendpoints") + 1]
            data["name"] = parts[-1]
        return data
