"""Datastores and URLs as stores: pure. A datastore is known by its document, a URL by its scheme and host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from zaffre.core.errors import Invalid, NotBuilt
from zaffre.staging.order import StoreSpec
from zaffre.staging.policy import shown

_AZURE = re.compile(
    r"(?P<account>[a-z0-9-]+)\.(?P<service>blob|dfs|file)\.(?P<suffix>core\.[a-z0-9.-]+|storage\.azure\.net)"
)
_ONE_LAKE = re.compile(r"[a-z0-9.-]*onelake\.(blob|dfs)\.fabric\.microsoft\.com")
_PLAIN = {"http": "http", "wasb": "http"}
_FOLDERLESS = "a folder cannot be listed over http; name one file (type: uri_file), or read it through a datastore"


@dataclass(frozen=True, slots=True)
class Spot:
    """A path in a store."""

    store: StoreSpec
    path: str
    credentials: Mapping[str, str] = field(default_factory=dict[str, str])
    """Where the URL itself brings them (a signature)."""


def of_datastore(name: str, spec: Mapping[str, Any]) -> StoreSpec:
    """The store behind a datastore's document; refuses one that cannot be opened, by its reason."""
    kind = str(spec["type"])
    if kind == "azure_data_lake_gen1":
        raise NotBuilt(
            f"Datastore {name!r} is on Azure Data Lake Storage Gen1, which Microsoft ended in February 2024."
        )
    found = StoreSpec(
        kind, name=name, endpoint=str(spec.get("endpoint") or ""), account=str(spec.get("account_name") or "")
    )
    match kind:
        case "azure_blob" | "azure_data_lake_gen2" | "azure_file":
            field = {"azure_blob": "container_name", "azure_file": "file_share_name"}.get(kind, "filesystem")
            return replace(
                found, container=spec[field], endpoint=_endpoint(found, str(spec.get("protocol") or "https"))
            )
        case "one_lake":
            artifact: Mapping[str, Any] = spec.get("artifact") or {}
            root = str(artifact.get("name") or "")
            return replace(found, account="onelake", container=spec["one_lake_workspace_name"], root=root)
        case "s3" | "gcs":
            endpoint = str(spec.get("endpoint_url") or "")
            return replace(found, container=spec["bucket"], region=str(spec.get("region") or ""), endpoint=endpoint)
        case "sftp":
            return replace(
                found,
                host=spec["host"],
                port=int(spec.get("port") or 22),
                username=spec["username"],
                root=str(spec.get("path") or ""),
                host_key=spec["host_key"],
            )
        case _:
            return replace(found, endpoint=spec["url"])


def of_url(url: str, type_: str, *, trusted: bool = False) -> Spot:
    """The store and path behind a URL; ``trusted`` is one that ``egress.map`` put there."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    path = unquote(parts.path).lstrip("/")
    match scheme:
        case "s3" | "s3a":
            return Spot(StoreSpec("s3", container=parts.netloc), path)
        case "gs":
            return Spot(StoreSpec("gcs", container=parts.netloc), path)
        case "wasb" | "wasbs" | "abfs" | "abfss":
            return _azure(parts.username or "", host, path, url)
        case "http" | "https":
            return _web(url, type_, trusted)
        case "sftp":
            raise Invalid(
                f"{shown(url)}: an SFTP host is read through a datastore (type: sftp), which knows its host key"
            )
        case _:
            raise NotBuilt(f"Zaffre cannot read {scheme}:// URLs: {shown(url)}")


def same_store(one: StoreSpec, other: StoreSpec) -> bool:
    """Whether a datastore's credentials open what a URL names: the same container at the same place."""
    ours = (one.type, one.account, one.container) == (other.type, other.account, other.container)
    return ours and (not one.endpoint or not other.endpoint or _host(one.endpoint) == _host(other.endpoint))


def _azure(container: str, host: str, path: str, url: str) -> Spot:
    if not container:
        raise Invalid(f"{shown(url)}: expected scheme://CONTAINER@ACCOUNT.host/path")
    if _ONE_LAKE.fullmatch(host):
        item, _, rest = path.partition("/")
        return Spot(StoreSpec("one_lake", account="onelake", container=container, endpoint=host, root=item), rest)
    found = _AZURE.fullmatch(host)
    if found is None:
        raise Invalid(f"{shown(url)}: {host!r} is no host of a storage account; expected ACCOUNT.blob.core.windows.net")
    kind = "azure_data_lake_gen2" if found["service"] == "dfs" else "azure_blob"
    return Spot(StoreSpec(kind, account=found["account"], container=container, endpoint=found["suffix"]), path)


def _web(url: str, type_: str, trusted: bool) -> Spot:
    parts = urlsplit(url)
    azure = _AZURE.fullmatch((parts.hostname or "").lower())
    container, _, path = unquote(parts.path).lstrip("/").partition("/")
    if azure is None or azure["service"] != "blob" or not path or parts.scheme != "https" or trusted:
        if type_ == "uri_file":
            return Spot(StoreSpec("http", endpoint=url, trusted=trusted), "")
        raise Invalid(f"{shown(url)}: {_FOLDERLESS}")
    store = StoreSpec("azure_blob", account=azure["account"], container=container, endpoint=azure["suffix"])
    return Spot(store, path, {"sas_token": parts.query} if "sig=" in parts.query else {})


def _endpoint(found: StoreSpec, protocol: str) -> str:
    """``protocol: http`` with a suffix is a URL without TLS; everything else is reached by https."""
    plain = _PLAIN.get(protocol.lower())
    if plain is None or "://" in found.endpoint:
        return found.endpoint
    service = "file" if found.type == "azure_file" else "blob"
    return f"{plain}://{found.account}.{service}.{found.endpoint or 'core.windows.net'}"


def _host(endpoint: str) -> str:
    return endpoint.partition("://")[2].rstrip("/") or endpoint.rstrip("/")
