"""The ways into a running job, behind the gate: which there are, and requests passed on to them.

A page of a service runs on this server's own origin, so it could act as whoever opened it. With a browser's log-in, one
therefore opens the services of one's own jobs only; programs that show a token are not led by pages, and may reach others.
"""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from zaffre.api.auth import Permission
from zaffre.api.azure import runs as bodies
from zaffre.api.passing import Listener, passed_on
from zaffre.api.route import Call, Route, reply
from zaffre.control.locations import Locations
from zaffre.control.ways import RUNNING, Way, ways
from zaffre.core import services
from zaffre.core.errors import Conflict, Forbidden, NotFound
from zaffre.core.resource import Key, absent
from zaffre.store import Store, Tx, resources, runs
from zaffre.store.runs import Run

_ROOT = "/api/v1/workspaces/{ws}/jobs/{name}/services"
_READS = ("GET",)
_WRITES = ("POST", "PUT", "PATCH", "DELETE")


class Services:
    """Routes of the services of jobs."""

    def __init__(self, store: Store, locations: Locations) -> None:
        self._store = store
        self._locations = locations

    def routes(self) -> list[Route]:
        """What there is, and one route a method for what is passed on."""
        one = _ROOT + "/{service}"
        inside = one + "/{path:path}"
        told = "Reach a service of a running job"
        return [
            Route("GET", _ROOT, Permission.OWN_RUN, self._list, "Show the services of a job", tag="job"),
            Route("GET", one, Permission.OWN_RUN, self._enter, told, tag="job"),
            *(Route(method, inside, Permission.OWN_RUN, self._pass, told, tag="job") for method in _READS),
            *(Route(method, inside, Permission.WRITE, self._pass, told, tag="job") for method in _WRITES),
        ]

    async def _list(self, call: Call) -> Response:
        run, found = await self._found(call)
        base = str(call.request.base_url)
        return reply({"value": [{"name": way.name} | bodies.instance(way, run, base) for way in found]})

    async def _enter(self, call: Call) -> Response:
        """A service's root ends with a slash, which relative addresses in its pages count on."""
        return RedirectResponse(f"{call.request.url.path}/", 307)

    async def _pass(self, call: Call) -> Response:
        run, found = await self._found(call)
        if call.principal.run is None:  # what a service does when it is asked is its own affair
            call.principal.require(Permission.WRITE, run.workspace)
        if "authorization" not in call.request.headers and run.actor != call.actor:
            raise Forbidden("A browser's log-in opens the services of one's own jobs only; a token opens this one.")
        if call.request.headers.get("upgrade"):
            call.principal.require(Permission.WRITE, run.workspace, run.name)
        name = call.path("service")
        way = next((way for way in found if way.name == name), None)
        if way is None:
            raise NotFound(f"Job {run.name!r} asked for no service {name!r}.", target=name)
        _require_running(way, run)
        prefix = services.prefix_of(run.workspace, run.name, name)
        return await passed_on(call.request, Listener(way.at, prefix, way.under_prefix), call.path("path"))

    async def _found(self, call: Call) -> tuple[Run, list[Way]]:
        name, workspace = call.path("name"), call.path("ws").lower()

        def read(tx: Tx) -> tuple[Run | None, dict[str, Any]]:
            resource = resources.get(tx, Key(workspace, "job", name))
            return runs.get(tx, name), dict(resource.spec) if resource is not None else {}

        run, spec = await self._store.read(read)
        if run is None or run.workspace != workspace:
            raise absent("job", name, workspace)
        return run, await run_in_threadpool(ways, run, spec, self._locations)


def _require_running(way: Way, run: Run) -> None:
    if way.type == services.SSH:
        raise Conflict(f"Service {way.name!r} speaks SSH: ssh -p {way.at} 127.0.0.1", target=way.name)
    if way.status != RUNNING:
        why = way.error or "nothing of the job listens there yet"
        raise Conflict(f"Service {way.name!r} of job {run.name!r} is {way.status}: {why}.", target=way.name)
