"""The folder that a job's Python finds ours in: ``zaffre.inside``, azureml's names, and the entry point fsspec looks for.

It is a copy by content, so that a job whose server is replaced by another version keeps what it began with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from zaffre import __version__

_SITE = "site"
_FACTS = f"zaffre_inside-{__version__}.dist-info"
_METADATA = f"Metadata-Version: 2.1\nName: zaffre-inside\nVersion: {__version__}\nSummary: Zaffre in jobs\n"
_ENTRY_POINTS = "[fsspec.specs]\nazureml = zaffre.inside.filesystem:AzureMachineLearningFileSystem\n"


def lay_out(home: Path) -> str:
    """The folder below ``home``, made where it is missing."""
    content = dict(_content())
    digest = hashlib.sha256(repr(sorted(content.items())).encode()).hexdigest()[:16]
    target = home / "inside" / digest
    if not target.is_dir():
        draft = home / "inside" / f".{digest}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        for name, text in content.items():
            file = draft / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        try:
            draft.rename(target)
        except OSError:  # another server of this home was quicker: the same content under the same name
            shutil.rmtree(draft, ignore_errors=True)
    return str(target)


def _content() -> Iterator[tuple[str, str]]:
    """Path in the folder → text. No ``__init__.py`` for ``zaffre`` and ``azureml``: a real one beside it has precedence."""
    root = files("zaffre") / "inside"
    for path, file in _sources(root):
        inside = path.removeprefix(f"{_SITE}/") if path.startswith(f"{_SITE}/") else f"zaffre/inside/{path}"
        yield inside, file.read_text(encoding="utf-8")
    yield f"{_FACTS}/METADATA", _METADATA
    yield f"{_FACTS}/entry_points.txt", _ENTRY_POINTS
    yield f"{_FACTS}/INSTALLER", "zaffre\n"


def _sources(folder: Traversable, below: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        path = f"{below}/{entry.name}".lstrip("/")
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _sources(entry, path)
        elif entry.name.endswith(".py"):
            yield path, entry
