"""Lists narrowed by ``filter`` and ``tag``."""

from __future__ import annotations

import pytest

from zaffre.core.resource import Content, Key
from zaffre.store import resources, runs
from zaffre.store.runs import NewRun

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"
DATA = {"path": "azureml://datastores/workspaceblobstore/paths/x", "type": "uri_file"}


async def names(inside, collection, **query):
    answer = await inside.owner.get(f"{WS}/{collection}", params=query)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["value"]]


async def test_jobs_by_everything_that_can_be_asked(inside):
    await inside.job("a1", experiment_name="first", tags={"team": "blue"}, display_name="Sunny day 100%")
    await inside.job("a2", experiment_name="first", tags={"team": "red", "my key": "v"}, description="rainy")
    await inside.job("b1", experiment_name="second")
    await inside.owner.post(f"{WS}/jobs/b1/cancel")
    expected = {
        "experiment = first": ["a2", "a1"],
        "experiment != first": ["b1"],
        "experiment ~ ECO": ["b1"],
        "tags.team = blue": ["a1"],
        "tags.team != blue": ["b1", "a2"],
        'tags."my key" = v': ["a2"],
        'tags.team != ""': ["a2", "a1"],
        "text ~ sunny": ["a1"],
        "text ~ 0%": ["a1"],
        "text ~ _": [],
        "text ~ RAIN and experiment = first": ["a2"],
        "name ~ a and tags.team = red": ["a2"],
        "type = command": ["b1", "a2", "a1"],
        "type = sweep": [],
        "compute = local": ["b1", "a2", "a1"],
        "created > 1h": ["b1", "a2", "a1"],
        "created < 1h": [],
        "created_by = user:owner": ["b1", "a2", "a1"],
        'document ~ "rainy"': ["a2"],
        """document ~ '"experiment_name"'""": ["b1", "a2", "a1"],
        "document ~ nobody-says-this": [],
        "status = Completed": [],
    }
    for text, found in expected.items():
        assert await names(inside, "jobs", filter=text) == found, text
    open_ = await names(inside, "jobs", filter="status != CancelRequested and status != Canceled")
    assert open_ == ["a2", "a1"]


async def test_pages_of_a_filtered_list(inside):
    for number in range(5):
        await inside.job(f"p{number}", tags={"page": "yes"})
    first = (await inside.owner.get(f"{WS}/jobs", params={"filter": "tags.page = yes", "top": 2})).json()
    assert [item["name"] for item in first["value"]] == ["p4", "p3"]
    rest = (await inside.owner.get(first["next"])).json()
    assert [item["name"] for item in rest["value"]] == ["p2", "p1"]


async def test_assets_show_the_newest_version_that_fits(inside):
    stored = f"{WS}/datastores/workspaceblobstore/files/x"
    assert (await inside.owner.put(stored, content=b"x")).status_code == 201
    for name, version, tags in (("d", "1", {"kept": "yes"}), ("d", "2", {}), ("e", "1", {"kept": "no"})):
        answer = await inside.owner.put(f"{WS}/data/{name}/versions/{version}", json={**DATA, "tags": tags})
        assert answer.status_code == 201, answer.text
    listed = (await inside.owner.get(f"{WS}/data", params={"filter": "tags.kept = yes"})).json()["value"]
    assert [(item["name"], item["version"]) for item in listed] == [("d", "1")]
    assert await names(inside, "data", tag="kept") == ["e", "d"]
    assert await names(inside, "data/d/versions", filter="tags.kept = yes") == ["d"]
    page = (await inside.owner.get(f"{WS}/data", params={"tag": "kept", "top": 1})).json()
    assert "next" in page
    assert await names(inside, "data", filter="status = Failed") == [], "data has no status"


async def test_children_can_be_narrowed(inside):
    assert await names(inside, "jobs", parent_job_name="none", filter="name ~ a") == []


@pytest.mark.parametrize("text", ["nonsense", "stat = x", "name = 'a", 'tags.a"b = c'])
async def test_what_is_no_filter_is_told(inside, text):
    answer = await inside.owner.get(f"{WS}/jobs", params={"filter": text})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["target"] == "filter"


async def test_a_list_of_jobs_leaves_out_what_jobs_have_started(inside):
    await inside.job("family", tags={"of": "family"})

    def submit(tx):
        for name, parent in (("family_a", "family"), ("family_a_b", "family_a")):
            content = Content({"name": name, "type": "command", "tags": {"of": "family"}}, name, {})
            resources.put(tx, Key("default", "job", name), content, "me")
            runs.submit(tx, NewRun(name, "default", type="job", actor="me", parent=parent, root="family"))

    await inside.server.store.write(submit)
    assert await names(inside, "jobs", tag="of=family") == ["family"]
    assert await names(inside, "jobs", filter="tags.of = family") == ["family"]
    assert await names(inside, "jobs", parent_job_name="family") == ["family_a"]
    assert await names(inside, "jobs", parent_job_name="family_a", filter="tags.of = family") == ["family_a_b"]
    assert await names(inside, "jobs", filter='tags.of = family and parent != ""') == ["family_a_b", "family_a"]
    listed = await names(inside, "jobs", top=1000)
    assert "family" in listed
    assert not {"family_a", "family_a_b"} & set(listed)
    arm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default/jobs"
    found = {job["name"] for job in (await inside.owner.get(arm)).json()["value"]}
    assert "family" in found
    assert "family_a" not in found
