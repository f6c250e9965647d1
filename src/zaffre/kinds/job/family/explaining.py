"""``zaffre job why`` beyond the queue: how a pipeline's steps stand, what a step was held against, the card of a failure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool

from zaffre.control import why
from zaffre.control.admission import Admission
from zaffre.control.files import Place
from zaffre.control.locations import ARTIFACTS, Locations
from zaffre.core.errors import ZaffreError
from zaffre.core.parents import Child, ParentFacts
from zaffre.core.reasons import Cause, Reason
from zaffre.core.registry import job_types
from zaffre.core.status import RunStatus
from zaffre.kinds.job.family import children
from zaffre.kinds.job.parts import postmortem, telling
from zaffre.store import Store, Tx, families, runs
from zaffre.store.runs import Run

_TAIL = 64 * 1024
_LOGS = ("user_logs/std_log.txt", "user_logs/all_ranks.txt", "user_logs/std_log_process_0.txt")
_DEEPEST = 20
_NAMED = 5


@dataclass(slots=True)
class _Culprit:
    """The job behind a failure, and the pipelines it lies in."""

    run: Run
    above: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    refused: str = ""
    """A step that could not even be submitted, and is no job."""


class Explanations:
    """Answers why."""

    def __init__(self, store: Store, locations: Locations, admission: Admission) -> None:
        self._store = store
        self._locations = locations
        self._admission = admission

    async def of(self, run: Run) -> dict[str, Any]:
        """Everything, as of one moment."""

        def read(tx: Tx) -> tuple[dict[str, Any], _Culprit | None]:
            now = runs.get(tx, run.name) or run
            told = why.explain(tx, now, self._admission) | _reuse(now)
            if now.facts.get("type") == "pipeline":
                told |= self._standing(tx, now)
            return told, _culprit(tx, now) if now.status is RunStatus.FAILED else None

        told, culprit = await self._store.read(read)
        return told if culprit is None else told | {"failure": await self._card(culprit)}

    async def failure(self, run: Run) -> dict[str, Any] | None:
        """The card alone; None for what has not failed."""
        if run.status is not RunStatus.FAILED:
            return None
        return await self._card(await self._store.read(lambda tx: _culprit(tx, run)))

    def _standing(self, tx: Tx, run: Run) -> dict[str, Any]:
        """How each step stands; and, while the pipeline runs, what it waits for in one sentence."""
        job_type = job_types()["pipeline"]
        plan = job_type.part("plan")
        assert plan is not None
        spec = job_type.model().from_stored(run.facts["spec"])
        facts = facts_of(tx, run)
        try:
            rows: list[dict[str, Any]] = plan.standing(spec, facts)
        except ZaffreError:  # values that make no sense ended it, and its reason says so
            return {}
        by_name = {child.name: child for child in facts.children.values()}
        for row in rows:
            row.update(_stands(by_name.get(row["job"]), tx.now))
            if row["status"] == RunStatus.PREPARING.value:
                row["message"] = row["message"] or self._prepares(tx, row["job"])
            turns = row.pop("keys", None)
            if turns:
                row["jobs"] = [
                    {"key": key, "job": facts.children[key].name, "message": "", "state": ""}
                    | _stands(facts.children[key], tx.now)
                    for key in turns
                ]
        told: dict[str, Any] = {"steps": rows}
        if not run.status.is_final:
            told |= _waits(rows)
        return told

    def _prepares(self, tx: Tx, job: str) -> str:
        """Of a step that cannot begin yet: its environment may be built for minutes, and nobody should wonder."""
        run = runs.get(tx, job)
        return str(why.explain(tx, run, self._admission)["message"]) if run is not None else ""

    async def _card(self, culprit: _Culprit) -> dict[str, Any]:
        run = culprit.run
        reason = run.reason.to_json() if run.reason is not None else {}
        told: dict[str, Any] = {"job": run.name, "cause": reason.get("code", ""), "message": reason.get("message", "")}
        if culprit.above:
            told["step"] = "/".join(step for _, step in culprit.above)
        if culprit.refused:
            pipeline = culprit.above[0][0]
            do = [f"zaffre job show -n {pipeline}", f"zaffre job resume -n {pipeline}"]
            return told | {"cause": "Refused", "message": culprit.refused, "do": do}
        text = await run_in_threadpool(self._tail, run)
        return told | postmortem.read(text).to_json() | {"do": postmortem.commands(run.name, reason, culprit.above)}

    def _tail(self, run: Run) -> str:
        """The end of its log; empty where there is none."""
        folder = self._locations.place(run.workspace, ARTIFACTS, f"ExperimentRun/dcid.{run.name}")
        return next((text for log in _LOGS if (text := _end(folder / log))), "")


def _end(log: Place) -> str:
    try:
        with log.open() as opened:
            return opened.read(max(0, opened.size - _TAIL), _TAIL).decode("utf-8", "replace")
    except (ZaffreError, OSError):
        return ""


def facts_of(tx: Tx, run: Run) -> ParentFacts:
    """What a parent's plan would be told now, without its adviser."""
    known = {child.key: child for child in families.children(tx, run.name)}
    refused: dict[str, str] = run.facts.get("refused", {})
    known |= {
        key: Child(key, "", RunStatus.FAILED, None, None, None, refused=told)
        for key, told in refused.items()
        if key not in known
    }
    return ParentFacts(
        name=run.name,
        status=run.status,
        cancel_by=run.cancel_by,
        now=tx.now if run.ended_at is None else run.ended_at,
        started_at=run.started_at,
        children=known,
        memory=run.facts.get("memory", {}),
        decisions=run.facts.get("decisions", {}),
        origin=run.facts.get("origin", ""),
    )


