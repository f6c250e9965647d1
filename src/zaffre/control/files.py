"""Files below a folder, never followed out of it: links are not entered and not served."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from zaffre.core.errors import Invalid, Problem


@dataclass(frozen=True, slots=True)
class Listed:
    """One file."""

    path: str
    size: int

    def below(self, folder: str) -> Listed:
        """The same file as seen from above."""
        return replace(self, path=f"{folder}/{self.path}")


def listing(root: Path, prefix: str) -> list[Listed]:
    """Every plain file below ``root`` whose path starts with ``prefix``, sorted."""
    found: list[Listed] = []
    for folder, _, names in os.walk(root, followlinks=False):
        for name in names:
            file = Path(folder) / name
            path = file.relative_to(root).as_posix()
            if path.startswith(prefix) and file.is_file() and not file.is_symlink():
                found.append(Listed(path, file.stat().st_size))
    return sorted(found, key=lambda item: item.path)


def inside(root: Path, path: str) -> Path:
    """A file below ``root`` by a relative path, with no link on the way; refuses everything else."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\x00" in path or "\\" in path:
        raise Invalid([Problem(f"{path!r} is not a path inside the job's files", field="path")])
    place = root
    for part in parts:
        place = place / part
        if place.is_symlink():
            raise Invalid([Problem(f"{path!r} is a link, and links are not followed", field="path")])
    return place
