"""The sorts of connections: Azure's word for each, which credentials it takes, and what of it is kept as metadata."""

from __future__ import annotations

from dataclasses import dataclass, field

ANY = ("pat", "sas", "username_password", "managed_identity", "service_principal", "access_key", "api_key",
       "account_key", "aad", "none")  # fmt: skip
_KEY = ("api_key", "aad")


@dataclass(frozen=True, slots=True)
class Sort:
    """What one type of connection says."""

    category: str
    """ARM's word for it."""
    target: str = "target"
    """Field that says where the service is; empty where none has to."""
    credentials: tuple[str, ...] = ANY
    default: str = "none"
    """Type of credential where a document has none."""
    fields: dict[str, str] = field(default_factory=dict[str, str])
    """Further field → key of ARM's metadata."""
    required: tuple[str, ...] = ()
    constant: dict[str, str] = field(default_factory=dict[str, str])
    """Metadata that every one has."""


SORTS: dict[str, Sort] = {
    "git": Sort("Git", credentials=("pat", "username_password", "none")),
    "container_registry": Sort("ContainerRegistry", credentials=("username_password", "managed_identity", "none")),
    "python_feed": Sort("PythonFeed", credentials=("pat", "username_password", "none")),
    "s3": Sort("S3"),
    "snowflake": Sort("Snowflake"),
    "azure_sql_db": Sort("AzureSqlDb"),
    "azure_synapse_analytics": Sort("AzureSynapseAnalytics"),
    "azure_my_sql_db": Sort("AzureMySqlDb"),
    "azure_postgres_db": Sort("AzurePostgresDb"),
    "custom": Sort("CustomKeys"),
    "azure_data_lake_gen2": Sort(
        "ADLSGen2", credentials=("service_principal", "sas", "account_key", "aad"), default="aad"
    ),
    "azure_blob": Sort(
        "AzureBlob",
        "url",
        ("sas", "account_key", "aad"),
        "aad",
        {"container_name": "ContainerName", "account_name": "AccountName"},
        ("account_name", "container_name"),
    ),
    "azure_one_lake": Sort("AzureOneLake", "endpoint", ("service_principal", "aad"), "aad"),
    "azure_open_ai": Sort(
        "AzureOpenAi",
        "azure_endpoint",
        _KEY,
        "aad",
        {"api_version": "ApiVersion", "open_ai_resource_id": "ResourceId"},
        constant={"ApiType": "Azure"},
    ),
    "azure_ai_services": Sort(
        "AIServices", "endpoint", _KEY, "aad", {"ai_services_resource_id": "ResourceId"}, ("ai_services_resource_id",)
    ),
    "azure_ai_search": Sort("CognitiveSearch", "endpoint", _KEY, "aad"),
    "azure_content_safety": Sort("CognitiveService", "endpoint", _KEY, "aad", constant={"Kind": "Content Safety"}),
    "azure_speech_services": Sort("CognitiveService", "endpoint", _KEY, "aad", constant={"Kind": "speech"}),
    "api_key": Sort("ApiKey", "api_base", ("api_key",), "api_key"),
    "open_ai": Sort("OpenAi", "", ("api_key",), "api_key"),
    "serp": Sort("Serp", "", ("api_key",), "api_key"),
    "serverless": Sort("Serverless", "endpoint", ("api_key",), "api_key"),
}
TARGETS = ("target", "api_base", "url", "azure_endpoint", "endpoint")
"""Names of the field that says where the service is; each type has its own, and ``target`` is read for all."""
PARTICULAR = ("account_name", "container_name", "api_version", "open_ai_resource_id", "ai_services_resource_id")
ONE_LAKE = ("artifact", "one_lake_workspace_name")


def of_category(category: str, metadata: dict[str, str]) -> str:
    """The type that ARM's category, and where two share it the kind in its metadata, means."""
    fitting = [name for name, sort in SORTS.items() if sort.category.lower() == category.lower()]
    named = [name for name in fitting if SORTS[name].constant.items() <= metadata.items()]
    return (named or fitting or [category])[0]
