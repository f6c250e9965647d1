"""A job's token on MLflow's protocol: its own run, what that run makes, its experiment, registering models; no more."""

import pytest

import mlflow_server
from zaffre.core.ports import TrackedRun


@pytest.fixture
async def owner(tmp_path):
    service = await mlflow_server.opened(tmp_path)
    for name, experiment in (("job_a", "shared"), ("job_b", "shared"), ("job_c", "other")):
        await service.open_run(TrackedRun(name, "default", experiment, name, "user:ann", 1.0))
    yield mlflow_server.Session(service)
    await service.close()


@pytest.fixture
def job(owner):
    return owner.other(run="job_a")


async def _number(owner, name):
    return (await owner.get("experiments/get-by-name", experiment_name=name))["experiment"]["experiment_id"]


async def test_its_own_run_and_its_children(owner, job):
    number = await _number(owner, "shared")
    await job.post("runs/log-metric", {"run_id": "job_a", "key": "m", "value": 1.0, "timestamp": 1})
    child = await job.run(number, tags=[{"key": "mlflow.parentRunId", "value": "job_a"}])
    await job.post("runs/log-parameter", {"run_id": child, "key": "p", "value": "1"})
    grandchild = await job.run(number, tags=[{"key": "mlflow.parentRunId", "value": child}])
    found = await job.post("runs/search", {"experiment_ids": [number]})
    assert {run["info"]["run_id"] for run in found["runs"]} == {"job_a", child, grandchild}
    put = await job.client.put(f"/api/2.0/mlflow-artifacts/artifacts/{number}/{child}/artifacts/f", content=b"x")
    assert put.status_code == 200


@pytest.mark.parametrize("other", ["job_b", "job_c"])
async def test_no_other_run(owner, job, other):
    number = await _number(owner, "shared" if other == "job_b" else "other")
    await owner.post("runs/log-metric", {"run_id": other, "key": "secret", "value": 42.0, "timestamp": 1})
    await owner.client.put(f"/api/2.0/mlflow-artifacts/artifacts/{number}/{other}/artifacts/f", content=b"canary")
    point = {"key": "m", "value": 1.0, "timestamp": 1}
    proxy = f"/api/2.0/mlflow-artifacts/artifacts/{number}/{other}/artifacts/f"
    direct = f"/api/2.0/mlflow-artifacts/artifacts/ExperimentRun/dcid.{other}/f"
    tries = [
        ("GET", "runs/get", None, {"run_id": other}),
        ("POST", "runs/log-metric", {"run_id": other, **point}, {}),
        ("POST", "runs/log-metric", {"run_uuid": other, **point}, {}),
        ("POST", "runs/log-batch", {"run_id": other, "metrics": [point]}, {}),
        ("POST", "runs/set-tag", {"run_id": other, "key": "k", "value": "v"}, {}),
        ("POST", "runs/delete-tag", {"run_id": other, "key": "mlflow.user"}, {}),
        ("POST", "runs/update", {"run_id": other, "status": "FAILED"}, {}),
        ("POST", "runs/delete", {"run_id": other}, {}),
        ("POST", "runs/log-inputs", {"run_id": other}, {}),
        ("GET", "metrics/get-history", None, {"run_id": other, "metric_key": "secret"}),
        ("GET", "metrics/get-history-bulk", None, {"run_id": other, "metric_key": "secret"}),
        ("GET", "metrics/get-history-bulk-interval", None, {"run_ids": other, "metric_key": "secret"}),
        ("GET", "artifacts/list", None, {"run_id": other}),
        ("GET", "/get-artifact", None, {"run_id": other, "path": "f"}),
        ("GET", proxy, None, {}),
        ("PUT", proxy, {"x": 1}, {}),
        ("DELETE", proxy, None, {}),
        ("GET", direct, None, {}),
        ("PUT", direct, {"x": 1}, {}),
        ("GET", "/api/2.0/mlflow-artifacts/artifacts", None, {"path": f"{number}/{other}/artifacts"}),
        ("GET", "/api/2.0/mlflow-artifacts/artifacts", None, {"path": ""}),
        ("POST", "logged-models", {"experiment_id": number, "source_run_id": other}, {}),
        ("POST", "runs/create", {"experiment_id": number, "tags": [{"key": "mlflow.parentRunId", "value": other}]}, {}),
    ]
    for method, path, body, params in tries:
        answer = await job.ask(method, path, body, **params)
        assert answer.status_code == 403, (method, path, answer.text)
        assert "42" not in answer.text.replace("404", "")
        assert "canary" not in answer.text


async def test_it_cannot_adopt_a_run_by_writing_the_tag(owner, job):
    for path, body in (
        ("runs/set-tag", {"run_id": "job_a", "key": "zaffre.root", "value": "job_b"}),
        ("runs/delete-tag", {"run_id": "job_a", "key": "zaffre.root"}),
        ("runs/log-batch", {"run_id": "job_a", "tags": [{"key": "zaffre.root", "value": "x"}]}),
        (
            "runs/create",
            {"experiment_id": await _number(owner, "shared"), "tags": [{"key": "zaffre.root", "value": "x"}]},
        ),
    ):
        for caller in (job, owner):
            assert (await caller.ask("POST", path, body)).status_code == 400, path


