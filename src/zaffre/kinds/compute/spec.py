"""The specification of a compute: a cluster of nodes, an instance for one person, or something attached."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from zaffre.core import names
from zaffre.core.errors import Problem
from zaffre.core.plain import mapping_of
from zaffre.core.refs import Scope
from zaffre.core.shapes import SERVER_FACTS, Resource, ResourceIdentity
from zaffre.core.spelling import Arm, Seconds, renamed
from zaffre.core.wire import Spec

DEFAULT_SIZE = "STANDARD_DS3_V2"
DEFAULT_MAX_INSTANCES = 4
_INSTANCE_DEFAULTS = {
    "enableNodePublicIp": True,
    "enableSSO": True,
    "enableRootAccess": True,
    "enableOSPatching": False,
    "releaseQuotaOnStop": False,
}
_INNER = "properties."

_COMMON = {"name", "description", "type", "location", "tags", "resource_id", "identity"}
_OF_TYPE: dict[str, set[str]] = {
    "amlcompute": {
        "size", "tier", "min_instances", "max_instances", "idle_time_before_scale_down", "ssh_public_access_enabled",
        "ssh_settings", "network_settings", "enable_node_public_ip",
    },
    "computeinstance": {
        "size", "create_on_behalf_of", "ssh_public_access_enabled", "ssh_settings", "network_settings", "schedules",
        "idle_time_before_shutdown", "idle_time_before_shutdown_minutes", "custom_applications", "setup_scripts",
        "enable_node_public_ip", "enable_sso", "enable_root_access", "release_quota_on_stop", "enable_os_patching",
    },
    "kubernetes": {"namespace", "properties"},
    "virtualmachine": {"ssh_settings"},
    "synapsespark": {"scale_settings", "auto_pause_settings"},
}  # fmt: skip


class SshSettings(Spec):
    """How to log in to a node."""

    admin_username: Annotated[str | None, Arm("adminUserName")] = None
    admin_password: Annotated[str | None, Arm("adminUserPassword")] = None
    ssh_key_value: Annotated[str | None, Arm("adminUserSshPublicKey")] = None
    ssh_port: Annotated[int | None, Arm()] = None
    ssh_private_key_file: Annotated[str | None, Arm()] = None


class NetworkSettings(Spec):
    """Where the nodes live; kept, not acted on."""

    ignored: ClassVar[frozenset[str]] = frozenset({"public_ip_address", "private_ip_address"})

    vnet_name: str | None = None
    subnet: str | None = None


class OnBehalfOf(Spec):
    """Whose instance it is."""

    user_tenant_id: str | None = None
    user_object_id: str | None = None


class Trigger(Spec):
    """When: a cron line, or a recurrence."""

    type: Annotated[Literal["cron", "recurrence"], Arm()]
    start_time: str | None = None
    time_zone: str | None = None
    expression: str | None = None
    frequency: Annotated[
        Literal["minute", "hour", "day", "week", "month"] | None,
        renamed({word: word.capitalize() for word in ("minute", "hour", "day", "week", "month")}),
    ] = None
    interval: int | None = None
    schedule: dict[str, Any] | None = None


class StartStop(Spec):
    """One time at which an instance is started or stopped."""

    ignored: ClassVar[frozenset[str]] = frozenset({"schedule_id", "provisioning_state"})

    action: Annotated[Literal["start", "stop"], renamed({"start": "start", "stop": "stop"})]
    state: Annotated[
        Literal["enabled", "disabled"], Arm("status"), renamed({"enabled": "Enabled", "disabled": "Disabled"})
    ] = "enabled"
    trigger: Annotated[Trigger, Arm()]

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """ARM keeps each sort of trigger under a key of its own."""
        kind = self.trigger.type
        body = super().to_arm(scope) | {"triggerType": kind.capitalize()}
        trigger = {"timeZone": "UTC", "triggerType": kind.capitalize()} | self.trigger.to_arm(scope)
        return body | {kind: trigger}

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """One trigger again."""
        kind = str(body.get("triggerType") or "cron").lower()
        trigger = Trigger.arm_to_yaml(body.get(kind) or {}, scope) | {"type": kind}
        return super().arm_to_yaml(body, scope) | {"trigger": trigger}


class Schedules(Spec):
    """When an instance starts and stops."""

    compute_start_stop: list[StartStop] | None = None


class Compute(Resource):
    """Where jobs run. A cluster (``type: amlcompute``) runs up to ``max_instances`` nodes' worth at once."""

    needs: ClassVar[tuple[str, ...]] = ("name",)
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {
        "provisioning_errors", "created_on", "provisioning_state", "state", "last_operation", "services",
        "os_image_metadata", "node_family", "node_size", "node_count", "spark_version", "compute_location",
    }  # fmt: skip

    type: Annotated[
        Literal["amlcompute", "computeinstance", "kubernetes", "virtualmachine", "synapsespark"],
        Arm("computeType"),
        renamed(
            {
                "amlcompute": "AmlCompute",
                "computeinstance": "ComputeInstance",
                "kubernetes": "Kubernetes",
                "virtualmachine": "VirtualMachine",
                "synapsespark": "SynapseSpark",
            }
        ),
    ]
    size: Annotated[str | None, Arm(_INNER + "vmSize")] = None
    tier: Annotated[
        Literal["dedicated", "low_priority"] | None,
        Arm(_INNER + "vmPriority"),
        renamed({"dedicated": "Dedicated", "low_priority": "LowPriority"}),
    ] = None
    min_instances: Annotated[int | None, Arm(_INNER + "scaleSettings.minNodeCount")] = None
    max_instances: Annotated[int | None, Arm(_INNER + "scaleSettings.maxNodeCount")] = None
    idle_time_before_scale_down: Annotated[
        Seconds | None, Arm(_INNER + "scaleSettings.nodeIdleTimeBeforeScaleDown")
    ] = None
    enable_node_public_ip: Annotated[bool | None, Arm(_INNER + "enableNodePublicIp")] = None
    ssh_public_access_enabled: Annotated[bool | None, Arm()] = None
    ssh_settings: Annotated[SshSettings | None, Arm(_INNER + "userAccountCredentials")] = None
    network_settings: Annotated[NetworkSettings | None, Arm()] = None
    create_on_behalf_of: Annotated[OnBehalfOf | None, Arm()] = None
    idle_time_before_shutdown: Annotated[str | None, Arm(_INNER + "idleTimeBeforeShutdown")] = None
    idle_time_before_shutdown_minutes: Annotated[int | None, Arm()] = None
    enable_sso: Annotated[bool | None, Arm(_INNER + "enableSSO")] = None
    enable_root_access: Annotated[bool | None, Arm(_INNER + "enableRootAccess")] = None
    release_quota_on_stop: Annotated[bool | None, Arm(_INNER + "releaseQuotaOnStop")] = None
    enable_os_patching: Annotated[bool | None, Arm(_INNER + "enableOSPatching")] = None
    schedules: Annotated[Schedules | None, Arm(_INNER + "schedules")] = None
    setup_scripts: Annotated[dict[str, Any] | None, Arm(_INNER + "setupScripts")] = None
    custom_applications: Annotated[list[dict[str, Any]] | None, Arm(_INNER + "customServices")] = None
    scale_settings: Annotated[dict[str, Any] | None, Arm()] = None
    auto_pause_settings: Annotated[dict[str, Any] | None, Arm()] = None
    namespace: Annotated[str | None, Arm(_INNER + "namespace")] = None
    properties: Annotated[dict[str, Any] | None, Arm()] = None
    resource_id: str | None = None
    location: Annotated[str | None, Arm("/location")] = None
    tags: Annotated[dict[str, str] | None, Arm("/tags")] = None
    identity: Annotated[ResourceIdentity | None, Arm("/identity")] = None

    def check(self) -> list[Problem]:
        """The name, the counts, and no field of another type."""
        found = super().check()
        if self.name and (why := names.problem("compute", self.name)):
            found.append(Problem(why, "name"))
        allowed = _COMMON | _OF_TYPE[self.type]
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        found += [Problem(f"unknown field for type {self.type}", name) for name in given if name not in allowed]
        low, high = self.min_instances or 0, self.max_instances
        if low < 0:
            found.append(Problem(f"expected 0 or more, found {low}", "min_instances"))
        if high is not None and high < max(low, 1):
            found.append(Problem(f"expected at least {max(low, 1)}, found {high}", "max_instances"))
        return found

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """What the official client adds by itself, per type."""
        body: dict[str, Any] = {"location": scope.location, **super().to_arm(scope)}
        outer = body["properties"]
        if self.type == "amlcompute":
            self._cluster(outer)
        elif self.type == "computeinstance":
            self._instance(outer)
        return body

    def _cluster(self, outer: dict[str, Any]) -> None:
        inner = outer.setdefault("properties", {})
        access = {None: "NotSpecified", True: "Enabled", False: "Disabled"}[self.ssh_public_access_enabled]
        inner |= {"osType": "Linux", "remoteLoginPortPublicAccess": access}
        inner.setdefault("vmSize", DEFAULT_SIZE)
        inner.setdefault("enableNodePublicIp", True)
        scale = {"minNodeCount": 0, "maxNodeCount": DEFAULT_MAX_INSTANCES, "nodeIdleTimeBeforeScaleDown": "PT2M"}
        inner["scaleSettings"] = scale | inner.get("scaleSettings", {})
        outer["disableLocalAuth"] = self.ssh_settings is None
        _subnet(inner, self.network_settings)

    def _instance(self, outer: dict[str, Any]) -> None:
        inner = outer.setdefault("properties", {})
        inner |= {"applicationSharingPolicy": "Shared", "computeInstanceAuthorizationType": "personal"}
        inner.setdefault("vmSize", DEFAULT_SIZE)
        for name, usual in _INSTANCE_DEFAULTS.items():
            inner.setdefault(name, usual)
        inner.pop("userAccountCredentials", None)
        outer["disableLocalAuth"] = not self.ssh_public_access_enabled
        if self.ssh_public_access_enabled is not None or self.ssh_settings is not None:
            access = "Enabled" if self.ssh_public_access_enabled else "Disabled"
            inner["sshSettings"] = {"sshPublicAccess": access}
            if self.ssh_settings and self.ssh_settings.ssh_key_value:
                inner["sshSettings"]["adminPublicKey"] = self.ssh_settings.ssh_key_value
        if self.create_on_behalf_of:
            user = self.create_on_behalf_of
            assigned = {"objectId": user.user_object_id, "tenantId": user.user_tenant_id}
            inner["personalComputeInstanceSettings"] = {"assignedUser": assigned}
        if self.idle_time_before_shutdown_minutes:
            inner["idleTimeBeforeShutdown"] = f"PT{self.idle_time_before_shutdown_minutes}M"
        _subnet(inner, self.network_settings)

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """Fields of other types that a server filled in are left out."""
        data = super().arm_to_yaml(body, scope)
        allowed = _COMMON | _OF_TYPE.get(str(data.get("type")), set[str]())
        inner: Any = mapping_of(body.get("properties")).get("properties") or {}
        access = inner.get("remoteLoginPortPublicAccess")
        if access in ("Enabled", "Disabled"):
            data["ssh_public_access_enabled"] = access == "Enabled"
        return {key: value for key, value in data.items() if key in allowed}


def _subnet(inner: dict[str, Any], network: NetworkSettings | None) -> None:
    if network and network.subnet:
        inner["subnet"] = {"id": network.subnet}
