"""Paths that the official client asks for beside ARM, in any case of their letters: one catch-all a method, then templates.

The client spells ``resourceGroups`` in two ways, and so does Azure; a table of routes compares letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.route import Answer, Call, Route
from zaffre.core.errors import NotBuilt
from zaffre.core.refs import Scope

WORKSPACE = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{ws}"
"""The template of a workspace's place, as it stands in every path."""
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


@dataclass(frozen=True, slots=True)
class Piece:
    """One request that a plane answers; the words in braces are its path parameters."""

    method: str
    path: str
    permission: Permission
    call: Answer


class Plane:
    """Everything below one prefix."""

    def __init__(self, prefix: str, pieces: Iterable[Piece]) -> None:
        """``pieces`` have their paths below ``prefix``."""
        self._prefix = prefix
        self._pieces = [(_shape(prefix + piece.path), piece) for piece in pieces]

    def routes(self) -> list[Route]:
        """One route a method: it asks for the least that a piece of it needs, and the piece for its own.

        What no piece answers is refused by its name, whatever the method.
        """
        told = self._prefix.strip("/").partition("/")[0]
        return [
            Route(
                method,
                f"{self._prefix}/{{rest:path}}",
                Permission.READ,
                self._serve,
                f"Azure {told} {method}",
                tag="azure",
                asks_again=True,
            )
            for method in _METHODS
        ]

    async def _serve(self, call: Call) -> Response:
        path = call.request.url.path.rstrip("/")
        for shape, piece in self._pieces:
            found = shape.fullmatch(path) if piece.method == call.request.method else None
            if found is not None:
                call.principal.require(piece.permission, found.groupdict().get("ws", "").lower() or None)
                call.request.path_params.update(found.groupdict())
                return await piece.call(call)
        call.principal.require(Permission.READ, None)
        raise NotBuilt(f"Zaffre does not have the operation {call.request.method} {path}.", target=path)


def place_of(call: Call) -> Scope:
    """The workspace a path names, as it was spelt, the name in lower case."""
    return replace(Scope(call.path("sub"), call.path("group")), workspace=call.path("ws").lower())


def _shape(path: str) -> re.Pattern[str]:
    """A template as a pattern; ``{name*}`` takes slashes too."""
    escaped = re.escape(path)
    escaped = re.sub(r"\\{(\w+)\\\*\\}", r"(?P<\1>.+)", escaped)
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", escaped), re.IGNORECASE)
