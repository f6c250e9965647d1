"""What a deployment collects and where it goes: from ``data_collector`` to the scoring host's orders and data assets. Pure."""

from __future__ import annotations

from typing import Any

from zaffre.core import assets, refs
from zaffre.core.draft import Draft, Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.core.refs import Scope
from zaffre.core.serving import CollectedAsset

FOLDER = "modelDataCollector"
MOST = 5
"""Collections of a script's own, as on Azure; ``request`` and ``response`` are the host's."""
_PAYLOADS = ("request", "response")


def collected(draft: Draft, lookup: Lookup) -> dict[str, Any]:
    """The host's ``collect``, with the assets to register beside it; empty where nothing is collected."""
    told = draft.spec.data_collector
    if told is None:
        return {}
    enabled = {name: one for name, one in told.collections.items() if str(one.enabled).lower() == "true"}
    own = [name for name in enabled if name.lower() not in _PAYLOADS]
    if len(own) > MOST:
        found = f"expected at most {MOST} collections beside request and response, found {len(own)}"
        raise Invalid([Problem(found, field="data_collector.collections")])
    wrong: list[Problem] = []
    collections: dict[str, Any] = {}
    registered: list[dict[str, str]] = []
    for name, one in enabled.items():
        try:
            asset = _asset(draft, name, one.data, lookup)
            collections[name] = _place(draft, name, asset["path"], lookup)
        except Invalid as error:
            wrong += error.problems
            continue
        collections[name]["rate"] = 1.0 if told.sampling_rate is None else told.sampling_rate
        registered.append(asset)
    if wrong:
        raise Invalid(wrong)
    if not collections:
        return {}
    headers = told.request_logging.capture_headers if told.request_logging is not None else None
    return {
        "collections": collections,
        "rolling": told.rolling_rate or "hour",
        "source": f"{Scope(workspace=draft.key.workspace).id}/onlineEndpoints/{draft.key.parent}/deployments/{draft.key.name}",
        "headers": headers or [],
        "assets": registered,
    }


def _asset(draft: Draft, name: str, said: CollectedAsset | str | None, lookup: Lookup) -> dict[str, str]:
    """Name, version and path of the data asset; those that are not said are Azure's."""
    key = draft.key
    usual = {
        "name": f"{key.parent}-{key.name}-{name}",
        "version": "1",
        "path": f"azureml://datastores/workspaceblobstore/paths/{FOLDER}/{key.parent}/{key.name}/{name}",
    }
    if said is None:
        return usual
    if isinstance(said, str):
        return _known(draft, name, said, lookup)
    if said.data_id:
        return _known(draft, name, said.data_id, lookup)
    given: dict[str, str | None] = {"name": said.name, "version": said.version, "path": said.path}
    return usual | {field: str(value) for field, value in given.items() if value}


def _known(draft: Draft, name: str, reference: str, lookup: Lookup) -> dict[str, str]:
    """An asset that there is already, or a reference with name and version for the one to make."""
    field = f"data_collector.collections.{name}.data"
    found = refs.asset(reference)
    stored = assets.find(draft.key.workspace, "data", found, lookup, field)
    return {"name": stored.key.name, "version": stored.key.version, "path": str(stored.spec["path"])}


def _place(draft: Draft, name: str, path: str, lookup: Lookup) -> dict[str, Any]:
    field = f"data_collector.collections.{name}.data.path"
    if not path.startswith("azureml://"):
        raise Invalid([Problem(f"expected azureml://datastores/NAME/paths/FOLDER, found {path}", field=field)])
    folder = lookup.local_path(draft.key.workspace, path)
    if folder is None:
        hint = "collect into a datastore on this machine, and copy it with a schedule"
        told = f"{path} lies in a store elsewhere, which a deployment cannot write to line by line"
        raise Invalid([Problem(told, field=field, hint=hint)])
    return {"folder": folder.rstrip("/"), "address": path.rstrip("/")}
