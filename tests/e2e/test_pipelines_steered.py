"""Pipelines as users steer them: approved, branched, canceled, replayed; and what is refused."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import yaml
from pipeline_steps import answer, cli, of, pipeline, refused, step, steps, submit, tags, why

from zaffre.testing.server import CURATED, Installation, until


def test_approvals(zaffre: Installation) -> None:
    jobs = {
        "ok": {"type": "approval", "message": "Ship it?"},
        "mine": {"type": "approval", "approvers": ["somebody-else"]},
        "go": step("echo went", depends_on="ok"),
    }
    zaffre.call("PUT", "jobs/asks", pipeline(jobs)).raise_for_status()
    until(lambda: "ok waits for approval: Ship it?" in why(zaffre, "asks")["message"], "the question")
    told = cli(zaffre, "job", "approve", "-n", "asks", "--step", "okay", code=1)
    assert 'did you mean "ok"' in told
    told = cli(zaffre, "job", "approve", "-n", "asks", "--step", "mine", code=1)
    assert "decided by somebody-else" in told
    said = answer(zaffre, "job", "approve", "-n", "asks", "--step", "ok", "--comment", "fine")
    assert (said["approved"], said["comment"]) == (True, "fine")
    assert answer(zaffre, "job", "approve", "-n", "asks", "--step", "ok") == said  # twice is once
    assert "was approved by" in cli(zaffre, "job", "approve", "-n", "asks", "--step", "ok", "--reject", code=1)
    until(lambda: steps(why(zaffre, "asks"))["go"] == "done", "the step behind it")
    cli(zaffre, "job", "cancel", "-n", "asks")
    assert zaffre.ended("asks")["status"] == "Canceled"
    assert "nothing of it waits" in cli(zaffre, "job", "approve", "-n", "asks", "--step", "mine", code=1)

    zaffre.call("PUT", "jobs/asks-2", pipeline({"ok": jobs["ok"], "go": jobs["go"]})).raise_for_status()
    until(lambda: "ok waits" in why(zaffre, "asks-2")["message"], "the question")
    cli(zaffre, "job", "approve", "-n", "asks-2", "--step", "ok", "--reject", "--comment", "not yet")
    assert "Step ok failed: rejected by" in zaffre.ended("asks-2")["reason"]["message"]


def test_a_pipeline_that_takes_too_long(zaffre: Installation) -> None:
    """Its running steps end, with the reason; what waited for them never begins. A pipeline within one has its own time."""
    slow = {"one": step("sleep 300"), "two": step("echo never", depends_on="one")}
    zaffre.call("PUT", "jobs/tardy", pipeline(slow, limits={"timeout": 3})).raise_for_status()
    state = zaffre.ended("tardy")
    assert (state["status"], state["reason"]["code"]) == ("Failed", "TimedOut")
    assert "longer than limits.timeout (3 s)" in state["reason"]["message"]
    child = zaffre.ended("tardy_one")
    assert (child["status"], child["cancel_by"]) == ("Canceled", "limits.timeout of the pipeline")
    assert zaffre.call("GET", "jobs/tardy_two").status_code == 404

    within = {"type": "pipeline", "component": {"type": "pipeline", "jobs": slow}, "limits": {"timeout": 3}}
    zaffre.call("PUT", "jobs/outer", pipeline({"inner": within})).raise_for_status()
    assert "Step inner failed" in zaffre.ended("outer")["reason"]["message"]
    assert zaffre.ended("outer_inner")["reason"]["code"] == "TimedOut"


def test_control_flow(zaffre: Installation, tmp_path: Path) -> None:
    """A loop that counts, a branch by what it counted, a body for each item that a step wrote, a step tried again."""
    jobs = {
        "start": step("echo 0 > ${{outputs.n}}", "n"),
        "count": step(
            "n=$(($(cat ${{inputs.n}}) + 1)); echo $n > ${{outputs.n}}; [ $n -lt 3 ] && echo true > ${{outputs.more}}"
            " || echo false > ${{outputs.more}}",
            "n more",
            inputs={"n": of("start", "n")},
        ),
        "loop": {
            "type": "do_while", "body": "${{parent.jobs.count}}", "condition": of("count", "more"),
            "mapping": {"n": "${{parent.jobs.count.inputs.n}}"}, "limits": {"max_iteration_count": 10},
        },
        "look": step('[ $(cat ${{inputs.n}}) = 3 ] && echo true > ${{outputs.yes}}', "yes", inputs={"n": of("loop", "n")}),
        "fork": {"type": "if_else", "condition": of("look", "yes"), "true_block": "three", "false_block": "other"},
        "three": step("echo three"),
        "other": step("echo other"),
        "items": step("""echo '[{"w": "a"}, {"w": "b"}]' > ${{outputs.list}}""", "list"),
        "each": step("echo ${{inputs.w}} > ${{outputs.o}}", "o", inputs={"w": ""}),
        "all": {"type": "parallel_for", "body": "each", "items": of("items", "list"), "max_concurrency": 1},
        "join": step("cat ${{inputs.i}}/*", inputs={"i": of("all", "o")}),
        "flaky": step(f"echo x >> {tmp_path}/tries; [ $(wc -l < {tmp_path}/tries) = 3 ]", retry={"max_retries": 3, "delay": 0}),
        "slow": step("sleep 60", limits={"timeout": 1}),
    }  # fmt: skip
    told = submit(
        zaffre, "flows", pipeline(jobs, settings={"continue_on_step_failure": True}, experiment="flows"), "Failed"
    )
    assert {name for name, state in steps(told).items() if state != "done"} == {"other", "slow"}
    rows = {row["step"]: row for row in told["steps"]}
    assert rows["other"]["message"] == "left out: fork went the other way"
    assert "ran longer than limits.timeout (1" in rows["slow"]["message"]
    assert [turn["key"] for turn in rows["loop"]["jobs"]] == ["count.1", "count.2", "count.3"]
    assert zaffre.text("flows_join") == "a\nb\n"
    assert rows["flaky"]["job"] == "flows_flaky_retry2"


def test_what_must_fail_is_refused_before_anything_runs(zaffre: Installation) -> None:
    a = step("cat ${{inputs.i}} > ${{outputs.o}}", "o", inputs={"i": of("b", "o")})
    b = step("cat ${{inputs.i}} > ${{outputs.o}}", "o", inputs={"i": of("a", "o")})
    assert "these steps wait for each other: a → b → a" in refused(zaffre, pipeline({"a": a, "b": b}))
    first = step("echo > ${{outputs.table}}", "table")
    use = step("cat ${{inputs.i}}", inputs={"i": of("first", "tabel")})
    told = refused(zaffre, pipeline({"first": first, "use": use}))
    assert "step 'first' has no output 'tabel'" in told
    assert "jobs.use.inputs.i" in told
    place = "azureml://datastores/workspaceblobstore/paths/same"
    (zaffre.home / "data" / "default" / "workspaceblobstore" / "same").mkdir()
    over = step(
        "cp ${{inputs.i}}/x ${{outputs.o}}/y",
        inputs={"i": {"type": "uri_folder", "path": place}},
        outputs={"o": {"type": "uri_folder", "path": place}},
    )
    assert "where its input 'i' lies" in refused(zaffre, pipeline({"over": over}))
    nowhere = pipeline({"first": {**first, "compute": "azureml:nowhere"}})
    assert "jobs.first.compute" in refused(zaffre, nowhere)
    assert zaffre.call("POST", "jobs:plan", nowhere).status_code == 400
    assert zaffre.call("GET", "jobs/refused").status_code == 404


def test_an_output_never_written_is_the_reason_downstream(zaffre: Installation) -> None:
    jobs = {"first": step("true", "o"), "use": step("cat ${{inputs.i}}", inputs={"i": of("first", "o")})}
    told = submit(zaffre, "unwritten", pipeline(jobs, experiment="unwritten"), "Failed")
    assert "Step use failed" in told["message"]
    assert "nothing is at azureml://jobs/unwritten_first/outputs/o" in told["message"]
    assert "says whether output 'o' was saved" in told["message"]
    assert told["failure"]["cause"] == "Refused"


def test_a_component_that_changes_between_validate_and_run(zaffre: Installation) -> None:
    """What was submitted is what runs: versions are pinned then; what is deleted meanwhile is named."""

    def component(version: str) -> dict[str, Any]:
        said = {"type": "command", "command": f"echo version {version}", "environment": CURATED}
        return {"name": "moving", "version": version, **said}

    zaffre.call("PUT", "components/moving/versions/1", component("1")).raise_for_status()
    jobs = {"wait": {"type": "approval"}, "run": {"component": "azureml:moving@latest", "depends_on": "wait"}}
    assert zaffre.call("POST", "jobs:validate", pipeline(jobs)).json()["valid"]
    for name in ("moves", "gone"):
        zaffre.call("PUT", f"jobs/{name}", pipeline(jobs)).raise_for_status()
        until(lambda name=name: "waits for approval" in why(zaffre, name)["message"], "the approval")
    zaffre.call("PUT", "components/moving/versions/2", component("2")).raise_for_status()
    cli(zaffre, "job", "approve", "-n", "moves", "--step", "wait")
    assert zaffre.ended("moves")["status"] == "Completed"
    assert zaffre.text("moves_run") == "version 1\n"
    zaffre.call("DELETE", "components/moving/versions/1").raise_for_status()
    cli(zaffre, "job", "approve", "-n", "gone", "--step", "wait")
    assert zaffre.ended("gone")["status"] == "Failed"
    assert "it could not be submitted" in why(zaffre, "gone")["message"]
    assert "moving" in why(zaffre, "gone")["message"]


def test_a_cancel_in_the_middle_leaves_nothing(zaffre: Installation) -> None:
    jobs = {f"s{number}": step("trap '' TERM; sleep 600 & wait; sleep 600") for number in range(3)}
    jobs |= {"after": step("true", depends_on=list(jobs))}
    zaffre.call("PUT", "jobs/middle", pipeline(jobs)).raise_for_status()
    until(lambda: len(zaffre.commands()) >= 6, "the processes of three steps")
    zaffre.call("POST", "jobs/middle/cancel").raise_for_status()
    until(lambda: not zaffre.commands(), "no process left", 10)
    assert zaffre.ended("middle", 10)["status"] == "Canceled"
    states = {row["step"]: row["status"] for row in why(zaffre, "middle")["steps"]}
    assert states == {"s0": "Canceled", "s1": "Canceled", "s2": "Canceled", "after": ""}
    assert tags(zaffre, "middle_s0")["mlflow.parentRunId"] == "middle"


def test_priority(zaffre: Installation) -> None:
    zaffre.call("PUT", "computes/one", {"name": "one", "type": "amlcompute", "max_instances": 1}).raise_for_status()
    zaffre.submit("holds", "until [ -e go ]; do sleep 0.05; done", compute="azureml:one")
    zaffre.running("holds")
    jobs = {
        rank: step("date +%s%N", compute="azureml:one", queue_settings={"priority": rank}) for rank in ("low", "high")
    }
    zaffre.call("PUT", "jobs/ranks", pipeline(jobs, experiment="ranks")).raise_for_status()

    def stand() -> dict[str, str]:
        return {row["step"]: row["status"] for row in why(zaffre, "ranks")["steps"]}

    until(lambda: stand() == {"low": "Queued", "high": "Queued"}, "both to wait")
    (zaffre.attempt("holds") / "work" / "go").touch()
    assert zaffre.ended("ranks")["status"] == "Completed"
    assert int(zaffre.text("ranks_high")) < int(zaffre.text("ranks_low"))


def test_a_stream_begun_late_and_left_early(zaffre: Installation) -> None:
    jobs = {"only": step("echo begun; until [ -e go ]; do sleep 0.05; done; printf 'no end of line'")}
    zaffre.call("PUT", "jobs/late", pipeline(jobs, settings={"force_rerun": True})).raise_for_status()
    until(lambda: zaffre.call("GET", "jobs/late_only").status_code == 200, "the step")
    until(lambda: zaffre.running("late_only")["status"] == "Running", "its command")
    said: list[str] = []
    reading = threading.Thread(target=lambda: said.append(cli(zaffre, "job", "stream", "-n", "late")))
    reading.start()
    (zaffre.attempt("late_only") / "work" / "go").touch()
    reading.join(60)
    assert "only | begun\n" in said[0]
    assert "only | no end of line\n" in said[0]
    assert re.search(r"^only +Completed +[\d.]+ s +late_only$", said[0], re.MULTILINE)


def test_a_shell_instead_of_the_command(zaffre: Installation) -> None:
    zaffre.submit("shelled", "echo the command ran; echo $WORD", environment_variables={"WORD": "given"})
    assert zaffre.ended("shelled")["status"] == "Completed"
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, "job", "replay", "shelled", "--shell"],
        env=zaffre.variables(), input='echo "in the shell: $WORD"; eval "$ZAFFRE_REPLAY_COMMAND"\nexit 3\n',
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "in the shell: given\nthe command ran\ngiven\n" in done.stdout
    assert "MLFLOW_TRACKING_TOKEN" not in done.stdout
    assert os.path.isdir(zaffre.home / "runs" / "shelled" / "replays")  # noqa: PTH112 - one look


IN_PYTHON = """
import json, sys
from zaffre import MLClient, load_job

client = MLClient()
job = load_job(sys.argv[1])
before = client.jobs.plan(job)
client.jobs.create_or_update(job)
try:
    client.jobs.stream(job.name)
except Exception as error:
    print("failed:", type(error).__name__)
again = client.jobs.resume(job.name, new_name="python-2")
print(json.dumps([before[0]["verdict"], again.name, client.jobs.why("python-1")["failure"]["step"]]))
"""


def test_the_same_in_python(zaffre: Installation, tmp_path: Path) -> None:
    jobs = {"only": step("echo from python; exit 5")}
    (tmp_path / "p.yml").write_text(yaml.safe_dump(pipeline(jobs, experiment="python") | {"name": "python-1"}))
    done = subprocess.run(
        [sys.executable, "-c", IN_PYTHON, str(tmp_path / "p.yml")],
        env=zaffre.variables(), capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *said, last = done.stdout.splitlines()
    assert json.loads(last) == ["MISS", "python-2", "only"]
    assert "only | from python" in said
    assert "failed: JobFailed" in said
    assert zaffre.ended("python-2")["status"] == "Failed"
