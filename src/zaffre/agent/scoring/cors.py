"""Answers to pages of other origins (CORS), by ``AML_CORS_ORIGINS`` as Azure's server takes it."""

from __future__ import annotations

import re
from typing import List, Optional, Tuple

from zaffre.agent.scoring.wire import Request

_METHODS = ("GET", "POST")
_Headers = List[Tuple[str, str]]


class Cors:
    """The origins that may call; ``*`` is all, and a name may be a pattern."""

    def __init__(self, origins: str) -> None:
        self._origins = [one.strip() for one in origins.split(",") if one.strip()]
        self._all = "*" in self._origins

    @property
    def on(self) -> bool:
        """True when any origin may call."""
        return bool(self._origins)

    def headers(self, request: Request) -> _Headers:
        """What goes with the answer to ``request``."""
        origin = request.header("origin")
        allowed = self._allowed(origin)
        if allowed is None:
            return []
        found = [("access-control-allow-origin", one) for one in allowed]
        if request.method == "OPTIONS":
            found += _preflight(request)
        if allowed != ["*"] and (len(self._origins) > 1 or self._all):
            found.append(("vary", "Origin"))
        return found

    def _allowed(self, origin: str) -> Optional[List[str]]:
        if not origin:
            return ["*"] if self._all else sorted(self._origins)
        if self._all or any(_is_same(known, origin) for known in self._origins):
            return [origin]
        return None


def _preflight(request: Request) -> _Headers:
    if request.header("access-control-request-method").upper() not in _METHODS:
        return []
    found = [("access-control-allow-methods", ", ".join(_METHODS))]
    wanted = sorted(one.strip() for one in request.header("access-control-request-headers").split(",") if one.strip())
    return [*found, ("access-control-allow-headers", ", ".join(wanted))] if wanted else found


def _is_same(known: str, origin: str) -> bool:
    if known.lower() == origin.lower():
        return True
    try:
        return any(one in known for one in "*^$[\\") and re.match(known, origin, re.IGNORECASE) is not None
    except re.error:
        return False