def _waits(rows: list[dict[str, Any]]) -> dict[str, Any]:
    running = [row for row in rows if row["state"] == "running"]
    sentences = [f"{row['step']} {_doing(row)}" for row in running[:_NAMED]]
    if len(running) > _NAMED:
        sentences.append(f"and {len(running) - _NAMED} more steps")
    done = sum(row["state"] == "done" for row in rows)
    told = f"{done} of {len(rows)} steps are done"
    return {"waits_for": "steps", "message": "; ".join([told, *sentences])}


def _doing(row: dict[str, Any]) -> str:
    if row["message"]:
        return f"waits: {row['message']}" if row["status"] == RunStatus.PREPARING.value else str(row["message"])
    return f"is {row['status']}" if row["status"] else "begins"


def _stands(child: Child | None, now: float) -> dict[str, Any]:
    if child is None:
        return {"status": "", "seconds": None, "reused": ""}
    return {"status": child.status.value, "seconds": _seconds(child, now), "reused": child.reused}


def _seconds(child: Child | None, now: float) -> float | None:
    if child is None or child.started_at is None or child.reused:
        return None
    return round((child.ended_at or now) - child.started_at, 3)


def _reuse(run: Run) -> dict[str, Any]:
    """What a step was held against before it ran, or did not have to."""
    compared: dict[str, Any] | None = run.facts.get("compared")
    if run.facts.get("reused"):
        return {"reuse": {"verdict": "HIT", "job": run.facts["reused"], "differences": []}}
    if compared is None:
        return {}
    told = {"message": telling.differing(compared), "compared_with": compared.get("with", "")}
    return {"reuse": {"verdict": "MISS", "differences": compared.get("differences", []), **told}}


def _culprit(tx: Tx, run: Run) -> _Culprit:
    """The deepest job that a failure comes from."""
    found = _Culprit(run)
    for _ in range(_DEEPEST):
        reason = found.run.reason or Reason(Cause.INTERNAL)
        step = str(reason.facts.get("step") or "")
        if reason.cause is not Cause.STEP_FAILED or not step:
            break
        child = children.last(tx, found.run.name, step)
        if child is None:
            found.above.append((found.run.name, step))
            found.refused = str(reason.facts.get("message") or "")
            break
        found.above.append((found.run.name, step))
        found.run = child
    return found
