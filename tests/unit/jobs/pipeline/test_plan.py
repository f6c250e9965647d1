"""The pipeline's plan: single cases told by hand, and random networks against a small model of what must happen."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaffre.core.intents import Wait
from zaffre.core.parents import Ask, CancelChild, Child, FinishParent, Note, ParentFacts, StartChild
from zaffre.core.reasons import Cause, Reason
from zaffre.core.status import RunStatus
from zaffre.jobs.pipeline import plan as planning
from zaffre.jobs.pipeline.spec import PipelineJob

C, F, X = RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELED


def command(*needs: str, **more: Any) -> dict[str, Any]:
    """A step that reads the output of others, and leaves one."""
    inputs = {name: f"${{{{parent.jobs.{name}.outputs.out}}}}" for name in needs}
    words = " ".join(f"${{{{inputs.{name}}}}}" for name in needs)
    return {
        "command": f"cat {words} > ${{{{outputs.out}}}}",
        "environment": "azureml:e:1",
        "outputs": {"out": {"type": "uri_file"}},
        **({"inputs": inputs} if inputs else {}),
        **more,
    }


def pipeline(jobs: dict[str, Any], **more: Any) -> PipelineJob:
    return PipelineJob.from_yaml({"type": "pipeline", "jobs": jobs, **more})


@dataclass
class Engine:
    """What ``control.parents`` does, in memory."""

    spec: PipelineJob
    ends: Any
    """Key → the status its child ends in."""
    files: dict[str, str] = field(default_factory=dict)
    """Path → what a step wrote there."""
    decisions: dict[str, Any] = field(default_factory=dict)
    now: float = 1000.0
    children: dict[str, Child] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)
    cancel_by: str | None = None
    finished: FinishParent | None = None
    canceled: list[str] = field(default_factory=list)

    @property
    def facts(self) -> ParentFacts:
        told = (self.children, self.memory, self.decisions)
        return ParentFacts("p", RunStatus.RUNNING, self.cancel_by, self.now, 1000.0, *map(dict, told))

    def planned(self) -> list[Any]:
        """The plan, twice: it is the same from the same facts."""
        facts, told = self.facts, {}
        for _ in range(16):
            facts = replace(facts, told=dict(told))
            intents = list(planning.plan(self.spec, facts))
            assert intents == list(planning.plan(self.spec, facts))
            asked = [intent for intent in intents if isinstance(intent, Ask)]
            if not asked:
                return intents
            assert asked == intents
            for ask in asked:
                path = ask.question["path"]
                told[ask.name] = (
                    {"path": path, "value": self.files[path]} if path in self.files else {"error": "no file"}
                )
        raise AssertionError("it asks without end")

    def step(self) -> list[Any]:
        """Plan and write."""
        intents = self.planned()
        for intent in intents:
            match intent:
                case StartChild(key, document):
                    assert key not in self.children, f"{key} begun twice"
                    self.children[key] = Child(key, f"p_{key}", RunStatus.QUEUED, None, None, None)
                    self.documents[key] = document
                case CancelChild(key, _):
                    self.canceled.append(key)
                case Note(memory):
                    self.memory |= memory
                case FinishParent():
                    assert all(child.status.is_final for child in self.children.values())
                    self.finished = intent
                case _:
                    assert isinstance(intent, Wait)
        return intents

    def end(self, key: str, status: RunStatus | None = None) -> None:
        """A child ends."""
        status = status or (X if key in self.canceled else self.ends(key))
        cause = {C: Cause.SUCCEEDED, X: Cause.CANCELED}.get(status, Cause.EXIT_CODE)
        self.children[key] = replace(
            self.children[key], status=status, ended_at=self.now, reason=Reason(cause, {"code": 3, "by": "me"})
        )

    @property
    def open(self) -> list[str]:
        return [child.key for child in self.children.values() if not child.status.is_final]

    def run(self) -> FinishParent:
        """To the end, children ending in the order of their start."""
        for _ in range(1000):
            intents = self.step()
            if self.finished is not None:
                return self.finished
            if self.open:
                self.end(self.open[0])
            else:
                self.now += min([intent.seconds for intent in intents if isinstance(intent, Wait)])
        raise AssertionError("it does not end")


def engine(jobs: dict[str, Any], failing: tuple[str, ...] = (), **more: Any) -> Engine:
    said = {name: more.pop(name) for name in ("files", "decisions") if name in more}
    return Engine(pipeline(jobs, **more), lambda key: F if key in failing else C, **said)


GO_ON = {"settings": {"continue_on_step_failure": True}}


def test_steps_begin_when_what_they_need_is_there():
    rig = engine({"c": command("a", "b"), "a": command(), "b": command("a")})
    assert rig.step()[0].key == "a"
    assert [type(intent) for intent in rig.step()] == [Wait]
    rig.end("a")
    assert rig.step()[0].key == "b"
    rig.end("b")
    assert rig.run().reason == Reason(Cause.SUCCEEDED)
    assert rig.documents["c"]["inputs"]["a"] == {"type": "uri_file", "path": "azureml://jobs/p_a/outputs/out"}


def test_the_first_failure_stops_the_others_and_names_the_step():
    rig = engine({"a": command(), "b": command(), "c": command("a")}, failing=("a",))
    rig.step()
    rig.end("a")
    assert rig.step()[0] == CancelChild("b", "the failure of step a")
    rig.end("b")
    reason = rig.run().reason
    assert (
        reason.sentence == "Step a failed: exited with code 3. The last lines of its log say why: zaffre job stream -n"
    )
    assert set(rig.children) == {"a", "b"}


def test_going_on_after_a_failure_leaves_out_what_needs_it():
    rig = engine({"a": command(), "b": command(), "c": command("a"), "d": command("b")}, failing=("a",), **GO_ON)
    assert rig.run().reason.facts["step"] == "a"
    assert set(rig.children) == {"a", "b", "d"}
    assert planning.standing(rig.spec, rig.facts)[2] == {
        "step": "c", "type": "command", "state": "skipped", "job": "", "message": "left out: a failed",
    }  # fmt: skip


def test_a_step_is_tried_again_after_its_delay_and_a_canceled_one_is_not():
    rig = engine({"a": command(retry={"max_retries": 2, "delay": 30})}, failing=("a", "a.retry1"))
    rig.step()
    rig.end("a")
    assert rig.step() == [Wait(30.0)]
    rig.now += 29
    assert rig.step() == [Wait(1.0)]
    rig.now += 1
    assert rig.step()[0].key == "a.retry1"
    rig.end("a.retry1")
    assert rig.run().reason == Reason(Cause.SUCCEEDED)
    assert list(rig.children) == ["a", "a.retry1", "a.retry2"]
    stopped = engine({"a": command(retry={"max_retries": 2})})
    stopped.step()
    stopped.end("a", X)
    assert stopped.run().reason.cause is Cause.STEP_FAILED


def test_what_was_refused_is_not_tried_again():
    rig = engine({"a": command(retry={"max_retries": 2})})
    rig.children["a"] = Child("a", "", F, None, None, None, refused="compute: there is none")
    assert rig.run().reason.facts["message"] == "it could not be submitted: compute: there is none"


@pytest.mark.parametrize(("said", "taken"), [("true", "yes"), (" False\n", "no")])
def test_a_condition_that_a_step_wrote_chooses_the_branch(said, taken):
    jobs = {
        "look": command(),
        "other": command(),
        "fork": {
            "type": "if_else",
            "condition": "${{parent.jobs.look.outputs.out}}",
            "true_block": "${{parent.jobs.yes}}",
            "false_block": ["no"],
        },
        "second": {"type": "if_else", "condition": "${{parent.jobs.other.outputs.out}}", "true_block": "never"},
        "yes": command(),
        "no": command(),
        "never": command(),
        "after": command("never"),
    }
    paths = [f"azureml://jobs/p_{step}/outputs/out" for step in ("look", "other")]
    rig = engine(jobs, files=dict(zip(paths, (said, "no"), strict=True)))
    assert rig.run().reason.cause is Cause.SUCCEEDED
    assert set(rig.children) == {"look", "other", taken}
    told = {row["step"]: row["message"] for row in planning.standing(rig.spec, rig.facts)}
    assert told["never"] == "left out: second went the other way"
    assert told["after"] == "left out: never was left out"


@pytest.mark.parametrize(
    ("files", "told"),
    [({}, "no file"), ({"azureml://jobs/p_look/outputs/out": "12 > 3"}, "must be true or false, and is '12 > 3'")],
)
def test_a_condition_that_is_none_fails_its_step(files, told):
    jobs = {
        "look": command(),
        "fork": {"type": "if_else", "condition": "${{parent.jobs.look.outputs.out}}", "true_block": "yes"},
        "yes": command(),
    }
    for more in ({}, GO_ON):
        reason = engine(jobs, files=files, **more).run().reason
        assert reason.facts["step"] == "fork"
        assert told in reason.sentence


def loop(**more: Any) -> dict[str, Any]:
    return {
        "start": command(),
        "turn": command("start", inputs={"start": "${{parent.jobs.start.outputs.out}}"}),
        "again": {
            "type": "do_while",
            "body": "${{parent.jobs.turn}}",
            "mapping": {"out": "${{parent.jobs.turn.inputs.start}}"},
            "limits": {"max_iteration_count": 4},
            **more,
        },
        "use": command("turn"),
    }


def test_a_loop_runs_its_body_until_it_says_so_and_feeds_each_turn_the_last():
    rig = engine(loop(condition="${{parent.jobs.turn.outputs.out}}"))
    rig.files = {f"azureml://jobs/p_turn.{turn}/outputs/out": "true" if turn < 3 else "false" for turn in range(1, 9)}
    assert rig.run().reason.cause is Cause.SUCCEEDED
    assert list(rig.children) == ["start", "turn.1", "turn.2", "turn.3", "use"]
    assert rig.documents["turn.2"]["inputs"]["start"]["path"] == "azureml://jobs/p_turn.1/outputs/out"
    assert rig.documents["use"]["inputs"]["turn"]["path"] == "azureml://jobs/p_turn.3/outputs/out"


def test_a_loop_without_a_condition_runs_as_often_as_it_may():
    rig = engine(loop())
    assert rig.run().reason.cause is Cause.SUCCEEDED
    assert list(rig.children) == ["start", "turn.1", "turn.2", "turn.3", "turn.4", "use"]


def test_a_failed_turn_fails_its_loop():
    rig = engine(loop(), failing=("turn.2",), **GO_ON)
    assert rig.run().reason.facts["step"] == "turn.2"
    assert "use" not in rig.children


def fan(**more: Any) -> dict[str, Any]:
    return {
        "each": command(inputs={"n": 0}),
        "all": {"type": "parallel_for", "body": "each", "items": [{"n": n} for n in range(5)], **more},
        "use": command("each"),
    }


def test_a_body_for_each_item_a_few_at_a_time_and_the_outputs_gathered():
    rig = engine(fan(max_concurrency=2))
    for _ in range(5):
        rig.step()
        assert len(rig.open) <= 2
        rig.end(rig.open[0])
    rig.run()
    assert [rig.documents[f"each.{n}"]["inputs"]["n"] for n in range(5)] == list(range(5))
    folder = "azureml://datastores/workspaceblobstore/paths/azureml/p/all/out"
    assert rig.documents["each.3"]["outputs"]["out"]["path"] == f"{folder}/3"
    assert rig.documents["use"]["inputs"]["each"]["path"] == folder


def test_items_that_a_step_wrote():
    jobs = {"list": command(), **fan(items="${{parent.jobs.list.outputs.out}}")}
    rig = engine(jobs, files={"azureml://jobs/p_list/outputs/out": '{"a b": {"n": 1}, "c": {"n": 2}}'})
    rig.run()
    assert list(rig.children) == ["list", "each.a-b", "each.c", "use"]


def test_one_failed_item_fails_the_loop_when_the_others_are_done():
    rig = engine(fan(), failing=("each.1",), **GO_ON)
    assert rig.run().reason.facts["step"] == "each.1"
    assert set(rig.children) == {f"each.{n}" for n in range(5)}


APPROVAL = {"a": command(), "ok": {"type": "approval", "depends_on": "a", "message": "Ship it?"}}
AFTER = {**APPROVAL, "b": command("a", depends_on=["ok"])}


def test_an_approval_is_waited_for():
    rig = engine(AFTER)
    rig.step()
    rig.end("a")
    assert rig.step() == [Note({"asked": {"ok": 1000.0}}), Wait(60.0)]
    assert rig.step() == [Wait(60.0)]
    assert planning.standing(rig.spec, rig.facts)[1]["message"] == "waits for approval: Ship it?"
    rig.decisions = {"ok": {"approved": True, "by": "ann", "comment": "fine"}}
    assert rig.run().reason.cause is Cause.SUCCEEDED
    assert planning.standing(rig.spec, rig.facts)[1]["message"] == "approved by ann: fine"


def test_a_rejection_or_nobody_fails_it():
    rejected = engine(AFTER, decisions={"ok": {"approved": False, "by": "bob", "comment": ""}})
    assert rejected.run().reason.sentence == "Step ok failed: rejected by bob"
    late = engine({**AFTER, "ok": {**APPROVAL["ok"], "timeout": 90}})
    assert late.run().reason.sentence == "Step ok failed: nobody approved it within 90 s"
    assert late.now == 1090.0


def test_a_cancel_ends_every_child_first():
    rig = engine({"a": command(), "b": command(), "c": command("a")})
    rig.step()
    rig.cancel_by = "ann"
    assert rig.step()[:2] == [CancelChild("a", "ann"), CancelChild("b", "ann")]
    rig.end("a")
    rig.end("b")
    assert rig.run().reason == Reason(Cause.CANCELED, {"by": "ann"})
    assert set(rig.children) == {"a", "b"}


def test_outputs_of_the_pipeline_are_those_of_the_steps_bound_to_them():
    bound = {"outputs": {"out": {"type": "uri_file", "path": "${{parent.outputs.model}}"}}}
    rig = engine({"a": command(), "b": command("a", **bound)}, outputs={"model": {"type": "uri_file"}})
    assert rig.run().outputs == {"model": ("b", "out")}
    looped = loop()
    looped["turn"] |= bound
    assert engine(looped, outputs={"model": {}}).run().outputs == {"model": ("turn.4", "out")}


# -- random networks ---------------------------------------------------------------------------------------------


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
