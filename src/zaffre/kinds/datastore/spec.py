"""The specification of a datastore: Azure's own types, and a folder of this machine behind them."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import model_validator

from zaffre.core import names
from zaffre.core.errors import Problem
from zaffre.core.plain import is_dict, mapping_of
from zaffre.core.refs import Scope
from zaffre.core.shapes import SERVER_FACTS, Resource
from zaffre.core.spelling import Arm, renamed
from zaffre.core.wire import Spec

_REQUIRED = {
    "azure_blob": ("account_name", "container_name"),
    "azure_file": ("account_name", "file_share_name"),
    "azure_data_lake_gen1": ("store_name",),
    "azure_data_lake_gen2": ("account_name", "filesystem"),
    "one_lake": ("one_lake_workspace_name", "endpoint"),
}
_SECRETS = {
    "account_key": ("AccountKey", "AccountKey", "key"),
    "sas_token": ("Sas", "Sas", "sasToken"),
    "client_secret": ("ServicePrincipal", "ServicePrincipal", "clientSecret"),
    "certificate": ("Certificate", "Certificate", "certificate"),
}
"""YAML key of the secret → credentialsType, secretsType and key in ARM."""
AUTHORITY = "https://login.microsoftonline.com"


class Credentials(Spec):
    """How the store is opened. Which fields are given says which way; none at all means the caller's identity."""

    account_key: Annotated[str | None, Arm()] = None
    sas_token: Annotated[str | None, Arm()] = None
    client_secret: Annotated[str | None, Arm()] = None
    certificate: Annotated[str | None, Arm()] = None
    tenant_id: str | None = None
    client_id: str | None = None
    thumbprint: str | None = None
    authority_url: str | None = None
    resource_url: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _older_key(cls, data: Any) -> Any:
        if is_dict(data) and "authority_uri" in data:
            if "authority_url" in data:
                raise ValueError("expected authority_url or authority_uri, found both; use authority_url")
            return {("authority_url" if key == "authority_uri" else key): value for key, value in data.items()}
        return data

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """The kind of credential, and its secret one level down."""
        for field, (kind, secrets, key) in _SECRETS.items():
            if (value := getattr(self, field)) is not None:
                body = {"credentialsType": kind, "secrets": {"secretsType": secrets, key: value}}
                if kind in ("ServicePrincipal", "Certificate"):
                    body["authorityUrl"] = AUTHORITY
                return body | super().to_arm(scope)
        return {"credentialsType": "None"}

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The secret, where the body has one."""
        data = super().arm_to_yaml(body, scope)
        secrets = mapping_of(body.get("secrets"))
        return data | {field: secrets[key] for field, (_, _, key) in _SECRETS.items() if secrets.get(key)}


class OneLakeArtifact(Spec):
    """The lake house."""

    name: str
    type: Annotated[Literal["lake_house"] | None, Arm("artifactType"), renamed({"lake_house": "LakeHouse"})] = None


class Datastore(Resource):
    """A place for data: a cloud store, or (``root``) a folder of this machine in its spelling."""

    needs: ClassVar[tuple[str, ...]] = ("name",)
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"is_default"}
    arm_always: ClassVar[dict[str, Any]] = {
        "properties.credentials": {"credentialsType": "None"},
        "properties.tags": {},
    }

    type: Annotated[
        Literal["azure_blob", "azure_file", "azure_data_lake_gen1", "azure_data_lake_gen2", "one_lake"],
        Arm("datastoreType"),
        renamed(
            {
                "azure_blob": "AzureBlob",
                "azure_file": "AzureFile",
                "azure_data_lake_gen1": "AzureDataLakeGen1",
                "azure_data_lake_gen2": "AzureDataLakeGen2",
                "one_lake": "OneLake",
            }
        ),
    ]
    root: Annotated[str | None, Arm()] = None
    """Absolute folder of the server's machine that holds the data; then no account is needed."""
    account_name: str | None = None
    container_name: str | None = None
    file_share_name: str | None = None
    filesystem: str | None = None
    store_name: str | None = None
    one_lake_workspace_name: str | None = None
    artifact: OneLakeArtifact | None = None
    endpoint: str | None = None
    protocol: str | None = None
    credentials: Credentials | None = None
    tags: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """Storage accounts are reached where and how Azure's are, unless said otherwise."""
        body = super().to_arm(scope)
        if self.type in ("azure_blob", "azure_file", "azure_data_lake_gen2"):
            body["properties"] = {"endpoint": "core.windows.net", "protocol": "https"} | body["properties"]
        return body

    def check(self) -> list[Problem]:
        """The name, and what each type must say."""
        found = super().check()
        if self.name and (why := names.problem("datastore", self.name)):
            found.append(Problem(why, "name"))
        if self.root is None:
            missing = [field for field in _REQUIRED[self.type] if getattr(self, field) is None]
            found += [Problem(f"required for {self.type}, but missing", field) for field in missing]
        return found
