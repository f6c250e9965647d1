"""Artifacts: where a path of MLflow's artifact proxy lies on disk, and the files there.

A workspace's artifacts are one folder. A run's path, ``<experiment>/<run>/artifacts/…``, leads to
``ExperimentRun/dcid.<run>/…``, the place Azure ML gives it; logged models and traces lie under their own paths;
``models/<name>/<version>/…`` shows a model asset that lies elsewhere, to be read only.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from zaffre.tracking import access
from zaffre.tracking.call import Call
from zaffre.tracking.errors import Refusal, denied, missing
from zaffre.tracking.wire import REQUIRED, STRING, Fields

LIST: Fields = {"path": STRING}
LIST_RUN: Fields = {"run_id": REQUIRED, "path": STRING, "page_token": STRING}
LIST_MODEL: Fields = {"model_id": REQUIRED, "artifact_directory_path": STRING}
OF_RUN: Fields = {"run_id": REQUIRED, "path": REQUIRED}
OF_MODEL: Fields = {"model_id": REQUIRED, "artifact_file_path": REQUIRED}
OF_VERSION: Fields = {"name": REQUIRED, "version": REQUIRED, "path": REQUIRED}

SCHEME = "mlflow-artifacts:/"
UPLOADS = ".uploads"
_MAX_PATH = 4096
_NUMBER = re.compile(r"[0-9]{1,18}")


class ArtifactFolders(Protocol):
    """Where workspaces keep their artifacts; ``workspace`` is the workspace's own name."""

    def root(self, workspace: str) -> Path:
        """The workspace's artifact store (``data/<ws>/workspaceartifactstore``); made when missing."""
        ...

    def model(self, workspace: str, name: str, version: str) -> Path | None:
        """The files of a version of a model asset, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """An artifact path, checked and placed."""

    path: Path
    within: Path
    """The folder that it must not leave, links followed."""
    writable: bool = True


def segments(text: str) -> tuple[str, ...]:
    """A client's path in pieces, or the refusal of one that could lead elsewhere."""
    plain, before = text, ""
    while plain != before:
        before, plain = plain, unquote(plain)
    for form in (text, plain):
        if (
            len(form) > _MAX_PATH
            or form.startswith(("/", "file:"))
            or re.search(r"[\\#\x00-\x1f\x7f]|^[A-Za-z]:", form)
            or ".." in form.split("/")
        ):
            raise Refusal("Invalid path")
    return tuple(part for part in text.split("/") if part not in ("", "."))


def place(folders: ArtifactFolders, workspace: str, parts: tuple[str, ...]) -> Place:
    """Where a path of the artifact proxy lies."""
    root = folders.root(workspace)
    if parts[:1] == (UPLOADS,):
        raise Refusal("Invalid path")
    if (run := run_of(parts)) is not None:
        own = root / "ExperimentRun" / f"dcid.{run}"
        return _inside(own.joinpath(*parts[3:]), root)
    if parts[:1] == ("models",) and len(parts) >= 3:
        asset = folders.model(workspace, parts[1], parts[2])
        if asset is None:
            raise missing(f"Model '{parts[1]}' has no version '{parts[2]}' with files here.")
        return Place(_inside(asset.joinpath(*parts[3:]), asset).path, asset, writable=False)
    return _inside(root.joinpath(*parts), root)


def _inside(path: Path, within: Path) -> Place:
    if not path.resolve().is_relative_to(within.resolve()):  # a link that leads out
        raise Refusal("Invalid path")
    return Place(path, within)


def run_of(parts: tuple[str, ...]) -> str | None:
    """The run in ``<experiment>/<run>/artifacts/…``."""
    if (
        len(parts) >= 3
        and parts[2] == "artifacts"
        and _NUMBER.fullmatch(parts[0])
        and parts[1] not in ("models", "traces")
    ):
        return parts[1]
    return None


def allow(call: Call, parts: tuple[str, ...], *, write: bool) -> None:
    """Refuse a job's token what is not its own run's: other runs, other folders, others' models unless registered."""
    if call.run is None:
        return
    if (run := run_of(parts)) is not None and (write or not _registered(call, parts)):
        access.run(call, run)
        return
    number, kind, identity = (*parts, "", "", "")[:3]
    own = bool(identity) and _NUMBER.fullmatch(number) is not None
    if own and kind == "traces":
        access.own_experiment(call, int(number))
        return
    if own and kind == "models" and (write or not _registered(call, parts)):
        access.logged_model(call, identity)
        return
    if write or not (number == "models" or _registered(call, parts)):
        raise denied(f"This job's token reaches the artifacts of the run '{call.run}' and registered models only.")


def _registered(call: Call, parts: tuple[str, ...]) -> bool:
    prefixes = [SCHEME + "/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    marks = ", ".join("?" * len(prefixes))
    found = call.conn.execute(
        f"SELECT 1 FROM model_versions WHERE workspace = ? AND storage_location IN ({marks}) LIMIT 1",
        (call.workspace, *prefixes),
    ).fetchone()
    return found is not None


def below(location: str, path: str) -> tuple[str, ...]:
    """A path inside an artifact location of ours, in pieces."""
    split = urlsplit(location)
    if split.scheme != "mlflow-artifacts":
        raise Refusal(f"Artifacts at '{location}' are not kept here.")
    return segments(unquote(split.path).lstrip("/")) + segments(path)


def listing(folder: Path, prefix: str = "") -> list[dict[str, Any]]:
    """What is in a folder, by name, as MLflow's JSON; nothing where there is no folder."""
    found: list[dict[str, Any]] = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        for entry in sorted(_entries(folder), key=lambda one: one.name):
            path = f"{prefix}/{entry.name}" if prefix else entry.name
            if entry.is_dir():
                found.append({"path": path, "is_dir": True})
            elif entry.is_file():
                found.append({"path": path, "is_dir": False, "file_size": entry.stat().st_size})
    return found


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from (entry for entry in entries if entry.name != UPLOADS)


def remove(place: Place) -> None:
    """Delete a file or folder; an empty path (the whole store) is refused."""
    if place.path == place.within or not place.writable:
        raise Refusal("Invalid path")
    if place.path.is_dir() and not place.path.is_symlink():
        shutil.rmtree(place.path)
    else:
        place.path.unlink(missing_ok=True)


class Upload:
    """A file that appears whole, or not at all: written aside, then renamed."""

    def __init__(self, target: Place, root: Path, identity: str) -> None:
        if not target.writable or target.path == target.within or target.path.is_dir():
            raise Refusal("Invalid path")
        self._target = target.path
        self._aside = root / UPLOADS / identity
        self._aside.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._aside.open("wb")

    def write(self, data: bytes) -> None:
        """Append."""
        self._file.write(data)

    def finish(self) -> None:
        """Put the file into its place."""
        self._file.close()
        try:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            self._aside.replace(self._target)
        except (NotADirectoryError, FileExistsError, IsADirectoryError):
            self.abandon()
            raise Refusal(
                f"'{self._target.name}' cannot be written there: a file is where a folder is needed."
            ) from None

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._aside.unlink(missing_ok=True)
