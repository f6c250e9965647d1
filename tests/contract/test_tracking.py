"""MLflow's protocol as its clients see it: one story a route, over HTTP, on the service in this process."""

import asyncio

import pytest

import mlflow_server
from zaffre.core.ports import TrackedRun


@pytest.fixture
async def service(tmp_path, tracking_url):
    opened = await mlflow_server.opened(tmp_path, database=tracking_url)
    yield opened
    await opened.close()


@pytest.fixture
def session(service):
    return mlflow_server.Session(service)


def metric(key, value, timestamp=1, step=0):
    return {"key": key, "value": value, "timestamp": timestamp, "step": step}


async def test_experiment_story(session):
    number = await session.experiment("first")
    got = (await session.get("experiments/get", experiment_id=number))["experiment"]
    assert got["name"] == "first"
    assert got["artifact_location"] == f"mlflow-artifacts:/{number}"
    assert got["lifecycle_stage"] == "active"
    await session.post("experiments/update", {"experiment_id": number, "new_name": "second"})
    await session.post("experiments/set-experiment-tag", {"experiment_id": number, "key": "k", "value": "v"})
    named = (await session.get("experiments/get-by-name", experiment_name="second"))["experiment"]
    assert named["experiment_id"] == number
    assert named["tags"] == [{"key": "k", "value": "v"}]
    run = await session.run(number)
    await session.post("experiments/delete", {"experiment_id": number})
    assert (await session.get("runs/get", run_id=run))["run"]["info"]["lifecycle_stage"] == "deleted"
    assert "experiments" not in await session.get("experiments/search", max_results=5, filter="name = 'second'")
    await session.post("experiments/restore", {"experiment_id": number})
    found = await session.get("experiments/search", max_results=5, filter="name LIKE 'sec%' AND tags.k = 'v'")
    assert [one["experiment_id"] for one in found["experiments"]] == [number]


async def test_what_is_missing_is_404_in_mlflows_shape(session):
    for path, params in (
        ("experiments/get", {"experiment_id": "77"}),
        ("experiments/get-by-name", {"experiment_name": "none"}),
        ("runs/get", {"run_id": "none"}),
        ("registered-models/get", {"name": "none"}),
        ("logged-models/m-none", {}),
    ):
        answer = await session.ask("GET", path, **params)
        assert (answer.status_code, answer.json()["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST"), path
    twice = [await session.ask("POST", "experiments/create", {"name": "x"}) for _ in range(2)]
    assert (twice[1].status_code, twice[1].json()["error_code"]) == (400, "RESOURCE_ALREADY_EXISTS")
    unknown = await session.ask("GET", "experiments/nonsense")
    assert (unknown.status_code, unknown.json()["error_code"]) == (404, "ENDPOINT_NOT_FOUND")


async def test_run_story(session):
    run = await session.run(tags=[{"key": "mlflow.runName", "value": "named"}])
    await session.post("runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.1"})
    await session.post("runs/set-tag", {"run_uuid": run, "key": "t", "value": ""})
    await session.post("runs/log-metric", {"run_id": run, **metric("loss", 2.0, 5, 1)})
    await session.post("runs/log-metric", {"run_id": run, **metric("loss", 1.0, 4, 0)})
    await session.post("runs/log-metric", {"run_id": run, **metric("nan", "NaN")})
    await session.post("runs/log-metric", {"run_id": run, **metric("inf", "Infinity")})
    got = (await session.get("runs/get", run_id=run))["run"]
    assert got["info"]["run_name"] == "named"
    assert got["info"]["artifact_uri"] == f"mlflow-artifacts:/0/{run}/artifacts"
    values = {one["key"]: one["value"] for one in got["data"]["metrics"]}
    assert values == {"loss": 2.0, "nan": "NaN", "inf": 1.7976931348623157e308}
    assert got["data"]["params"] == [{"key": "lr", "value": "0.1"}]
    assert {"key": "t", "value": ""} in got["data"]["tags"]
    ended = await session.post("runs/update", {"run_id": run, "status": "FINISHED", "end_time": 9, "run_name": "new"})
    assert (ended["run_info"]["status"], ended["run_info"]["end_time"]) == ("FINISHED", 9)
    await session.post("runs/delete", {"run_id": run})
    refused = await session.ask("POST", "runs/set-tag", {"run_id": run, "key": "t", "value": "x"})
    assert "must be in the 'active' state" in refused.json()["message"]
    await session.post("runs/restore", {"run_id": run})
    await session.post("runs/delete-tag", {"run_id": run, "key": "t"})


