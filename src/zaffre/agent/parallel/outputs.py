"""The end of a job that succeeded: all rows in one file, and the script's own files where the agent picks outputs up.

Nothing is moved out of the kept folder: it holds until the agent has put everything in its place, so that a crash in
between costs nothing but this step.
"""

from __future__ import annotations

import os
import shutil
from typing import Any, BinaryIO

from zaffre.agent.parallel import ledger
from zaffre.agent.parallel.settings import Settings


def prepare(settings: Settings) -> None:
    """The folders that the script writes to."""
    for kind, kept, _ in settings.outputs:
        os.makedirs(kept if kind == "folder" else os.path.dirname(kept), exist_ok=True)


def hand_over(settings: Settings, state: Any) -> None:
    """Fill the attempt's staging."""
    for _, kept, staging in settings.outputs:
        if os.path.isdir(kept):
            _link_folder(kept, staging)
        elif os.path.exists(kept):
            _link(kept, staging)
    if settings.rows_to:
        os.makedirs(os.path.dirname(settings.rows_to), exist_ok=True)
        if os.path.lexists(settings.rows_to):
            os.unlink(settings.rows_to)
        with open(settings.rows_to, "wb") as stream:
            _join(settings, state, stream)


def _join(settings: Settings, state: Any, stream: BinaryIO) -> None:
    """The rows of every mini-batch that is done, in the order of the input."""
    for index in sorted(state.done):
        header = state.done[index].get("header")
        if settings.header and header:
            stream.write(header.encode())
            break
    for index in sorted(state.done):
        with open(ledger.rows_of(settings.kept, index), "rb") as rows:
            shutil.copyfileobj(rows, stream, 1 << 20)


def _link_folder(source: str, target: str) -> None:
    for folder, _, names in os.walk(source):
        there = os.path.normpath(os.path.join(target, os.path.relpath(folder, source)))
        os.makedirs(there, exist_ok=True)
        for name in names:
            _link(os.path.join(folder, name), os.path.join(there, name))


def _link(source: str, target: str) -> None:
    """The same file under another name, or a copy where file systems do not do that. Links stay links."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.lexists(target):
        os.unlink(target)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
