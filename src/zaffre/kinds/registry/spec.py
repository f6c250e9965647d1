"""The specification of a registry."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Tag

from zaffre.core.refs import Scope
from zaffre.core.shapes import SERVER_FACTS, Resource, ResourceIdentity
from zaffre.core.spelling import Arm, renamed
from zaffre.core.wire import BY_SHAPE, Spec


class Container(Spec):
    """A container registry made for it."""

    ignored: ClassVar[frozenset[str]] = frozenset({"arm_resource_id"})

    acr_account_sku: Annotated[Literal["premium"] | None, renamed({"premium": "Premium"})] = None


class Storage(Spec):
    """A storage account made for it."""

    ignored: ClassVar[frozenset[str]] = frozenset({"arm_resource_id", "replicated_ids"})

    storage_account_hns: bool = False
    storage_account_type: str | None = None
    replication_count: int = 1


class Region(Spec):
    """One place that keeps a copy."""

    location: str | None = None
    storage_config: (
        Annotated[Annotated[Storage, Tag("object")] | Annotated[list[str], Tag("text")], BY_SHAPE] | None
    ) = None


class Publisher(Spec):
    """Who the assets belong to."""

    publisher: str | None = None


class Registry(Resource):
    """Assets shared between workspaces."""

    needs: ClassVar[tuple[str, ...]] = ("name",)
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {
        "kind", "sku", "managed_resource_group", "mlflow_registry_uri", "discovery_url",
    }  # fmt: skip

    location: Annotated[str | None, Arm("/location")] = None
    tags: Annotated[dict[str, Any] | None, Arm("/tags")] = None
    identity: Annotated[ResourceIdentity | None, Arm("/identity")] = None
    public_network_access: Annotated[
        Literal["enabled", "disabled"] | None, renamed({"enabled": "Enabled", "disabled": "Disabled"})
    ] = None
    replication_locations: Annotated[list[Region] | None, Arm("regionDetails")] = None
    intellectual_property: Publisher | None = None
    container_registry: Annotated[
        Annotated[Annotated[Container, Tag("object")] | Annotated[str, Tag("text")], BY_SHAPE] | None, Arm()
    ] = None

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """Registries say where they are; without one, where the asking workspace is."""
        return {"location": scope.location} | super().to_arm(scope)

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """A registry's id ends with its name."""
        data = super().arm_to_yaml(body, scope)
        last = str(body.get("id") or "").rstrip("/").rpartition("/")[2]
        return data | ({"name": last} if last else {})
