"""Tabular data looked at: preview, profile and verification, each by a process of its own, kept by content."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from zaffre.control.located import Located, Locator, lay_out
from zaffre.core.asset import spec_hash
from zaffre.core.errors import Invalid, Problem
from zaffre.core.expectations import readable
from zaffre.core.ports import Clock
from zaffre.core.registry import kinds
from zaffre.core.resource import Resource

MOST_KEPT = 2000
_TOLD = 2
"""Of what a profile tells: one that was kept before it told this much is made anew."""
SHOWN = 8
"""Violations that a refusal tells; the report has all."""


class Process(Protocol):
    """Reads tables elsewhere (``tables.process``)."""

    async def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer; raises ``Invalid`` with what is wrong with the data."""
        ...


@dataclass(frozen=True, slots=True)
class Asset:
    """Which data, and what is said of it."""

    workspace: str
    name: str
    """As messages spell it, e.g. ``rain:3``."""
    spec: Any
    """The model instance."""


def asset_of(resource: Resource) -> Asset:
    """A stored asset, as what looks at its rows wants it."""
    key = resource.key
    return Asset(key.workspace, f"{key.name}:{key.version}", kinds()["data"].model().from_stored(resource.spec))


class Tabular:
    """Answers about the rows of data assets."""

    def __init__(self, locator: Locator, process: Process, folder: Path, clock: Clock) -> None:
        """``folder`` keeps answers, and for a moment what had to be fetched."""
        self._locator = locator
        self._process = process
        self._folder = folder
        self._clock = clock
        self._asking: dict[str, asyncio.Lock] = {}

    async def preview(self, asset: Asset, rows: int, skip: int = 0) -> dict[str, Any]:
        """Some rows, typed: the first ones, or those after ``skip``."""
        return await self._answer(asset, {"action": "preview", "rows": rows} | ({"skip": skip} if skip else {}))

    async def profile(self, asset: Asset) -> dict[str, Any]:
        """Every column in numbers."""
        return await self._answer(asset, {"action": "profile", "tells": _TOLD})

    async def verify(self, asset: Asset) -> dict[str, Any]:
        """The report of the asset's expectations, with ``text`` for people; unchanged data is read once."""
        wanted: dict[str, Any] = asset.spec.expectations.to_stored()
        aging = asset.spec.expectations.freshness is not None
        question = {"action": "verify", "expectations": wanted, "now": self._clock.now()}
        report = await self._answer(asset, question, keep=not aging)
        return {**report, "text": readable(report, f"data {asset.name}")}

    async def require(self, asset: Asset, field: str = "path") -> dict[str, Any]:
        """The same; raises ``Invalid`` with one problem a broken rule."""
        report = await self.verify(asset)
        if report["passed"]:
            return report
        lines: list[str] = report["text"].splitlines()
        broken: list[dict[str, Any]] = report["violations"]
        told = "\n".join(lines[: 1 + sum(1 + len(one["first"]) for one in broken[:SHOWN])])
        more = f"; {len(broken) - SHOWN} more rules are broken" if len(broken) > SHOWN else ""
        raise Invalid([Problem(f"the data is not as expected: {told}{more}", field)])

    async def locate(self, workspace: str, uri: str, scratch: Path) -> Located:
        """Where a table lies on this machine; what lies elsewhere is fetched into ``scratch`` first."""
        return await self._locator.find(workspace, uri, scratch)

    async def lay_out(self, workspace: str, uri: str, target: Path, *, copy: bool) -> Path:
        """The files that an MLTable's paths mean, as a folder of links or of copies."""
        files = await self._locator.files(workspace, uri, target.parent / f"{target.name}.fetched")
        await asyncio.to_thread(lay_out, files, target, copy=copy)
        return target

    async def _answer(self, asset: Asset, question: dict[str, Any], *, keep: bool = True) -> dict[str, Any]:
        async with self._scratch() as scratch:
            is_file = asset.spec.type == "uri_file"
            located = await self._locator.find(asset.workspace, str(asset.spec.path), scratch, is_file=is_file)
            asked = {key: value for key, value in question.items() if key != "now"}
            key = hashlib.sha256(f"{located.digest} {spec_hash(asked)}".encode()).hexdigest()
            kept = self._folder / question["action"] / f"{key}.json"
            async with self._asking.setdefault(key, asyncio.Lock()):
                try:
                    if keep and (known := await asyncio.to_thread(_read, kept)) is not None:
                        return {**known, "cached": True}
                    answer = await self._process.ask(
                        {**question, "place": str(located.place), "brought": located.brought}
                    )
                    answer["made_at"] = self._clock.now()
                    await asyncio.to_thread(_write, kept, answer)
                    return {**answer, "cached": False}
                finally:
                    self._asking.pop(key, None)

    @asynccontextmanager
    async def _scratch(self) -> AsyncGenerator[Path]:
        self._folder.mkdir(parents=True, exist_ok=True)
        folder = await asyncio.to_thread(tempfile.mkdtemp, dir=self._folder, prefix="fetched-")
        try:
            yield Path(folder)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _write(path: Path, answer: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(json.dumps(answer), encoding="utf-8")
    draft.replace(path)
    kept = list(path.parent.glob("*.json"))
    if len(kept) > MOST_KEPT:
        for old in sorted(kept, key=lambda one: one.stat().st_mtime)[: len(kept) // 2]:
            old.unlink(missing_ok=True)
