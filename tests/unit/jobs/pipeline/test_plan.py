"""The pipeline's plan: single cases told by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pipeline_engine import F, X, command, engine

from zaffre.core.intents import Wait
from zaffre.core.parents import CancelChild, Child, Note, ReusePolicy
from zaffre.core.reasons import Cause, Reason
from zaffre.core.status import RunStatus
from zaffre.jobs.pipeline import plan as planning

GO_ON = {"settings": {"continue_on_step_failure": True}}


def test_steps_begin_when_what_they_need_is_there():
    rig = engine({"c": command("a", "b"), "a": command(), "b": command("a")})
    assert rig.step()[0].key == "a"
    assert [type(intent) for intent in rig.step()] == [Wait]
    rig.end("a")
    assert rig.step()[0].key == "b"
    rig.end("b")
    assert rig.run().reason == planning.SUCCESS
    assert rig.documents["c"]["inputs"]["a"] == {"type": "uri_file", "path": "azureml://jobs/p_a/outputs/out"}


@pytest.mark.parametrize(
    ("step", "more", "policy"),
    [
        ({}, {}, ReusePolicy.TAKE),
        ({}, {"settings": {"force_rerun": True}}, ReusePolicy.LEAVE),
        ({"is_deterministic": True}, {}, ReusePolicy.TAKE),
        ({"is_deterministic": False}, {}, ReusePolicy.NEVER),
    ],
)
def test_what_equal_steps_mean_to_each_other(step, more, policy):
    (start, *_) = engine({"a": command(**step)}, **more).step()
    assert (start.reuse, "is_deterministic" in start.document) == (policy, False)


def test_what_gathers_in_the_pipelines_own_folder_is_nobody_elses():
    rig = engine({"each": {"type": "parallel_for", "body": "b", "items": [{}]}, "b": command()})
    assert rig.step()[0].reuse is ReusePolicy.NEVER


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
    assert rig.run().reason == planning.SUCCESS
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


def test_of_a_pipeline_that_has_ended_no_step_is_still_waited_for():
    rig = engine({**AFTER, "bad": command()}, failing=("bad",))
    rig.step()
    rig.end("a")
    rig.step()
    rig.end("bad")
    rig.run()
    rows = planning.standing(rig.spec, replace(rig.facts, status=RunStatus.FAILED))
    assert {row["step"]: row["state"] for row in rows} == {
        "a": "done",
        "ok": "skipped",
        "b": "skipped",
        "bad": "failed",
    }


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


def test_a_pipeline_that_runs_too_long_ends_its_children_and_says_so():
    rig = engine({"a": command(), "b": command("a")}, limits={"timeout": 50})
    assert rig.step()[-1] == Wait(50.0)
    rig.now += 20
    assert rig.step() == [Wait(30.0)]
    rig.now += 30
    by = "limits.timeout of the pipeline"
    assert rig.step() == [CancelChild("a", by), Wait(60.0)]
    rig.end("a", X)
    reason = rig.run().reason
    assert reason.cause is Cause.TIMED_OUT
    assert reason.sentence == "The pipeline ran longer than limits.timeout (50 s) and was stopped."
    assert set(rig.children) == {"a"}


def test_a_pipeline_that_waits_for_somebody_runs_out_of_time_too():
    rig = engine({"ok": {"type": "approval"}}, limits={"timeout": 50})
    rig.step()
    rig.now += 50
    assert rig.run().reason.cause is Cause.TIMED_OUT


def test_what_had_ended_before_its_time_was_up_ended_so():
    done = engine({"a": command()}, limits={"timeout": 50})
    done.step()
    done.end("a")
    failed = engine({"a": command()}, failing=("a",), limits={"timeout": 50})
    failed.step()
    failed.end("a")
    for rig, cause in ((done, Cause.SUCCEEDED), (failed, Cause.STEP_FAILED)):
        rig.now += 60  # the server was down
        assert rig.run().reason.cause is cause


def test_outputs_of_the_pipeline_are_those_of_the_steps_bound_to_them():
    bound = {"outputs": {"out": {"type": "uri_file", "path": "${{parent.outputs.model}}"}}}
    rig = engine({"a": command(), "b": command("a", **bound)}, outputs={"model": {"type": "uri_file"}})
    assert rig.run().outputs == {"model": ("b", "out")}
    looped = loop()
    looped["turn"] |= bound
    assert engine(looped, outputs={"model": {}}).run().outputs == {"model": ("turn.4", "out")}


# -- random networks ---------------------------------------------------------------------------------------------
