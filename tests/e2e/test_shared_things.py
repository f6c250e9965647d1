"""Components, connections and registries as users have them: from files, by the command line, in jobs that run."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from zaffre.testing.server import CURATED, Installation

SECRET = "swordfish-3141"
COMPONENT = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
name: greet
type: command
code: ./src
command: python greet.py ${{inputs.who}} ${{inputs.times}} $[[--loud ${{inputs.loud}}]] --into ${{outputs.said}}
environment: %s
inputs:
  who: {type: string}
  times: {type: integer, default: 2, min: 1, max: 5}
  loud: {type: boolean, optional: true}
outputs:
  said: {type: uri_folder}
"""
SCRIPT = """\
import argparse, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("who"); parser.add_argument("times", type=int)
parser.add_argument("--loud"); parser.add_argument("--into", type=pathlib.Path)
args = parser.parse_args()
for _ in range(args.times):
    print("hello", args.who, "!" if args.loud else ".")
(args.into / "said.txt").write_text(args.who)
"""
READER = """\
import json, os, urllib.request
job, token = os.environ["AZUREML_RUN_ID"], os.environ["AZUREML_RUN_TOKEN"]
server = os.environ["MLFLOW_TRACKING_URI"].partition("/mlflow/")[0]
url = f"{server}/api/v1/workspaces/{os.environ['AZUREML_ARM_WORKSPACE_NAME']}/jobs/{job}/secrets/BUCKET"
asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
secret = json.load(urllib.request.urlopen(asked))
print(secret["target"], secret["credentials"]["access_key_id"], len(secret["credentials"]["secret_access_key"]))
print("in the environment:", any("swordfish" in value for value in os.environ.values()))
"""


def cli(rig: Installation, *words: str, cwd: Path | None = None, code: int = 0) -> str:
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], cwd=cwd, env=rig.variables(), capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == code, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout if code == 0 else done.stdout + done.stderr


def answer(rig: Installation, *words: str, cwd: Path | None = None) -> Any:
    return json.loads(cli(rig, *words, "-o", "json", cwd=cwd))


def component(folder: Path) -> Path:
    (folder / "parts" / "src").mkdir(parents=True)
    (folder / "parts" / "src" / "greet.py").write_text(SCRIPT)
    file = folder / "parts" / "greet.yml"
    file.write_text(COMPONENT % CURATED)
    return file


def completed(rig: Installation, name: str) -> str:
    state = rig.ended(name)
    assert state["status"] == "Completed", f"{state}\n{rig.text(name)}"
    return rig.text(name)


def test_a_component_registered_named_and_from_a_file(zaffre: Installation, tmp_path: Path) -> None:
    component(tmp_path)
    made = answer(zaffre, "component", "create", "-f", "parts/greet.yml", cwd=tmp_path)
    assert (made["name"], made["version"]) == ("greet", "1")
    assert made["code"].startswith("azureml:")
    assert answer(zaffre, "component", "create", "-f", "parts/greet.yml", cwd=tmp_path)["version"] == "2"
    assert [one["version"] for one in answer(zaffre, "component", "list", "-n", "greet")] == ["2", "1"]
    cli(zaffre, "component", "archive", "-n", "greet", "-v", "2")
    assert answer(zaffre, "component", "show", "-n", "greet")["version"] == "1"
    (tmp_path / "named.yml").write_text("component: azureml:greet@latest\ninputs: {who: you, loud: true}\n")
    cli(zaffre, "job", "create", "-f", "named.yml", "-n", "by-name", cwd=tmp_path)
    assert completed(zaffre, "by-name") == "hello you !\nhello you !\n"
    (tmp_path / "file.yml").write_text("component: file:./parts/greet.yml\ninputs: {who: file, times: 1}\n")
    shown = answer(zaffre, "job", "create", "-f", "file.yml", "-n", "by-file", cwd=tmp_path)
    assert shown["component"].startswith("azureml:azureml_anonymous:")
    assert completed(zaffre, "by-file") == "hello file .\n"
    again = answer(zaffre, "job", "create", "-f", "file.yml", "-n", "by-file-again", cwd=tmp_path)
    assert again["component"] == shown["component"]
    assert "azureml_anonymous" not in [one["name"] for one in answer(zaffre, "component", "list")]
    saved = zaffre.home / "data/default/workspaceblobstore/azureml/by-file/said/said.txt"
    assert saved.read_text() == "file"


def test_what_a_component_includes_lies_beside_its_code(zaffre: Installation, tmp_path: Path) -> None:
    file = component(tmp_path)
    (tmp_path / "shared/words").mkdir(parents=True)
    (tmp_path / "shared/words/polite.txt").write_text("good morning")
    file.with_suffix(".additional_includes").write_text("../shared/words\n../shared/words.zip\n")
    told = "cat words/polite.txt && python -m zipfile -l words.zip"
    file.write_text(f"name: polite\ntype: command\ncode: ./src\nenvironment: {CURATED}\ncommand: {told}\n")
    cli(zaffre, "component", "create", "-f", "greet.yml", cwd=file.parent)
    (tmp_path / "polite.yml").write_text("component: azureml:polite@latest\n")
    cli(zaffre, "job", "create", "-f", "polite.yml", "-n", "polite-1", cwd=tmp_path)
    text = completed(zaffre, "polite-1")
    assert "good morning" in text and "words/polite.txt" in text


