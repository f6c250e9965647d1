"""What a document names that must be there before it is submitted: computes, assets, an endpoint, remote data. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zaffre.core import refs
from zaffre.staging.policy import as_https

_BUILT_IN = frozenset({"local", "serverless", ""})
_ASSETS = {"environment": "environment", "model": "model", "component": "component"}
_MODEL_TYPES = frozenset({"custom_model", "mlflow_model", "triton_model"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing a document names."""

    sort: str
    """``compute``, ``environment``, ``model``, ``component``, ``data``, ``online-endpoint``, ``batch-endpoint``,
    ``url``, ``stored``."""
    name: str
    """Of a URL the URL as https; of ``stored`` the ``azureml://datastores`` URI."""
    version: str = ""


def wanted(document: Any) -> list[Wanted]:
    """Everything a document names, once each, in the order it is named."""
    return list(dict.fromkeys(one for key, value, beside in _texts(document) if (one := _of(key, value, beside))))


def _texts(node: Any, key: str = "", beside: Any = None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every text of a document, the key it stands under, and the mapping it stands in."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name != "outputs":  # places to be written to
                yield from _texts(value, str(name), node)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value, key, beside)
    elif isinstance(node, str):
        yield key, node, beside or {}


def _of(key: str, text: str, beside: dict[str, Any]) -> Wanted | None:
    if key in ("compute", "target", "default_compute"):
        name = text.removeprefix("azureml:")
        return None if name in _BUILT_IN or "/" in name or "${{" in name else Wanted("compute", name)
    if key == "endpoint_name":
        return Wanted("batch-endpoint" if "atchDeployment" in str(beside.get("$schema")) else "online-endpoint", text)
    if text.startswith("azureml:") and not text.startswith(("azureml://", "azureml:/")):
        return _asset(key, text, beside)
    return _place(key, text)


def _place(key: str, text: str) -> Wanted | None:
    if text.startswith("azureml://datastores/"):
        return Wanted("stored", text)
    if key in ("path", "folder") and "://" in text and not refs.is_local(text) and not text.startswith("azureml"):
        return Wanted("url", as_https(text))
    return None


def _asset(key: str, text: str, beside: dict[str, Any]) -> Wanted | None:
    rest = text.removeprefix("azureml:")
    if key in ("default_datastore", "job_definition") or rest.startswith("AzureML-"):  # one curated, under its old name
        return None
    name, _, version = rest.partition("@")[0].partition(":")
    sort = _ASSETS.get(key) or ("model" if beside.get("type") in _MODEL_TYPES else "data")
    return Wanted(sort, name, version)
