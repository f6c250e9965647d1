"""MLflow's protocol under attack: paths, sources, locations, injections, malformed bodies (A11 and its kin)."""

import json

import pytest

import mlflow_server

OUTSIDE = (
    "/etc",
    "file:///etc",
    "file:/etc/../etc",
    "http://attacker/#/x",
    "http:///#/etc/passwd",
    "ftp://attacker/x",
    "s3://bucket/x",
    "wasbs://c@a.blob.core.windows.net/x",
    "hdfs://h/x",
    "dbfs:/x",
    "mlflow-artifacts://other:9000/x",
    "mlflow-artifacts:/../../etc",
    "mlflow-artifacts:/a/%2e%2e/%2e%2e/etc",
    "mlflow-artifacts:/a/%252e%252e/b",
    "mlflow-artifacts:/a\\..\\b",
    "mlflow-artifacts:/a?x=/../..",
    "mlflow-artifacts:/a#/../../etc",
    "mlflow-artifacts:/a;x",
    "mlflow-artifacts:/",
    "mlflow-artifacts:",
    "runs:/x/../../y",
    "./x",
    "x/../../y",
    "C:\\windows",
    "models:/../x",
    "models://host/m/1",
)
PATHS = (
    "../secret",
    "a/../../secret",
    "%2e%2e/secret",
    "%252e%252e%252fsecret",
    "..%2fsecret",
    "..\\secret",
    "a\\..\\..\\secret",
    "/etc/passwd",
    "//etc/passwd",
    "file:///etc/passwd",
    "C:/secret",
    "a/\x00/secret",
    "a\nb",
    "#/../secret",
)


