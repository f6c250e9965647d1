"""The specification of a connection. What is secret in it is left out of what is stored (``to_stored``) and sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Tag, model_validator

from zaffre.core import names
from zaffre.core.errors import Problem
from zaffre.core.plain import is_dict, mapping_of
from zaffre.core.refs import Scope
from zaffre.core.shapes import SERVER_FACTS, Resource
from zaffre.core.spelling import Arm, renamed
from zaffre.core.wire import Spec, by_type
from zaffre.kinds.connection.parts.sorts import ANY, ONE_LAKE, PARTICULAR, SORTS, TARGETS, of_category

_AUTH = Arm()
_ARM_WORDS = {
    "pat": "PAT",
    "sas": "SAS",
    "username_password": "UsernamePassword",
    "managed_identity": "ManagedIdentity",
    "service_principal": "ServicePrincipal",
    "access_key": "AccessKey",
    "api_key": "ApiKey",
    "account_key": "AccountKey",
    "aad": "AAD",
    "none": "None",
}


class Credential(Spec):
    """One way to prove who one is. A secret that is kept need not be said again."""

    secret: ClassVar[tuple[str, ...]] = ()
    """Fields that are sealed."""

    @model_validator(mode="before")
    @classmethod
    def _said(cls, data: Any) -> Any:
        empty = [key for key, value in data.items() if value is None] if is_dict(data) else []
        if empty:
            raise ValueError(f"expected a text in {', '.join(empty)}, found nothing; leave out what is not to change")
        return data


class Pat(Credential):
    """A personal access token."""

    secret = ("pat",)
    type: Annotated[Literal["pat"], _AUTH, renamed({"pat": "PAT"})]
    pat: str | None = None


class Sas(Credential):
    """A signed address."""

    secret = ("sas_token",)
    type: Annotated[Literal["sas"], _AUTH, renamed({"sas": "SAS"})]
    sas_token: Annotated[str | None, Arm("sas")] = None


class UsernamePassword(Credential):
    """A name and a password."""

    secret = ("password",)
    type: Annotated[Literal["username_password"], _AUTH, renamed({"username_password": "UsernamePassword"})]
    username: str | None = None
    password: str | None = None


class ManagedIdentityCredential(Credential):
    """An identity of the cloud's."""

    type: Annotated[Literal["managed_identity"], _AUTH, renamed({"managed_identity": "ManagedIdentity"})]
    client_id: str | None = None
    resource_id: str | None = None


class ServicePrincipal(Credential):
    """An application's identity."""

    secret = ("client_secret",)
    type: Annotated[Literal["service_principal"], _AUTH, renamed({"service_principal": "ServicePrincipal"})]
    client_id: str | None = None
    client_secret: str | None = None
    tenant_id: str | None = None


class AccessKey(Credential):
    """A key and its id."""

    secret = ("secret_access_key",)
    type: Annotated[Literal["access_key"], _AUTH, renamed({"access_key": "AccessKey"})]
    access_key_id: str | None = None
    secret_access_key: str | None = None


class ApiKey(Credential):
    """A key."""

    secret = ("key",)
    type: Annotated[Literal["api_key"], _AUTH, renamed({"api_key": "ApiKey"})]
    key: str | None = None


class AccountKey(Credential):
    """The key of a storage account."""

    secret = ("account_key",)
    type: Annotated[Literal["account_key"], _AUTH, renamed({"account_key": "AccountKey"})]
    account_key: Annotated[str | None, Arm("sas")] = None


class Aad(Credential):
    """Whoever asks."""

    type: Annotated[Literal["aad"], _AUTH, renamed({"aad": "AAD"})]


class NoCredential(Credential):
    """Nobody in particular."""

    type: Annotated[Literal["none"], _AUTH, renamed({"none": "None"})]


Credentials = Annotated[
    Annotated[Pat, Tag("pat")]
    | Annotated[Sas, Tag("sas")]
    | Annotated[UsernamePassword, Tag("username_password")]
    | Annotated[ManagedIdentityCredential, Tag("managed_identity")]
    | Annotated[ServicePrincipal, Tag("service_principal")]
    | Annotated[AccessKey, Tag("access_key")]
    | Annotated[ApiKey, Tag("api_key")]
    | Annotated[AccountKey, Tag("account_key")]
    | Annotated[Aad, Tag("aad")]
    | Annotated[NoCredential, Tag("none")],
    by_type(*ANY),
]


class LakeHouse(Spec):
    """What of a OneLake workspace is meant."""

    type: Annotated[Literal["lake_house"], renamed({"lake_house": "LakeHouse"})]
    name: str


