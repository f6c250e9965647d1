"""What a sweep's plan is told: metrics as tracking has them, suggestions, the trials of earlier sweeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from zaffre.core.errors import Invalid, Problem
from zaffre.core.parents import Ask, Child, ParentFacts
from zaffre.core.status import RunStatus
from zaffre.server.searched import Sweeps
from zaffre.store import families as store_families
from zaffre.store import runs as store_runs

SPEC = {
    "type": "sweep",
    "trial": {"command": "x", "environment": "azureml:e:1"},
    "search_space": {"x": {"type": "uniform", "min_value": 0, "max_value": 1}},
    "sampling_algorithm": {"type": "tpe"},
    "objective": {"goal": "minimize", "primary_metric": "loss"},
    "limits": {"max_total_trials": 9},
}


@dataclass
class Records:
    params: dict = field(default_factory=dict)
    watched: dict = field(default_factory=dict)

    async def logged(self, names, wanted, params):
        self.params |= params
        return {name: SimpleNamespace(histories={wanted[0]: [1.0, None]}, names=["other"]) for name in names}

    def watch(self, run, heard):
        self.watched[run] = heard


class Suggester:
    async def suggest(self, search, history, count):
        if search.sampler.type == "gp":
            raise Invalid([Problem("gp needs torch")])
        return [{"x": len(history) + number} for number in range(count)]


class Store:
    def __init__(self, monkeypatch, found, children=()):
        monkeypatch.setattr(store_runs, "get", lambda tx, name: found.get(name))
        monkeypatch.setattr(store_families, "children", lambda tx, name: children)

    async def read(self, look):
        return look(None)


def facts(**children):
    return ParentFacts(
        name="s", status=RunStatus.RUNNING, cancel_by=None, now=1.0, started_at=0.0, children=children, memory={}
    )


def child(key, status=RunStatus.RUNNING):
    return Child(key, f"s_{key}", status, None, None, None)


RUN = SimpleNamespace(name="s")


@pytest.mark.asyncio
async def test_metrics_are_read_params_are_left_and_what_runs_is_watched(monkeypatch):
    records, woken = Records(), []
    sweeps = Sweeps(Store(monkeypatch, {}), records, Suggester(), woken.append)
    question = {"metrics": ["loss"], "runs": {"0": "s_0", "1": "s_1"}, "ended": {"0": {"x": 0.5, "k": {"d": 1}}}}
    told = await sweeps.answer(
        RUN, None, facts(**{"0": child("0", RunStatus.COMPLETED), "1": child("1")}), Ask("metrics", question)
    )
    assert told["1"] == {"histories": {"loss": [1.0, None]}, "logged": ["other"]}
    assert records.params == {"s_0": {"x": "0.5", "k": '{"d": 1}', "k.d": "1"}}
    assert records.watched["s_0"] is None
    records.watched["s_1"]()
    assert woken == ["s"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("sampler", "told"), [("tpe", {"parameters": [{"x": 1}, {"x": 2}]}), ("gp", {"problem": "gp needs torch"})]
)
async def test_suggestions_or_why_there_are_none(monkeypatch, sampler, told):
    sweeps = Sweeps(Store(monkeypatch, {}), Records(), Suggester(), print)
    search = {
        "spaces": SPEC["search_space"],
        "sampler": {"type": sampler},
        "goals": ["minimize"],
        "seed": 1,
        "before": [],
    }
    question = {"search": search, "history": [[0, {"x": 0.1}, "running", None]], "count": 2}
    assert await sweeps.answer(RUN, None, facts(), Ask("suggest", question)) == told


@pytest.mark.asyncio
async def test_earlier_sweeps_are_told_and_one_that_is_gone_on_with_by_its_runs(monkeypatch):
    memory = {f"parameters.{number}": {"x": number / 10} for number in range(4)}
    memory |= {
        "trial.0": ["failed", None, []],
        "trial.1": ["completed", [0.5]],
        "trial.2": ["stopped", [0.7]],
        "trial.3": ["completed", [0.1]],
    }
    old = SimpleNamespace(name="old", status=RunStatus.CANCELED, facts={"spec": SPEC, "memory": memory})
    below = [Child(str(number), f"old_{number}", RunStatus.COMPLETED, None, None, None) for number in range(4)]
    sweeps = Sweeps(Store(monkeypatch, {"old": old}, below), Records(), Suggester(), print)
    before = await sweeps.answer(RUN, None, facts(), Ask("before", {"jobs": ["old", "gone"]}))
    assert [row[1:] for row in before["trials"]] == [
        [{"x": 0.1}, "completed", [0.5]],
        [{"x": 0.2}, "stopped", [0.7]],
        [{"x": 0.3}, "completed", [0.1]],
    ]
    resumed = await sweeps.answer(RUN, None, facts(), Ask("resumed", {"jobs": ["old"]}))
    assert resumed["trials"] == [
        [0, {"x": 0.1}, "completed", [0.5], "old_1"],
        [1, {"x": 0.3}, "completed", [0.1], "old_3"],
    ]
