"""The short folder for Unix sockets, whose paths may have 107 bytes at most: one per home, for this user alone."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from zaffre.core.errors import Invalid


def folder(home: Path) -> Path:
    """The folder, made when missing; refuses one that somebody else owns."""
    root = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108, TID251 - short by necessity; owner is checked
    found = root / f"zaffre-{os.getuid()}-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    found.mkdir(mode=0o700, exist_ok=True)
    state = found.lstat()
    if state.st_uid != os.getuid() or state.st_mode & 0o077 or found.is_symlink():
        raise Invalid(f"{found} belongs to somebody else or is open to others; remove it and start again.")
    return found
