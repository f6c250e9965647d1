"""Sweeps as users write them: the trials they try, the best they find, and what becomes of them when something dies."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import CURATED, Installation, installation, until

NUMBERS = itertools.count()
LOG = """\
import json, os, sys, time, urllib.request

def call(path, **body):
    where = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/" + path
    heads = {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"}
    body["run_id"] = os.environ["MLFLOW_RUN_ID"]
    for patience in range(300):
        try:
            return urllib.request.urlopen(urllib.request.Request(where, json.dumps(body).encode(), heads)).read()
        except OSError as error:  # the server is away for a moment
            if getattr(error, "code", 500) < 500:
                raise
            time.sleep(0.1)

def log(value, name="loss"):
    call("log-metric", key=name, value=value, timestamp=int(time.time() * 1000))

"""
BOWL = LOG + "x = float(sys.argv[1]); log((x - 0.3) ** 2); call('log-parameter', key='x', value='mine')\n"


def sweep(code: str, command: str = "python run.py ${{search_space.x}}", **changes: Any) -> dict[str, Any]:
    return {
        "type": "sweep",
        "trial": {"command": command, "environment": CURATED, "code": code},
        "search_space": {"x": {"type": "uniform", "min_value": -1, "max_value": 1}},
        "objective": {"goal": "minimize", "primary_metric": "loss"},
        "limits": {"max_total_trials": 6, "max_concurrent_trials": 2},
        **changes,
    }


def code(rig: Installation, script: str) -> str:
    return rig.upload("code", {"run.py": f"{script}# {next(NUMBERS)}\n".encode()})["code"]


def put(rig: Installation, name: str, document: dict[str, Any]) -> None:
    answer = rig.call("PUT", f"jobs/{name}", document)
    assert answer.status_code == 201, answer.text


def children(rig: Installation, name: str) -> dict[str, dict[str, Any]]:
    found = rig.call("GET", "jobs", params={"parent_job_name": name, "top": 1000}).raise_for_status().json()["value"]
    return {child["name"]: child for child in found}


def tried(child: dict[str, Any]) -> dict[str, Any]:
    return json.loads(child["spec"]["tags"]["hyperparameters"])


def tracked(rig: Installation, name: str) -> dict[str, Any]:
    answer = rig.http.get(f"http://127.0.0.1:{rig.port}/mlflow/api/2.0/mlflow/runs/get", params={"run_id": name})
    return answer.raise_for_status().json()["run"]


def properties(rig: Installation, name: str) -> dict[str, str]:
    return rig.call("GET", f"jobs/{name}").raise_for_status().json()["spec"]["properties"]


def test_a_sweep_finds_the_best_of_its_trials(zaffre: Installation) -> None:
    script = BOWL + "open(sys.argv[2] + '/x.txt', 'w').write(sys.argv[1])\n"
    command = "python run.py ${{search_space.x}} ${{outputs.model}}"
    document = sweep(code(zaffre, script), command, outputs={"model": {"type": "uri_folder"}})
    put(zaffre, "bowl", document)
    state = zaffre.ended("bowl")
    assert state["status"] == "Completed", state
    found = children(zaffre, "bowl")
    assert sorted(found) == [f"bowl_{number}" for number in range(6)]
    best = min(found, key=lambda name: (tried(found[name])["x"] - 0.3) ** 2)
    told = properties(zaffre, "bowl")
    assert told["best_child_run_id"] == best
    x = tried(found[best])["x"]
    assert float(told["score"]) == (x - 0.3) ** 2
    left = zaffre.home / "data/default/workspaceblobstore/azureml" / best / "model/x.txt"
    assert float(left.read_text()) == x
    run = tracked(zaffre, best)
    tags = {tag["key"]: tag["value"] for tag in run["data"]["tags"]}
    assert tags["mlflow.parentRunId"] == "bowl"
    assert json.loads(tags["hyperparameters"]) == {"x": x}
    assert {one["key"]: one["value"] for one in run["data"]["params"]}["x"] == "mine"  # what the script says stands


def test_what_the_script_does_not_log_is_a_param_all_the_same(zaffre: Installation) -> None:
    put(zaffre, "params", sweep(code(zaffre, LOG + "log(1.0)\n"), limits={"max_total_trials": 1}))
    assert zaffre.ended("params")["status"] == "Completed"
    told = {one["key"]: one["value"] for one in tracked(zaffre, "params_0")["data"]["params"]}
    assert told == {"x": str(tried(children(zaffre, "params")["params_0"])["x"])}


def test_a_sampler_that_learns_is_one_process_that_may_die_and_so_may_the_server(environments: Path) -> None:
    with installation(environments) as rig:
        limits = {"max_total_trials": 14, "max_concurrent_trials": 1}
        sampler = {"type": "tpe", "seed": 3, "startup_trials": 4}
        put(rig, "learns", sweep(code(rig, BOWL), sampling_algorithm=sampler, limits=limits))
        until(lambda: len(children(rig, "learns")) > 5, "some trials")
        os.kill(searcher(rig), signal.SIGKILL)
        until(lambda: len(children(rig, "learns")) > 8, "more trials")
        rig.kill()
        rig.start()
        assert rig.ended("learns")["status"] == "Completed"
        put(rig, "again", sweep(code(rig, BOWL), sampling_algorithm=sampler, limits=limits))
        assert rig.ended("again")["status"] == "Completed"
        first, second = children(rig, "learns"), children(rig, "again")
        assert [tried(first[f"learns_{n}"]) for n in range(14)] == [tried(second[f"again_{n}"]) for n in range(14)]


def searcher(rig: Installation) -> int:
    """The process that knows samplers; it has nothing of the home in its environment, so it is found by its parent."""
    assert rig.process is not None
    found = Path(f"/proc/{rig.process.pid}/task").glob("*/children")
    below = [int(pid) for file in found for pid in file.read_text().split()]
    (pid,) = [pid for pid in below if b"zaffre.search" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return pid


SLOW = (
    LOG
    + """
x = float(sys.argv[1])
for turn in range(200):
    log(x if turn % 2 else x + 1)
    if x < 2:
        sys.exit(0) if turn == 5 else None
    time.sleep(0.1)
"""
)


def test_what_falls_behind_is_stopped_while_it_runs(zaffre: Installation) -> None:
    document = sweep(
        code(zaffre, SLOW),
        search_space={"x": {"type": "choice", "values": [1, 5, 6]}},
        sampling_algorithm="grid",
        early_termination={"type": "bandit", "slack_amount": 1, "delay_evaluation": 3},
        limits={"max_total_trials": 3},
    )
    put(zaffre, "bandit", document)
    state = zaffre.ended("bandit")
    assert state["status"] == "Completed", state
    found = children(zaffre, "bandit")
    assert [found[f"bandit_{n}"]["state"]["status"] for n in range(3)] == ["Completed", "Canceled", "Canceled"]
    assert "early termination (bandit at interval" in found["bandit_1"]["state"]["reason"]["message"]
    assert properties(zaffre, "bandit")["best_child_run_id"] == "bandit_0"


def test_a_cancelled_sweep_can_be_gone_on_with(zaffre: Installation) -> None:
    values = {"x": {"type": "choice", "values": [0.1, 0.2, 0.3, 0.4]}}
    script = BOWL + "time.sleep(0 if x < 0.25 or os.path.exists(sys.argv[2]) else 100)\n"
    flag = zaffre.home / "go-on"
    document = sweep(
        code(zaffre, script),
        f"python run.py ${{{{search_space.x}}}} {flag}",
        search_space=values,
        sampling_algorithm="grid",
        limits={"max_total_trials": 4, "max_concurrent_trials": 1},
    )
    put(zaffre, "stopped", document)
    until(lambda: len(children(zaffre, "stopped")) == 3, "the third trial")
    zaffre.running("stopped_2")
    zaffre.call("POST", "jobs/stopped/cancel").raise_for_status()
    assert zaffre.ended("stopped")["status"] == "Canceled"
    assert {name: child["state"]["status"] for name, child in children(zaffre, "stopped").items()} == {
        "stopped_0": "Completed",
        "stopped_1": "Completed",
        "stopped_2": "Canceled",
    }
    flag.touch()
    resumed = zaffre.call("POST", "jobs/stopped/resume", {"name": "resumed"})
    assert resumed.status_code in (200, 201, 202), resumed.text
    assert zaffre.ended("resumed")["status"] == "Completed"
    found = children(zaffre, "resumed")
    assert [tried(found[f"resumed_{n}"])["x"] for n in range(4)] == [0.1, 0.2, 0.3, 0.4]
    assert properties(zaffre, "resumed")["best_child_run_id"] == "resumed_2"
    assert not (zaffre.home / "runs" / "resumed_0").exists()  # taken over, not run again
    assert (zaffre.home / "runs" / "resumed_2").exists()
    put(
        zaffre,
        "warm",
        {**document, "warm_start": ["resumed"], "sampling_algorithm": "tpe", "limits": {"max_total_trials": 2}},
    )
    assert zaffre.ended("warm")["status"] == "Completed"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            LOG + "log(1.0, 'los')\n",
            "No trial that ran to its end logged a value of the metric loss; what was logged: los; did you",
        ),
        ("raise SystemExit(3)\n", "No trial ran to its end: 3 failed. The first failure, of "),
    ],
)
def test_a_sweep_without_a_result_says_why(zaffre: Installation, script: str, told: str) -> None:
    name = f"none-{len(script)}"
    put(zaffre, name, sweep(code(zaffre, script), limits={"max_total_trials": 9, "max_concurrent_trials": 1}))
    state = zaffre.ended(name)
    assert state["status"] == "Failed"
    assert state["reason"]["message"].startswith(told), state


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        (
            {"search_space": {"x": {"type": "uniform", "min_value": 2, "max_value": 1}}},
            "search_space.x.min_value",
            "nothing lies",
        ),
        ({"sampling_algorithm": "grid"}, "search_space.x.type", "grid sampling takes choice; found uniform"),
        ({"trial": {"command": "true", "environment": "azureml:nothing:1"}}, "trial.environment", "nothing"),
        ({"warm_start": ["nobody"]}, "warm_start.0", "there is no sweep 'nobody'"),
        ({"resume": "nobody"}, "resume", "there is no sweep 'nobody'"),
        ({"trial": "azureml:nothing:1"}, "trial.component", "nothing"),
    ],
)
def test_what_must_fail_is_refused(zaffre: Installation, changes: dict[str, Any], field: str, told: str) -> None:
    answer = zaffre.call("PUT", "jobs/refused", sweep(code(zaffre, BOWL), **changes))
    assert answer.status_code == 400, answer.text
    details = answer.json()["error"]["details"]
    assert any(one["target"] == field and told in one["message"] for one in details), details


def test_a_trial_may_be_a_registered_component(zaffre: Installation) -> None:
    component = {
        "type": "command",
        "name": "bowl",
        "version": "1",
        "inputs": {"x": {"type": "number"}, "label": {"type": "string", "default": "none"}},
        "outputs": {"model": {"type": "uri_folder"}},
        "command": "python run.py ${{inputs.x}} && cp run.py ${{outputs.model}}",
        "environment": CURATED,
        "code": code(zaffre, BOWL),
    }
    answer = zaffre.call("PUT", "components/bowl/versions/1", component)
    assert answer.status_code in (200, 201), answer.text
    document = sweep("", trial="azureml:bowl@latest", limits={"max_total_trials": 2})
    put(zaffre, "component", document)
    state = zaffre.ended("component")
    assert state["status"] == "Completed", state
    found = children(zaffre, "component")
    assert all(child["spec"]["component"].startswith("azureml:bowl:1") for child in found.values())
    assert all(child["spec"]["inputs"] == {"x": tried(child)["x"], "label": "none"} for child in found.values())


def test_a_sweep_is_shown_and_streamed(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "run.py").write_text(BOWL)
    (tmp_path / "sweep.yml").write_text(
        f"""\
type: sweep
trial:
  code: src
  command: python run.py ${{{{search_space.x}}}}
  environment: {CURATED}
sampling_algorithm: grid
search_space:
  x: {{type: choice, values: [0.1, 0.2, 0.5]}}
objective: {{goal: minimize, primary_metric: loss}}
limits: {{max_total_trials: 9, max_concurrent_trials: 1}}
"""
    )
    told = cli(zaffre, "job", "create", "-f", "sweep.yml", "-n", "streamed", "--stream", cwd=tmp_path)
    for line in ("streamed_0: Completed", "streamed_2: Completed", "best so far: streamed_1, loss = 0.01"):
        assert line in told, told
    assert "Best trial: streamed_1, loss = 0.01" in told
    job = json.loads(cli(zaffre, "job", "show", "-n", "streamed", "-o", "json"))
    assert job["trials"] == {"ended": 3, "completed": 3}
    assert job["best"]["job"] == job["properties"]["best_child_run_id"] == "streamed_1"
    (tmp_path / "bad.yml").write_text((tmp_path / "sweep.yml").read_text().replace("[0.1, 0.2, 0.5]", "[]"))
    assert "bad.yml:8:" in cli(zaffre, "job", "create", "-f", "bad.yml", cwd=tmp_path, code=1)


def cli(rig: Installation, *words: str, cwd: Path | None = None, code: int = 0) -> str:
    """What ``zaffre …`` writes."""
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], cwd=cwd, env=rig.variables(), capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout if "-o" in words else done.stdout + done.stderr


@pytest.mark.timeout(240)
def test_a_sweep_is_a_step_whose_best_output_flows_on(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "run.py").write_text(BOWL + "open(sys.argv[2] + '/x.txt', 'w').write(sys.argv[1])\n")
    (tmp_path / "train.yml").write_text(
        f"""\
type: command
name: train
version: 1
inputs:
  x: {{type: number, default: 0}}
outputs:
  model: {{type: uri_folder}}
code: ./src
environment: {CURATED}
command: python run.py ${{{{inputs.x}}}} ${{{{outputs.model}}}}
"""
    )
    (tmp_path / "pipeline.yml").write_text(
        f"""\
type: pipeline
jobs:
  tune:
    type: sweep
    trial: ./train.yml
    outputs:
      model:
    sampling_algorithm: grid
    search_space:
      x: {{type: choice, values: [0.9, 0.2, 0.5]}}
    objective: {{goal: minimize, primary_metric: loss}}
    limits: {{max_total_trials: 5, max_concurrent_trials: 2}}
  score:
    command: cat ${{{{inputs.model}}}}/x.txt
    environment: {CURATED}
    inputs:
      model: {{type: uri_folder, path: "${{{{parent.jobs.tune.outputs.model}}}}"}}
"""
    )
    cli(zaffre, "job", "create", "-f", "pipeline.yml", "-n", "piped", cwd=tmp_path)
    state = zaffre.ended("piped")
    assert state["status"] == "Completed", state
    assert properties(zaffre, "piped_tune")["best_child_run_id"] == "piped_tune_1"
    assert zaffre.text("piped_score") == "0.2"
    assert tracked(zaffre, "piped_tune_1")["data"]["tags"]
