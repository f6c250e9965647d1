"""Named points at which a test lets this process die as by ``kill -9``; nothing is armed outside tests."""

from __future__ import annotations

import os
import signal

_armed: dict[str, int] = {}


def arm(text: str) -> None:
    """``name:nth``; an empty text arms nothing."""
    if text:
        name, _, nth = text.partition(":")
        _armed[name] = int(nth or 1)


def armed() -> bool:
    """Whether this process is to die somewhere."""
    return bool(_armed)


def hit(name: str) -> None:
    """Die here when this is the armed point's n-th passing."""
    if name not in _armed:
        return
    _armed[name] -= 1
    if _armed[name] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
