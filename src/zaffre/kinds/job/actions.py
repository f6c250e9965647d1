"""The verbs that only jobs have: cancel, wait, logs, files, validate."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api import files, zipped
from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.native import document, page_of
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.api.services import Services
from zaffre.api.stream import follow_file, resume_point, streamed
from zaffre.control.admission import Admission
from zaffre.control.elsewhere import Elsewhere
from zaffre.control.files import Listed, Place
from zaffre.control.locations import ARTIFACTS, Locations
from zaffre.core import filters, queues
from zaffre.core.errors import Invalid, NotFound, Problem
from zaffre.core.events import Event, EventType
from zaffre.core.registry import Kind, kinds
from zaffre.core.resource import absent
from zaffre.core.status import FINAL, RunStatus, Signal
from zaffre.core.times import iso
from zaffre.kinds.job.family.explaining import Explanations
from zaffre.store import Store, Tx, counting, resources, runs
from zaffre.store.runs import Run

_ROOT = "/api/v1/workspaces/{ws}/jobs"
_ARM = "/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{ws}/jobs/{name}"
MOST_SECONDS = 120
_WAITING = ("Queued", "Preparing")
_FINAL_WORDS = frozenset(status.value for status in FINAL)


class Waiters:
    """Answers long polls at the moment a run ends: nobody asks twice."""

    def __init__(self, store: Store) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}
        store.on_event(self._hear)

    def enter(self, run: str) -> asyncio.Event:
        """Begin to listen."""
        bell = asyncio.Event()
        self._waiting.setdefault(run, set()).add(bell)
        return bell

    def leave(self, run: str, bell: asyncio.Event) -> None:
        """Stop listening."""
        bells = self._waiting.get(run, set())
        bells.discard(bell)
        if not bells:
            self._waiting.pop(run, None)

    def _hear(self, event: Event) -> None:
        if event.type is EventType.RUN_STATUS_CHANGED and event.data.get("to") in _FINAL_WORDS:
            for bell in self._waiting.get(event.subject.partition("/")[2], ()):
                bell.set()


class Actions:
    """Routes beside those every kind has."""

    def __init__(
        self, store: Store, operations: Operations, locations: Locations, admission: Admission, elsewhere: Elsewhere
    ) -> None:
        self._store = store
        self._explanations = Explanations(store, locations, admission)
        self._elsewhere = elsewhere
        self._operations = operations
        self._locations = locations
        self._waiters = Waiters(store)
        self._kind: Kind = kinds()["job"]

    def routes(self) -> list[Route]:
        """Job routes; the first must stand before the generic ones of the same path."""
        item = _ROOT + "/{name}"
        read, write = Permission.OWN_RUN, Permission.WRITE
        return [
            Route(
                "GET",
                item,
                read,
                self._show,
                "Show a job, at its end with wait_for=final",
                tag="job",
                answer="Resource",
            ),
            Route("POST", _ROOT + ":validate", write, self._validate, "Check a job without submitting it", tag="job"),
            Route(
                "GET",
                _ROOT + ":counts",
                Permission.READ,
                self._counts,
                "Count jobs by status",
                tag="job",
                answer="Counts",
            ),
            Route("GET", item + "/why", read, self._why, "Say what a job waits for, or why it ended", tag="job"),
            Route("POST", item + "/cancel", write, self._cancel, "Cancel a job", tag="job"),
            Route("GET", item + "/logs", read, self._logs, "List a job's logs", tag="job", answer="FileList"),
            Route("GET", item + "/logs/{path:path}", read, self._log, "Read or follow a log", tag="job"),
            Route(
                "GET",
                item + "/files",
                read,
                self._files,
                "List a job's artifacts and outputs",
                tag="job",
                answer="FileList",
            ),
            Route("GET", item + "/files/{path:path}", read, self._file, "Read one of a job's files", tag="job"),
            Route("GET", item + "/files:zip", read, self._zip, "Download a job's files as one zip", tag="job"),
            *Services(self._store, self._locations).routes(),
        ]

    def arm_verbs(self) -> list[Verb]:
        """The one that Azure's resource manager has of them."""
        return [verb("POST", _ARM + "/cancel", self._cancel_arm)]

    async def _show(self, call: Call) -> Response:
        name = call.path("name")
        if call.query("wait_for") == "final":
            seconds = min(MOST_SECONDS, call.number("timeout", 30, least=0, most=MOST_SECONDS))
            bell = self._waiters.enter(name)
            try:
                run = await self._run(call)
                if not run.status.is_final:
                    async with asyncio.timeout(seconds):
                        await bell.wait()
            except TimeoutError:
                pass
            finally:
                self._waiters.leave(name, bell)
        return reply(await self._view(call))

    async def _counts(self, call: Call) -> Response:
        """Of the jobs that the list of the same filter shows."""
        workspace, page = call.path("ws").lower(), page_of(call)

        def read(tx: Tx) -> dict[str, int]:
            terms = filters.parse(page.filter, tx.now)
            is_of_top = not any(term.field == "parent" for term in terms)
            query = resources.Query(workspace, "job", view=page.view, tag=page.tag, terms=terms, top_level=is_of_top)
            return counting.by_status(tx, query)

        return reply({"value": await self._store.read(read)})

    async def _why(self, call: Call) -> Response:
        return reply(await self._explained(await self._run(call)))

    async def _explained(self, run: Run) -> dict[str, Any]:
        """As of one moment, the run's own state included."""
        return await self._explanations.of(run)

    async def _validate(self, call: Call) -> Response:
        body = await call.object()
        name = str(body.get("name") or "unnamed")
        spec = self._kind.model().from_yaml({**body, "name": name})
        target = Target(self._kind, call.path("ws").lower(), name)
        try:
            prepared = await self._operations.check(target, spec, call.actor)
        except Invalid as error:
            told = [{"message": p.message, "field": p.field, "hint": p.hint} for p in error.problems]
            return reply({"valid": False, "problems": told, "notes": []})
        facts = prepared.run.facts if prepared.run is not None else {}
        return reply({"valid": True, "problems": [], "notes": facts.get("notes", [])})

    async def _cancel(self, call: Call) -> Response:
        await self._ask_cancel(call)
        return reply(await self._view(call), 202)

    async def _cancel_arm(self, call: Call) -> Response:
        await self._ask_cancel(call)
        return Response(status_code=202)

    async def _ask_cancel(self, call: Call) -> None:
        run = await self._run(call)
        await self._store.write(lambda tx: runs.request(tx, run.name, Signal.ASK_CANCEL, call.actor))

    async def _view(self, call: Call) -> dict[str, Any]:
        """A job as it is now; a build of the system's own, which is no resource, is shown like one."""
        try:
            shown = document(await self._operations.get(self._target(call)), self._kind)
            if shown["state"].get("status") in _WAITING:
                shown["state"]["waiting_for"] = (await self._explained(await self._run(call)))["message"]
            if shown["state"].get("status") == RunStatus.FAILED.value:
                shown["state"]["failure"] = await self._explanations.failure(await self._run(call))
            return shown
        except NotFound:
            run = await self._run(call)
            if run.workspace:
                raise
            return _build(run, call.path("ws").lower())

    async def _logs(self, call: Call) -> Response:
        run = await self._run(call)
        return files.page(call, await run_in_threadpool(self._artifacts(run).listing, "user_logs/"))

    async def _log(self, call: Call) -> Response:
        run = await self._run(call)
        place = self._artifacts(run) / call.path("path")
        after = resume_point(call)
        if call.query("follow") not in ("1", "true"):
            return await files.send(call, place)
        return streamed(self._follow(place, after, run.name))

    async def _follow(self, log: Place, after: int, run: str) -> AsyncIterator[bytes]:
        async def status() -> str | None:
            now = await self._store.read(lambda tx: runs.get(tx, run))
            return None if now is not None and not now.status.is_final else now.status.value if now else "Deleted"

        bell = self._waiters.enter(run)
        try:
            async for piece in follow_file(log, after, status, bell):
                yield piece
        finally:
            self._waiters.leave(run, bell)

    async def _files(self, call: Call) -> Response:
        return files.page(call, await self._listing(await self._run(call), call.query("prefix")))

    async def _zip(self, call: Call) -> Response:
        run = await self._run(call)
        return zipped.answer(run.name, await self._listing(run, call.query("prefix")), partial(self._find, run))

    async def _file(self, call: Call) -> Response:
        return await files.send(call, await self._find(await self._run(call), call.path("path")))

    async def _listing(self, run: Run, prefix: str) -> list[Listed]:
        found = await run_in_threadpool(self._all_files, run, prefix)
        return found + await self._files_elsewhere(run, prefix)

    async def _find(self, run: Run, path: str) -> Place:
        side, _, rest = path.partition("/")
        if side == "artifacts":
            return self._artifacts(run) / rest
        if side != "named-outputs":
            raise Invalid([Problem(f"files lie below artifacts/ and named-outputs/, found {path!r}", field="path")])
        name, _, rest = rest.partition("/")
        spot = await self._elsewhere.spot(run.workspace, self._uri(run, name), "")
        if spot is not None:
            return await self._elsewhere.file(spot, "", rest)
        root = self._output(run, name)
        is_folder = await run_in_threadpool(root.is_folder)
        return root / rest if is_folder else root

    def _all_files(self, run: Run, prefix: str) -> list[Listed]:
        found = _below("artifacts", self._artifacts(run))
        outputs: dict[str, Any] = run.facts.get("output_paths") or {}
        for name in [name for name in outputs if not self._locations.is_away(run.workspace, outputs[name][0])]:
            found += _below(f"named-outputs/{name}", self._output(run, name))
        return [item for item in found if item.path.startswith(prefix)]

    async def _files_elsewhere(self, run: Run, prefix: str) -> list[Listed]:
        """Of the named outputs that lie in a store, and of these only what is asked for."""
        found: list[Listed] = []
        outputs: dict[str, Any] = run.facts.get("output_paths") or {}
        for name in outputs:
            below = f"named-outputs/{name}/"
            if not (below.startswith(prefix) or prefix.startswith(below)):
                continue
            spot = await self._elsewhere.spot(run.workspace, self._uri(run, name), "")
            listed = await self._elsewhere.listing(spot, "") if spot is not None else []
            found += [Listed(f"{below}{item.path}", item.size) for item in listed]
        return [item for item in found if item.path.startswith(prefix)]

    def _uri(self, run: Run, name: str) -> str:
        datastore, path = self._where(run, name)
        return f"azureml://datastores/{datastore}/paths/{path}"

    def _where(self, run: Run, name: str) -> list[str]:
        paths: dict[str, list[str]] = run.facts.get("output_paths") or {}
        if name not in paths:
            raise NotFound(f"Job {run.name!r} has no output {name!r}.", target=name)
        return paths[name]

    def _output(self, run: Run, name: str) -> Place:
        datastore, path = self._where(run, name)
        return self._locations.place(run.workspace, datastore, path)

    async def _run(self, call: Call) -> Run:
        name = call.path("name")
        run = await self._store.read(lambda tx: runs.get(tx, name))
        if run is None or (run.workspace and run.workspace != call.path("ws").lower()):
            raise absent("job", name, call.path("ws"))
        return run

    def _artifacts(self, run: Run) -> Place:
        made_by = run.facts.get("reused") or run.name  # nothing ran: its files are those of the equal run
        return self._locations.place(run.workspace, ARTIFACTS, f"ExperimentRun/dcid.{made_by}")

    def _target(self, call: Call) -> Target:
        return Target(self._kind, call.path("ws").lower(), call.path("name"))


def _build(run: Run, workspace: str) -> dict[str, Any]:
    made = {"created_at": iso(run.created_at), "created_by": run.actor}
    changed = {"modified_at": iso(run.ended_at or run.created_at), "modified_by": run.actor}
    return {
        "id": f"{_ROOT.format(ws=workspace)}/{run.name}",
        "kind": "job",
        "workspace": workspace,
        "name": run.name,
        "spec": {"name": run.name, "type": run.type, "display_name": run.display_name},
        "state": {
            "status": run.status.value,
            "attempt": run.attempt,
            "reason": run.reason.to_json() if run.reason else None,
            "cancel_by": run.cancel_by,
            "compute": queues.compute_of(run.compute),
            "started_at": iso(run.started_at) if run.started_at else None,
            "ended_at": iso(run.ended_at) if run.ended_at else None,
        },
        "system": {**made, **changed, "archived": False},
    }


def _below(folder: str, place: Place) -> list[Listed]:
    """What is at a place, a folder or a single file, as seen below ``folder``."""
    return [Listed(f"{folder}/{item.path}", item.size) for item in files.listing(place)]
