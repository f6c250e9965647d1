"""The verbs of pipelines: tell ahead what would run, go on after a failure, decide an approval, replay a step."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.native import document
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.core import names, problems
from zaffre.core.errors import Conflict, Forbidden, Invalid, Problem
from zaffre.core.plain import is_list, mapping_of
from zaffre.core.registry import Kind, kinds
from zaffre.core.resource import absent
from zaffre.core.times import iso
from zaffre.kinds.job.family import resuming
from zaffre.kinds.job.family.foresight import Foresight
from zaffre.kinds.job.family.replaying import Replays
from zaffre.store import Store, Tx, runs
from zaffre.store.runs import Run

_ROOT = "/api/v1/workspaces/{ws}/jobs"


class Steering:
    """Routes."""

    def __init__(self, store: Store, operations: Operations, foresight: Foresight, replays: Replays) -> None:
        self._store = store
        self._operations = operations
        self._foresight = foresight
        self._replays = replays
        self._kind: Kind = kinds()["job"]

    def routes(self) -> list[Route]:
        """They stand before the generic ones."""
        item, write = _ROOT + "/{name}", Permission.WRITE
        return [
            Route("POST", _ROOT + ":plan", write, self._plan, "Tell which steps of a pipeline would run", tag="job"),
            Route(
                "POST", item + "/resume", write, self._resume, "Go on with a pipeline that did not complete", tag="job"
            ),
            Route("POST", item + "/approve", write, self._approve, "Decide a step that waits for approval", tag="job"),
            Route(
                "POST", item + "/replay", write, self._replay, "Lay out a job's command to be run by hand", tag="job"
            ),
        ]

    async def _plan(self, call: Call) -> Response:
        body = await call.object()
        name = str(body.get("name") or "unnamed")
        spec = self._kind.model().from_yaml({**body, "name": name})
        rows = await self._foresight.tell(call.path("ws").lower(), spec, call.actor)
        return reply({"steps": rows})

    async def _resume(self, call: Call) -> Response:
        run = await self._run(call)
        name = str((await call.object()).get("name") or "")
        if wrong := names.problem("job", name):
            raise Invalid([Problem(wrong, "name")])

        def write(tx: Tx) -> tuple[Run, list[str]]:
            made = resuming.resume(tx, self._operations, runs.require(tx, run.name), name, call.actor)
            return made, resuming.kept(tx, run)

        made, kept = await self._store.write(write)
        shown = document(await self._operations.get(Target(self._kind, run.workspace, made.name)), self._kind)
        return reply(shown | {"taken_over": kept}, 201)

    async def _approve(self, call: Call) -> Response:
        run = await self._run(call)
        body = await call.object()
        step, approved = str(body.get("step") or ""), body.get("approved")
        if not isinstance(approved, bool):
            raise Invalid([Problem(f"expected true or false, found {problems.found(approved)}", "approved")])
        told: dict[str, Any] = {"approved": approved, "by": call.actor, "comment": str(body.get("comment") or "")}
        decided = await self._store.write(lambda tx: _decide(tx, run.name, step, told))
        return reply({"job": run.name, "step": step, **decided})

    async def _replay(self, call: Call) -> Response:
        step = str((await call.object()).get("step") or "")
        return reply(await self._replays.lay_out(await self._run(call), step))

    async def _run(self, call: Call) -> Run:
        name, workspace = call.path("name"), call.path("ws")
        run = await self._store.read(lambda tx: runs.get(tx, name))
        if run is None or run.workspace != workspace.lower():
            raise absent("job", name, workspace)
        return run


def _decide(tx: Tx, name: str, step: str, told: dict[str, Any]) -> dict[str, Any]:
    """Put a decision on record, once; the same again is the same."""
    run = runs.require(tx, name)
    approval = _approval(run, step)
    before: dict[str, Any] = run.facts.get("decisions") or {}
    if step in before:
        if before[step]["approved"] is not told["approved"]:
            word = "approved" if before[step]["approved"] else "rejected"
            raise Conflict(f"Step {step!r} of {name!r} was {word} by {before[step]['by']} already.", target=step)
        return dict(before[step])
    if run.status.is_final:
        raise Conflict(f"Job {name!r} is {run.status.value}; nothing of it waits.", target=name)
    if step not in mapping_of(mapping_of(run.facts.get("memory")).get("asked")):
        raise Conflict(f"Step {step!r} of {name!r} has not come to it yet: zaffre job why -n {name}", target=step)
    allowed = approval.get("approvers")
    if is_list(allowed) and not {told["by"], told["by"].partition(":")[2]} & {str(one) for one in allowed}:
        raise Forbidden(
            f"Step {step!r} is decided by {', '.join(map(str, allowed))}; you are {told['by']}.", target=step
        )
    decision = told | {"at": iso(tx.now)}
    runs.tell(tx, run, {"decisions": {**before, step: decision}})
    if step not in (runs.require(tx, name).facts.get("decisions") or {}):
        raise Conflict(f"Job {name!r} changed at the same moment; decide again.", target=step)
    return decision


def _approval(run: Run, step: str) -> dict[str, Any]:
    """What the pipeline says of a step that must be one to be approved."""
    spec = mapping_of(run.facts.get("spec"))
    jobs = mapping_of(spec.get("jobs"))
    found = [name for name, said in jobs.items() if mapping_of(said).get("type") == "approval"]
    if step in found:
        return dict(mapping_of(jobs[step]))
    has = f"its approvals: {', '.join(found)}" if found else "it has no approval at all"
    raise Invalid(
        [Problem(f"job {run.name} has no approval {step!r}; {has}", "step", hint=problems.closest(step, found))]
    )


__all__ = ["Steering"]
