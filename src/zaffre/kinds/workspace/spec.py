"""The specification of a workspace. Azure's network and key settings are kept as written; nothing here acts on them."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from zaffre.core import names
from zaffre.core.errors import Problem
from zaffre.core.plain import is_mapping, mapping_of
from zaffre.core.refs import Scope
from zaffre.core.shapes import SERVER_FACTS, Resource, ResourceIdentity
from zaffre.core.spelling import Arm, renamed
from zaffre.core.wire import Spec

_RESOURCE_ID = re.compile(
    r"/subscriptions/[\w-]+/resourceGroups/[\w.()-]+/providers/[\w.]+(/[\w.-]+){2,}", re.IGNORECASE
)

_RULES = {"FQDN": "fqdn", "ServiceTag": "service_tag", "PrivateEndpoint": "private_endpoint"}
_URL = re.compile(r"https://[\w.-]+(:\d+)?(/[^\s<>]*)?")


class CustomerKey(Spec):
    """Keys of one's own for data at rest."""

    key_vault: str | None = None
    key_uri: str | None = None
    cosmosdb_id: str | None = None
    storage_id: str | None = None
    search_id: str | None = None


class IpRule(Spec):
    """An address or range that may enter."""

    value: str


class NetworkAcls(Spec):
    """Who may enter."""

    default_action: Literal["Deny", "Allow"]
    ip_rules: list[IpRule] | None = None


class OutboundRule(Spec):
    """One way out of a managed network."""

    ignored: ClassVar[frozenset[str]] = frozenset({"category", "status", "parent_rule_names"})

    name: str
    type: Literal["fqdn", "service_tag", "private_endpoint"]
    destination: str | dict[str, Any]
    fqdns: list[str] | None = None


class ManagedNetwork(Spec):
    """The network that computes of the workspace live in."""

    ignored: ClassVar[frozenset[str]] = frozenset({"network_id", "status"})

    isolation_mode: Annotated[
        Literal["disabled", "allow_internet_outbound", "allow_only_approved_outbound"] | None,
        renamed(
            {
                "disabled": "Disabled",
                "allow_internet_outbound": "AllowInternetOutbound",
                "allow_only_approved_outbound": "AllowOnlyApprovedOutbound",
            }
        ),
    ] = None
    outbound_rules: list[OutboundRule] | None = None
    firewall_sku: Annotated[
        Literal["standard", "basic"] | None, renamed({"standard": "Standard", "basic": "Basic"})
    ] = None

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """ARM keeps the rules by their names."""
        data = super().arm_to_yaml(body, scope)
        rules = body.get("outboundRules")
        if is_mapping(rules):
            data["outbound_rules"] = [
                {**mapping_of(rule), "name": name, "type": _RULES.get(str(mapping_of(rule).get("type")), "")}
                for name, rule in rules.items()
            ] or None
        return data


class ServerlessCompute(Spec):
    """Where serverless computes live."""

    custom_subnet: str | None = None
    no_public_ip: bool = False


class Workspace(Resource):
    """A place of its own for jobs, assets and endpoints."""

    needs: ClassVar[tuple[str, ...]] = ("name",)
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"discovery_url", "mlflow_tracking_uri"}

    location: Annotated[str | None, Arm("/location")] = None
    kind: Annotated[str | None, Arm("/kind")] = None
    """``hub``, ``project``, or nothing for a plain workspace."""
    display_name: Annotated[str | None, Arm("friendlyName")] = None
    tags: Annotated[dict[str, Any] | None, Arm("/tags")] = None
    identity: Annotated[ResourceIdentity | None, Arm("/identity")] = None
    hbi_workspace: bool | None = None
    storage_account: str | None = None
    container_registry: str | None = None
    key_vault: str | None = None
    application_insights: str | None = None
    customer_managed_key: Annotated[CustomerKey | None, Arm("encryption")] = None
    image_build_compute: str | None = None
    public_network_access: Annotated[
        Literal["enabled", "disabled"] | None, renamed({"enabled": "Enabled", "disabled": "Disabled"})
    ] = None
    network_acls: NetworkAcls | None = None
    system_datastores_auth_mode: str | None = None
    primary_user_assigned_identity: str | None = None
    workspace_hub: str | None = None
    hub_id: str | None = None
    default_resource_group: str | None = None
    managed_network: ManagedNetwork | None = None
    provision_network_now: bool | None = None
    enable_data_isolation: bool | None = None
    allow_roleassignment_on_rg: bool | None = None
    serverless_compute: ServerlessCompute | None = None

    def check(self) -> list[Problem]:
        """The name."""
        found = super().check()
        if self.name and (why := names.problem("workspace", self.name)):
            found.append(Problem(why, "name"))
        for field in ("storage_account", "container_registry", "key_vault", "application_insights", "workspace_hub"):
            value = getattr(self, field)
            if value is not None and not _RESOURCE_ID.fullmatch(value):
                found.append(Problem(f'expected a resource id (/subscriptions/…), found the text "{value}"', field))
        key = self.customer_managed_key
        if key and key.key_uri and not _URL.fullmatch(key.key_uri):
            found.append(Problem(f'expected a URL, found the text "{key.key_uri}"', "customer_managed_key.key_uri"))
        return found

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Any) -> dict[str, Any]:
        """A workspace's id ends with its own name."""
        data = super().arm_to_yaml(body, scope)
        last = str(body.get("id") or "").rstrip("/").rpartition("/")[2]
        return data | ({"name": last} if last else {})