def test_a_mistake_in_the_inputs_is_told_with_its_line(zaffre: Installation, tmp_path: Path) -> None:
    component(tmp_path)
    (tmp_path / "bad.yml").write_text("component: ./parts/greet.yml\ninputs:\n  who: you\n  times: 9\n  lod: true\n")
    told = cli(zaffre, "job", "create", "-f", "bad.yml", cwd=tmp_path, code=1)
    assert "bad.yml:4" in told
    assert "expected at most 5" in told
    assert 'did you mean "loud"' in told


def test_an_environment_of_a_file(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs" / "env.yml").write_text(f"image: {'python'}\nconda_file: conda.yml\n")
    (tmp_path / "envs" / "conda.yml").write_text(
        "channels: [conda-forge]\ndependencies: [pip, {pip: [mlflow-skinny]}]\n"
    )
    (tmp_path / "job.yml").write_text("command: python -c 'print(6*7)'\nenvironment: file:./envs/env.yml\n")
    shown = answer(zaffre, "job", "create", "-f", "job.yml", "-n", "env-of-file", cwd=tmp_path)
    assert shown["environment"] == "inline"
    (tmp_path / "wrong.yml").write_text("command: x\nenvironment: file:./envs/absent.yml\n")
    assert "absent.yml does not exist" in cli(zaffre, "job", "create", "-f", "wrong.yml", cwd=tmp_path, code=1)


def test_a_job_reads_a_secret_it_was_granted(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "bucket.yml").write_text(
        "name: bucket\ntype: s3\ntarget: s3://things\n"
        f"credentials: {{type: access_key, access_key_id: AK1, secret_access_key: {SECRET}}}\n"
    )
    assert SECRET not in cli(zaffre, "connection", "create", "-f", "bucket.yml", cwd=tmp_path)
    assert SECRET not in cli(zaffre, "connection", "show", "-n", "bucket", "-o", "json")
    assert SECRET in cli(zaffre, "connection", "show", "-n", "bucket", "--populate-secrets", "-o", "json")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "read.py").write_text(READER)
    (tmp_path / "job.yml").write_text(
        f"command: python read.py\ncode: ./src\nenvironment: {CURATED}\nsecrets: {{BUCKET: azureml:bucket}}\n"
    )
    cli(zaffre, "job", "create", "-f", "job.yml", "-n", "reads-a-secret", cwd=tmp_path)
    assert completed(zaffre, "reads-a-secret") == f"s3://things AK1 {len(SECRET)}\nin the environment: False\n"
    kept = [path for path in zaffre.home.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert kept == []


def test_shared_by_a_registry(zaffre: Installation, tmp_path: Path) -> None:
    component(tmp_path)
    cli(zaffre, "component", "create", "-f", "parts/greet.yml", "-v", "7", cwd=tmp_path)
    cli(zaffre, "registry", "create", "-n", "everyone")
    shared = answer(zaffre, "component", "share", "-n", "greet", "-v", "7", "--registry-name", "everyone")
    assert (shared["registry"], shared["version"]) == ("everyone", "7")
    told = cli(zaffre, "component", "share", "-n", "greet", "-v", "8", "--registry-name", "everyone", code=1)
    assert "There is no component 'greet:8'" in told
    assert "7" in told
    cli(zaffre, "workspace", "create", "-n", "away")
    (tmp_path / "away.yml").write_text(
        "component: azureml://registries/everyone/components/greet/versions/7\ninputs: {who: away, times: 1}\n"
    )
    cli(zaffre, "job", "create", "-f", "away.yml", "-n", "from-registry", "-w", "away", cwd=tmp_path)
    cli(zaffre, "job", "stream", "-n", "from-registry", "-w", "away")
    shown = answer(zaffre, "job", "show", "-n", "from-registry", "-w", "away")
    assert shown["status"] == "Completed", shown
    (tmp_path / "data.csv").write_text("a\n1\n")
    named = ("-n", "table", "-v", "1")
    cli(
        zaffre,
        "data",
        "create",
        *named,
        "--type",
        "uri_file",
        "-p",
        "data.csv",
        "--registry-name",
        "everyone",
        cwd=tmp_path,
    )
    taken = answer(
        zaffre, "data", "copy", "--from", "azureml://registries/everyone/data/table/versions/1", "-w", "away"
    )
    assert (taken["name"], taken["version"]) == ("table", "1")
    copied = zaffre.home / "data/away/workspaceblobstore/shared/data/table/1/data.csv"
    assert copied.read_text() == "a\n1\n"
