"""A run's artifacts as run history has them: what MLflow's plug-in for Azure writes and reads files by.

The files themselves go over the blob service, by URLs that reach one file each.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.azure.plane import WORKSPACE, Piece
from zaffre.api.route import Call, reply
from zaffre.control.files import Place
from zaffre.control.locations import ARTIFACTS, Locations
from zaffre.core import names
from zaffre.core.errors import Invalid, NotFound, Problem
from zaffre.core.plain import is_list, mapping_of
from zaffre.core.ports import Clock
from zaffre.core.times import iso
from zaffre.store.blobs.paths import check_relative

MOST = 1000
ORIGIN = "ExperimentRun"
_LOGGED_MODEL = re.compile(r"m-[0-9a-f]{32}")
"""The ids that MLflow's tracking gives to logged models."""

Link = Callable[[Call, str, str, bool], str]
"""(request, workspace, path in the artifact store, whether to write) → a URL that answers without a header, for a while."""


class Artifacts:
    """The pieces of run history that have to do with files."""

    def __init__(self, locations: Locations, link: Link, clock: Clock) -> None:
        self._locations = locations
        self._link = link
        self._clock = clock

    def pieces(self) -> list[Piece]:
        """An experiment may be named by its id or its name: the run is enough to find the files."""
        found: list[Piece] = []
        for word in ("experiments", "experimentids"):
            root = f"{WORKSPACE}/{word}/{{experiment}}/runs/{{name}}/artifacts"
            found += [
                Piece("GET", root, Permission.READ, self._list),
                Piece("GET", root + "/contentinfo", Permission.READ, self._look),
                Piece("POST", root + "/batch/metadata", Permission.WRITE, self._begin),
            ]
        return found

    async def _list(self, call: Call) -> Response:
        place = self._place(call)
        files = await run_in_threadpool(place.listing)
        return reply({"value": [self._told(call, file.path) for file in files], "continuationToken": None})

    async def _look(self, call: Call) -> Response:
        path = _path(call.query("path"))
        place = self._place(call) / path
        if not await run_in_threadpool(_is_file, place):
            raise NotFound(f"Run {call.path('name')!r} has no artifact {path!r}.", target="path")
        return reply(self._told(call, path) | {"contentUri": self._url(call, path, writes=False)})

    async def _begin(self, call: Call) -> Response:
        """Where files that do not exist yet are to be written."""
        asked: Any = (await call.object()).get("paths")
        if not is_list(asked) or len(asked) > MOST:
            raise Invalid([Problem(f"expected a list of at most {MOST} paths", field="paths")])
        self._place(call)
        paths = [_path(str(mapping_of(one).get("path") or "")) for one in asked]
        created = iso(self._clock.now())
        return reply(
            {
                "artifacts": {path: self._told(call, path) | {"createdTime": created} for path in paths},
                "artifactContentInformation": {
                    path: self._told(call, path) | {"contentUri": self._url(call, path, writes=True)} for path in paths
                },
                "errors": {},
            }
        )

    def _told(self, call: Call, path: str) -> dict[str, str]:
        origin, container = _folder(call).split("/", 1)
        return {"artifactId": f"{origin}/{container}/{path}", "origin": origin, "container": container, "path": path}

    def _place(self, call: Call) -> Place:
        return self._locations.place(call.path("ws").lower(), ARTIFACTS, _folder(call))

    def _url(self, call: Call, path: str, *, writes: bool) -> str:
        return self._link(call, call.path("ws").lower(), f"{_folder(call)}/{path}", writes)


def _folder(call: Call) -> str:
    """Where in the artifact store a run's files are, or those of a logged model, whose id stands in a run's place."""
    name, experiment = call.path("name"), call.path("experiment")
    if _LOGGED_MODEL.fullmatch(name) and experiment.isascii() and experiment.isdigit():
        return f"{experiment}/models/{name}/artifacts"
    if why := names.problem("job", name):
        raise Invalid([Problem(why, field="run")])
    return f"{ORIGIN}/dcid.{name}"


def _path(path: str) -> str:
    if not path:
        raise Invalid([Problem("expected the path of an artifact, found nothing", field="path")])
    check_relative(path)
    return path


def _is_file(place: Place) -> bool:
    try:
        place.open().close()
    except NotFound:
        return False
    return True
