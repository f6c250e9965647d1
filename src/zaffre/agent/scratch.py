"""A task's folder with a short name, in the machine's place for temporary files: sockets have 107 characters."""

from __future__ import annotations

import contextlib
import os

from zaffre.agent import deposits
from zaffre.agent.failure import LAUNCH_FAILED, Failure, words


def make(path: str) -> None:
    """Make it, for this user alone; a folder that somebody else made first is not taken."""
    if not path:
        return
    try:
        os.mkdir(path, 0o700)
    except OSError as error:
        raise Failure(LAUNCH_FAILED, message=words(error)) from error


def clear(path: str) -> None:
    """Remove it and all that is in it."""
    if path and not os.path.islink(path) and os.path.isdir(path):
        with contextlib.suppress(OSError):
            deposits.discard(path)
