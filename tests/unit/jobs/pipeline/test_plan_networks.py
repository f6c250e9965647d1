"""The pipeline's plan on random networks, against a small model of what must happen."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline_engine import C, Engine, F, command, pipeline

from zaffre.core.intents import Wait
from zaffre.core.parents import CancelChild
from zaffre.core.reasons import Cause
from zaffre.core.status import RunStatus
from zaffre.jobs.pipeline import plan as planning


@dataclass(frozen=True)
class Random:
    """A network and what happens in it."""

    jobs: dict[str, Any]
    goes_on: bool
    seed: int


@st.composite
def networks(draw: Any) -> Random:
    jobs: dict[str, Any] = {}
    forks: list[str] = []
    for number in range(draw(st.integers(1, 9))):
        name = f"s{number}"
        leaving = [other for other in jobs if "command" in jobs[other]]
        needs = draw(st.lists(st.sampled_from(leaving), unique=True, max_size=3)) if leaving else []
        after = draw(st.lists(st.sampled_from(list(jobs)), unique=True, max_size=2)) if jobs else []
        kind = draw(st.sampled_from(["command"] * 5 + ["approval", "if_else"]))
        if kind == "command":
            retry = draw(st.integers(0, 2))
            jobs[name] = command(
                *needs, depends_on=after, retry={"max_retries": retry, "delay": draw(st.integers(0, 3))}
            )
            if forks and draw(st.booleans()):
                fork = draw(st.sampled_from(forks))
                jobs[fork].setdefault(draw(st.sampled_from(["true_block", "false_block"])), []).append(name)
        elif kind == "approval":
            jobs[name] = {"type": "approval", "depends_on": after}
        else:
            jobs[name] = {"type": "if_else", "condition": draw(st.booleans()), "depends_on": after}
            forks.append(name)
    for fork in forks:
        if not {"true_block", "false_block"} & set(jobs[fork]):
            del jobs[fork]
    for said in jobs.values():
        said["depends_on"] = [other for other in said["depends_on"] if other in jobs]
    return Random(jobs, draw(st.booleans()), draw(st.integers(0, 2**32)))


class Model:
    """What must become of each step, from what its attempts would end in."""

    def __init__(self, case: Random) -> None:
        self.case = case
        self.states: dict[str, str] = {}
        self.keys: set[str] = set()
        self.branch = {
            name: (fork, side == "true_block")
            for fork, said in case.jobs.items()
            for side in ("true_block", "false_block")
            for name in said.get(side, ())
        }
        for name in case.jobs:
            self.states[name] = self.state(name)

    def needs(self, name: str) -> set[str]:
        said = self.case.jobs[name]
        fork = {self.branch[name][0]} if name in self.branch else set()
        return {*said.get("inputs", {}), *said["depends_on"], *fork}

    def ends(self, key: str) -> RunStatus:
        return F if random.Random(f"{self.case.seed}{key}").random() < 0.3 else C

    def approved(self, name: str) -> bool:
        return self.ends(name) is C

    def state(self, name: str) -> str:
        said = self.case.jobs[name]
        if any(self.states[other] != "done" for other in self.needs(name)):
            return "skipped"
        if name in self.branch and self.case.jobs[self.branch[name][0]]["condition"] is not self.branch[name][1]:
            return "skipped"
        if said.get("type") == "if_else":
            return "done"
        if said.get("type") == "approval":
            return "done" if self.approved(name) else "failed"
        for attempt in range(said["retry"]["max_retries"] + 1):
            key = f"{name}.retry{attempt}" if attempt else name
            self.keys.add(key)
            if self.ends(key) is C:
                return "done"
        return "failed"


@settings(max_examples=150, deadline=None)
@given(networks())
def test_any_network_ends_as_it_must(case):
    model, chance = Model(case), random.Random(case.seed)
    rig = Engine(pipeline(case.jobs, settings={"continue_on_step_failure": case.goes_on}), model.ends)
    failed_once = False
    for _ in range(500):
        if chance.random() < 0.2:
            rig.planned()  # the server died before it wrote anything
        before = set(rig.children)
        intents = rig.step()
        fresh = set(rig.children) - before
        for key in fresh:
            name = key.partition(".")[0]
            done = {one.partition(".")[0] for one, child in rig.children.items() if child.status is C}
            needed = {other for other in model.needs(name) if "command" in case.jobs[other]}
            assert needed <= done, f"{key} began too early"
            assert model.states[name] != "skipped"
        assert not (failed_once and fresh and not case.goes_on), f"{fresh} after a failure"
        if rig.finished is not None:
            break
        failed_once = failed_once or any(isinstance(intent, CancelChild) for intent in intents)
        asked = [name for name in rig.memory.get("asked", {}) if name not in rig.decisions]
        choices = [("end", key) for key in rig.open] + [("decide", name) for name in asked]
        if not choices:
            waits = [intent.seconds for intent in intents if isinstance(intent, Wait)]
            assert any(intent.seconds < 60 for intent in intents if isinstance(intent, Wait)), "it waits for nothing"
            rig.now += min(waits)
            continue
        what, which = chance.choice(choices)
        if what == "end":
            rig.end(which)
        else:
            rig.decisions[which] = {"approved": model.approved(which), "by": "me", "comment": ""}
    assert rig.finished is not None, "it does not end"
    wanted = "failed" if "failed" in model.states.values() else "done"
    assert (rig.finished.reason.cause is Cause.SUCCEEDED) == (wanted == "done")
    assert set(rig.children) <= model.keys
    if case.goes_on or wanted == "done":
        assert set(rig.children) == model.keys
        rows = {row["step"]: row["state"] for row in planning.standing(rig.spec, rig.facts)}
        assert rows == model.states


@settings(max_examples=60, deadline=None)
@given(networks(), st.integers(0, 12))
def test_any_network_can_be_canceled_at_any_moment(case, when):
    model, chance = Model(case), random.Random(case.seed)
    rig = Engine(pipeline(case.jobs, settings={"continue_on_step_failure": case.goes_on}), model.ends)
    for number in range(500):
        if number == when:
            rig.cancel_by = "me"
        before = set(rig.children)
        rig.step()
        assert not (rig.cancel_by and set(rig.children) - before)
        if rig.finished is not None:
            break
        if rig.open:
            rig.end(chance.choice(rig.open))
        else:
            rig.now += 1
    assert rig.finished is not None
    assert rig.finished.reason.cause in (Cause.CANCELED, Cause.SUCCEEDED, Cause.STEP_FAILED)
