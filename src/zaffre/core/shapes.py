"""Mappings that several kinds share: what every resource and every asset has, and how things identify themselves."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Tag

from zaffre.core import refs
from zaffre.core.plain import is_list
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, Renamed, Version, renamed
from zaffre.core.wire import Spec, by_type

SERVER_FACTS = frozenset({"id", "creation_context", "latest_version", "resource_group", "resourceGroup"})


class Resource(Spec):
    """What has a name of its own and an ARM envelope around it."""

    arm_root: ClassVar[str] = "properties"
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS

    name: Annotated[str | None, Arm()] = None
    description: str | None = None

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The name comes from the envelope: its ``name``, or the last part of its ``id``."""
        data = super().arm_to_yaml(body, scope)
        found = refs.arm(str(body.get("id") or ""))
        versioned = found is not None and bool(found.version)
        if found is not None and found.name and not found.child:
            data["name"] = found.name
        elif isinstance(body.get("name"), str):
            data["name"] = body["name"]
        if "version" in cls.model_fields:
            version = found.version if versioned and found is not None else body.get("version")
            data |= {"version": str(version)} if version else {}
        return data


class VersionedAsset(Resource):
    """What is registered by name and version and never changes."""

    arm_always: ClassVar[dict[str, Any]] = {"properties.isAnonymous": False, "properties.isArchived": False}

    version: Annotated[Version | None, Arm()] = None
    tags: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None


class AutoDelete(Spec):
    """When the asset is deleted by itself: ``created_greater_than`` 30d is 30 days after it was created."""

    condition: Annotated[
        Literal["created_greater_than", "last_accessed_greater_than"] | None,
        renamed(
            {"created_greater_than": "CreatedGreaterThan", "last_accessed_greater_than": "LastAccessedGreaterThan"}
        ),
    ] = None
    value: str | None = None


_JOB_TYPE = Arm("identityType")


class ManagedIdentity(Spec):
    """The compute's own identity."""

    type: Annotated[Literal["managed"], _JOB_TYPE, renamed({"managed": "Managed"}, managed_identity="managed")]
    client_id: str | None = None
    object_id: str | None = None
    msi_resource_id: Annotated[str | None, Arm("resourceId")] = None


class TokenIdentity(Spec):
    """A token of the job's own."""

    type: Annotated[Literal["aml_token"], _JOB_TYPE, renamed({"aml_token": "AMLToken"})]


class UserIdentity(Spec):
    """Whoever submits the job."""

    type: Annotated[Literal["user_identity"], _JOB_TYPE, renamed({"user_identity": "UserIdentity"})]


JobIdentity = Annotated[
    Annotated[ManagedIdentity, Tag("managed")]
    | Annotated[TokenIdentity, Tag("aml_token")]
    | Annotated[UserIdentity, Tag("user_identity")],
    by_type("managed", "aml_token", "user_identity", aliases={"managed_identity": "managed"}),
]

_KINDS: Renamed = renamed(
    {
        "system_assigned": "SystemAssigned",
        "user_assigned": "UserAssigned",
        "none": "None",
        "system_assigned,user_assigned": "SystemAssigned,UserAssigned",
    }
)


class AssignedIdentity(Spec):
    """One user-assigned identity."""

    ignored: ClassVar[frozenset[str]] = frozenset({"principal_id", "tenant_id"})

    resource_id: str | None = None
    client_id: str | None = None
    object_id: str | None = None


class ResourceIdentity(Spec):
    """The identity of an endpoint, a compute or a workspace."""

    ignored: ClassVar[frozenset[str]] = frozenset({"principal_id", "tenant_id"})

    type: Annotated[
        Literal["system_assigned", "user_assigned", "none", "system_assigned,user_assigned"] | None, _KINDS
    ] = None
    user_assigned_identities: Annotated[list[AssignedIdentity] | dict[str, AssignedIdentity | None] | None, Arm()] = (
        None
    )

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """ARM keys the identities by resource id."""
        body = super().to_arm(scope)
        if is_list(self.user_assigned_identities):
            body["userAssignedIdentities"] = {
                item.resource_id: {} for item in self.user_assigned_identities if item.resource_id
            }
        elif self.user_assigned_identities:
            body["userAssignedIdentities"] = {key: {} for key in self.user_assigned_identities}
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """A list of identities again."""
        data = super().arm_to_yaml(body, scope)
        if found := body.get("userAssignedIdentities"):
            data["user_assigned_identities"] = [{"resource_id": key} for key in found]
        return data
