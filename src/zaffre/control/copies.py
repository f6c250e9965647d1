"""A file or a folder copied to where nobody else writes: whole, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from zaffre.control.files import Place
from zaffre.core.errors import NotFound
from zaffre.store.blobs import disk

_PIECE = 1024 * 1024


def copied(source: Place, final: Path) -> str:
    """Copy what lies at ``source`` into the folder ``final``; the name of the file where it is a single one.

    Links are not followed. A copy that was broken off before leaves nothing that counts.
    """
    staged = final.with_name(f".{final.name}.{secrets.token_hex(8)}")
    staged.mkdir(parents=True)
    try:
        name = _fill(source, staged)
        shutil.rmtree(final, ignore_errors=True)
        staged.rename(final)
        disk.flush([final.parent])
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return name


def _fill(source: Place, staged: Path) -> str:
    if not source.is_folder():
        name = source.path.rpartition("/")[2]
        _copy(source, staged / name)
        disk.flush([staged / name])
        return name
    found = source.listing()
    if not found:
        raise NotFound(f"Nothing is at {source.path}.", target=source.path)
    for item in found:
        _copy(source / item.path, staged / item.path)
    disk.flush([staged / item.path for item in found])
    return ""


def _copy(source: Place, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open() as opened:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            at = 0
            while piece := opened.read(at, _PIECE):
                disk.write_all(descriptor, piece)
                at += len(piece)
        finally:
            os.close(descriptor)
