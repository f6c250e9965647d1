"""``zaffre job why``: what a job waits for, who holds it and since when; or why it ended. Read in one moment."""

from __future__ import annotations

from typing import Any

from zaffre.control import waiting
from zaffre.control.admission import Admission
from zaffre.control.waiting import Build, Holder, Line
from zaffre.core import queues
from zaffre.core.reasons import Reason
from zaffre.core.status import RunStatus
from zaffre.core.times import iso
from zaffre.store import Tx, events, runs
from zaffre.store import queues as lines
from zaffre.store.runs import Run

_BUILDS = 10
OTHERS = "a job of another workspace"


def explain(tx: Tx, run: Run, admission: Admission) -> dict[str, Any]:
    """The whole answer."""
    since = events.latest(tx, f"job/{run.name}") or run.created_at
    told: dict[str, Any] = {
        "job": run.name,
        "status": run.status.value,
        "since": iso(since),
        "attempt": run.attempt,
        "retried": run.facts.get("retried", []),
    }
    if run.status.is_final:
        return {**told, **_ended(run)}
    if run.status is RunStatus.QUEUED:
        line = _line(tx, run, admission)
        sort, sentence = waiting.of_line(line, run.slots, int(run.facts.get("limits", {}).get("gpus") or 0), tx.now)
        return {**told, "waits_for": sort, "message": sentence, "queue": waiting.line_facts(line)}
    build = runs.get(tx, run.facts["build"]) if run.facts.get("build") else None
    if run.status is RunStatus.PREPARING and build is not None:
        found = _build(tx, build, admission)
        about = {"job": build.name, "status": found.status, "since": iso(found.since), "took": [*found.took]}
        return {**told, "waits_for": "environment", "message": waiting.of_build(found, tx.now), "build": about}
    sentence = waiting.of_status(run.status, run.cancel_by)
    return {**told, "waits_for": None if run.status is RunStatus.RUNNING else "moment", "message": sentence}


def _ended(run: Run) -> dict[str, Any]:
    """The card of a finished job."""
    reason = run.reason or Reason.from_json({"code": "Succeeded"})
    ran = run.ended_at - run.started_at if run.ended_at and run.started_at else None
    return {
        "waits_for": None,
        "message": reason.sentence,
        "reason": reason.to_json(),
        "waited_seconds": round((run.started_at or run.ended_at or run.created_at) - run.created_at, 3),
        "ran_seconds": round(ran, 3) if ran is not None else None,
        "ended_at": iso(run.ended_at) if run.ended_at else None,
    }


def _line(tx: Tx, run: Run, admission: Admission) -> Line:
    me = lines.place(tx, run.name)
    assert me is not None
    room = admission.rooms.of(tx, run.workspace, run.compute)
    before, length = lines.ahead(tx, run.compute, me)
    first = next(iter(lines.waiting(tx, run.compute, 1)), me)
    most = admission.rooms.quota(run.workspace)
    left = admission.rooms.left(tx, run.workspace)
    held = [
        Holder(
            *_known(one.name, one.actor, one.workspace == run.workspace), one.slots, one.started_at or one.created_at
        )
        for one in lines.holding(tx, run.compute)
    ]
    wanted = int(run.facts.get("limits", {}).get("gpus") or 0)
    return Line(
        compute=queues.compute_of(run.compute),
        nodes=room.slots,
        free=max(0, room.slots - lines.occupied(tx, run.compute)),
        position=before + 1,
        length=length,
        holders=held,
        stopped=room.stopped,
        quota=(most - left, most) if most is not None and left is not None else None,
        first=_known(first.name, "", first.workspace == run.workspace)[0],
        first_needs=first.slots,
        gpus=admission.gpus.holders(tx) if wanted else {},
    )


def _known(name: str, actor: str, own: bool) -> tuple[str, str]:
    """Names of another workspace are not told."""
    return (name, actor) if own else (OTHERS, "")


def _build(tx: Tx, build: Run, admission: Admission) -> Build:
    same = [one for one in lines.completed(tx, build.compute, _BUILDS) if one.started_at and one.ended_at]
    return Build(
        job=build.name,
        environment=build.display_name,
        status=build.status.value,
        since=build.started_at or build.created_at,
        line=_line(tx, build, admission) if build.status is RunStatus.QUEUED else None,
        took=[round(one.ended_at - one.started_at, 1) for one in same if one.ended_at and one.started_at],
    )
