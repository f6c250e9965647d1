"""Pipelines as users meet them: told ahead, streamed, explained, gone on with."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from pipeline_steps import EXAMPLE, answer, cli, of, pipeline, step, steps, submit, tags, why

from zaffre.testing.server import CURATED, Installation, until


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
    assert [(row["verdict"], row["job"]) for row in rows] == [("RUNS", ""), ("HIT", "chance-3_calm")]
    assert rows[0]["message"] == "its component says is_deterministic: false"
    assert why(zaffre, "chance-3_calm")["reuse"]["message"] == "settings.force_rerun is on"
    zaffre.call("DELETE", "jobs/chance-3_calm").raise_for_status()  # nobody is sent to a job that is gone
    assert zaffre.call("POST", "jobs:plan", pipeline(jobs)).json()["steps"][1]["job"] == "chance-1_calm"


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
    seen = {name: tags(zaffre, name) for name in ("nested-1_both", "nested-1_both_say", "nested-1_hear")}
    assert {name: each["mlflow.parentRunId"] for name, each in seen.items()} == {
        "nested-1_both": "nested-1", "nested-1_both_say": "nested-1_both", "nested-1_hear": "nested-1",
    }  # fmt: skip


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