async def test_a_param_is_written_once(session):
    run = await session.run()
    for _ in range(2):
        await session.post("runs/log-parameter", {"run_id": run, "key": "p", "value": "1"})
    again = await session.ask("POST", "runs/log-parameter", {"run_id": run, "key": "p", "value": "2"})
    assert "Changing param values is not allowed" in again.json()["message"]
    batch = {
        "run_id": run,
        "params": [{"key": "q", "value": "1"}, {"key": "p", "value": "2"}],
        "metrics": [metric("m", 1.0)],
    }
    assert (await session.ask("POST", "runs/log-batch", batch)).status_code == 400
    data = (await session.get("runs/get", run_id=run))["run"]["data"]
    assert data["params"] == [{"key": "p", "value": "1"}], "a refused batch leaves nothing"
    assert "metrics" not in data


async def test_batch_keeps_history_and_the_latest(session):
    run = await session.run()
    points = [metric("loss", float(i % 7), 1000 + i, i) for i in range(1000)]
    await session.post("runs/log-batch", {"run_id": run, "metrics": points[::-1]})
    await session.post("runs/log-batch", {"run_id": run, "metrics": points})  # the same again changes nothing
    history = (await session.get("metrics/get-history", run_id=run, metric_key="loss"))["metrics"]
    assert history == points
    data = (await session.get("runs/get", run_id=run))["run"]["data"]["metrics"]
    assert data == [points[-1]]


async def test_history_in_pages(session):
    run = await session.run()
    # equal times and steps, and a NaN, which is stored as 0 beside a flag: no point may be lost or doubled at a page's end
    values = [3.0, 1.0, "NaN", 0.0, 2.0, -1.0]
    await session.post("runs/log-batch", {"run_id": run, "metrics": [metric("m", value, 5, 5) for value in values]})
    got, token = [], None
    for _ in range(6):
        page = await session.get(
            "metrics/get-history", run_id=run, metric_key="m", max_results=2, **({"page_token": token} if token else {})
        )
        got += [one["value"] for one in page["metrics"]]
        token = page.get("next_page_token")
        if not token:
            break
    assert got == [-1.0, 0.0, "NaN", 1.0, 2.0, 3.0]
    assert await session.get("metrics/get-history", run_id=run, metric_key="none") == {}


async def test_sampled_history_keeps_both_ends(session):
    run = await session.run()
    await session.post("runs/log-batch", {"run_id": run, "metrics": [metric("m", float(i), i, i) for i in range(100)]})
    sample = await session.get("metrics/get-history-bulk-interval", run_ids=run, metric_key="m", max_results=10)
    steps = [one["step"] for one in sample["metrics"]]
    assert (len(steps), steps[0], steps[-1]) == (10, 0, 99)
    part = await session.get(
        "metrics/get-history-bulk-interval", run_ids=run, metric_key="m", max_results=10, start_step=5, end_step=9
    )
    assert [one["step"] for one in part["metrics"]] == [5, 6, 7, 8, 9]
    bulk = await session.get("metrics/get-history-bulk", run_id=run, metric_key="m", max_results=3)
    assert [one["step"] for one in bulk["metrics"]] == [0, 1, 2]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"metrics": [{"key": "a", "value": 1.5}]}, "Missing value for required parameter 'metrics[0].timestamp'"),
        ({"metrics": [{"value": 1.5, "timestamp": 1}]}, "Missing value for required parameter 'metrics[0].key'"),
        ({"metrics": [metric("a", 1.0), metric("a", "x")]}, "for parameter 'value' supplied"),
        ({"metrics": [metric("a", True)]}, "for parameter 'value' supplied"),
        ({"metrics": [metric("a", 1.0, -1)]}, "Timestamp must be a nonnegative long"),
        ({"metrics": [metric("../a", 1.0)]}, "Names may be treated as files"),
        ({"metrics": [metric("a\n", 1.0)]}, "Names may only contain"),
        ({"metrics": [metric("a" * 251, 1.0)]}, "'Metric name' exceeds the maximum length of 250"),
        ({"metrics": [metric("a", 1.0, 2**63)]}, "for parameter 'timestamp' supplied"),
        ({"metrics": [metric("a", 1.0)] * 1001}, "at most 1000 metrics"),
        ({"metrics": "foo"}, "Invalid value"),
        ({"metrics": [5]}, "Invalid value"),
        ({"params": [{"key": "p", "value": "1"}] * 2}, "Duplicate parameter keys"),
        ({"params": [{"key": f"p{i}", "value": "1"} for i in range(101)]}, "at most 100 params"),
        ({"tags": [{"key": "zaffre.root", "value": "x"}]}, "is reserved"),
    ],
)
async def test_a_wrong_batch_is_refused_whole(session, body, message):
    run = await session.run()
    answer = await session.ask(
        "POST", "runs/log-batch", {"run_id": run, "params": [{"key": "ok", "value": "1"}], **body}
    )
    assert answer.status_code == 400, answer.text
    assert message in answer.json()["message"]
    assert "params" not in (await session.get("runs/get", run_id=run))["run"]["data"]


