"""A run's artifacts by run history: named first, then brought by URLs that reach one file each."""

import re
from urllib.parse import urlsplit

import pytest

from zaffre.api.azure.metadata import cloud

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCOPE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
ROOT = f"/history/v1.0{SCOPE}/experiments/1/runs"


def below(url):
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def test_a_file_is_written_listed_and_read(inside):
    asked = {"paths": [{"path": "d/a b.txt"}]}
    answer = await inside.owner.post(f"{ROOT}/abc123/artifacts/batch/metadata", json=asked)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["errors"] == {}
    artifact = found["artifacts"]["d/a b.txt"]
    assert (artifact["container"], artifact["origin"]) == ("dcid.abc123", "ExperimentRun")
    url = found["artifactContentInformation"]["d/a b.txt"]["contentUri"]
    async with inside.client() as nobody:
        put = await nobody.put(below(url), content=b"hello", headers={"x-ms-blob-type": "BlockBlob"})
        assert put.status_code == 201, put.text
        other = below(url).replace("/d/", "/e/")
        assert (await nobody.put(other, content=b"x", headers={"x-ms-blob-type": "BlockBlob"})).status_code == 403
    stored = inside.home / "data/default/workspaceartifactstore/ExperimentRun/dcid.abc123/d/a b.txt"
    assert stored.read_bytes() == b"hello"
    listed = (await inside.owner.get(f"{ROOT}/abc123/artifacts")).json()
    assert [one["path"] for one in listed["value"]] == ["d/a b.txt"]
    look = await inside.owner.get(f"{ROOT}/abc123/artifacts/contentinfo", params={"path": "d/a b.txt"})
    told = look.json()["contentUri"]
    suffix = re.escape(cloud("https://here")["suffixes"]["storage"])
    assert re.match(rf"^http://(.*)\.blob\.{suffix}/(.*)/(.*)\?(.*)", told), "MLflow's plug-in would bring nothing"
    async with inside.client() as nobody:
        assert (await nobody.get(below(told))).content == b"hello"
        assert (await nobody.put(below(told), content=b"x", headers={"x-ms-blob-type": "BlockBlob"})).status_code == 403


async def test_a_logged_model_stands_in_a_run_s_place(inside):
    model = "m-" + "0a" * 16
    asked = {"paths": [{"path": "MLmodel"}]}
    found = (await inside.owner.post(f"{ROOT}/{model}/artifacts/batch/metadata", json=asked)).json()
    url = found["artifactContentInformation"]["MLmodel"]["contentUri"]
    async with inside.client() as nobody:
        put = await nobody.put(below(url), content=b"flavors:", headers={"x-ms-blob-type": "BlockBlob"})
        assert put.status_code == 201, put.text
    store = inside.home / "data/default/workspaceartifactstore"
    assert (store / "1/models" / model / "artifacts/MLmodel").read_bytes() == b"flavors:"
    listed = (await inside.owner.get(f"{ROOT}/{model}/artifacts")).json()
    assert [one["path"] for one in listed["value"]] == ["MLmodel"]
    by_name = ROOT.replace("/experiments/1/", "/experiments/name/")
    assert (await inside.owner.get(f"{by_name}/{model}/artifacts")).json()["value"] == []


async def test_what_is_not_there(inside):
    assert (await inside.owner.get(f"{ROOT}/nobody/artifacts")).json() == {"value": [], "continuationToken": None}
    for path in ("no.txt", "d"):
        answer = await inside.owner.get(f"{ROOT}/nobody/artifacts/contentinfo", params={"path": path})
        assert answer.status_code == 404
    assert (await inside.owner.get(f"{ROOT}/nobody/artifacts/contentinfo")).status_code == 400


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../b", ""])
async def test_no_way_out_of_a_run(inside, path):
    answer = await inside.owner.post(f"{ROOT}/abc/artifacts/batch/metadata", json={"paths": [{"path": path}]})
    assert answer.status_code == 400
    answer = await inside.owner.get(f"{ROOT}/abc/artifacts/contentinfo", params={"path": path})
    assert answer.status_code == 400


@pytest.mark.parametrize("run", ["a.b", "-x", "x" * 300])
async def test_no_other_name_of_a_run(inside, run):
    answer = await inside.owner.post(f"{ROOT}/{run}/artifacts/batch/metadata", json={"paths": [{"path": "x"}]})
    assert answer.status_code == 400


@pytest.mark.parametrize("paths", [None, "x", [{"path": "x"}] * 1001])
async def test_a_wrong_list_is_refused(inside, paths):
    answer = await inside.owner.post(f"{ROOT}/abc/artifacts/batch/metadata", json={"paths": paths})
    assert answer.status_code == 400


async def test_a_job_writes_no_other_runs_files(inside):
    await inside.job("a-mine")
    token = inside.server.tokens.for_run("a-mine", "default", 60)
    async with inside.client(authorization=f"Bearer {token}") as job:
        asked = {"paths": [{"path": "x"}]}
        assert (await job.post(f"{ROOT}/other/artifacts/batch/metadata", json=asked)).status_code == 403