@pytest.fixture
async def service(tmp_path):
    (tmp_path / "secret").write_text("canary")
    opened = await mlflow_server.opened(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def session(service):
    return mlflow_server.Session(service)


@pytest.mark.parametrize("location", [one for one in OUTSIDE if one not in ("models:/../x", "models://host/m/1")])
async def test_an_experiment_keeps_its_artifacts_inside(session, location):
    answer = await session.ask("POST", "experiments/create", {"name": "x", "artifact_location": location})
    assert answer.status_code == 400, answer.text
    assert "canary" not in answer.text
    assert (await session.ask("GET", "experiments/get-by-name", experiment_name="x")).status_code == 404


@pytest.mark.parametrize("source", OUTSIDE)
@pytest.mark.parametrize("with_run", [True, False])
async def test_a_model_version_comes_from_inside(session, source, with_run):
    run = await session.run()
    await session.post("registered-models/create", {"name": "m"})
    body = {"name": "m", "source": source, **({"run_id": run} if with_run else {})}
    answer = await session.ask("POST", "model-versions/create", body)
    assert answer.status_code in (400, 404), answer.text
    assert await session.get("model-versions/search", filter="name = 'm'") == {}


async def test_a_model_version_comes_from_the_run_it_names(session):
    one, other = await session.run(), await session.run()
    await session.post("registered-models/create", {"name": "m"})
    for source in (
        f"mlflow-artifacts:/0/{other}/artifacts/model",
        f"mlflow-artifacts:/0/{one}",
        f"mlflow-artifacts:/0/{one}/artifactsx/model",
        f"runs:/{other}/model",
        f"runs:/{one}",
    ):
        answer = await session.ask("POST", "model-versions/create", {"name": "m", "source": source, "run_id": one})
        assert answer.status_code == 400, source
    good = {"name": "m", "source": f"mlflow-artifacts:/0/{one}/artifacts/model", "run_id": one}
    await session.post("model-versions/create", good)


@pytest.mark.parametrize("path", PATHS)
async def test_no_path_leads_out_of_the_artifacts(session, tmp_path, path):
    run = await session.run()
    await session.post("registered-models/create", {"name": "m"})
    source = f"mlflow-artifacts:/0/{run}/artifacts"
    await session.post("model-versions/create", {"name": "m", "source": source, "run_id": run})
    model = (await session.post("logged-models", {"experiment_id": "0"}))["model"]["info"]["model_id"]
    answers = [
        await session.ask("GET", "artifacts/list", run_id=run, path=path),
        await session.ask("GET", "/api/2.0/mlflow-artifacts/artifacts", path=path),
        await session.ask("GET", "/get-artifact", run_id=run, path=path),
        await session.ask("GET", "/model-versions/get-artifact", name="m", version="1", path=path),
        await session.ask(
            "GET", f"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files", artifact_file_path=path
        ),
        await session.ask("GET", f"logged-models/{model}/artifacts/directories", artifact_directory_path=path),
    ]
    for answer in answers:
        assert answer.status_code in (400, 404), (answer.url, answer.text)
        assert "canary" not in answer.text


@pytest.mark.parametrize(
    "path", ["../secret", "..%2f..%2fsecret", "%2e%2e%2fsecret", "a/..%5c..%5csecret", ".uploads/x", "a%00b"]
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_the_artifact_proxy_stays_inside(service, tmp_path, path, method):
    raw = f"/api/2.0/mlflow-artifacts/artifacts/{path}"
    status, body = await _raw(service, method, raw)
    assert status in (400, 404), body
    assert (tmp_path / "secret").read_text() == "canary"


async def _raw(service, method, raw):
    """The request as a server hands it on: a client library would tidy the path first."""
    from urllib.parse import unquote

    from zaffre.tracking import app

    sent = []

    async def receive():
        return {"type": "http.request", "body": b"overwritten", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": unquote(raw), "raw_path": raw.encode(), "root_path": ""}
    scope |= {"query_string": b"", "headers": [], "state": {"principal": mlflow_server.Owner()}}
    await app(service)(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


async def test_a_link_in_the_artifacts_leads_nowhere(session, tmp_path):
    run = await session.run()
    folder = tmp_path / f"artifacts/ExperimentRun/dcid.{run}"
    folder.mkdir(parents=True)
    (folder / "file").symlink_to(tmp_path / "secret")
    (folder / "all").symlink_to(tmp_path)
    for path in ("file", "all/secret"):
        answer = await session.ask("GET", "/get-artifact", run_id=run, path=path)
        assert answer.status_code == 400
        assert "canary" not in answer.text
    put = await session.client.put(f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/all/secret", content=b"x")
    assert put.status_code == 400
    assert (
        await session.client.delete(f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/all/secret")
    ).status_code == 400
    assert (tmp_path / "secret").read_text() == "canary"


@pytest.mark.parametrize(
    "text", ["x' OR '1'='1", "x'; DROP TABLE runs; --", 'x" OR ""="', "x` OR 1=1", "%", "x\\", "🎈"]
)
async def test_text_stays_text(session, text):
    run = await session.run()
    await session.post("runs/set-tag", {"run_id": run, "key": "k", "value": text})
    hidden = await session.run()
    await session.post("runs/set-tag", {"run_id": hidden, "key": "k", "value": "hidden"})
    if "'" not in text:
        hits = await session.post("runs/search", {"experiment_ids": ["0"], "filter": f"tags.k = '{text}'"})
        assert [one["info"]["run_id"] for one in hits["runs"]] == [run]
    for filter in (f"tags.k = '{text}'", f"tags.`{text}` = 'x'", f"params.\"{text}\" != 'x'", text):
        answer = await session.ask("POST", "runs/search", {"experiment_ids": ["0"], "filter": filter})
        assert answer.status_code in (200, 400)
        assert hidden not in answer.text
    for order in (f"metrics.`{text}`", text, f"start_time {text}"):
        answer = await session.ask("POST", "runs/search", {"experiment_ids": ["0"], "order_by": [order]})
        assert answer.status_code in (200, 400)
    assert (await session.get("runs/get", run_id=run))["run"]["info"]["run_id"] == run


BODIES = (
    b"",
    b"null",
    b"[]",
    b"5",
    b'"x"',
    b"{",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"run_id":' * 50_000,
    b'{"run_id":"r","key":"k","value":1e999,"timestamp":1}',
    b'{"run_id":"r","key":"k","value":' + b"9" * 5000 + b',"timestamp":1}',
    b'{"run_id":"r","key":"\\ud800","value":1,"timestamp":1}',
    b'{"run_id":"r\\u0000","key":"k","value":1,"timestamp":1}',
    b'{"run_id":{"$ne":1},"key":"k","value":1,"timestamp":1}',
    json.dumps({"run_id": "r" * 1_000_000, "key": "k", "value": 1, "timestamp": 1}).encode(),
)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
async def test_no_body_makes_a_5xx(session, body):
    for path in (
        "runs/log-metric",
        "runs/log-batch",
        "runs/create",
        "runs/search",
        "experiments/create",
        "runs/log-inputs",
    ):
        answer = await session.client.post(
            f"/api/2.0/mlflow/{path}", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code < 500, (path, answer.text[:200])


@pytest.mark.parametrize("value", [None, True, 5, -(2**70), 1.5, "x", "\x00", [], {}, [None], [[]], {"a": 1}, "9" * 30])
async def test_no_field_makes_a_5xx(session, value):
    from zaffre.tracking import routes

    for (method, path), route in routes.FIXED.items():
        body = dict.fromkeys(route.fields, value)
        if method == "GET":
            answer = await session.ask(method, path, **{name: str(value) for name in route.fields})
        else:
            answer = await session.ask(method, path, body)
        assert answer.status_code < 500, (method, path, answer.text[:200])


async def test_a_page_of_another_site_cannot_post(session):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = await session.client.post(
            "/api/2.0/mlflow/experiments/create", content=b'{"name": "x"}', headers={"Content-Type": kind}
        )
        assert (answer.status_code, answer.json()["error_code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "path",
    [
        "/api/2.0/mlflow/experiments//create",
        "/api/2.0/mlflow/experiments/create/",
        "/api/2.0/mlflow/./experiments/create",
        "/api/2.0/mlflow/traces/../experiments/create",
        "/api/2.0/mlflow/Experiments/Create",
        "/api/3.0/mlflow/workspaces",
        "/api/3.0/mlflow/gateway/secrets/list",
        "/ajax-api/2.0/mlflow/gateway-proxy",
        "/ajax-api/3.0/mlflow/assistant/config",
        "/gateway/anything",
        "/api/2.0/mlflow-artifacts/mpu/create/x",
        "/static-files/../api/2.0/mlflow/experiments/create",
    ],
)
async def test_odd_spellings_are_not_passed_on(service, path):
    """They must not reach MLflow's own server, where the same route would do without our checks."""
    status, body = await _raw(service, "POST", path)
    assert (status, json.loads(body)["error_code"]) in (
        (404, "ENDPOINT_NOT_FOUND"),
        (501, "NOT_IMPLEMENTED"),
        (400, "INVALID_PARAMETER_VALUE"),
    )
    from zaffre.tracking.upstream import forwards

    assert not forwards(path)
