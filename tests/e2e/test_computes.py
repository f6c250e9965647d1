"""Computes as their users meet them: every command of the page, the client's names, Azure's paths, quotas, workspaces apart."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import Installation, installation, job, until

PAGE = Path(__file__).parents[2] / "docs" / "user" / "compute.md"
PROVIDER = "/providers/Microsoft.MachineLearningServices"
COMPUTE = f"/subscriptions/s/resourceGroups/g{PROVIDER}/workspaces/default/computes/arm"
BLOCK = "until [ -e go ]; do sleep 0.05; done"
ATTACHED = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks"
_CLIENT = """
import json, os
from zaffre import MLClient
from zaffre.entities import AmlCompute, ComputeInstance
ml_client = MLClient()
cluster = AmlCompute(name="sdk", size="STANDARD_DS3_V2", min_instances=1, max_instances=2)
ml_client.compute.begin_create_or_update(cluster).result()
ml_client.compute.begin_create_or_update(ComputeInstance(name="sdk-one", size="STANDARD_DS3_V2")).result()
ml_client.compute.begin_stop("sdk-one").result()
print(json.dumps({
    "nodes": [[node.node_id, node.node_state] for node in ml_client.compute.list_nodes("sdk")],
    "usage": [usage.name["value"] for usage in ml_client.compute.list_usage()],
    "sizes": [size.name for size in ml_client.compute.list_sizes(compute_type="ComputeInstance")],
    "why": ml_client.jobs.why("sdk-job")["reason"]["code"],
}))
ml_client.compute.begin_restart("sdk-one").result()
ml_client.compute.begin_delete("sdk-one").result()
"""


def cli(rig: Installation, *words: str, code: int = 0) -> str:
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], env=rig.variables(), capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == code, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + (done.stderr if code else "")


def test_every_command_of_the_page(zaffre: Installation) -> None:
    blocks = re.findall(r"```bash\n(.*?)```", PAGE.read_text(), re.DOTALL)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]
    assert len(lines) >= 11
    zaffre.submit("page", "true")
    assert zaffre.ended("page")["status"] == "Completed"
    for line in lines:
        cli(zaffre, *shlex.split(line.replace("NAME", "page"))[1:])


def test_the_clients_names(zaffre: Installation) -> None:
    zaffre.submit("sdk-job", "exit 3")
    assert zaffre.ended("sdk-job")["status"] == "Failed"
    done = subprocess.run(
        [sys.executable, "-c", _CLIENT],
        env=zaffre.variables(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["nodes"] == [["sdk-idle-1", "idle"]]
    assert {"nodes_of_the_workspace", "nodes_of_sdk", "nodes_of_local"} <= set(told["usage"])
    assert len(set(told["usage"])) == len(told["usage"])
    assert "Standard_DS3_v2" in told["sizes"]
    assert told["why"] == "ExitCode"


def test_what_the_official_client_asks_for(zaffre: Installation) -> None:
    body = {
        "location": "local",
        "properties": {
            "computeType": "AmlCompute",
            "properties": {"vmSize": "STANDARD_NC6", "scaleSettings": {"minNodeCount": 2, "maxNodeCount": 3}},
        },
    }
    zaffre.call("PUT", COMPUTE, body).raise_for_status()
    shown = zaffre.call("GET", COMPUTE.lower()).raise_for_status().json()["properties"]
    inner = shown["properties"]
    assert (shown["provisioningState"], inner["allocationState"], inner["currentNodeCount"]) == (
        "Succeeded",
        "Steady",
        2,
    )
    assert inner["nodeStateCounts"]["idleNodeCount"] == 2
    assert zaffre.call("POST", f"{COMPUTE}/stop").status_code == 202
    assert zaffre.call("POST", f"{COMPUTE.lower()}/START").status_code == 202
    assert len(zaffre.call("POST", f"{COMPUTE}/listNodes").json()["nodes"]) == 2
    assert zaffre.call("POST", f"{COMPUTE}/dance").status_code == 501
    where = f"/subscriptions/s{PROVIDER}/locations/local"
    sizes = zaffre.call("GET", f"{where}/vmSizes").raise_for_status().json()["value"]
    assert {"name", "family", "vCPUs", "gpus", "memoryGB", "supportedComputeTypes"} <= set(sizes[0])
    used = zaffre.call("GET", f"{where}/usages").raise_for_status().json()["value"]
    assert {"id", "unit", "currentValue", "limit", "name"} <= set(used[0])


def test_attached_computes_are_kept_and_run_nothing(zaffre: Installation) -> None:
    cli(
        zaffre, "compute", "attach", "-n", "aks", "--type", "kubernetes", "--resource-id", ATTACHED, "--namespace", "ml"
    )
    shown = json.loads(cli(zaffre, "compute", "show", "-n", "aks"))
    assert (shown["resource_id"], shown["namespace"], shown["is_attached"]) == (ATTACHED, "ml", True)
    refused = zaffre.call("PUT", "jobs/on-aks", job("true", compute="azureml:aks"))
    assert refused.status_code == 501
    assert "attached" in refused.text
    wrong = cli(zaffre, "compute", "attach", "-n", "vm", "--type", "virtualmachine", "--resource-id", "vm", code=1)
    assert "resource id" in wrong
    assert zaffre.call("POST", "computes/aks/stop").status_code == 409


def test_a_size_with_gpus_is_told_of_and_runs_where_there_are_none(zaffre: Installation) -> None:
    zaffre.submit("gpus", "true", resources={"instance_type": "Standard_NC6s_v3"})
    state = zaffre.ended("gpus")
    assert state["status"] == "Completed"
    assert "1 GPU(s) a node" in state["notes"][0]


@pytest.mark.parametrize(
    ("resources", "field"),
    [
        ({"docker_args": "--memory lots"}, "resources.docker_args"),
        ({"properties": {"cpus": -1}}, "resources.properties.cpus"),
    ],
)
def test_limits_that_cannot_be_read_are_refused_at_their_field(
    zaffre: Installation, resources: Any, field: str
) -> None:
    refused = zaffre.call("PUT", "jobs/unlimited", job("true", resources=resources))
    assert refused.status_code == 400
    assert field in refused.text


def test_quotas_and_workspaces_apart(environments: Path) -> None:
    quota = {"ZAFFRE_COMPUTE_QUOTA": '{default = "1"}'}
    with installation(environments, quota, compute_local_nodes="4", jobs_grace="1") as rig:
        rig.call("PUT", "/api/v1/workspaces/other", {"name": "other"}).raise_for_status()
        for workspace in ("default", "other"):
            path = f"/api/v1/workspaces/{workspace}/computes/same"
            rig.call("PUT", path, {"name": "same", "type": "amlcompute", "max_instances": 1}).raise_for_status()
        rig.submit("first", BLOCK, compute="azureml:same")
        rig.running("first")
        rig.submit("second", BLOCK, compute="local")
        until(lambda: rig.state("second")["status"] == "Queued", "the quota to hold")
        told = rig.call("GET", "jobs/second/why").json()
        assert told["waits_for"] == "quota", told
        there = "/api/v1/workspaces/other/jobs"
        rig.call("PUT", f"{there}/third", job("true", compute="azureml:same")).raise_for_status()
        rig.call("PUT", f"{there}/fourth", job("true", compute="local")).raise_for_status()
        for name in ("third", "fourth"):
            ended = rig.call("GET", f"{there}/{name}", params={"wait_for": "final", "timeout": "30"}).json()
            assert ended["state"]["status"] == "Completed", "another workspace has its own nodes and is not held back"
        (rig.attempt("first") / "work" / "go").touch()
        rig.running("second")
        (rig.attempt("second") / "work" / "go").touch()
        assert rig.ended("second")["status"] == "Completed"
