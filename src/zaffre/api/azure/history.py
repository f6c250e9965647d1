"""Run history: what the official client streams, updates, archives and downloads a job by.

A job that has ended before anybody looked is told of once as ``Finalizing``: only then does the client print its log.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.azure import runs as bodies
from zaffre.api.azure.following import Following
from zaffre.api.azure.plane import WORKSPACE, Piece, Plane, place_of
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.control.files import Listed, Place
from zaffre.control.locations import ARTIFACTS, Locations
from zaffre.control.ways import ways
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.registry import kinds
from zaffre.core.resource import Key, Resource, absent
from zaffre.store import Store, Tx, resources, runs
from zaffre.store.runs import Run, RunQuery

PREFIX = "/history/v1.0"
MOST_CHILDREN = 1000
_CLIENT = re.compile(r"\bazure-ai-ml/(\d+)\.(\d+)")
LOG_FOLDERS = ("user_logs/", "logs/", "system_logs/")
_PLACES = {"displayName": "display_name", "description": "description"}

Link = Callable[[Call, str, str], str]
"""(request, workspace, path in the artifact store) → a URL that answers without a header, for a while."""


class History:
    """The routes below ``/history/v1.0``."""

    def __init__(
        self, store: Store, operations: Operations, locations: Locations, link: Link, following: Following
    ) -> None:
        """``pieces`` are added to by who has more of run history to tell, ``before_details`` by who writes logs when asked."""
        self.pieces: list[Piece] = []
        self.before_details: list[Callable[[Run], Awaitable[None]]] = []
        self._store = store
        self._operations = operations
        self._locations = locations
        self._link = link
        self._following = following
        self._kind = kinds()["job"]

    def routes(self) -> list[Route]:
        """With and without the experiment's name: a run's own is enough to find it."""
        read, write = Permission.READ, Permission.WRITE
        pieces = [*self.pieces, Piece("POST", WORKSPACE + "/rundata", read, self._data)]
        for root in (WORKSPACE, WORKSPACE + "/experiments/{experiment}"):
            item = root + "/runs/{name}"
            pieces += [
                Piece("GET", item, read, self._show),
                Piece("PATCH", item, write, self._change),
                Piece("GET", item + "/details", read, self._details),
                Piece("GET", item + "/children", read, self._children),
                Piece("GET", item + "/serviceinstances/{node}", read, self._services),
            ]
        return Plane(PREFIX, pieces).routes()

    async def _show(self, call: Call) -> Response:
        run, resource = await self._found(call, call.path("name"))
        return reply(bodies.record(run, resource, place_of(call)))

    async def _details(self, call: Call) -> Response:
        run, resource = await self._found(call, call.path("name"))
        spec: Mapping[str, Any] = resource.spec if resource is not None else {}
        for prepare in self.before_details:
            await prepare(run)
        told = self._following.told(call.actor, run)
        logs = {log.path: self._url(call, run, log.path) for log in await run_in_threadpool(self._logs, run)}
        return reply(bodies.details(run, spec, logs, told))

    async def _children(self, call: Call) -> Response:
        run, _ = await self._found(call, call.path("name"))
        top = call.number("$top", MOST_CHILDREN, least=1, most=MOST_CHILDREN)
        query = RunQuery(run.workspace, parent=run.name, top=top)

        def read(tx: Tx) -> list[tuple[Run, Resource | None]]:
            return [(child, _resource(tx, child)) for child in runs.list(tx, query)]

        place = place_of(call)
        found = await self._store.read(read)
        return reply({"value": [bodies.record(child, its, place) for child, its in found], "nextLink": None})

    async def _services(self, call: Call) -> Response:
        """The job's services as they are now, on its only machine."""
        run, resource = await self._found(call, call.path("name"))
        spec: Mapping[str, Any] = resource.spec if resource is not None else {}
        found = await run_in_threadpool(ways, run, spec, self._locations)
        return reply({"instances": {way.name: bodies.instance(way, run, str(call.request.base_url)) for way in found}})

    async def _data(self, call: Call) -> Response:
        body = await call.object()
        name = str(body.get("runId") or "")
        run, resource = await self._found(call, name)
        spec = resource.spec if resource is not None else {}
        record = bodies.record(run, resource, place_of(call))
        if _is_before_135(call):
            record["outputs"] = bodies.before_135(record["outputs"])
        answer: dict[str, Any] = {"runMetadata": record}
        if body.get("selectRunDefinition"):
            answer["runDefinition"] = spec
        if body.get("selectJobSpecification"):
            answer["jobSpecification"] = {"job": spec}
        return reply(answer)

    async def _change(self, call: Call) -> Response:
        """What describes a job may change, and whether lists show it; nothing that it is or does."""
        body = await call.object()
        name = call.path("name")
        _, resource = await self._found(call, name)
        workspace = call.path("ws").lower()
        if resource is None:
            raise absent("job", name, workspace)
        target = Target(self._kind, workspace, name)
        changed = _changed(resource.spec, body)
        if changed != resource.spec:
            await self._operations.put(target, self._kind.model().from_stored(changed), call.actor)
        hidden = body.get("hidden")
        if isinstance(hidden, bool) and hidden != resource.archived:
            await self._operations.archive(target, hidden, call.actor)
        return await self._show(call)

    async def _found(self, call: Call, name: str) -> tuple[Run, Resource | None]:
        workspace = call.path("ws").lower()

        def read(tx: Tx) -> tuple[Run | None, Resource | None]:
            run = runs.get(tx, name)
            return run, _resource(tx, run) if run is not None else None

        run, resource = await self._store.read(read)
        if run is None or run.workspace != workspace:
            raise absent("job", name, workspace)
        return run, resource

    def _logs(self, run: Run) -> list[Listed]:
        place = self._place(run)
        return [log for folder in LOG_FOLDERS for log in place.listing(folder)]

    def _place(self, run: Run) -> Place:
        return self._locations.place(run.workspace, ARTIFACTS, f"ExperimentRun/dcid.{_made_by(run)}")

    def _url(self, call: Call, run: Run, path: str) -> str:
        return self._link(call, run.workspace, f"ExperimentRun/dcid.{_made_by(run)}/{path}")


def _made_by(run: Run) -> str:
    """Where nothing ran its files are those of the equal run."""
    return str(run.facts.get("reused") or run.name)


def _resource(tx: Tx, run: Run) -> Resource | None:
    return resources.get(tx, Key(run.workspace, "job", run.name))


def _changed(spec: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The specification with what the request says; tags and properties are added to those there are, as in Azure."""
    found = dict(spec)
    for said, field in _PLACES.items():
        value = body.get(said)
        if value is not None and not isinstance(value, str):
            raise Invalid([Problem(f"expected a text, found {type(value).__name__}", field=said)])
        if value is not None:
            found[field] = value
    for field in ("tags", "properties"):
        if body.get(field) is not None:
            added = {name: None if value is None else str(value) for name, value in mapping_of(body[field]).items()}
            found[field] = {**(found.get(field) or {}), **added}
    return found


def _is_before_135(call: Call) -> bool:
    found = _CLIENT.search(call.request.headers.get("user-agent", ""))
    return found is not None and (int(found[1]), int(found[2])) < (1, 35)
