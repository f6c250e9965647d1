"""What Azure's libraries read from the environment to find this cloud instead of the public one: names and shapes, pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from zaffre.core.refs import CLOUD

BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Where Python's libraries look for certificates to trust, in their order."""
_PROXIES = ("https_proxy", "all_proxy")


def variables(address: str) -> dict[str, str]:
    """For a server at ``https://…``: where the cloud's metadata, its tokens and its registries are."""
    return {
        "ARM_CLOUD_METADATA_URL": f"{address}/metadata/endpoints?api-version=2019-05-01",
        "AZUREML_CURRENT_CLOUD": CLOUD,
        "IDENTITY_ENDPOINT": f"{address}/msi/token",
        "REGISTRY_DISCOVERY_ENDPOINT_URL": f"{address}/",
    }


def around_proxies(before: Mapping[str, str], address: str) -> dict[str, str]:
    """``NO_PROXY`` with this server's host in it, where ``before`` names a proxy; nothing otherwise."""
    lowered = {name.lower(): value for name, value in before.items() if value}
    if not any(lowered.get(name) for name in _PROXIES):
        return {}
    said = [name.strip() for name in (before.get("no_proxy") or before.get("NO_PROXY", "")).split(",")]
    host = urlsplit(address).hostname or ""
    names = ",".join(dict.fromkeys([*filter(None, said), host, "127.0.0.1", "::1"]))
    return {"NO_PROXY": names, "no_proxy": names}


def unproxied(environ: Mapping[str, str], host: str) -> bool:
    """Whether a request to ``host`` goes there itself, as far as the environment says."""
    lowered = {name.lower(): value for name, value in environ.items() if value}
    if not any(lowered.get(name) for name in _PROXIES):
        return True
    said = [name.strip().lstrip(".") for name in lowered.get("no_proxy", "").split(",") if name.strip()]
    return any(name in ("*", host) or host.endswith(f".{name}") for name in said)
