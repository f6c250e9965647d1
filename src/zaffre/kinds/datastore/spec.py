"""The specification of a datastore: Azure's own types, four of ours (s3, gcs, sftp, http), and a folder of this machine."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import model_validator

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
    "s3": ("bucket",),
    "gcs": ("bucket",),
    "sftp": ("host", "username", "host_key"),
    "http": ("url",),
}
_ARM_SECRETS = {
    "account_key": ("AccountKey", "AccountKey", "key"),
    "sas_token": ("Sas", "Sas", "sasToken"),
    "client_secret": ("ServicePrincipal", "ServicePrincipal", "clientSecret"),
    "certificate": ("Certificate", "Certificate", "certificate"),
}
"""YAML key of the secret → credentialsType, secretsType and key in ARM."""
SECRETS = (
    "account_key", "sas_token", "client_secret", "certificate", "secret_access_key", "session_token", "service_account",
    "password", "private_key", "passphrase", "token",
)  # fmt: skip
"""Kept sealed, never shown; the first that is given is the type of the credentials."""
_FITTING = {
    "azure_blob": ("account_key", "sas_token", "client_secret", "certificate"),
    "azure_data_lake_gen1": ("client_secret", "certificate"),
    "azure_data_lake_gen2": ("account_key", "sas_token", "client_secret", "certificate"),
    "azure_file": ("account_key", "sas_token", "client_secret", "certificate"),
    "one_lake": ("client_secret", "certificate"),
    "s3": ("secret_access_key",),
    "gcs": ("service_account",),
    "sftp": ("password", "private_key"),
    "http": ("token",),
}
_BESIDE = {
    "client_secret": ("tenant_id", "client_id"),
    "certificate": ("tenant_id", "client_id"),
    "secret_access_key": ("access_key_id",),
}
AUTHORITY = "https://login.microsoftonline.com"


class Credentials(Spec):
    """How the store is opened. Which fields are given says which way. Secrets are sealed; ``type`` tells which is kept."""

    type: Annotated[str | None, Arm()] = None

    account_key: Annotated[str | None, Arm()] = None
    sas_token: Annotated[str | None, Arm()] = None
    client_secret: Annotated[str | None, Arm()] = None
    certificate: Annotated[str | None, Arm()] = None
    secret_access_key: Annotated[str | None, Arm()] = None
    session_token: Annotated[str | None, Arm()] = None
    service_account: Annotated[str | dict[str, Any] | None, Arm()] = None
    """A service account's key: the JSON file's content."""
    password: Annotated[str | None, Arm()] = None
    private_key: Annotated[str | None, Arm()] = None
    passphrase: Annotated[str | None, Arm()] = None
    token: Annotated[str | None, Arm()] = None
    access_key_id: str | None = None
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
        for field, (kind, secrets, key) in _ARM_SECRETS.items():
            value = getattr(self, field)
            if value is None and self.type != field:
                continue
            body: dict[str, Any] = {"credentialsType": kind}
            if value is not None:
                body["secrets"] = {"secretsType": secrets, key: value}
            if kind in ("ServicePrincipal", "Certificate"):
                body["authorityUrl"] = AUTHORITY
            return body | super().to_arm(scope)
        return {"credentialsType": "None"}

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The secret, where the body has one; else only which one is meant."""
        data = super().arm_to_yaml(body, scope)
        secrets = mapping_of(body.get("secrets"))
        found = {field: secrets[key] for field, (_, _, key) in _ARM_SECRETS.items() if secrets.get(key)}
        said = str(body.get("credentialsType") or "").lower()
        meant = next((field for field, (kind, *_) in _ARM_SECRETS.items() if kind.lower() == said), None)
        return data | (found or ({"type": meant} if meant else {}))

    @property
    def kind(self) -> str:
        """Which secret opens the store; empty for none."""
        return next((name for name in SECRETS if getattr(self, name) is not None), self.type or "")

    @property
    def secrets(self) -> dict[str, str]:
        """What is to be sealed."""
        given = {name: getattr(self, name) for name in SECRETS if getattr(self, name) is not None}
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}

    def without_secrets(self) -> dict[str, Any]:
        """What is shown and stored in the open."""
        shown = {name: value for name, value in self.to_yaml().items() if name not in SECRETS}
        return shown | ({"type": self.kind} if self.kind else {})


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
        Literal[
            "azure_blob",
            "azure_file",
            "azure_data_lake_gen1",
            "azure_data_lake_gen2",
            "one_lake",
            "s3",
            "gcs",
            "sftp",
            "http",
        ],
        Arm("datastoreType"),
        renamed(
            {
                "azure_blob": "AzureBlob",
                "azure_file": "AzureFile",
                "azure_data_lake_gen1": "AzureDataLakeGen1",
                "azure_data_lake_gen2": "AzureDataLakeGen2",
                "one_lake": "OneLake",
                "s3": "S3",
                "gcs": "Gcs",
                "sftp": "Sftp",
                "http": "Http",
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
    """The suffix of the account's host names, or the account's whole URL."""
    protocol: str | None = None
    bucket: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    """Where an S3 or GCS compatible store is, if not at Amazon or Google."""
    host: str | None = None
    port: int | None = None
    username: str | None = None
    path: str | None = None
    """The folder of the SFTP host that paths are below."""
    host_key: str | None = None
    """The host's public key, as ssh-keyscan prints it: nothing is sent to a host that shows another."""
    url: str | None = None
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
        """What each type must say; the name is looked at with every resource's."""
        found = super().check()
        if self.root is None:
            missing = [field for field in _REQUIRED[self.type] if getattr(self, field) is None]
            found += [Problem(f"required for {self.type}, but missing", field) for field in missing]
            found += self._unfit()
        return found

    def _unfit(self) -> list[Problem]:
        """Credentials that do not open a store of this type, or not without something beside them."""
        given = self.credentials
        if given is None or not given.kind:
            return []
        fitting = _FITTING[self.type]
        if given.kind not in fitting and given.kind != "session_token":
            told = f"a store of type {self.type} is opened with {' or '.join(fitting)}, found {given.kind}"
            return [Problem(told, "credentials")]
        beside = [field for field in _BESIDE.get(given.kind, ()) if getattr(given, field) is None]
        return [Problem(f"required beside {given.kind}, but missing", f"credentials.{field}") for field in beside]

    def sealed(self) -> dict[str, str]:
        """What is kept sealed beside the document."""
        return self.credentials.secrets if self.credentials is not None else {}

    def to_stored(self) -> dict[str, Any]:
        """Without secrets: those lie sealed elsewhere."""
        stored = super().to_stored()
        if self.credentials is not None:
            stored["credentials"] = self.credentials.without_secrets()
        return stored
