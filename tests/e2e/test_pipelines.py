"""Pipelines as users meet them: told ahead, streamed, explained, gone on with, approved, replayed; and what is refused."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import yaml

from zaffre.testing.server import CURATED, Installation, until

EXAMPLE = Path(__file__).parents[2] / "examples" / "pipeline"
LOCAL = {"default_compute": "azureml:local"}


def cli(rig: Installation, *words: str, cwd: Path | None = None, code: int = 0) -> str:
    """What ``zaffre …`` writes, to standard output and, where it fails, to standard error."""
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], cwd=cwd, env=rig.variables(), capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == code, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + (done.stderr if code else "")


def answer(rig: Installation, *words: str, cwd: Path | None = None) -> Any:
    return json.loads(cli(rig, *words, "-o", "json", cwd=cwd))


def step(command: str, leaving: str = "", **more: Any) -> dict[str, Any]:
    """A step with one-file outputs."""
    left = {name: {"type": "uri_file"} for name in leaving.split()}
    return {"command": command, "environment": CURATED, **({"outputs": left} if left else {}), **more}


def of(name: str, output: str) -> str:
    return f"${{{{parent.jobs.{name}.outputs.{output}}}}}"


def pipeline(jobs: dict[str, Any], **more: Any) -> dict[str, Any]:
    settings = {**LOCAL, **more.pop("settings", {})}
    return {
        "type": "pipeline",
        "experiment_name": more.pop("experiment", "e2e"),
        "settings": settings,
        "jobs": jobs,
        **more,
    }


def submit(rig: Installation, name: str, document: dict[str, Any], status: str = "Completed") -> dict[str, Any]:
    """A pipeline at its end; why it ended so."""
    answered = rig.call("PUT", f"jobs/{name}", document)
    assert answered.status_code == 201, answered.text
    found = rig.ended(name)
    assert found["status"] == status, rig.call("GET", f"jobs/{name}/why").json()
    return why(rig, name)


def why(rig: Installation, name: str) -> dict[str, Any]:
    return rig.call("GET", f"jobs/{name}/why").raise_for_status().json()


def steps(told: dict[str, Any]) -> dict[str, str]:
    return {row["step"]: "HIT" if row["reused"] else row["state"] for row in told["steps"]}


def refused(rig: Installation, document: dict[str, Any]) -> str:
    answered = rig.call("PUT", "jobs/refused", document)
    assert answered.status_code == 400, answered.text
    return answered.text.replace('\\"', '"')


@pytest.mark.timeout(1800)
def test_the_example(zaffre: Installation, tmp_path: Path) -> None:
    """Its commands, in order."""
    (block,) = re.findall(r"```bash\n(.*?)```", (EXAMPLE / "README.md").read_text(), re.DOTALL)
    folder = tmp_path / "example"
    subprocess.run(["cp", "-r", str(EXAMPLE), str(folder)], check=True)
    said = [
        cli(zaffre, *shlex.split(line, comments=True)[1:], cwd=folder)
        for line in block.strip().splitlines()
        if line.strip()
    ]
    assert re.search(r"^prep +MISS +it has not completed before$", said[0], re.MULTILINE)
    assert re.search(r"^score +DEPENDS +waits for predict$", said[0], re.MULTILINE)
    assert "prep | 392 of 406 cars are complete\n" in said[1]
    assert re.search(r"score \| off by \d\.\d\d miles per gallon on average; R2 0\.8", said[1])
    assert re.search(r"^transform +HIT ", said[2], re.MULTILINE)
    assert re.search(
        r"^train +MISS +inputs.trees: 100 → 300 \(compared with job cars-first_train\)$", said[2], re.MULTILINE
    )
    assert "transform: HIT, it has what cars-first_transform left\n" in said[3]
    assert json.loads(said[4]) == "inputs.trees: 100 → 300 (compared with job cars-first_train)"
    scores = json.loads(next((folder / "scored").rglob("scores.json")).read_text())
    assert scores["r2"] > 0.8
    assert "off by" in said[6]
    models = answer(zaffre, "model", "list", "-n", "cars-consumption")
    assert len(models) == 2


def test_reuse_is_told_before_and_after(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    script = tmp_path / "src" / "make.py"
    script.write_text("import sys; open(sys.argv[1], 'w').write('made')\n")
    jobs = {
        "make": step("python make.py ${{outputs.o}}", "o", code="src"),
        "use": step("cat ${{inputs.i}} > ${{outputs.o}}", "o", inputs={"i": of("make", "o")}),
        "all": step(
            "cat ${{inputs.i}}; echo ${{inputs.word}}", inputs={"i": of("use", "o"), "word": "${{parent.inputs.word}}"}
        ),
    }
    document = tmp_path / "p.yml"
    document.write_text(yaml.safe_dump(pipeline(jobs, inputs={"word": "one"}, experiment="reuse")))

    def planned(*words: str) -> dict[str, tuple[str, str]]:
        rows = answer(zaffre, "job", "plan", "-f", "p.yml", *words, cwd=tmp_path)
        return {row["step"]: (row["verdict"], row["message"]) for row in rows}

    assert {verdict for verdict, _ in planned().values()} == {"MISS", "DEPENDS"}
    cli(zaffre, "job", "create", "-f", "p.yml", "-n", "reuse-1", "--stream", cwd=tmp_path)
    assert {verdict for verdict, _ in planned().values()} == {"HIT"}
    told = planned("--set", "inputs.word=two")
    assert [told[name][0] for name in ("make", "use", "all")] == ["HIT", "HIT", "MISS"]
    assert told["all"][1] == "inputs.word: one → two (compared with job reuse-1_all)"

    script.write_text("import sys; open(sys.argv[1], 'w').write('other')\n")
    assert planned()["make"] == ("MISS", "code: make.py changed (compared with job reuse-1_make)")
    cli(zaffre, "job", "create", "-f", "p.yml", "-n", "reuse-2", "--stream", cwd=tmp_path)
    after = why(zaffre, "reuse-2_make")["reuse"]
    assert (after["verdict"], after["differences"][0]["files"]) == ("MISS", ["make.py changed"])
    assert re.match(
        r"inputs\.i: azureml://jobs/reuse-1_make/outputs/o \(\w{12}\) → ",
        why(zaffre, "reuse-2_use")["reuse"]["message"],
    )

    script.write_text("import sys; open(sys.argv[1], 'w').write('other')  # said otherwise\n")
    cli(zaffre, "job", "create", "-f", "p.yml", "-n", "reuse-3", "--stream", cwd=tmp_path)
    assert steps(why(zaffre, "reuse-3")) == {"make": "done", "use": "HIT", "all": "HIT"}  # what it made is the same
    assert why(zaffre, "reuse-3_use")["reuse"]["job"] == "reuse-2_use"
    assert zaffre.text("reuse-3_all") == "otherone\n"  # the log of the run whose outputs it has

    left = zaffre.home / "data" / "default" / "workspaceblobstore" / "azureml" / "reuse-2_use" / "o"
    left.unlink()
    assert planned()["use"][0] == "MISS"


def test_force_rerun_and_components_that_are_not_deterministic(zaffre: Installation) -> None:
    random = {
        "name": "dice", "version": "1", "type": "command", "command": "echo $RANDOM > ${{outputs.o}}",
        "environment": CURATED, "outputs": {"o": {"type": "uri_file"}}, "is_deterministic": False,
    }  # fmt: skip
    zaffre.call("PUT", "components/dice/versions/1", random).raise_for_status()
    jobs = {"dice": {"component": "azureml:dice:1"}, "calm": step("true")}
    submit(zaffre, "chance-1", pipeline(jobs))
    assert steps(submit(zaffre, "chance-2", pipeline(jobs))) == {"dice": "done", "calm": "HIT"}
    forced = submit(zaffre, "chance-3", pipeline(jobs, settings={"force_rerun": True}))
    assert steps(forced) == {"dice": "done", "calm": "done"}
    rows = zaffre.call("POST", "jobs:plan", pipeline(jobs)).json()["steps"]
    assert [row["verdict"] for row in rows] == ["RUNS", "HIT"]
    assert rows[0]["message"] == "its component says is_deterministic: false"


def test_a_pipeline_in_a_pipeline_is_told_through_and_through(zaffre: Installation) -> None:
    inner = {
        "type": "pipeline", "name": "inner", "version": "1",
        "inputs": {"word": {"type": "string"}}, "outputs": {"said": {"type": "uri_file"}},
        "jobs": {
            "say": step("echo ${{inputs.word}} > ${{outputs.o}}", inputs={"word": "${{parent.inputs.word}}"})
            | {"outputs": {"o": {"type": "uri_file", "path": "${{parent.outputs.said}}"}}}
        },
    }  # fmt: skip
    zaffre.call("PUT", "components/inner/versions/1", inner).raise_for_status()
    jobs = {
        "both": {"type": "pipeline", "component": "azureml:inner:1", "inputs": {"word": "${{parent.inputs.word}}"}},
        "hear": step("cat ${{inputs.i}}", inputs={"i": {"type": "uri_file", "path": of("both", "said")}}),
    }
    document = pipeline(jobs, inputs={"word": "deep"}, experiment="nested")
    submit(zaffre, "nested-1", document)
    assert zaffre.text("nested-1_hear") == "deep\n"
    rows = zaffre.call("POST", "jobs:plan", document).json()["steps"]
    assert [(row["step"], row["verdict"]) for row in rows] == [("both/say", "HIT"), ("hear", "HIT")]
    rows = zaffre.call("POST", "jobs:plan", {**document, "inputs": {"word": "high"}}).json()["steps"]
    assert [(row["step"], row["verdict"]) for row in rows] == [("both/say", "MISS"), ("hear", "DEPENDS")]
    found = zaffre.call("POST", "/mlflow/api/2.0/mlflow/runs/get", None)  # the tree of tracked runs
    del found
    tags = {name: _tags(zaffre, name) for name in ("nested-1_both", "nested-1_both_say", "nested-1_hear")}
    assert {name: each["mlflow.parentRunId"] for name, each in tags.items()} == {
        "nested-1_both": "nested-1", "nested-1_both_say": "nested-1_both", "nested-1_hear": "nested-1",
    }  # fmt: skip


def _tags(rig: Installation, run: str) -> dict[str, str]:
    answered = rig.call("GET", "/mlflow/api/2.0/mlflow/runs/get", params={"run_id": run}).raise_for_status().json()
    return {tag["key"]: tag["value"] for tag in answered["run"]["data"]["tags"]}


BROKEN = "import json\n\n\ndef read(text):\n    return json.loads(text)\n\n\nread('{')\n"


def test_a_failure_has_a_card_and_is_gone_on_with(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "fail.py").write_text(BROKEN)
    flag = tmp_path / "mended"
    jobs = {
        "first": step(
            "echo once >> $COUNT; echo 1 > ${{outputs.o}}", "o", environment_variables={"COUNT": f"{tmp_path}/count"}
        ),
        "second": step(
            f"cat ${{{{inputs.i}}}}; test -e {flag} || python fail.py", code="src", inputs={"i": of("first", "o")}
        ),
        "third": step("echo", depends_on=["second"]),
    }
    (tmp_path / "p.yml").write_text(yaml.safe_dump(pipeline(jobs, settings={"force_rerun": True}, experiment="broken")))
    said = cli(zaffre, "job", "create", "-f", "p.yml", "-n", "broken", "--stream", cwd=tmp_path, code=1)
    for line in (
        "first: completed after ", "second | 1\n", "second: failed after ",
        "Error: json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes",
        "At: fail.py:5   return json.loads(text)", "  zaffre job replay broken --step second", "  zaffre job resume -n broken",
    ):  # fmt: skip
        assert line in said, said
    shown = answer(zaffre, "job", "show", "-n", "broken")["failure"]
    assert (shown["step"], shown["at"], shown["source"]) == ("second", "fail.py:5", "return json.loads(text)")
    assert why(zaffre, "broken_second")["failure"]["do"][1] == "zaffre job replay broken_second"

    replayed = cli(zaffre, "job", "replay", "broken", "--step", "second", code=1)
    assert replayed.startswith("1\n")
    assert "JSONDecodeError" in replayed
    refusal = cli(zaffre, "job", "replay", "broken", "--step", "third", code=1)
    assert "has run no step 'third'; it has run: first, second" in refusal

    flag.touch()
    cli(zaffre, "job", "resume", "-n", "broken", "--new-name", "mended", "--stream")
    assert (tmp_path / "count").read_text() == "once\n"
    assert steps(why(zaffre, "mended")) == {"first": "HIT", "second": "done", "third": "done"}
    assert zaffre.call("GET", "jobs/mended").json()["spec"]["properties"]["zaffre.resumes"] == "broken"
    assert cli(zaffre, "job", "resume", "-n", "mended", code=1).count("completed: there is nothing to go on with") == 1


def test_what_is_gone_on_with_goes_deep_and_keeps_gathered_outputs_and_approvals(
    zaffre: Installation, tmp_path: Path
) -> None:
    flag = tmp_path / "mended"
    inner = {"type": "pipeline", "name": "deep", "version": "1", "jobs": {
        "fine": step(f"echo fine >> {tmp_path}/count"),
        "bad": step(f"test -e {flag}", depends_on="fine"),
    }}  # fmt: skip
    zaffre.call("PUT", "components/deep/versions/1", inner).raise_for_status()
    jobs = {
        "each": step(
            f"echo n >> {tmp_path}/each; echo ${{{{inputs.n}}}} > ${{{{outputs.o}}}}"
            f"; test ${{{{inputs.n}}}} != 2 || test -e {flag}",
            "o",
            inputs={"n": 0},
        ),
        "ok": {"type": "approval"},
        "all": {"type": "parallel_for", "body": "each", "items": [{"n": 1}, {"n": 2}, {"n": 3}], "depends_on": "ok"},
        "sum": step("cat ${{inputs.i}}/*", inputs={"i": of("each", "o")}),
        "both": {"type": "pipeline", "component": "azureml:deep:1"},
    }
    document = pipeline(jobs, settings={"continue_on_step_failure": True, "force_rerun": True})
    zaffre.call("PUT", "jobs/deep-1", document).raise_for_status()
    until(lambda: "waits for approval" in why(zaffre, "deep-1")["message"], "its approval")
    cli(zaffre, "job", "approve", "-n", "deep-1", "--step", "ok")
    assert zaffre.ended("deep-1")["status"] == "Failed"
    flag.touch()
    zaffre.call("POST", "jobs/deep-1/resume", {"name": "deep-2"}).raise_for_status()
    assert zaffre.ended("deep-2")["status"] == "Completed", why(zaffre, "deep-2")
    assert sorted((tmp_path / "each").read_text().split()) == ["n"] * 4  # three, and the one that failed again
    assert (tmp_path / "count").read_text() == "fine\n"
    assert zaffre.text("deep-2_sum") == "1\n2\n3\n"


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
    assert _tags(zaffre, "middle_s0")["mlflow.parentRunId"] == "middle"


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
