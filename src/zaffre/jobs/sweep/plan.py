"""What a sweep does next: which trials begin and with what values, which are stopped early, and what it comes to. Pure.

What it cannot know it asks: what trials have logged, and of samplers that learn which values come next. Values drawn by
chance or from a grid follow from the seed and the trial's number, and nobody is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zaffre.core.draft import Prepared
from zaffre.core.intents import Wait
from zaffre.core.io import JobOutput
from zaffre.core.parents import Ahead, Ask, CancelChild, FinishParent, Note, ParentFacts, ParentIntent, StartChild
from zaffre.core.reasons import Cause, Reason
from zaffre.jobs.sweep.parts import ending
from zaffre.jobs.sweep.parts.document import document
from zaffre.jobs.sweep.parts.record import BEFORE, METRICS, PLANNED, RESUMED, Record, search_of
from zaffre.jobs.sweep.parts.telling import shown
from zaffre.jobs.sweep.spec import SweepJob, Trial
from zaffre.search.drawing import drawn
from zaffre.search.stopping import Course, stops
from zaffre.search.trial import FAILED

LONGEST = 60.0
"""Seconds after which a sweep is looked at again when nothing was heard of its trials."""
WATCHING = 2.0
"""The same while a policy watches what trials log; each value that is logged has it looked at as well."""
FIRST_FAILURES = 3
"""So many trials that fail before any has done anything else, and the sweep is given up, as in Azure."""


def plan(spec: SweepJob, facts: ParentFacts) -> Sequence[ParentIntent]:
    """The next intents."""
    if facts.status.is_final:
        return []
    record = Record(spec, facts)
    if asked := _asked_first(record):
        return asked
    _take_down(record)
    if facts.cancel_by is not None:
        return _cancelled(record, facts.cancel_by)
    _look_whether_over(record)
    intents: list[ParentIntent] = _stopped(record)
    if record.known("over") is None:
        started = _started(record)
        if any(isinstance(intent, Ask) for intent in started):
            return started
        intents += started
    begun = any(isinstance(intent, StartChild) for intent in intents)
    if record.notes:
        intents.append(Note(record.notes))
    if not begun and not record.running:
        return [*intents, FinishParent(ending.reason(record), ending.outputs(record), ending.properties(record))]
    return [*intents, Wait(_patience(record))]


def _asked_first(record: Record) -> list[ParentIntent]:
    """What must be known before anything is decided: earlier sweeps, and what trials have logged."""
    told, spec = record.facts.told, record.spec
    asks: list[ParentIntent] = []
    if spec.warm_start and record.known(BEFORE) is None and BEFORE not in told:
        asks.append(Ask(BEFORE, {"jobs": spec.warm_start}))
    if spec.resume and record.known(RESUMED) is None and RESUMED not in told:
        asks.append(Ask(RESUMED, {"jobs": [spec.resume]}))
    ended = {number: child for number, child in record.unread().items() if not child.refused}
    watched = record.running if spec.early_termination is not None and record.facts.cancel_by is None else {}
    if (ended or watched) and METRICS not in told:
        metrics = [one.primary_metric for one in record.objectives]
        runs = {str(number): child.reused or child.name for number, child in {**ended, **watched}.items()}
        parameters = {str(number): record.parameters(number) for number in ended}
        asks.append(Ask(METRICS, {"metrics": metrics, "runs": runs, "ended": parameters}))
    return asks


def _take_down(record: Record) -> None:
    """Note what was told, so that it lasts."""
    told = record.facts.told
    for key in (BEFORE, RESUMED):
        if key in told:
            record.notes[key] = told[key]["trials"]
    record.read(told.get(METRICS, {}))
    policy = record.spec.early_termination
    if policy is not None:  # what ended trials logged is compared with as long as others run
        for number in record.children:
            answer: Mapping[str, Any] | None = told.get(METRICS, {}).get(str(number))
            if answer is not None and number not in record.running:
                record.notes[f"course.{number}"] = answer["histories"].get(record.objectives[0].primary_metric, [])


def _cancelled(record: Record, by: str) -> list[ParentIntent]:
    notes: list[ParentIntent] = [Note(record.notes)] if record.notes else []
    if record.running:
        return [*notes, *(CancelChild(child.key, by) for child in record.running.values()), Wait(LONGEST)]
    reason = Reason(Cause.CANCELED, {"by": by})
    return [*notes, FinishParent(reason, properties=ending.properties(record))]


def _look_whether_over(record: Record) -> None:
    """No more trials: its time is up, or the first ones all failed."""
    if record.known("over") is not None:
        return
    limit, since = record.spec.limits.timeout, record.facts.started_at
    if limit and since is not None and record.facts.now >= since + limit:
        record.notes["over"] = "timeout"
        return
    ended = [number for number in record.children if record.known(f"trial.{number}") is not None]
    if len(ended) >= FIRST_FAILURES and all(record.known(f"trial.{number}")[0] == FAILED for number in ended):
        record.notes["over"] = "failing"


def _stopped(record: Record) -> list[ParentIntent]:
    """Every trial that is not to go on."""
    over = record.known("over")
    if over is not None:
        told = "limits.timeout of the sweep" if over == "timeout" else "the failure of the first trials"
        return [CancelChild(child.key, told) for child in record.running.values()]
    policy = record.spec.early_termination
    if policy is None:
        return []
    found = stops(policy, record.objectives[0].goal, _courses(record))
    intents: list[ParentIntent] = []
    for number, interval in found.items():
        intents.append(CancelChild(str(number), f"early termination ({policy.type} at interval {interval})"))
        if record.known(f"stopped.{number}") is None:
            record.notes[f"stopped.{number}"] = interval
    return intents


def _courses(record: Record) -> list[Course]:
    """What each trial has logged so far of the metric that decides."""
    metric = record.objectives[0].primary_metric
    told: Mapping[str, Any] = record.facts.told.get(METRICS, {})
    found: list[Course] = []
    for number in record.children:
        running = number in record.running
        values: Sequence[float | None] | None = (
            told.get(str(number), {}).get("histories", {}).get(metric) if running else record.known(f"course.{number}")
        )
        numbers = tuple(float("nan") if value is None else float(value) for value in values or [])
        found.append(Course(number, numbers, ended=not running))
    return found


def _started(record: Record) -> list[ParentIntent]:
    """As many trials as there is room for; where the sampler must be asked, the question."""
    first = len(record.children)
    count = min(record.at_once - len(record.running), record.total - first)
    found: list[dict[str, Any]] = []
    for number in range(first, first + count):
        parameters = record.parameters(number)
        if parameters is None:
            break
        found.append(parameters)
    missing = count - len(found)
    if missing > 0:
        told = record.facts.told.get(PLANNED)
        if told is None:
            return [_question(record, found, missing)]
        if "problem" in told:
            record.notes |= {"problem": told["problem"], "over": "problem"}
            return []
        for parameters in told["parameters"]:
            record.notes[f"parameters.{first + len(found)}"] = parameters
            found.append(parameters)
    return [_child(record, first + index, parameters) for index, parameters in enumerate(found)]


def _question(record: Record, found: Sequence[Mapping[str, Any]], count: int) -> Ask:
    rows = [trial.to_json() for trial in record.trials()]
    rows += [[len(rows) + index, dict(parameters), "running", None] for index, parameters in enumerate(found)]
    return Ask(PLANNED, {"search": record.search.to_json(), "history": rows, "count": count})


def _child(record: Record, number: int, parameters: Mapping[str, Any]) -> StartChild:
    return StartChild(str(number), document(record.spec, number, parameters), instead=record.done_before(number))


def _patience(record: Record) -> float:
    """Until the next look, if nothing is heard."""
    waits = [WATCHING if record.spec.early_termination is not None and record.running else LONGEST]
    limit, since = record.spec.limits.timeout, record.facts.started_at
    if limit and since is not None and record.known("over") is None:
        waits.append(max(since + limit - record.facts.now, 0.0))
    return min(waits)


def ahead(spec: SweepJob) -> list[Ahead]:
    """A trial as it will be, with values that the space has; samplers that learn would have to be asked for theirs."""
    search = search_of(spec, spec.name or "")
    return [Ahead("trial", document(spec, 0, drawn(search, 0, 1)[0]))]


def pin(spec: SweepJob, made: Mapping[str, Prepared]) -> SweepJob:
    """The sweep with the versions that a trial's check pinned, and the outputs that its component declares."""
    child = made["trial"].spec
    update: dict[str, Any] = {"outputs": _typed(spec.outputs or {}, child.outputs or {}) or None}
    if isinstance(spec.trial, Trial):
        pinned = made["trial"].state.get("environment")
        trial = spec.trial.model_copy(update={"code": child.code})
        if isinstance(trial.environment, str) and pinned:
            trial.environment = pinned
        update["trial"] = trial
    else:
        update["trial"] = child.component
    return spec.model_copy(update=update)


def _typed(own: Mapping[str, JobOutput], declared: Mapping[str, JobOutput]) -> dict[str, JobOutput]:
    return {
        name: own[name].model_copy(update={"type": one.type}) if name in own else one.model_copy(update={"path": None})
        for name, one in declared.items()
    }


__all__ = ["FIRST_FAILURES", "ahead", "pin", "plan", "shown"]