async def test_long_values_are_cut_as_mlflow_cuts_them(session):
    run = await session.run()
    await session.post("runs/log-parameter", {"run_id": run, "key": "p", "value": "x" * 7000})
    await session.post("runs/set-tag", {"run_id": run, "key": "t", "value": "y" * 9000})
    data = (await session.get("runs/get", run_id=run))["run"]["data"]
    assert len(data["params"][0]["value"]) == 6000
    assert max(len(tag["value"]) for tag in data["tags"]) == 8000


async def test_search_filters_orders_and_pages(session):
    number = await session.experiment()
    names = {}
    for i in range(20):
        run = await session.run(number, start_time=100 + i)
        names[run] = i
        value = "NaN" if i == 3 else i / 10
        tags = [{"key": "even", "value": "yes"}] if i % 2 == 0 else []
        body = {
            "run_id": run,
            "metrics": [metric("acc", value)],
            "params": [{"key": "lr", "value": str(i % 3)}],
            "tags": tags,
        }
        await session.post("runs/log-batch", body)

    async def search(filter="", order_by=(), **more):
        body = {"experiment_ids": [number], "filter": filter, "order_by": list(order_by), **more}
        return await session.post("runs/search", body)

    async def found(*args, **more):
        return [names[run["info"]["run_id"]] for run in (await search(*args, **more)).get("runs", [])]

    assert await found() == list(range(19, -1, -1))
    assert await found("metrics.acc > 1.0 AND params.lr = '1'", ["metrics.acc DESC"]) == [19, 16, 13]
    assert await found("metrics.acc != 0.5 AND tags.even IS NULL") == [19, 17, 15, 13, 11, 9, 7, 3, 1]
    assert await found("metrics.acc <= 0.0") == [0], "a NaN, kept as 0, equals nothing"
    assert await found("tags.even LIKE 'Y%'") == []
    assert await found("tags.even ILIKE 'Y%' and start_time < 103") == [2, 0]
    assert (await found("", ["metrics.acc ASC"]))[-1] == 3, "a NaN comes last"
    assert (await found("", ["tags.even DESC", "start_time ASC"]))[:3] == [0, 2, 4]
    one = next(iter(names))
    assert await found(f"run_id IN ('{one}', 'other')") == [0]
    first = await search(max_results=15)
    rest = await search(max_results=15, page_token=first["next_page_token"])
    assert (len(first["runs"]), len(rest["runs"]), "next_page_token" in rest) == (15, 5, False)
    await session.post("runs/delete", {"run_id": one})
    assert await found("", run_view_type="DELETED_ONLY") == [0]
    assert len(await found("", run_view_type="ALL")) == 20
    assert await session.post("runs/search", {"experiment_ids": []}) == {}


async def test_inputs_outputs_and_datasets(session):
    number = await session.experiment()
    run = await session.run(number)
    model = (await session.post("logged-models", {"experiment_id": number, "name": "m", "source_run_id": run}))["model"]
    identity = model["info"]["model_id"]
    dataset = {"name": "d", "digest": "1", "source_type": "local", "source": "{}", "schema": "s"}
    tags = [{"key": "mlflow.data.context", "value": "train"}]
    for _ in range(2):
        logged = {"run_id": run, "datasets": [{"dataset": dataset, "tags": tags}], "models": [{"model_id": identity}]}
        await session.post("runs/log-inputs", logged)
    await session.post("runs/outputs", {"run_id": run, "models": [{"model_id": identity, "step": 3}]})
    got = (await session.get("runs/get", run_id=run))["run"]
    assert got["inputs"] == {
        "dataset_inputs": [{"dataset": dataset, "tags": tags}],
        "model_inputs": [{"model_id": identity}],
    }
    assert got["outputs"] == {"model_outputs": [{"model_id": identity, "step": 3}]}
    summaries = await session.post("experiments/search-datasets", {"experiment_ids": [number]})
    assert summaries["dataset_summaries"] == [{"experiment_id": number, "name": "d", "digest": "1", "context": "train"}]
    hits = await session.post("runs/search", {"experiment_ids": [number], "filter": "dataset.context = 'train'"})
    assert len(hits["runs"]) == 1