async def test_its_experiment_only(owner, job):
    shared, other = await _number(owner, "shared"), await _number(owner, "other")
    await job.get("experiments/get", experiment_id=shared)
    await job.post("experiments/set-experiment-tag", {"experiment_id": shared, "key": "k", "value": "v"})
    found = await job.get("experiments/search", max_results=10)
    assert [one["name"] for one in found["experiments"]] == ["shared"]
    for method, path, body, params in (
        ("GET", "experiments/get", None, {"experiment_id": other}),
        ("GET", "experiments/get-by-name", None, {"experiment_name": "other"}),
        ("POST", "experiments/create", {"name": "new"}, {}),
        ("POST", "experiments/delete", {"experiment_id": shared}, {}),
        ("POST", "experiments/update", {"experiment_id": shared, "new_name": "x"}, {}),
        ("POST", "experiments/set-experiment-tag", {"experiment_id": other, "key": "k", "value": "v"}, {}),
        ("POST", "runs/create", {"experiment_id": other}, {}),
        ("POST", "logged-models", {"experiment_id": other}, {}),
    ):
        assert (await job.ask(method, path, body, **params)).status_code == 403, path
    assert await job.post("runs/search", {"experiment_ids": [other]}) == {}
    assert await job.post("experiments/search-datasets", {"experiment_ids": [other]}) == {}


async def test_it_registers_models_and_reads_registered_ones(owner, job):
    number = await _number(owner, "shared")
    mine = f"mlflow-artifacts:/{number}/job_a/artifacts/model"
    theirs = f"mlflow-artifacts:/{number}/job_b/artifacts/model"
    await job.post("registered-models/create", {"name": "m"})
    await job.post("model-versions/create", {"name": "m", "source": mine, "run_id": "job_a"})
    await job.post("registered-models/alias", {"name": "m", "alias": "champion", "version": "1"})
    stolen = await job.ask("POST", "model-versions/create", {"name": "m", "source": theirs, "run_id": "job_b"})
    assert stolen.status_code == 403
    runs_uri = {"name": "m", "source": "runs:/job_b/model", "run_id": "job_b"}
    assert (await job.ask("POST", "model-versions/create", runs_uri)).status_code == 403
    # another run's model, once registered, can be read as a model, and only as far as it is one
    folder = f"/api/2.0/mlflow-artifacts/artifacts/{number}/job_b/artifacts"
    for name in ("model/MLmodel", "private"):
        await owner.client.put(f"{folder}/{name}", content=b"x")
    assert (await job.client.get(f"{folder}/model/MLmodel")).status_code == 403
    await owner.post("model-versions/create", {"name": "m", "source": theirs, "run_id": "job_b"})
    assert (await job.client.get(f"{folder}/model/MLmodel")).status_code == 200
    assert (await job.client.get(f"{folder}/private")).status_code == 403
    assert (await job.client.put(f"{folder}/model/MLmodel", content=b"y")).status_code == 403
    for method, path, body in (
        ("DELETE", "model-versions/delete", {"name": "m", "version": "2"}),
        ("DELETE", "registered-models/delete", {"name": "m"}),
        ("POST", "registered-models/rename", {"name": "m", "new_name": "n"}),
    ):
        assert (await job.ask(method, path, body)).status_code == 403, path


async def test_others_logged_models_stay_closed(owner, job):
    number = await _number(owner, "shared")
    made = await owner.post("logged-models", {"experiment_id": number, "source_run_id": "job_b"})
    identity = made["model"]["info"]["model_id"]
    path = f"logged-models/{identity}"
    artifacts = f"/api/2.0/mlflow-artifacts/artifacts/{number}/models/{identity}/artifacts/f"
    for method, where, body in (
        ("GET", path, None),
        ("PATCH", path, {"status": 2}),
        ("DELETE", path, {}),
        ("PATCH", f"{path}/tags", {"tags": []}),
        ("POST", f"{path}/params", {"params": []}),
        ("GET", f"{path}/artifacts/directories", None),
        ("GET", artifacts, None),
        ("PUT", artifacts, {"x": 1}),
    ):
        assert (await job.ask(method, where, body)).status_code == 403, where
    assert await job.post("logged-models/search", {"experiment_ids": [number]}) == {}
    own = await job.post("logged-models", {"experiment_id": number})
    assert (await job.get(f"logged-models/{own['model']['info']['model_id']}"))["model"]["info"]["status"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/graphql", None),
        ("POST", "/graphql", {"query": "{ __typename }"}),
        ("GET", "/", None),
        ("POST", "/api/3.0/mlflow/traces/search", {}),
        ("POST", "/api/3.0/mlflow/traces", {"trace": {"trace_info": {}}}),
        ("POST", "/api/2.0/mlflow/webhooks", {}),
        ("GET", "/api/3.0/mlflow/scorers/list", None),
        ("POST", "/v1/traces", {}),
    ],
)
async def test_mlflow_s_own_server_is_closed_to_jobs(service_with_upstream, method, path, body):
    answer = await service_with_upstream.ask(method, path, body)
    assert answer.status_code == 403, answer.text


class _Unreachable:
    """Stands where MLflow's own server would: reaching it is the failure."""

    async def forward(self, request):
        raise AssertionError(f"{request.path} was passed on")
        yield

    async def close(self):
        """Nothing to close."""


@pytest.fixture
async def service_with_upstream(tmp_path):
    import sys
    import uuid

    from zaffre.tracking import TrackingService, TrackingSettings

    settings = TrackingSettings(
        f"sqlite:///{tmp_path / 'mlflow.db'}",
        sys.executable,
        mlflow_server.Folders(tmp_path),
        mlflow_server.WallClock(),
        lambda: uuid.uuid4().hex,
        upstream=_Unreachable(),
    )
    service = await TrackingService.open(settings)
    await service.open_run(TrackedRun("job_a", "default", "shared", "job_a", "user:ann", 1.0))
    yield mlflow_server.Session(service).other(run="job_a")
    await service.close()
