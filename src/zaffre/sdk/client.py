"""``MLClient``: azure.ai.ml's client on Zaffre's REST, its attributes derived from the registry of kinds."""

from __future__ import annotations

import json
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Self

from zaffre.core.errors import Invalid, NotFound
from zaffre.core.registry import Kind, kinds
from zaffre.sdk import connect
from zaffre.sdk.entity import kind_of
from zaffre.sdk.operations import Operations, Poller
from zaffre.sdk.parsed import is_mapping
from zaffre.sdk.resources import Group, Resources
from zaffre.sdk.settings import GROUP, SUBSCRIPTION, Settings
from zaffre.sdk.special import SPECIAL
from zaffre.sdk.transport import Transport
from zaffre.sdk.upload import Uploads

TOP = frozenset({"workspace", "registry"})
_SAME_IN_PLURAL = frozenset({"data", "compute"})
_CONFIGS = (".azureml/config.json", "config.json")


class MLClient:
    """A workspace. The credential is the server's own: ``ZAFFRE_TOKEN``, or the token of ``ZAFFRE_HOME``."""

    def __init__(
        self,
        credential: Any = None,
        subscription_id: str | None = None,
        resource_group_name: str | None = None,
        workspace_name: str | None = None,
        **options: Any,
    ) -> None:
        """``credential`` may be a token as text; others are accepted, not needed.

        ``options``: ``url``, ``home``, and ``registry_name`` for the assets of a registry instead of a workspace's.
        """
        settings = Settings.read()
        if options.get("home"):
            settings = replace(settings, home=Path(options["home"]).expanduser().absolute(), url="", token="")
        if options.get("url"):
            settings = replace(settings, url=str(options["url"]).rstrip("/"))
        if isinstance(credential, str):
            settings = replace(settings, token=credential)
        self._settings = settings
        self._transport: Transport = options.get("transport") or connect.line(settings)
        self.subscription_id = subscription_id or SUBSCRIPTION
        self.resource_group_name = resource_group_name or GROUP
        self.workspace_name = workspace_name or settings.workspace
        self.registry_name: str = options.get("registry_name") or ""
        self._made: dict[str, Operations] = {}

    @classmethod
    def from_config(
        cls, credential: Any = None, *, path: str | PathLike[str] | None = None, file_name: str = "", **options: Any
    ) -> Self:
        """The workspace that the nearest ``config.json`` (or ``.azureml/config.json``) names."""
        told = _config(Path(path) if path else Path.cwd(), file_name)
        missing = [name for name in ("subscription_id", "resource_group", "workspace_name") if not told.get(name)]
        if missing:
            raise Invalid(f"The workspace configuration lacks {', '.join(missing)}.")
        return cls(credential, told["subscription_id"], told["resource_group"], told["workspace_name"], **options)

    def create_or_update(self, entity: Any, **fields: Any) -> Any:
        """Create or change any entity that is ready at once."""
        return self._operations(kind_of(entity)).create_or_update(entity, **fields)

    def begin_create_or_update(self, entity: Any, **fields: Any) -> Poller:
        """Create or change any entity that takes time."""
        return self._operations(kind_of(entity)).begin_create_or_update(entity, **fields)

    def __getattr__(self, name: str) -> Any:
        kind = next((kind.name for kind in kinds().values() if name in attributes(kind)), None)
        if kind is None:
            raise AttributeError(f"MLClient has no {name!r}; it has {', '.join(sorted(_all_attributes()))}")
        return self._operations(kind)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_all_attributes()})

    def _operations(self, kind: str) -> Operations:
        known = kinds().get(kind)
        if known is None:
            raise Invalid(f"expected an entity of one of the kinds {', '.join(kinds())}")
        if kind not in self._made:
            self._made[kind] = SPECIAL.get(kind, Operations)(kind, self._resources(known), self._uploads())
        return self._made[kind]

    def _resources(self, kind: Kind) -> Resources:
        parent = kinds()[kind.parent].collection if kind.parent else ""
        group = Group(kind.name, kind.collection, parent, kind.versioned, kind.name in TOP)
        return Resources(self._transport, self.workspace_name, group, self.registry_name if kind.versioned else "")

    def _uploads(self) -> Uploads:
        cache = self._settings.home / "cache"
        return Uploads(self._transport, self.workspace_name, cache, registry=self.registry_name)


def attributes(kind: Kind) -> tuple[str, ...]:
    """What a kind is called on ``MLClient``: ``jobs``, ``data``, ``compute`` (and ``computes``) …"""
    name = kind.name.replace("-", "_")
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return (name, plural) if name in _SAME_IN_PLURAL else (plural,)


def _all_attributes() -> set[str]:
    return {name for kind in kinds().values() for name in attributes(kind)}


def _config(start: Path, file_name: str) -> dict[str, Any]:
    """The configuration in ``start`` (a file, or a folder and those above it)."""
    wanted = (file_name,) if file_name else _CONFIGS
    candidates = [start] if start.is_file() else [
        folder / name for folder in (start.absolute(), *start.absolute().parents) for name in wanted
    ]  # fmt: skip
    for file in candidates:
        if file.is_file():
            return _parsed(file)
    raise NotFound(f"There is no {' or '.join(wanted)} in {start.absolute()} or a folder above it.")


def _parsed(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise Invalid(f"{file}: expected JSON, found something else: {error}") from error
    if not is_mapping(found):
        raise Invalid(f"{file}: expected an object with workspace_name, found {type(found).__name__}")
    return found