async def test_logged_model_story(session):
    number = await session.experiment()
    run = await session.run(number)
    made = await session.post(
        "logged-models",
        {"experiment_id": number, "name": "m", "source_run_id": run, "params": [{"key": "p", "value": "1"}]},
    )
    identity = made["model"]["info"]["model_id"]
    assert made["model"]["info"]["artifact_uri"] == f"mlflow-artifacts:/{number}/models/{identity}/artifacts"
    assert made["model"]["info"]["status"] == "LOGGED_MODEL_PENDING"
    path = f"logged-models/{identity}"
    await session.post(path, {"model_id": identity, "status": "LOGGED_MODEL_READY"}, "PATCH")
    await session.post(f"{path}/tags", {"tags": [{"key": "a", "value": "b"}, {"key": "c", "value": "d"}]}, "PATCH")
    await session.post(f"{path}/tags/a", {}, "DELETE")
    await session.post(f"{path}/params", {"params": [{"key": "q", "value": "2"}]})
    await session.post("runs/log-metric", {"run_id": run, **metric("acc", 0.9), "model_id": identity})
    got = (await session.get(path))["model"]
    assert got["info"]["tags"] == [{"key": "c", "value": "d"}]
    assert got["data"]["params"] == [{"key": "p", "value": "1"}, {"key": "q", "value": "2"}]
    assert got["data"]["metrics"][0]["run_id"] == run
    query = {
        "experiment_ids": [number],
        "filter": "metrics.acc > 0.5 AND params.p = '1' AND name = 'm'",
        "order_by": [{"field_name": "metrics.acc", "ascending": False}],
    }
    assert len((await session.post("logged-models/search", query))["models"]) == 1
    assert await session.post("logged-models/search", {**query, "filter": "metrics.acc > 0.95"}) == {}
    await session.post(path, {}, "DELETE")
    assert (await session.ask("GET", path)).status_code == 404
    assert (await session.get(path, allow_deleted="true"))["model"]["info"]["model_id"] == identity


async def test_registry_story(session):
    run = await session.run()
    await session.post("registered-models/create", {"name": "reg", "tags": [{"key": "a", "value": "b"}]})
    source = f"mlflow-artifacts:/0/{run}/artifacts/model"
    for _ in range(3):
        await session.post("model-versions/create", {"name": "reg", "source": source, "run_id": run})
    await session.post("registered-models/alias", {"name": "reg", "alias": "champion", "version": "2"})
    await session.post("model-versions/set-tag", {"name": "reg", "version": "2", "key": "k", "value": "v"})
    moved = {"name": "reg", "version": "1", "stage": "production"}
    assert (await session.post("model-versions/transition-stage", moved))["model_version"][
        "current_stage"
    ] == "Production"
    await session.post("model-versions/update", {"name": "reg", "version": "2", "description": "d"}, "PATCH")
    by_alias = (await session.get("registered-models/alias", name="reg", alias="champion"))["model_version"]
    assert (by_alias["version"], by_alias["aliases"], by_alias["description"]) == ("2", ["champion"], "d")
    model = (await session.get("registered-models/get", name="reg"))["registered_model"]
    assert sorted(one["version"] for one in model["latest_versions"]) == ["1", "3"]
    assert model["aliases"] == [{"alias": "champion", "version": "2"}]
    assert (await session.get("registered-models/alias", name="reg", alias="latest"))["model_version"]["version"] == "3"
    await session.post("model-versions/delete", {"name": "reg", "version": "3"}, "DELETE")
    await session.post("model-versions/create", {"name": "reg", "source": source, "run_id": run})
    found = await session.get("model-versions/search", filter="name = 'reg'", order_by="version_number DESC")
    assert [one["version"] for one in found["model_versions"]] == ["4", "2", "1"], "a deleted number is not used again"
    tagged = await session.get("model-versions/search", filter="tags.k = 'v' AND name = 'reg'")
    assert [one["version"] for one in tagged["model_versions"]] == ["2"]
    await session.post("registered-models/rename", {"name": "reg", "new_name": "new"})
    uri = await session.get("model-versions/get-download-uri", name="new", version="2")
    assert uri == {"artifact_uri": source}
    await session.post("registered-models/delete", {"name": "new"}, "DELETE")
    assert "registered_models" not in await session.get("registered-models/search")


