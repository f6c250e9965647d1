"""What a job asks of the tables it reads: expectations held before it starts, and the files an MLTable names laid out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from zaffre.control.located import Located
from zaffre.control.supervise import INPUT
from zaffre.control.tabular import Asset, asset_of
from zaffre.core import refs
from zaffre.core.errors import NotFound, ZaffreError
from zaffre.core.io import MODELS, JobInput
from zaffre.core.resource import Key
from zaffre.store import Store, resources
from zaffre.store.runs import Run

EVALUATED = {"eval_mount": False, "eval_download": True}
"""Mode → whether the job gets copies of its own."""


class Tabular(Protocol):
    """Looks into tables (``control.tabular``)."""

    async def require(self, asset: Asset, field: str = "path") -> dict[str, Any]:
        """Refuse data that breaks its expectations."""
        ...

    async def locate(self, workspace: str, uri: str, scratch: Path) -> Located:
        """Where a table lies on this machine."""
        ...

    async def lay_out(self, workspace: str, uri: str, target: Path, *, copy: bool) -> Path:
        """The files that an MLTable names, as a folder."""
        ...


async def ready(run: Run, spec: Any, tabular: Tabular, store: Store, directory: Path) -> dict[str, str]:
    """Name → folder of every input in an ``eval_`` mode; raises in the name of the input that is not as expected."""
    found: dict[str, str] = {}
    given: dict[str, Any] = spec.inputs or {}
    for name, value in given.items():
        if not isinstance(value, JobInput) or value.type in MODELS:
            continue
        resolved: dict[str, str] = run.facts["inputs"][name]
        try:
            if resolved.get("asset"):
                await _verified(run, resolved["asset"], tabular, store)
            if value.mode in EVALUATED:
                target = directory / "evaluated" / name
                laid = await tabular.lay_out(run.workspace, resolved["uri"], target, copy=EVALUATED[value.mode])
                found[name] = str(laid)
        except ZaffreError as error:
            error.target = f"{INPUT}{name}"  # the engine tells it as the input's failure
            raise
    return found


async def _verified(run: Run, reference: str, tabular: Tabular, store: Store) -> None:
    """Hold an asset against its expectations, where it asks for that before every job."""
    named = refs.asset(reference)
    key = Key(refs.owner(named, run.workspace), "data", named.name, "", named.version)
    try:
        resource = await store.read(lambda tx: resources.require(tx, key))
    except NotFound:
        return  # deleted since the job was accepted; its place was pinned then
    if resource.spec.get("expectations") and resource.spec.get("verify") == "always":
        await tabular.require(asset_of(resource))