class Connection(Resource):
    """How a service outside is reached."""

    needs: ClassVar[tuple[str, ...]] = ("name",)
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS

    type: Annotated[
        Literal[
            "git", "container_registry", "python_feed", "s3", "snowflake", "azure_sql_db", "azure_synapse_analytics",
            "azure_my_sql_db", "azure_postgres_db", "custom", "azure_data_lake_gen2", "azure_blob", "azure_one_lake",
            "azure_open_ai", "azure_ai_services", "azure_ai_search", "azure_content_safety", "azure_speech_services",
            "api_key", "open_ai", "serp", "serverless",
        ],
        Arm(),
        renamed({word: word for word in SORTS}),
    ]  # fmt: skip
    description: Annotated[str | None, Arm()] = None
    target: Annotated[str | None, Arm()] = None
    api_base: Annotated[str | None, Arm()] = None
    url: Annotated[str | None, Arm()] = None
    azure_endpoint: Annotated[str | None, Arm()] = None
    endpoint: Annotated[str | None, Arm()] = None
    credentials: Annotated[Credentials | None, Arm()] = None
    api_key: Annotated[str | None, Arm()] = None
    """Short for ``credentials`` of type ``api_key``."""
    is_shared: Annotated[bool | None, Arm()] = None
    metadata: Annotated[dict[str, Any] | None, Arm()] = None
    tags: Annotated[dict[str, Any] | None, Arm()] = None
    account_name: Annotated[str | None, Arm()] = None
    container_name: Annotated[str | None, Arm()] = None
    api_version: Annotated[str | None, Arm()] = None
    open_ai_resource_id: Annotated[str | None, Arm()] = None
    ai_services_resource_id: Annotated[str | None, Arm()] = None
    artifact: Annotated[LakeHouse | None, Arm()] = None
    one_lake_workspace_name: Annotated[str | None, Arm()] = None

    def check(self) -> list[Problem]:
        """What the type asks for and what it does not know."""
        found = super().check()
        sort = SORTS[self.type]
        if self.name and (why := names.problem("connection", self.name)):
            found.append(Problem(why, "name"))
        if sort.target and self.address is None:
            found.append(Problem(f"required for {self.type}, but missing", sort.target))
        known = {sort.target, "target", *sort.fields, *(ONE_LAKE if self.type == "azure_one_lake" else ())}
        for field in (*TARGETS, *PARTICULAR, *ONE_LAKE):
            if getattr(self, field) is not None and field not in known:
                found.append(Problem(f"a connection of type {self.type} has no such field", field))
        found += [Problem(f"required for {self.type}, but missing", f) for f in sort.required if not getattr(self, f)]
        return found + self._credential_problems()

    @property
    def address(self) -> str | None:
        """Where the service is."""
        said = getattr(self, SORTS[self.type].target or "target")
        found: str | None = said if said is not None else self.target
        if self.type == "azure_one_lake" and self.artifact is not None and self.target is None:
            return f"https://{found}/{self.one_lake_workspace_name}/{self.artifact.name}.Lakehouse"
        return found

    @property
    def credential(self) -> Credential:
        """How one proves who one is: as said, by its short form, or as the type has it."""
        if self.api_key is not None:
            return ApiKey(type="api_key", key=self.api_key)
        if self.credentials is not None:
            return self.credentials
        return _plain(SORTS[self.type].default)

    def sealed(self) -> dict[str, str]:
        """What is kept sealed beside the document."""
        held = self.credential
        return {name: value for name in held.secret if (value := getattr(held, name)) is not None}

    def to_stored(self) -> dict[str, Any]:
        """Without secrets: those lie sealed elsewhere."""
        held = self.credential
        stored = super().to_stored()
        stored.pop("api_key", None)
        shown = {name: value for name, value in held.to_yaml().items() if name not in held.secret}
        return stored | {"credentials": shown}

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """Azure's words: where it is, what it is, how one proves who one is."""
        sort, held = SORTS[self.type], self.credential
        kept = {key: getattr(self, field) for field, key in sort.fields.items()}
        metadata = {**(self.tags or {}), **(self.metadata or {}), **kept, **sort.constant}
        properties: dict[str, Any] = {
            "category": sort.category,
            "authType": _ARM_WORDS[held.type],  # type: ignore[attr-defined]  # every credential has its type
            "metadata": metadata,
            "isSharedToAll": self.is_shared is not False,
        }
        if self.address is not None:
            properties["target"] = self.address
        if not isinstance(held, Aad | NoCredential):
            properties["credentials"] = held.to_arm(scope)
        return {"properties": properties}

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """Our words again."""
        data = super().arm_to_yaml({key: body[key] for key in ("id", "name") if key in body}, scope)
        properties = mapping_of(body.get("properties"))
        metadata = dict(mapping_of(properties.get("metadata")))
        type_ = of_category(str(properties.get("category", "")), metadata)
        sort = SORTS.get(type_)
        for key in sort.constant if sort else ():
            metadata.pop(key, None)
        for field, key in (sort.fields if sort else {}).items():
            if (value := metadata.pop(key, None)) is not None:
                data[field] = value
        said = str(properties.get("authType") or "None").lower()
        word = next((word for word, arm in _ARM_WORDS.items() if arm.lower() == said), said)
        data |= {"type": type_, "credentials": _credential(word, mapping_of(properties.get("credentials")))}
        if properties.get("target") is not None:
            data["target"] = properties["target"]
        if properties.get("isSharedToAll") is False:
            data["is_shared"] = False
        return data | ({"metadata": metadata} if metadata else {})

    def _credential_problems(self) -> list[Problem]:
        sort, held = SORTS[self.type], self.credential
        if self.api_key is not None and "api_key" not in sort.credentials:
            return [Problem(f"a connection of type {self.type} has no such field", "api_key")]
        word = str(getattr(held, "type", ""))
        if word in sort.credentials:
            return []
        expected = ", ".join(sort.credentials)
        return [Problem(f"{self.type} takes credentials of type {expected}; found {word}", "credentials.type")]


def _plain(word: str) -> Credential:
    by_word: dict[str, type[Credential]] = {"aad": Aad, "api_key": ApiKey, "none": NoCredential}
    return by_word[word](type=word)  # type: ignore[call-arg]  # each has this one field


def _credential(word: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The credential that ARM's properties hold."""
    shapes: dict[str, type[Credential]] = {
        "pat": Pat, "sas": Sas, "username_password": UsernamePassword, "managed_identity": ManagedIdentityCredential,
        "service_principal": ServicePrincipal, "access_key": AccessKey, "api_key": ApiKey, "account_key": AccountKey,
    }  # fmt: skip
    shape = shapes.get(word)
    return {"type": word} | (shape.arm_to_yaml(body, None) if shape else {})
