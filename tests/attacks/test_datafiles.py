"""Files by datastore path: no way out of a datastore, and a job's token reaches what api/datafiles.py says, nothing else."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"
BLOBS = f"{WS}/datastores/workspaceblobstore/files"
ARTIFACTS = f"{WS}/datastores/workspaceartifactstore/files"


async def job_client(inside, run):
    if (await inside.owner.get(f"{WS}/jobs/{run}")).status_code == 404:
        await inside.job(run)
    return inside.client(authorization=f"Bearer {inside.server.tokens.for_run(run, 'default', 3600)}")


def root(inside, datastore="workspaceblobstore"):
    return inside.home / "data/default" / datastore


@pytest.mark.parametrize(
    "path", ["..%2f..%2ftoken", "%2e%2e/token", "a/../../token", "a//b", "./a", "a%00b", "a%5cb", "a/.", "C:/x"]
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_no_name_leads_out(inside, path, method):
    before = sorted(str(file) for file in inside.home.rglob("*") if ".zaffre-drafts" not in str(file))
    answer = await inside.raw(
        method, f"{BLOBS}/{path}", [("host", "127.0.0.1:18440"), ("authorization", f"Bearer {inside.token}")]
    )
    assert answer[0]["status"] in (400, 404), answer
    after = sorted(str(file) for file in inside.home.rglob("*") if ".zaffre-drafts" not in str(file))
    assert before == after


async def test_links_are_neither_read_nor_written_through(inside):
    base = root(inside)
    (base / "link").symlink_to(inside.home / "token")
    (base / "folder").symlink_to(inside.home)
    for path in ("link", "folder/token"):
        assert (await inside.owner.get(f"{BLOBS}/{path}")).status_code == 404, path
    assert (await inside.owner.put(f"{BLOBS}/folder/x", content=b"x")).status_code == 404
    assert (await inside.owner.get(BLOBS, params={"path": "folder"})).status_code == 404
    token = inside.token
    await inside.owner.put(f"{BLOBS}/link", content=b"x")  # the link itself gives way to a file
    assert inside.token == token
    listed = (await inside.owner.get(BLOBS)).json()["value"]
    assert "folder" not in [item["path"] for item in listed]


async def test_a_write_is_whole_or_not_there(inside):
    assert (await inside.owner.put(f"{BLOBS}/w/a.txt", content=b"one")).status_code == 201
    assert (await inside.owner.put(f"{BLOBS}/w/a.txt", content=b"two", params={"replace": 0})).status_code == 409
    assert (root(inside) / "w/a.txt").read_bytes() == b"one"

    async def broken():
        yield b"half"
        raise OSError("the client went away")

    assert (await inside.owner.put(f"{BLOBS}/w/a.txt", content=broken())).status_code >= 500
    assert (root(inside) / "w/a.txt").read_bytes() == b"one"
    assert (await inside.owner.put(f"{BLOBS}/w", content=b"x")).status_code == 409, "a folder is there"
    assert (await inside.owner.put(f"{BLOBS}/w/a.txt/b", content=b"x")).status_code == 404, "a file is no folder"
    assert list((root(inside) / ".zaffre-drafts").iterdir()) == []


async def test_what_a_job_reads_and_writes(inside):
    one, two = await job_client(inside, "one"), await job_client(inside, "two")
    assert (await one.put(f"{BLOBS}/shared/a", content=b"a")).status_code == 201
    assert (await two.get(f"{BLOBS}/shared/a")).content == b"a"
    assert (await one.put(f"{BLOBS}/azureml/one/out/x", content=b"x")).status_code == 201
    assert (await two.get(f"{BLOBS}/azureml/one/out/x")).status_code == 200
    for run in ("one", "two"):
        log = root(inside, "workspaceartifactstore") / f"ExperimentRun/dcid.{run}/user_logs/std_log.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(run)
    assert (await one.get(f"{ARTIFACTS}/ExperimentRun/dcid.one/user_logs/std_log.txt")).content == b"one"
    refused = [
        ("GET", f"{ARTIFACTS}/ExperimentRun/dcid.two/user_logs/std_log.txt"),
        ("GET", ARTIFACTS),
        ("GET", f"{ARTIFACTS}?path=ExperimentRun"),
        ("GET", f"{ARTIFACTS}?path=ExperimentRun/dcid.two"),
        ("PUT", f"{ARTIFACTS}/ExperimentRun/dcid.one/x"),
        ("PUT", f"{BLOBS}/azureml/two/out/x"),
        ("PUT", f"{BLOBS}/azureml/two"),
        ("PUT", f"{BLOBS}/LocalUpload/abc/x"),
        ("DELETE", f"{BLOBS}/shared/a"),
        ("GET", f"{WS}/datastores/workspaceblobstore"),
    ]
    for method, path in refused:
        assert (await one.request(method, path, content=b"" if method == "PUT" else None)).status_code == 403, path
    assert (await inside.owner.put(f"{BLOBS}/LocalUpload/abc/x", content=b"")).status_code == 403, "not even its owner"
    assert (await inside.owner.put("/api/v1/workspaces/elsewhere2", json={})).status_code == 201
    foreign = "/api/v1/workspaces/elsewhere2/datastores/workspaceblobstore/files"
    assert (await one.get(foreign)).status_code == 403
    assert (await one.put(f"{foreign}/x", content=b"x")).status_code == 403


async def test_drafts_are_nobodys(inside):
    assert (await inside.owner.put(f"{BLOBS}/.zaffre-drafts/x", content=b"")).status_code == 400
    assert (await inside.owner.get(f"{BLOBS}/.zaffre-drafts/x")).status_code == 404
    assert (await inside.owner.get(BLOBS, params={"path": ".zaffre-drafts"})).status_code == 404
    assert (await inside.owner.delete(f"{BLOBS}/.zaffre-drafts")).status_code == 404


async def test_where_a_uri_leads(inside):
    data = {"path": "azureml://datastores/workspaceblobstore/paths/w/", "type": "uri_folder"}
    assert (await inside.owner.put(f"{WS}/data/w/versions/3", json=data)).status_code == 201
    await inside.job("maker")
    scope = "azureml://subscriptions/0/resourceGroups/g/workspaces"
    expected = {
        "azureml:w:3": data["path"],
        "azureml:w@latest": data["path"],
        "azureml://data/w/versions/3": data["path"],
        "azureml://data/w/labels/latest": data["path"],
        f"{scope}/default/data/w/versions/3": data["path"],
        f"{scope}/Default/datastores/d/paths/p": "azureml://datastores/d/paths/p",
        "azureml://jobs/maker/outputs/out/paths/a": "azureml://datastores/workspaceblobstore/paths/azureml/maker/out/a",
        "azureml://jobs/maker/outputs/artifacts/paths/a": "azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.maker/a",
        "runs:/maker/a": "azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.maker/a",
        "https://example.org/a.csv": "https://example.org/a.csv",
    }
    for uri, leads in expected.items():
        answer = await inside.owner.get(f"{WS}/locate", params={"uri": uri})
        assert answer.json() == {"uri": leads}, uri
    for uri, status in {
        "azureml:none:1": 404, "azureml://data/w/versions/9": 404, f"{scope}/other/data/w/versions/3": 403,
        "azureml://nothing/x": 400, "./local": 400, "": 400, "azureml://registries/r/data/w/versions/3": 404,
    }.items():  # fmt: skip
        assert (await inside.owner.get(f"{WS}/locate", params={"uri": uri})).status_code == status, uri


async def test_a_datastore_in_a_cloud_is_told_apart(inside):
    cloud = {"type": "azure_blob", "account_name": "acme", "container_name": "c"}
    answer = await inside.owner.put(f"{WS}/datastores/cloud", json=cloud)
    assert answer.status_code == 201, answer.text
    answer = await inside.owner.get(f"{WS}/datastores/cloud/files")
    assert answer.status_code == 501
    assert "job's input" in answer.json()["error"]["message"]
