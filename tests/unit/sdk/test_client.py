from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import zaffre
from zaffre import constants, entities
from zaffre.core.errors import Invalid, NotFound, Unavailable
from zaffre.sdk.client import MLClient
from zaffre.sdk.stream import JobFailed
from zaffre.sdk.transport import Transport


@pytest.fixture
def client(transport: Transport, tmp_path: Path) -> MLClient:
    return zaffre.MLClient(None, "sub", "group", "default", transport=transport, home=tmp_path / "home")


def test_import_is_light() -> None:
    code = "import sys, zaffre; print([m for m in ('pydantic', 'yaml', 'http.client', 'json') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_attributes_come_from_the_registry(client: MLClient) -> None:
    names = ("jobs", "data", "models", "environments", "compute", "computes", "datastores", "workspaces",
             "online_endpoints", "online_deployments", "registries")  # fmt: skip
    assert {client.__getattr__(name).kind for name in names} >= {"job", "online-deployment", "compute"}
    assert set(names) <= set(dir(client))
    with pytest.raises(AttributeError, match="online_endpoints"):
        _ = client.pipelines


def test_a_job_in_python(client: MLClient, fake: Any, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.py").write_text("1")
    (tmp_path / "x.csv").write_text("1")
    job = zaffre.command(
        command="python main.py ${{inputs.data}}",
        code=tmp_path / "src",
        environment="azureml:sklearn-1.5@latest",
        inputs={"data": zaffre.Input(type=constants.AssetTypes.URI_FILE, path=tmp_path / "x.csv"), "n": 3},
        outputs={"model": zaffre.Output(type=constants.AssetTypes.MLFLOW_MODEL)},
        instance_count=2,
        timeout=60,
    )
    made = client.jobs.create_or_update(job)
    body = next(body for method, _, body in fake.bodies if method == "PUT" and isinstance(body, dict))
    assert body["code"].startswith("azureml:code-") and body["inputs"]["data"]["path"].startswith("azureml://")
    assert (body["inputs"]["n"], body["resources"], body["limits"]) == (3, {"instance_count": 2}, {"timeout": 60})
    assert isinstance(made, entities.CommandJob)
    assert made.name == job.name and made.status == "Running"
    assert made.creation_context["created_by"] == "me"
    assert client.jobs.get(made.name).id == made.id


def test_streaming_a_failed_job_raises(client: MLClient, fake: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fake.log = b"hello\n"
    job = client.jobs.create_or_update(zaffre.command(command="x", environment="azureml:e:1"))
    client.jobs.stream(job.name)
    assert "hello\n" in capsys.readouterr().out
    fake.job_end = {"status": "Failed", "reason": {"code": "ExitCode", "message": "code 3"}}
    with pytest.raises(JobFailed, match="code 3"):
        client.jobs.stream(job.name)


def test_assets_take_the_next_version(client: MLClient, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1")
    data = entities.Data(name="table", path=str(tmp_path / "x.csv"), type="uri_file")
    assert [client.data.create_or_update(data).version for _ in range(2)] == ["1", "2"]
    assert client.create_or_update(entities.Data(name="table", version="9", path="azureml:a:1")).version == "9"
    assert client.data.get("table", label="latest").version == "1"
    assert len(list(client.data.list("table"))) == 3


def test_an_endpoint_from_birth_to_answer(client: MLClient, fake: Any, tmp_path: Path) -> None:
    fake.provisioning = ["Creating", "Updating", "Succeeded"]
    poller = client.begin_create_or_update(entities.ManagedOnlineEndpoint(name="ep", auth_mode="key"))
    assert poller.status() == "InProgress" and not poller.done()
    assert poller.result().provisioning_state == "Succeeded"
    (tmp_path / "request.json").write_text("[[1]]")
    answer = client.online_endpoints.invoke("ep", request_file=tmp_path / "request.json", deployment_name="blue")
    assert json.loads(answer) == [1, 2]
    assert fake.scored == [{"key": "Bearer p1", "deployment": "blue", "body": b"[[1]]"}]
    client.online_endpoints.begin_regenerate_keys("ep", key_type="primary").result()
    assert client.online_endpoints.get_keys("ep").primary_key == "new"


def test_a_deployment_that_fails_raises_with_its_reason(client: MLClient, fake: Any) -> None:
    fake.provisioning = ["Creating", "Failed"]
    wanted = entities.ManagedOnlineDeployment(name="blue", endpoint_name="ep", instance_type="x", model="azureml:m:1")
    with pytest.raises(Unavailable, match="blue: no"):
        client.online_deployments.begin_create_or_update(wanted).result()
    assert client.online_deployments.get("blue", "ep").endpoint_name == "ep"


def test_an_entity_of_another_kind_is_refused(client: MLClient) -> None:
    with pytest.raises(Invalid, match="expected an entity of kind job, found Data"):
        client.jobs.create_or_update(entities.Data(name="x", path="azureml:a:1"))


def test_presets_of_azures_class_names() -> None:
    assert entities.AmlCompute(name="cpu", max_instances=2).type == "amlcompute"
    assert entities.CodeConfiguration(code="src", scoring_script="score.py").scoring_script == "score.py"
    with pytest.raises(AttributeError):
        _ = entities.Nothing


def test_downloads_stay_below_their_folder(client: MLClient, fake: Any, tmp_path: Path) -> None:
    fake.files = {"artifacts/user_logs/std_log.txt": b"log", "named-outputs/m/MLmodel": b"m"}
    client.jobs.download("fox", download_path=tmp_path / "out")
    client.jobs.download("fox", download_path=tmp_path / "out", output_name="m")
    written = sorted(
        str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*") if file.is_file()
    )
    assert written == ["artifacts/user_logs/std_log.txt", "named-outputs/m/MLmodel"]
    fake.files = {"artifacts/../../evil": b"x"}
    with pytest.raises(Invalid, match="outside the folder"):
        client.jobs.download("fox", download_path=tmp_path / "out")
    with pytest.raises(NotFound):
        client.jobs.download("fox", download_path=tmp_path / "out", output_name="nothing")


def test_from_config_looks_upwards(tmp_path: Path) -> None:
    (tmp_path / ".azureml").mkdir()
    told = {"subscription_id": "s", "resource_group": "g", "workspace_name": "w"}
    (tmp_path / ".azureml" / "config.json").write_text(json.dumps(told))
    (tmp_path / "a" / "b").mkdir(parents=True)
    client = MLClient.from_config(path=tmp_path / "a" / "b", home=tmp_path / "home")
    assert (client.subscription_id, client.resource_group_name, client.workspace_name) == ("s", "g", "w")
    (tmp_path / ".azureml" / "config.json").write_text("{}")
    with pytest.raises(Invalid, match="lacks subscription_id, resource_group, workspace_name"):
        MLClient.from_config(path=tmp_path)


def test_load_reads_places_overrides_and_relative_paths(client: MLClient, fake: Any, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("1")
    file = tmp_path / "job.yml"
    file.write_text("command: python a.py\ncode: src\nenvironment: azureml:e:1\n")
    job = zaffre.load_job(file, params_override=[{"display_name": "mine"}])
    assert job.display_name == "mine"
    assert client.jobs.create_or_update(job).code.startswith("azureml:code-")
    file.write_text("command: x\nenvironment: azureml:e:1\ninputs:\n  - a\ncoed: src\n")
    with pytest.raises(Invalid, match=r'job\.yml:5:1: coed: unknown field; did you mean "code"\?'):
        zaffre.load_job(file)
    with pytest.raises(Invalid, match="there is no such file"):
        zaffre.load_data(tmp_path / "gone.yml")
