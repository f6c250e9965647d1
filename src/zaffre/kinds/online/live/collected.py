"""The data assets by which collected data is found: registered when the deployment that collects is ready, as on Azure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zaffre.core.asset import spec_hash
from zaffre.core.resource import Content, Key
from zaffre.store import Tx, assets

_SYSTEM = "system"


def register(tx: Tx, workspace: str, collector: Mapping[str, Any]) -> None:
    """Register what is not registered yet; an asset that there is stays as it is."""
    wanted: list[dict[str, str]] = collector.get("assets") or []
    for one in wanted:
        key = Key(workspace, "data", one["name"], "", one["version"])
        if assets.version(tx, key) is None:
            spec = {"name": one["name"], "version": one["version"], "type": "uri_folder", "path": one["path"]}
            assets.add(tx, key, Content(spec, spec_hash(spec)), _SYSTEM)


def make_room(collector: Mapping[str, Any]) -> None:
    """The folders, so that an asset that nothing was written to yet can be read."""
    kept: dict[str, dict[str, Any]] = collector.get("collections") or {}
    for one in kept.values():
        Path(str(one["folder"])).mkdir(parents=True, exist_ok=True)
