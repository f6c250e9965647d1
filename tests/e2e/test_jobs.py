"""Jobs as users write them: inputs of every kind, outputs of every kind, and what can be done with a job afterwards."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import CURATED, Installation, installation, job, until

STORE = "azureml://datastores/workspaceblobstore/paths"


def cli(rig: Installation, *words: str, cwd: Path | None = None, code: int = 0) -> str:
    """What ``zaffre …`` writes to standard output."""
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], cwd=cwd, env=rig.variables(), capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == code, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + (done.stderr if code else "")


def answer(rig: Installation, *words: str, cwd: Path | None = None) -> Any:
    return json.loads(cli(rig, *words, "-o", "json", cwd=cwd))


def run(rig: Installation, name: str, command: str, **more: Any) -> str:
    """The log of a job that completed."""
    rig.submit(name, command, **more)
    state = rig.ended(name)
    assert state["status"] == "Completed", f"{state}\n{rig.text(name)}"
    return rig.text(name)


def place(rig: Installation, path: str, text: str) -> Path:
    file = rig.home / "data" / "default" / "workspaceblobstore" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_literals_of_every_type_and_optional_parts(zaffre: Installation) -> None:
    command = (
        "echo ${{inputs.text}}; echo ${{inputs.whole}} ${{inputs.part}} ${{inputs.yes}} ${{name}}; "
        "echo a $[[--lr ${{inputs.part}}]] $[[--depth ${{inputs.absent}}]] b"
    )
    inputs = {"text": "two words", "whole": 3, "part": 0.5, "yes": True}
    log = run(zaffre, "literals", command, inputs=inputs)
    assert log == "two words\n3 0.5 True literals\na --lr 0.5 b\n"


@pytest.mark.parametrize("mode", ["ro_mount", "download"])
def test_files_and_folders_by_datastore_path(zaffre: Installation, mode: str) -> None:
    place(zaffre, f"in-{mode}/a.txt", "alpha\n")
    place(zaffre, f"in-{mode}/deep/b.txt", "beta\n")
    inputs = {
        "file": {"type": "uri_file", "path": f"{STORE}/in-{mode}/a.txt", "mode": mode},
        "folder": {"type": "uri_folder", "path": f"{STORE}/in-{mode}/", "mode": mode},
    }
    command = "cat ${{inputs.file}} ${{inputs.folder}}/deep/b.txt; basename ${{inputs.file}}; echo $AZURE_ML_INPUT_file"
    log = run(zaffre, f"paths-{mode}", command, inputs=inputs).splitlines()
    assert log[:3] == ["alpha", "beta", "a.txt"]
    assert Path(log[3]).name == "a.txt"


def test_a_downloaded_input_is_the_jobs_own(zaffre: Installation) -> None:
    kept = place(zaffre, "own/a.txt", "before\n")
    where = {"type": "uri_folder", "path": f"{STORE}/own", "mode": "download"}
    run(zaffre, "scribbles", "echo after > ${{inputs.x}}/a.txt; cat ${{inputs.x}}/a.txt", inputs={"x": where})
    assert kept.read_text() == "before\n"


def test_direct_hands_the_uri_on(zaffre: Installation) -> None:
    place(zaffre, "direct/a.txt", "x")
    where = {"type": "uri_file", "path": f"{STORE}/direct/a.txt", "mode": "direct"}
    assert run(zaffre, "direct", "echo ${{inputs.x}}", inputs={"x": where}) == f"{STORE}/direct/a.txt\n"


def test_data_assets_by_version_and_by_label(zaffre: Installation, tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / "table.csv").write_text(f"version {number}\n")
        document = f"name: table\ntype: uri_file\npath: table.csv\nversion: {number}\n"
        (tmp_path / "data.yml").write_text(document)
        cli(zaffre, "data", "create", "-f", "data.yml", cwd=tmp_path)
    inputs = {
        "old": {"type": "uri_file", "path": "azureml:table:1"},
        "new": {"type": "uri_file", "path": "azureml:table@latest"},
    }
    assert run(zaffre, "assets", "cat ${{inputs.old}} ${{inputs.new}}", inputs=inputs) == "version 1\nversion 2\n"
    spec = zaffre.call("GET", "jobs/assets").json()["spec"]
    assert spec["inputs"]["new"]["path"] == "azureml:table:2"  # pinned when it was submitted


def test_code_and_local_inputs_from_a_document(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.py").write_text("import sys, helper; print(open(sys.argv[1]).read(), helper.WORD)")
    (tmp_path / "src" / "helper.py").write_text("WORD = 'helped'")
    (tmp_path / "src" / "notes.tmp").write_text("not needed")
    (tmp_path / "src" / ".amlignore").write_text("*.tmp\n")
    (tmp_path / "local.txt").write_text("local")
    (tmp_path / "job.yml").write_text(
        f"""
        type: command
        name: documented
        code: src
        command: python main.py ${{{{inputs.x}}}} && ls
        environment: {CURATED}
        inputs: {{x: {{type: uri_file, path: ./local.txt}}}}
        tags: {{stage: test}}
        display_name: From a document
        """
    )
    said = cli(zaffre, "job", "create", "-f", "job.yml", "--stream", "--set", "tags.more=yes", cwd=tmp_path)
    assert "local helped\n" in said
    assert "notes.tmp" not in said
    shown = answer(zaffre, "job", "show", "-n", "documented")
    assert (shown["status"], shown["display_name"]) == ("Completed", "From a document")
    assert {key: str(value).lower() for key, value in shown["tags"].items()} == {"stage": "test", "more": "yes"} | (
        {"more": "true"} if shown["tags"]["more"] is True else {}
    )


def test_outputs_of_every_kind(zaffre: Installation) -> None:
    outputs = {
        "plain": {"type": "uri_folder"},
        "bare": None,
        "file": {"type": "uri_file"},
        "named": {"type": "uri_folder", "name": "made", "version": "7"},
        "there": {"type": "uri_folder", "path": f"{STORE}/chosen/${{{{name}}}}/"},
    }
    command = (
        "for o in ${{outputs.plain}} ${{outputs.bare}} ${{outputs.named}} ${{outputs.there}}; do echo $o > $o/o.txt; done; "
        "echo one > ${{outputs.file}}; echo kept > outputs/k.txt; echo said > logs/l.txt"
    )
    run(zaffre, "makes", command, outputs=outputs)
    blobs = zaffre.home / "data" / "default" / "workspaceblobstore"
    assert (blobs / "azureml/makes/plain/o.txt").is_file()
    assert (blobs / "azureml/makes/bare/o.txt").is_file()
    assert (blobs / "azureml/makes/file").read_text() == "one\n"
    assert (blobs / "chosen/makes/o.txt").is_file()
    artifacts = zaffre.home / "data/default/workspaceartifactstore/ExperimentRun/dcid.makes"
    assert (artifacts / "outputs/k.txt").read_text() == "kept\n"
    assert (artifacts / "logs/l.txt").read_text() == "said\n"
    assert zaffre.state("makes")["registered"] == {"named": "azureml:made:7"}
    asset = zaffre.call("GET", "data/made/versions/7").raise_for_status().json()
    assert asset["spec"]["path"].endswith("azureml/makes/named")

    inputs = {
        "by_job": {"type": "uri_folder", "path": "azureml://jobs/makes/outputs/plain"},
        "below": {"type": "uri_file", "path": "azureml://jobs/makes/outputs/plain/paths/o.txt"},
        "chosen": {"type": "uri_folder", "path": "azureml://jobs/makes/outputs/there"},
        "artifact": {"type": "uri_file", "path": "azureml://jobs/makes/outputs/artifacts/paths/outputs/k.txt"},
        "asset": {"type": "uri_folder", "path": "azureml:made:7"},
    }
    command = "ls ${{inputs.by_job}} ${{inputs.asset}} ${{inputs.chosen}}; cat ${{inputs.artifact}} ${{inputs.below}}"
    log = run(zaffre, "takes", command, inputs=inputs)
    assert log.count("o.txt") == 3
    assert "kept\n" in log


def test_a_failed_job_keeps_its_logs_and_none_of_its_outputs(zaffre: Installation) -> None:
    outputs = {"half": {"type": "uri_folder", "name": "half"}}
    zaffre.submit("half", "echo x > ${{outputs.half}}/x; echo kept > outputs/k.txt; exit 1", outputs=outputs)
    assert zaffre.ended("half")["status"] == "Failed"
    listed = [file["path"] for file in zaffre.call("GET", "jobs/half/files").json()["value"]]
    assert "artifacts/outputs/k.txt" in listed
    assert not any(path.startswith("named-outputs/") for path in listed)
    assert zaffre.call("GET", "data/half/versions/1").status_code == 404


def test_variables_that_scripts_rely_on(zaffre: Installation) -> None:
    variables = {"GREETING": "hello", "WHERE": "${{outputs.o}}"}
    log = run(
        zaffre,
        "variables",
        "python -c 'import json, os; print(json.dumps(dict(os.environ)))'",
        environment_variables=variables,
        outputs={"o": {"type": "uri_folder"}},
        experiment_name="trying",
    )
    seen = json.loads(log)
    assert seen["GREETING"] == "hello"
    assert seen["WHERE"] == seen["AZURE_ML_OUTPUT_o"]
    assert seen["AZUREML_RUN_ID"] == seen["MLFLOW_RUN_ID"] == "variables"
    assert seen["MLFLOW_EXPERIMENT_NAME"] == seen["AZUREML_ARM_PROJECT_NAME"] == "trying"
    assert seen["AZUREML_ARM_WORKSPACE_NAME"] == "default"
    assert "ZAFFRE_HOME" not in seen
    assert (zaffre.home / "token").read_text().strip() not in log


def test_a_datastore_of_ones_own(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("from outside\n")
    document = {"name": "outside", "type": "azure_file", "root": str(tmp_path)}
    known = zaffre.call("PUT", "datastores/outside", document)
    if known.status_code == 400:
        pytest.fail(known.text)
    here = "azureml://datastores/outside/paths"
    log = run(
        zaffre,
        "outside",
        "cat ${{inputs.x}} | tee ${{outputs.y}}/out.txt",
        inputs={"x": {"type": "uri_file", "path": f"{here}/in.txt"}},
        outputs={"y": {"type": "uri_folder", "path": f"{here}/made"}},
    )
    assert log == "from outside\n"
    assert (tmp_path / "made" / "out.txt").read_text() == "from outside\n"


def test_tags_and_description_change_and_nothing_else(zaffre: Installation) -> None:
    run(zaffre, "tagged", "echo", tags={"a": "1"})
    assert answer(zaffre, "job", "update", "-n", "tagged", "--set", "tags.b=two", "description=new")["tags"] == {
        "a": "1",
        "b": "two",
    }
    refused = cli(zaffre, "job", "update", "-n", "tagged", "--set", "command=ls", code=1)
    assert "command" in refused


def test_archived_jobs_are_hidden_until_restored(zaffre: Installation) -> None:
    run(zaffre, "hidden", "true")

    def listed(*flags: str) -> bool:
        return "hidden" in [one["name"] for one in answer(zaffre, "job", "list", *flags)]

    assert listed()
    cli(zaffre, "job", "archive", "-n", "hidden")
    assert (listed(), listed("--archived-only"), listed("--include-archived")) == (False, True, True)
    cli(zaffre, "job", "restore", "-n", "hidden")
    assert listed()


def test_cancel_download_stream_and_validate_on_the_command_line(zaffre: Installation, tmp_path: Path) -> None:
    zaffre.submit("stopped", "echo begun; sleep 600")
    until(lambda: zaffre.running("stopped") and zaffre.text("stopped"), "its first line")
    cli(zaffre, "job", "cancel", "-n", "stopped")
    assert zaffre.ended("stopped")["status"] == "Canceled"
    assert "begun" in cli(zaffre, "job", "stream", "-n", "stopped", code=1)

    run(zaffre, "fetched", "echo o > ${{outputs.o}}/o.txt; echo k > outputs/k.txt", outputs={"o": {}})
    cli(zaffre, "job", "download", "-n", "fetched", "--all", "-p", str(tmp_path))
    found = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.txt")}
    assert found == {"named-outputs/o/o.txt", "artifacts/outputs/k.txt", "artifacts/user_logs/std_log.txt"}
    only = tmp_path / "only"
    cli(zaffre, "job", "download", "-n", "fetched", "--output-name", "o", "-p", str(only))
    assert [file.name for file in only.rglob("*") if file.is_file()] == ["o.txt"]

    (tmp_path / "good.yml").write_text(f"type: command\ncommand: ls\nenvironment: {CURATED}\n")
    cli(zaffre, "job", "validate", "-f", "good.yml", cwd=tmp_path)
    (tmp_path / "bad.yml").write_text(f"type: command\ncommand: ls\nenvironment: {CURATED}\ninptus:\n  x: 1\n")
    refused = cli(zaffre, "job", "create", "-f", "bad.yml", cwd=tmp_path, code=1)
    assert "bad.yml:4:1" in refused
    assert "inputs" in refused
    refused = cli(zaffre, "job", "create", "-f", "good.yml", "--set", "compute=azureml:big", cwd=tmp_path, code=1)
    assert "zaffre compute create -n big --type amlcompute" in refused


def test_a_compute_that_was_asked_for_runs_the_job(zaffre: Installation) -> None:
    cli(zaffre, "compute", "create", "-n", "cluster", "--type", "amlcompute", "--max-instances", "2")
    run(zaffre, "clustered", "echo $AZUREML_NODE_COUNT", compute="azureml:cluster")
    assert zaffre.state("clustered")["compute"] == "cluster"


def test_jobs_of_another_workspace_are_not_seen(environments: Path) -> None:
    with installation(environments) as rig:
        rig.call("PUT", "/api/v1/workspaces/other", {"name": "other"}).raise_for_status()
        rig.submit("here", "true")
        path = "/api/v1/workspaces/other/jobs/there"
        assert rig.call("PUT", path, job("true")).status_code == 201
        assert rig.call("GET", "/api/v1/workspaces/other/jobs/here").status_code == 404
        assert rig.call("GET", "jobs/there").status_code == 404
        answered = rig.call("GET", path, params={"wait_for": "final", "timeout": "30"})
        assert answered.json()["state"]["status"] == "Completed"
        assert rig.ended("here")["status"] == "Completed"
