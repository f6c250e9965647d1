"""Downloads: what ``…/files`` lists is written below a folder, each file whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from zaffre.core.errors import Invalid, NotFound
from zaffre.sdk.parsed import mapping
from zaffre.sdk.resources import Resources, Which
from zaffre.sdk.transport import Broken

_PIECE = 1024 * 1024
_PAGE = 1000
_BEST = "best_child_run_id"
"""Among a sweep's properties: its best trial."""

Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class What:
    """What of a job is wanted: its artifacts, one named output, or everything."""

    output: str = ""
    everything: bool = False

    @property
    def prefix(self) -> str:
        """The start of the paths that are meant."""
        if self.output:
            return f"named-outputs/{self.output}/"
        return "" if self.everything else "artifacts/"


def download_job(jobs: Resources, name: str, folder: Path, what: What, told: Told | None = None) -> list[Path]:
    """A job's artifacts (below ``artifacts/``), one named output (below ``named-outputs/``), or everything.

    Of a sweep, those of its best trial, as in Azure.
    """
    try:
        written = download(jobs, Which(name), folder, prefix=what.prefix, told=told)
    except NotFound:
        if not (best := _best_trial(jobs, name)):
            raise
        return download(jobs, Which(best), folder, prefix=what.prefix, told=told)
    if what.everything and not (folder / "artifacts").exists() and (best := _best_trial(jobs, name)):
        return download(jobs, Which(best), folder, told=told)
    return written


def _best_trial(jobs: Resources, name: str) -> str:
    """A sweep has no artifacts of its own; those of its best trial are meant."""
    spec = mapping(mapping(jobs.find(Which(name))).get("spec"))
    return str(mapping(spec.get("properties")).get(_BEST) or "") if spec.get("type") == "sweep" else ""


def download(
    resources: Resources, which: Which, folder: Path, *, prefix: str = "", told: Told | None = None
) -> list[Path]:
    """Write the files whose path starts with ``prefix`` below ``folder``; returns where they lie."""
    found = _listed(resources, which, prefix)
    if prefix and not found:
        raise NotFound(f"{resources.group.name} {which.name} has no files in {prefix.rstrip('/')}.", target=prefix)
    total, done = sum(int(file.get("size") or 0) for file in found), 0
    written: list[Path] = []
    for file in found:
        path = str(file["path"])
        target = folder / _inside(path)
        _write(resources, f"{resources.path(which, 'files')}/{quote(path)}", target)
        written.append(target)
        done += int(file.get("size") or 0)
        if told:
            told(which.name, done, total)
    return written


def _listed(resources: Resources, which: Which, prefix: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        query = {"prefix": prefix, "top": _PAGE, "skip": len(found)}
        page: dict[str, Any] = resources.transport.call("GET", resources.path(which, "files"), query=query)
        value: list[dict[str, Any]] = page["value"]
        found += value
        if not page.get("next") or not value:
            return found


def _inside(path: str) -> PurePosixPath:
    """``path`` if it stays inside the folder it is written to: a server is not trusted with this machine's files."""
    relative = PurePosixPath(path)
    if relative.is_absolute() or ".." in relative.parts or not relative.parts or "\0" in path:
        raise Invalid(f"The server named a file {path!r}, which lies outside the folder to write to.")
    return relative


def _write(resources: Resources, address: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    try:
        with resources.transport.open(address, headers={"Accept": "*/*"}) as answer, partial.open("wb") as file:
            left = answer.length
            while piece := answer.read(_PIECE):
                file.write(piece)
        if left is not None and partial.stat().st_size != left:
            raise Broken(f"{target.name} came short: expected {left} bytes, found {partial.stat().st_size}.")
        partial.replace(target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()
