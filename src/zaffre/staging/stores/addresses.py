"""The URLs at which accounts are reached: built from labels that were checked, never from free text."""

from __future__ import annotations

from zaffre.staging.order import StoreSpec

PUBLIC = "core.windows.net"
_ONE_LAKE = "onelake.blob.fabric.microsoft.com"


def azure_blob(spec: StoreSpec) -> str:
    """The blob endpoint of an account; Data Lake and OneLake speak the blob protocol too."""
    if spec.type == "one_lake":
        return _url(spec.endpoint.replace(".dfs.", ".blob.")) if spec.endpoint else f"https://{_ONE_LAKE}"
    if "://" in spec.endpoint:
        return spec.endpoint.rstrip("/")
    return f"https://{spec.account}.blob.{spec.endpoint.strip('/') or PUBLIC}"


def azure_file(spec: StoreSpec) -> str:
    """The file endpoint of an account."""
    if "://" in spec.endpoint:
        return spec.endpoint.rstrip("/")
    return f"https://{spec.account}.file.{spec.endpoint.strip('/') or PUBLIC}"


def _url(endpoint: str) -> str:
    return (endpoint if "://" in endpoint else f"https://{endpoint}").rstrip("/")
