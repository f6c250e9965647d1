"""One request, as its handler sees it: a connection, who asks, and the present moment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from zaffre.tracking.dialect import Connection
from zaffre.tracking.wire import Body

ROOT_TAG = "zaffre.root"
"""On a run or logged model that a job's token made: the job's own run."""

_COLUMN = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])")
_RESERVED = frozenset({"workspaces", "api", "ajax-api", "static-files"})


class Principal(Protocol):
    """Who asks, as the gate in front has established."""

    @property
    def subject(self) -> str:
        """``user:…`` or ``run:…``."""
        ...

    @property
    def workspace(self) -> str:
        """The workspace that the request's path names."""
        ...

    @property
    def run(self) -> str | None:
        """The only run that the token reaches; None for a user."""
        ...


@dataclass(slots=True)
class Call:
    """What a handler needs besides its body."""

    conn: Connection
    workspace: str
    """As MLflow's ``workspace`` columns hold it (``column``)."""
    actor: str
    run: str | None
    now: int
    """Milliseconds since 1970."""
    new_id: Callable[[], str]
    """32 hexadecimal digits, never the same twice."""


Handler = Callable[[Call, Body], Any]
"""Returns the answer's JSON object, or its bytes where it was quicker to write them."""


@lru_cache(maxsize=4096)
def column(workspace: str) -> str:
    """A workspace's name under MLflow's rules for one (2 to 63 lower-case letters, digits and dashes)."""
    lowered = workspace.lower()
    if _COLUMN.fullmatch(lowered) and lowered not in _RESERVED:
        return lowered
    digest = hashlib.sha256(lowered.encode()).hexdigest()[:12]
    return f"{re.sub(r'[^a-z0-9]+', '-', lowered).strip('-')[:48] or 'ws'}-{digest}"
