"""A job's identity: its secret makes tokens of this run while it lives; with ``identity`` they open its workspace, no more."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

HERE = "http://127.0.0.1:18440"
STORAGE = "https://storage.azure.com"
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local"
WORKSPACES = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces"
ARM = f"{WORKSPACES}/default"
NATIVE = "/api/v1/workspaces/default"
STORE = "/storage.blob.core.windows.net/workspaceblobstore-default"
PUT = {"x-ms-blob-type": "BlockBlob"}
DATA = {"properties": {"dataType": "uri_file", "dataUri": "https://example.com/x"}}


async def secret_of(inside, run, *, acts):
    if (await inside.owner.get(f"{NATIVE}/jobs/{run}")).status_code == 404:
        await inside.job(run)
    return inside.server.tokens.secret_of_run(run, "default", 3600, acts=acts)


async def token_of(inside, run, resource=HERE, *, acts=True):
    header = {"x-identity-header": await secret_of(inside, run, acts=acts)}
    answer = await inside.client(**header).get("/msi/token", params={"resource": resource})
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


async def acting(inside, run, resource=HERE, *, acts=True):
    return inside.client(authorization=f"Bearer {await token_of(inside, run, resource, acts=acts)}")


async def test_what_an_acting_job_reaches(inside):
    job = await acting(inside, "acting")
    await inside.job("another")
    for path in (ARM, f"{ARM}/jobs", f"{ARM}/jobs/another", f"{NATIVE}/jobs/another", f"{ARM}/datastores",
                 f"/history/v1.0{ARM}/runs/another/details"):  # fmt: skip
        assert (await job.get(path)).status_code == 200, path
    made = await job.put(f"{ARM}/data/of-a-job/versions/1", json=DATA)
    assert made.status_code == 201, made.text
    shown = (await inside.owner.get(f"{NATIVE}/data/of-a-job/versions/1")).json()
    assert "run:acting" in str(shown), "history says who it was"


async def test_what_no_job_reaches(inside):
    job = await acting(inside, "greedy")
    assert (await inside.owner.put("/api/v1/workspaces/elsewhere", json={})).status_code in (200, 201)
    asked = [
        ("GET", ARM.replace("default", "elsewhere")),
        ("GET", f"{ARM.replace('default', 'elsewhere')}/jobs"),
        ("GET", f"/history/v1.0{ARM.replace('default', 'elsewhere')}/runs/greedy"),
        ("GET", WORKSPACES),
        ("GET", "/subscriptions/x/anything"),
        ("GET", "/history/v1.0/anything"),
        ("PUT", ARM.replace("default", "made-by-a-job")),
        ("PUT", f"{GROUP}/providers/Microsoft.Resources/deployments/d"),
        ("DELETE", f"{ARM}/jobs/greedy"),
        ("DELETE", ARM),
        ("POST", f"{ARM}/listKeys"),
        ("POST", f"{ARM}/datastores/workspaceblobstore/listSecrets"),
        ("POST", f"{ARM}/connections/c/listsecrets"),
        ("GET", "/api/v1/workspaces"),
        ("GET", "/metrics"),
    ]
    for method, path in asked:
        assert (await job.request(method, path, json={})).status_code == 403, (method, path)
    assert (await job.get("/msi/token", params={"resource": HERE})).status_code == 403


async def test_files_of_its_own_workspace(inside):
    job = await acting(inside, "filer", STORAGE)
    assert (await job.put(f"{STORE}/mine/a.txt", content=b"a", headers=PUT)).status_code == 201
    assert (await job.get(f"{STORE}/mine/a.txt")).content == b"a"
    assert (await job.delete(f"{STORE}/mine/a.txt")).status_code == 403
    assert (await inside.owner.put("/api/v1/workspaces/elsewhere", json={})).status_code in (200, 201)
    other = STORE.replace("default", "elsewhere")
    assert (await job.get(f"{other}?restype=container&comp=list")).status_code == 403
    assert (await job.put(f"{other}/a.txt", content=b"a", headers=PUT)).status_code == 403
    management = await acting(inside, "filer")
    assert (await management.get(f"{STORE}/mine/a.txt")).status_code == 401


async def test_a_job_without_an_identity_has_its_own_records(inside):
    job = await acting(inside, "plain", acts=False)
    assert (await job.get(f"{NATIVE}/jobs/plain")).status_code == 200
    for path in (ARM, f"{ARM}/jobs/plain", f"{NATIVE}/jobs", f"/history/v1.0{ARM}/runs/plain"):
        answer = await job.get(path)
        assert answer.status_code == 403 and "identity: {type: user_identity}" in answer.text, path
    storage = await acting(inside, "plain", STORAGE, acts=False)
    for path in (f"{STORE}?restype=container&comp=list", "/storage.blob.core.windows.net/nothing-default/x"):
        assert (await storage.get(path)).status_code == 403, path


@pytest.mark.parametrize("how", ["x-identity-header", "secret", "key"])
async def test_each_way_to_show_the_secret(inside, how):
    secret = await secret_of(inside, "shows", acts=True)
    path, query = ("/msi/behalf", {"key": secret}) if how == "key" else ("/msi/token", {})
    headers = {} if how == "key" else {how: secret}
    answer = await inside.client(**headers).get(path, params={"resource": HERE, **query})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert set(told) == {"access_token", "expires_on", "resource", "token_type", "client_id"}


async def test_a_secret_is_no_token_and_a_token_no_secret(inside):
    secret = await secret_of(inside, "mixed", acts=True)
    bearer = inside.client(authorization=f"Bearer {secret}")
    for path in (ARM, f"{NATIVE}/jobs/mixed", "/msi/token", "/mlflow/api/2.0/mlflow/experiments/get?experiment_id=0"):
        assert (await bearer.get(path)).status_code == 401, path
    run_token = inside.server.tokens.for_run("mixed", "default", 60)
    forged = secret[:-9] + ("A" if secret[-9] != "A" else "B") + secret[-8:]
    for shown in (run_token, await token_of(inside, "mixed"), forged, "a.b.c"):
        answer = await inside.client(**{"x-identity-header": shown}).get("/msi/token", params={"resource": HERE})
        assert answer.status_code == 401 and "access_token" not in answer.text
    form = {"grant_type": "client_credentials", "client_secret": secret, "scope": f"{HERE}/.default"}
    assert (await inside.client().post("/adfs/oauth2/v2.0/token", data=form)).status_code == 401
    assert (await inside.client().get("/msi/behalf", params={"resource": HERE})).status_code == 401


async def test_it_is_a_living_run_s(inside):
    """What has ended, or never was: the token and the secret were ours, and open nothing."""
    secret = inside.server.tokens.secret_of_run("ghost", "default", 3600, acts=True)
    token, _ = inside.server.tokens.for_audience(HERE, 3600, inside.server.tokens.identified(secret))
    assert (await inside.client(authorization=f"Bearer {token}").get(ARM)).status_code == 401
    answer = await inside.client(**{"x-identity-header": secret}).get("/msi/token", params={"resource": HERE})
    assert answer.status_code == 401
