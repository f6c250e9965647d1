"""The sweep's plan against a small model of the engine: random ends, restarts, lost time, cancels."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from typing import Any

import pytest

from zaffre.core.intents import Wait
from zaffre.core.parents import Ask, CancelChild, Child, FinishParent, Note, ParentFacts, StartChild
from zaffre.core.reasons import Cause, Reason
from zaffre.core.status import RunStatus
from zaffre.jobs.sweep import plan as planning
from zaffre.jobs.sweep.spec import SweepJob
from zaffre.search.suggesting import suggest
from zaffre.search.trial import Search, Trial

SPACE = {
    "x": {"type": "uniform", "min_value": -1, "max_value": 1},
    "kind": {"type": "choice", "values": ["a", {"b": {"type": "randint", "upper": 3}}]},
}


def sweep(**changes: Any) -> SweepJob:
    return SweepJob.from_yaml(
        {
            "type": "sweep",
            "trial": {
                "command": "run ${{inputs.data}} ${{search_space.x}} $[[--b ${{search_space.kind.b}}]] ${{search_space.kind}}",
                "environment": "azureml:e:1",
            },
            "inputs": {"data": 1},
            "outputs": {"model": {"type": "uri_folder"}},
            "search_space": SPACE,
            "objective": {"goal": "minimize", "primary_metric": "loss"},
            "limits": {"max_total_trials": 8, "max_concurrent_trials": 3},
            **changes,
        }
    )


class Engine:
    """What ``control.parents`` does, in memory: one lease holder at a time, who may die before or after it writes."""

    def __init__(self, spec: SweepJob, chance: random.Random, logs: Any, ends: str = "c") -> None:
        self.spec, self.chance, self.logs, self.ends = spec, chance, logs, ends
        self.children: dict[str, Child] = {}
        self.documents: dict[str, Any] = {}
        self.memory: dict[str, Any] = {}
        self.finished: FinishParent | None = None
        self.cancel_by: str | None = None
        self.now = 0.0
        self.most_at_once = 0
        self.asked: list[Ask] = []
        self.logged: dict[str, list[float]] = {}
        self.records: dict[str, Any] = {}

    def facts(self, told: dict[str, Any]) -> ParentFacts:
        memory = json.loads(json.dumps(self.memory, allow_nan=False))
        return ParentFacts(
            name="s", status=RunStatus.RUNNING, cancel_by=self.cancel_by, now=self.now, started_at=0.0,
            children=dict(self.children), memory=memory, told=told,
        )  # fmt: skip

    def step(self) -> None:
        """One look: it is done twice, or not at all, where a server dies."""
        for _ in range(self.chance.choice((1, 1, 1, 2))):
            intents = self._planned()
            if self.chance.random() < 0.1:
                continue  # the server died before it wrote
            self._write(intents)

    def _planned(self) -> Any:
        told: dict[str, Any] = {}
        for _ in range(16):
            intents = planning.plan(self.spec, self.facts(told))
            asks = [intent for intent in intents if isinstance(intent, Ask)]
            if not asks:
                return intents
            self.asked += asks
            told |= {ask.name: json.loads(json.dumps(self._answer(ask))) for ask in asks}
        raise AssertionError("it asks without end")

    def _answer(self, ask: Ask) -> dict[str, Any]:
        question = json.loads(json.dumps(ask.question))
        if ask.name == "metrics":
            return {key: self._histories(run) for key, run in question["runs"].items()}
        if ask.name in ("before", "resumed"):
            return {"trials": [row for job in question["jobs"] for row in self.records[job]]}
        history = [Trial.from_json(row) for row in question["history"]]
        return {"parameters": suggest(Search.from_json(question["search"]), history, question["count"])}

    def _histories(self, run: str) -> dict[str, Any]:
        values = [None if math.isnan(value) else value for value in self.logged.get(run, [])]
        return {"histories": {"loss": values} if values else {}, "logged": ["los", "other"]}

    def _write(self, intents: Any) -> None:
        if self.finished is not None:
            return
        for intent in intents:
            match intent:
                case StartChild(key, document):
                    self.children.setdefault(key, Child(key, f"s_{key}", RunStatus.QUEUED, None, None, None))
                    self.documents.setdefault(key, (document, intent.instead))
                case CancelChild(key):
                    if not self.children[key].status.is_final:
                        self.children[key] = replace(self.children[key], status=RunStatus.CANCEL_REQUESTED)
                case Note(memory):
                    self.memory |= json.loads(json.dumps(memory, allow_nan=False))
                case FinishParent():
                    assert not self.open(), "children outlive their parent"
                    self.finished = intent
                case _:
                    assert isinstance(intent, Wait)
        self.most_at_once = max(self.most_at_once, len(self.open()))

    def open(self) -> list[Child]:
        return [child for child in self.children.values() if not child.status.is_final]

    def move(self) -> None:
        """Time goes by: a trial logs something, or ends."""
        self.now += self.chance.random()
        for child in self.open():
            if self.chance.random() < 0.5:
                self.logged.setdefault(child.name, []).extend(self.logs(self.chance, int(child.key)))
            if child.status is RunStatus.CANCEL_REQUESTED:
                self._end(child, RunStatus.CANCELED, Cause.CANCELED)
            elif self.chance.random() < 0.3:
                if self.chance.choice(self.ends) == "c":
                    self._end(child, RunStatus.COMPLETED, Cause.SUCCEEDED)
                else:
                    self._end(child, RunStatus.FAILED, Cause.EXIT_CODE)

    def _end(self, child: Child, status: RunStatus, cause: Cause) -> None:
        self.children[child.key] = replace(child, status=status, reason=Reason(cause, {"code": 1}), ended_at=self.now)

    def run(self) -> FinishParent:
        for _ in range(2000):
            self.step()
            if self.finished is not None:
                return self.finished
            self.move()
        raise AssertionError("it never ends")


def at_random(chance: random.Random, number: int) -> list[float]:
    return [chance.uniform(0, 1) + number / 10]


SAMPLERS = [{"type": "random"}, {"type": "tpe", "startup_trials": 3}, {"type": "cmaes", "population": 4}]
POLICIES = [None, {"type": "bandit", "slack_factor": 0.1}, {"type": "median_stopping"}, {"type": "asha"}]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("policy", POLICIES, ids=lambda one: one["type"] if one else "none")
def test_each_trial_is_there_once_and_never_too_many_at_once(seed, policy):
    chance = random.Random(seed)
    engine = Engine(sweep(early_termination=policy), chance, at_random, "ccccf")
    ended = engine.run()
    assert engine.most_at_once <= 3
    assert sorted(map(int, engine.children)) == list(range(len(engine.children)))
    if engine.memory.get("over") is None:
        assert len(engine.children) == 8
    completed = {key for key, child in engine.children.items() if child.status is RunStatus.COMPLETED}
    with_value = {key for key in completed if engine.logged.get(f"s_{key}")}
    if with_value:
        best = min(with_value, key=lambda key: (min(engine.logged[f"s_{key}"]), int(key)))
        assert ended.reason.cause is Cause.SUCCEEDED
        assert ended.outputs == {"model": (best, "model")}
        assert ended.properties["best_child_run_id"] == f"s_{best}"
        assert float(ended.properties["score"]) == min(engine.logged[f"s_{best}"])
    else:
        assert ended.reason.cause in (Cause.TRIALS_FAILED, Cause.METRIC_MISSING)


@pytest.mark.parametrize("sampler", [*SAMPLERS, {"type": "grid"}], ids=lambda one: one["type"])
def test_the_same_ends_give_the_same_trials_whatever_dies(sampler):
    """What a trial tries follows from the seed and the record: not from how often somebody looked."""

    def tried(seed: int) -> list[Any]:
        space = (
            {"x": {"type": "choice", "values": [1, 2, 3]}} if sampler["type"] == "grid" else SPACE | {"y": SPACE["x"]}
        )
        trial = {"command": "run ${{search_space.x}}", "environment": "azureml:e:1"}
        limits = {"max_total_trials": 8, "max_concurrent_trials": 1}
        spec = sweep(sampling_algorithm=sampler, search_space=space, trial=trial, limits=limits)
        engine = Engine(spec, random.Random(seed), lambda _, number: [float(number % 3)], "c")
        engine.chance.choice = lambda options: options[0]  # type: ignore[method-assign]  # each trial completes
        engine.move = lambda: _complete(engine)  # type: ignore[method-assign]
        engine.run()
        return [engine.documents[key][0]["tags"] for key in sorted(engine.documents, key=int)]

    first, second = tried(1), tried(2)
    assert first == second
    assert len(first) == (3 if sampler["type"] == "grid" else 8)


def _complete(engine: Engine) -> None:
    for child in engine.open():
        engine.logged[child.name] = [float(int(child.key) % 3)]
        engine._end(child, RunStatus.COMPLETED, Cause.SUCCEEDED)


@pytest.mark.parametrize("seed", range(5))
def test_a_cancelled_sweep_leaves_nothing_running_and_starts_nothing(seed):
    engine = Engine(sweep(), random.Random(seed), at_random)
    for _ in range(4):
        engine.step()
        engine.move()
    if engine.finished is None:
        engine.cancel_by = "somebody"
        before = set(engine.children)
        ended = engine.run()
        assert ended.reason == Reason(Cause.CANCELED, {"by": "somebody"})
        assert set(engine.children) == before


def test_its_time_runs_out_and_what_it_has_found_stands():
    engine = Engine(
        sweep(limits={"max_total_trials": 500, "max_concurrent_trials": 2, "timeout": 10}), random.Random(1), at_random
    )
    ended = engine.run()
    assert len(engine.children) < 200
    assert ended.reason.cause is Cause.SUCCEEDED
    assert any(child.status is RunStatus.CANCELED for child in engine.children.values())


def test_its_time_runs_out_before_anything_was_found():
    engine = Engine(sweep(limits={"max_total_trials": 5, "timeout": 10}), random.Random(1), lambda *_: [])
    engine._end = lambda child, status, cause: (  # type: ignore[method-assign]
        Engine._end(engine, child, status, cause) if status is RunStatus.CANCELED else None
    )
    ended = engine.run()
    assert ended.reason.cause is Cause.TIMED_OUT
    assert ended.reason.sentence == "The sweep ran longer than limits.timeout (10 s) and was stopped."
    assert len(engine.children) == 5


def test_the_first_trials_all_fail():
    engine = Engine(
        sweep(limits={"max_total_trials": 100, "max_concurrent_trials": 1}), random.Random(1), at_random, "f"
    )
    ended = engine.run()
    assert len(engine.children) == 3
    assert ended.reason.sentence.startswith(
        "No trial ran to its end: 3 failed. The first failure, of s_0: The command exited"
    )


def test_no_trial_ever_logs_the_metric():
    ended = Engine(sweep(), random.Random(1), lambda *_: []).run()
    assert ended.reason.cause is Cause.METRIC_MISSING
    assert ended.reason.sentence == (
        'No trial that ran to its end logged a value of the metric loss; what was logged: los, other; did you mean "los".'
    )
    assert "best_child_run_id" not in ended.properties


def test_nan_is_no_score():
    some = Engine(sweep(), random.Random(1), lambda _, number: [math.nan] if number else [math.nan, 0.5, math.nan])
    assert some.run().properties["best_child_run_id"] == "s_0"
    ended = Engine(sweep(), random.Random(1), lambda *_: [math.nan]).run()
    assert "every value logged was NaN" in ended.reason.sentence


def test_a_document_that_is_refused_is_a_trial_that_failed():
    engine = Engine(sweep(), random.Random(1), at_random)
    engine.children = {
        key: Child(key, "", RunStatus.FAILED, None, None, None, refused="there is no environment e")
        for key in ("0", "1", "2")
    }
    ended = engine.run()
    assert "there is no environment e" in ended.reason.sentence
    assert len(engine.children) == 3


def test_a_trial_is_a_command_job_with_the_values_in_it():
    engine = Engine(
        sweep(outputs={"model": {"type": "uri_folder", "path": "azureml://datastores/d/paths/m", "name": "best"}}),
        random.Random(3),
        at_random,
    )
    engine.run()
    for key, (document, _) in engine.documents.items():
        tried = json.loads(document["tags"]["hyperparameters"])
        assert document["inputs"] == {"data": 1}
        assert document["outputs"]["model"] == {"type": "uri_folder", "path": f"azureml://datastores/d/paths/m/{key}"}
        inside = f"--b {tried['kind']['b']}" if isinstance(tried["kind"], dict) else ""
        kind = json.dumps(tried["kind"]) if inside else "a"
        assert document["command"] == f"run ${{{{inputs.data}}}} {tried['x']} {inside} {kind}"


def test_a_stopped_sweep_goes_on_where_it_was():
    record = [
        [0, {"x": 0.25, "kind": "a"}, "completed", [1.0], "old_0"],
        [1, {"x": -0.5, "kind": {"b": 2}}, "completed", [0.1], "old_3"],
    ]
    engine = Engine(sweep(resume="old", sampling_algorithm={"type": "tpe"}), random.Random(1), at_random)
    engine.records = {"old": record}
    engine.run()
    tried = [json.loads(engine.documents[str(number)][0]["tags"]["hyperparameters"]) for number in range(8)]
    assert tried[:2] == [record[0][1], record[1][1]]
    assert [engine.documents[str(number)][1] for number in range(8)] == ["old_0", "old_3"] + [""] * 6


def test_several_objectives_leave_a_front():
    objectives = [{"goal": "minimize", "primary_metric": "loss"}, {"goal": "maximize", "primary_metric": "speed"}]
    spec = sweep(objective=objectives, sampling_algorithm={"type": "nsga2", "population": 4})
    engine = Engine(spec, random.Random(1), lambda *_: [])

    def histories(run: str) -> dict[str, Any]:
        number = int(run.rpartition("_")[2])
        return {"histories": {"loss": [float(number)], "speed": [float(min(number, 2))]}, "logged": []}

    engine._histories = histories  # type: ignore[method-assign]
    ended = engine.run()
    assert json.loads(ended.properties["pareto_front"]) == ["s_0", "s_1", "s_2"]
    assert ended.properties["best_child_run_id"] == "s_0"


def test_a_sampler_that_cannot_be_had_ends_the_sweep_with_its_words():
    engine = Engine(sweep(sampling_algorithm={"type": "gp"}), random.Random(1), at_random)
    answer = engine._answer
    engine._answer = lambda ask: {"problem": "gp needs torch"} if ask.name == "suggest" else answer(ask)  # type: ignore[method-assign]
    ended = engine.run()
    assert ended.reason.sentence == "No values could be found for the next trials: gp needs torch"
    assert not engine.children