async def test_a_version_of_a_logged_model_or_of_another_version(session):
    number = await session.experiment()
    run = await session.run(number)
    made = await session.post("logged-models", {"experiment_id": number, "source_run_id": run})
    info = made["model"]["info"]
    await session.post("registered-models/create", {"name": "a"})
    first = await session.post("model-versions/create", {"name": "a", "source": f"models:/{info['model_id']}"})
    assert first["model_version"]["run_id"] == run
    second = await session.post("model-versions/create", {"name": "a", "source": "models:/a/1"})
    assert second["model_version"]["source"] == "models:/a/1"
    uri = await session.get("model-versions/get-download-uri", name="a", version="2")
    assert uri == {"artifact_uri": info["artifact_uri"]}
    tags = (await session.get(f"logged-models/{info['model_id']}"))["model"]["info"]["tags"]
    assert tags == [{"key": "mlflow.modelVersions", "value": '[{"name": "a", "version": 1}]'}]


async def test_prompts_stay_out_of_models(session):
    prompt = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]
    await session.post("registered-models/create", {"name": "p", "tags": prompt})
    await session.post("model-versions/create", {"name": "p", "source": "dummy-source", "tags": prompt})
    assert await session.get("registered-models/search") == {}
    asked = await session.get("registered-models/search", filter="tags.`mlflow.prompt.is_prompt` = 'true'")
    assert [one["name"] for one in asked["registered_models"]] == ["p"]
    clash = await session.ask("POST", "registered-models/create", {"name": "p"})
    assert "already taken by a prompt" in clash.json()["message"]


async def test_concurrent_writers_lose_nothing(session):
    run = await session.run()
    await asyncio.gather(
        *(session.post("runs/log-metric", {"run_id": run, **metric("m", float(i), i, i)}) for i in range(200))
    )
    history = (await session.get("metrics/get-history", run_id=run, metric_key="m"))["metrics"]
    assert [one["step"] for one in history] == list(range(200))
    assert (await session.get("runs/get", run_id=run))["run"]["data"]["metrics"][0]["step"] == 199


async def test_a_job_s_run_is_opened_once_and_closed_over_the_client(service, session):
    job = TrackedRun("happy_fox_1", "default", "train", "Happy", "user:ann", 5.0, {"k": "v"}, parent="sweep_1")
    number = await service.open_run(job)
    assert await service.open_run(job) == number
    got = (await session.get("runs/get", run_id="happy_fox_1"))["run"]
    assert got["info"]["artifact_uri"] == f"mlflow-artifacts:/{number}/happy_fox_1/artifacts"
    tags = {tag["key"]: tag["value"] for tag in got["data"]["tags"]}
    assert tags["mlflow.runName"] == "Happy"
    assert tags["mlflow.parentRunId"] == "sweep_1"
    assert tags["k"] == "v"
    inside = session.other(run="happy_fox_1")
    child = await inside.run(number)
    await inside.post("runs/update", {"run_id": "happy_fox_1", "status": "FINISHED"})
    await service.close_run("happy_fox_1", "Failed", 7.5)
    for run in ("happy_fox_1", child):
        info = (await session.get("runs/get", run_id=run))["run"]["info"]
        assert (info["status"], info["end_time"]) == ("FAILED", 7500)


async def test_workspaces_do_not_see_each_other(session):
    number, run = await session.experiment("same"), await session.run()
    await session.post("registered-models/create", {"name": "m"})
    other = session.other(workspace="Team_B")
    assert await other.experiment("same") != number
    for method, path, body, params in (
        ("GET", "runs/get", None, {"run_id": run}),
        ("GET", "experiments/get", None, {"experiment_id": number}),
        ("GET", "registered-models/get", None, {"name": "m"}),
        ("POST", "runs/log-metric", {"run_id": run, **metric("m", 1.0)}, {}),
    ):
        assert (await other.ask(method, path, body, **params)).status_code == 404, path
    assert await other.post("runs/search", {"experiment_ids": [number]}) == {}
    default = (await other.get("experiments/get", experiment_id="0"))["experiment"]
    assert default["name"] == "Default"
    assert default["experiment_id"] != "0"


async def test_both_spellings_of_the_address_reach_the_same(session):
    prefix = "/v1.0/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
    for root in ("", prefix, prefix.replace("v1.0", "v2.0").lower()):
        answer = await session.ask("GET", f"{root}/api/2.0/mlflow/experiments/get", experiment_id="0")
        assert answer.json()["experiment"]["name"] == "Default"
    assert (await session.ask("GET", "/health")).text == "OK"
