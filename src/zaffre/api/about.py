"""What runs here: the version, and whose work it stands on, under which licences."""

from __future__ import annotations

import platform
from functools import cache
from importlib import metadata
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply

_CLASSIFIER = "License :: OSI Approved :: "
_LONGEST = 60
"""Characters of a licence's name; some packages put the whole text there."""


class About:
    """One route."""

    def __init__(self, version: str, started_at: str) -> None:
        self._version = version
        self._started_at = started_at

    def routes(self) -> list[Route]:
        """For whoever is logged in: which versions run is nobody else's business."""
        return [
            Route(
                "GET",
                "/api/v1/about",
                Permission.READ,
                self._about,
                "Show what runs here",
                tag="server",
                asks_again=True,
            )
        ]

    async def _about(self, call: Call) -> Response:
        del call
        packages = await run_in_threadpool(_packages)
        here = {"version": self._version, "licence": "Apache-2.0", "started_at": self._started_at}
        return reply({**here, "python": platform.python_version(), "system": platform.platform(), "packages": packages})


@cache
def _packages() -> list[dict[str, str]]:
    """What is installed beside us, each once; they do not change while we run."""
    found = {str(one.metadata["Name"]): one for one in metadata.distributions() if one.metadata["Name"]}
    return [
        {"name": name, "version": found[name].version, "licence": licence(found[name].metadata)}
        for name in sorted(found, key=str.lower)
    ]


def licence(said: Any) -> str:
    """A package's licence in the words it is known by: its expression, its classifiers, else what it wrote itself."""
    if expression := said.get("License-Expression"):
        return str(expression)
    classified = [one.removeprefix(_CLASSIFIER) for one in said.get_all("Classifier") or () if _CLASSIFIER in one]
    if classified:
        return ", ".join(classified)
    lines = str(said.get("License") or "").strip().splitlines()
    return lines[0][:_LONGEST] if lines else ""
