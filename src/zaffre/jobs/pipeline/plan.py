"""What a pipeline does next: which steps begin, which are left out, and how it ends. Pure.

A step begins when every step it needs has ended well. What needs a step that failed, or stands in a branch not taken, is
left out. The pipeline ends when nothing runs and nothing more can begin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from zaffre.core.draft import Prepared
from zaffre.core.intents import Wait
from zaffre.core.parents import (
    Ahead,
    CancelChild,
    FinishParent,
    ParentFacts,
    ParentIntent,
)
from zaffre.core.reasons import Cause, Reason
from zaffre.jobs.pipeline.parts import edges, outlook
from zaffre.jobs.pipeline.parts.course import Course
from zaffre.jobs.pipeline.parts.state import State
from zaffre.jobs.pipeline.spec import PipelineJob

SUCCESS = Reason(Cause.SUCCEEDED, {"done": "Every step that was to run ended well."})
LONGEST = 60.0
"""Seconds after which a pipeline is looked at again when nothing was heard of its children."""


def plan(spec: PipelineJob, facts: ParentFacts) -> Sequence[ParentIntent]:
    """The next intents."""
    if facts.cancel_by is not None:
        return _ended(facts, facts.cancel_by, FinishParent(Reason(Cause.CANCELED, {"by": facts.cancel_by})))
    course = Course(spec, facts, silent=True)
    course.walk()
    open_ = bool(course.asks or course.starts or course.waits or _still_open(facts))
    left = _time_left(spec, facts)
    if left <= 0 and (open_ or course.only_canceled):
        return _ended(facts, "limits.timeout of the pipeline", FinishParent(_too_late(spec)))
    if course.asks:
        return course.asks
    if course.failed and not _goes_on(spec):
        return _ended(facts, f"the failure of step {course.failed[0][0]}", FinishParent(_failure(course)))
    if open_:
        return [*course.starts, *course.notes, Wait(min([LONGEST, left, *course.waits]))]
    reason = _failure(course) if course.failed else SUCCESS
    return [FinishParent(reason, _outputs(spec, course))]


def standing(spec: PipelineJob, facts: ParentFacts) -> list[dict[str, Any]]:
    """Every step, in the order of the network: ``{step, type, state, job, message}``; the job is the last that stood for it.

    A loop has the ``keys`` of its body's children too, in their order.
    """
    course = Course(spec, facts)
    course.walk()
    children = facts.children
    if facts.status.is_final:
        for name in [name for name, state in course.states.items() if state in (State.WAITING, State.RUNNING)]:
            course.states[name] = State.SKIPPED
            course.why[name] = "left out: the pipeline had ended"
    return [
        {
            "step": name,
            "type": spec.network.nodes[name].type,
            "state": state.value,
            "job": children[key].name if (key := course.child_of(name)) else "",
            "message": course.why.get(name, ""),
        }
        | ({"keys": course.turns[name]} if name in course.turns else {})
        for name, state in course.states.items()
    ]


def _time_left(spec: PipelineJob, facts: ParentFacts) -> float:
    """Seconds until its own time-out; it runs from its first step on."""
    timeout = spec.limits.timeout if spec.limits is not None else None
    since = facts.now if facts.started_at is None else facts.started_at
    return inf if timeout is None else since + timeout - facts.now


def _too_late(spec: PipelineJob) -> Reason:
    assert spec.limits is not None
    return Reason(Cause.TIMED_OUT, {"who": "The pipeline", "timeout": f"{spec.limits.timeout:g}"})


def _ended(facts: ParentFacts, by: str, finish: FinishParent) -> list[ParentIntent]:
    """The end, after that of every child."""
    still = _still_open(facts)
    return [*(CancelChild(key, by) for key in still), Wait(LONGEST)] if still else [finish]


def _still_open(facts: ParentFacts) -> list[str]:
    return [child.key for child in facts.children.values() if not child.status.is_final]


def ahead(spec: PipelineJob) -> list[Ahead]:
    """Every step as the job it will be, as far as it is known at submit."""
    return outlook.ahead(spec)


def pin(spec: PipelineJob, made: Mapping[str, Prepared]) -> PipelineJob:
    """The pipeline with the versions of its components and the types of its steps' outputs."""
    return outlook.pin(spec, made)


def notes(made: Mapping[str, Prepared]) -> list[str]:
    """What is worth telling of a pipeline whose steps have been checked; ``made``: field → step."""
    return edges.notes({field.rpartition(".")[2]: prepared for field, prepared in made.items()})


def _goes_on(spec: PipelineJob) -> bool:
    return bool(spec.settings and spec.settings.continue_on_step_failure)


def _failure(course: Course) -> Reason:
    step, message = course.failed[0]
    others = len(course.failed) - 1
    more = f" and {others} other step{'s' if others > 1 else ''}" if others else ""
    return Reason(Cause.STEP_FAILED, {"step": step, "more": more, "message": message})


def _outputs(spec: PipelineJob, course: Course) -> dict[str, tuple[str, str]]:
    """What the pipeline leaves, of the steps that ended well."""
    found: dict[str, tuple[str, str]] = {}
    for name, (step, output) in spec.network.outputs.items():
        child = course.child_of(step)
        if child and course.ended_well(step):
            found[name] = (child, output)
    return found


__all__ = ["ahead", "notes", "pin", "plan", "standing"]
