"""How a sweep ends: the best of its trials, its properties as Azure has them, and the true reason where there is no best."""

from __future__ import annotations

import json
from collections import Counter

from zaffre.core import problems
from zaffre.core.reasons import Cause, Reason
from zaffre.core.status import RunStatus
from zaffre.jobs.sweep.parts.record import Record
from zaffre.search.drawing import grid_size
from zaffre.search.scoring import best, front
from zaffre.search.trial import COMPLETED, FAILED, STOPPED, Trial

_WORDS = {FAILED: "failed", STOPPED: "stopped early", COMPLETED: "completed"}
_SHOWN = 10


def reason(record: Record) -> Reason:
    """Why it is over, when nobody cancelled it."""
    trials = record.trials()
    if best(trials, record.search.goals) is not None:
        return Reason(Cause.SUCCEEDED, {"done": "The search is over, and has a best trial."})
    if (problem := record.known("problem")) is not None:
        return Reason(Cause.SEARCH_FAILED, {"message": problem})
    if any(trial.state == COMPLETED for trial in trials):
        return _without_metric(record, trials)
    if record.known("over") == "timeout":
        return Reason(Cause.TIMED_OUT, {"timeout": record.spec.limits.timeout, "who": "The sweep"})
    return _without_completed(record, trials)


def _without_metric(record: Record, trials: list[Trial]) -> Reason:
    """Which metrics were logged instead, and the one that was meant, perhaps."""
    metric = record.objectives[0].primary_metric
    named = [one.primary_metric for one in record.objectives]
    seen: set[str] = set()
    for trial in trials:
        noted = record.known(f"trial.{trial.number}")
        seen |= set(noted[2]) if len(noted) > 2 else set()
    missing = next((name for name in named if name not in seen), metric)
    if any(trial.values is not None for trial in trials if trial.state == COMPLETED):
        return Reason(Cause.METRIC_MISSING, {"metric": metric, "instead": "every value logged was NaN"})
    logged = ", ".join(sorted(seen)[:_SHOWN]) or "no metric at all"
    hint = problems.closest(missing, seen)
    instead = f"what was logged: {logged}" + (f"; {hint}" if hint else "")
    return Reason(Cause.METRIC_MISSING, {"metric": missing, "instead": instead.rstrip("?.")})


def _without_completed(record: Record, trials: list[Trial]) -> Reason:
    counts = Counter(trial.state for trial in trials)
    told = ", ".join(f"{counts[state]} {word}" for state, word in _WORDS.items() if counts[state]) or "none began"
    first = next((child for child in record.children.values() if child.status is RunStatus.FAILED), None)
    message = ""
    if first is not None:
        why = first.refused or (first.reason.sentence if first.reason else "")
        message = f"The first failure, of {first.name or f'trial {first.key}'}: {why}"
    return Reason(Cause.TRIALS_FAILED, {"counts": told, "message": message})


def outputs(record: Record) -> dict[str, tuple[str, str]]:
    """The sweep's are the best trial's."""
    found = best(record.trials(), record.search.goals)
    return {name: (str(found.number), name) for name in record.spec.outputs or {}} if found is not None else {}


def properties(record: Record) -> dict[str, str]:
    """By HyperDrive's names: the official client finds the best trial by ``best_child_run_id``."""
    objective = record.objectives[0]
    found: dict[str, str] = {
        "runTemplate": "HyperDrive",
        "azureml.runsource": "hyperdrive",
        "platform": "AML",
        "primary_metric_config": json.dumps({"name": objective.primary_metric, "goal": objective.goal}),
        "space_size": _size(record),
    }
    trials = record.trials()
    chosen = best(trials, record.search.goals)
    if chosen is not None and chosen.values:
        name = record.children[chosen.number].name
        found |= {"best_child_run_id": name, "score": repr(chosen.values[0]), "best_metric_status": "Succeeded"}
        found["best_data_container_id"] = f"dcid.{name}"
        if len(record.objectives) > 1:
            names = [record.children[trial.number].name for trial in front(trials, record.search.goals)]
            found["pareto_front"] = json.dumps(names)
    return found


def _size(record: Record) -> str:
    listed = all(space.type == "choice" for space in record.search.spaces.values())
    return (
        str(grid_size(record.search.spaces))
        if listed and record.search.sampler.type == "grid"
        else "infinite_space_size"
    )
