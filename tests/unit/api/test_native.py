"""The native routes: names and versions the server makes, repeated requests, updates, lists, and what belongs together."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"
JOB = {"command": "echo 1", "environment": {"image": "python:3.11-slim"}}


async def test_server_names_a_job_and_the_same_request_again_is_the_same_job(inside):
    key = {"Idempotency-Key": "one"}
    first = await inside.owner.post(f"{WS}/jobs", json=JOB, headers=key)
    again = await inside.owner.post(f"{WS}/jobs", json=JOB, headers=key)
    other = await inside.owner.post(f"{WS}/jobs", json=JOB)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 201)
    assert first.json()["name"] == again.json()["name"] != other.json()["name"]
    mixed = await inside.owner.post(f"{WS}/jobs", json={**JOB, "command": "echo 2"}, headers=key)
    assert (mixed.status_code, mixed.json()["error"]["target"]) == (409, "Idempotency-Key")


async def test_versions_are_dense_and_repeats_make_none(inside):
    body = {"image": "python:3.11-slim"}

    async def post(key=""):
        headers = {"Idempotency-Key": key} if key else {}
        answer = await inside.owner.post(f"{WS}/environments/counted/versions", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["version"])

    made = await asyncio.gather(*(post() for _ in range(10)), *(post("same") for _ in range(5)))
    assert sorted(made[:10] + made[10:11]) == list(range(1, 12))
    assert len(set(made[10:])) == 1


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
async def test_strange_keys_are_refused(inside, key):
    answer = await inside.owner.post(f"{WS}/jobs", json=JOB, headers={"Idempotency-Key": key})
    assert answer.status_code == 400


async def test_fifty_creates_of_one_name_make_one(inside):
    """F12."""

    async def put(command):
        body = {**JOB, "command": command}
        return (await inside.owner.put(f"{WS}/jobs/raced", json=body)).status_code

    same = await asyncio.gather(*(put("echo same") for _ in range(25)))
    differ = await asyncio.gather(*(put(f"echo {number}") for number in range(25)))
    assert sorted(same) == [200] * 24 + [201]
    assert differ == [409] * 25


async def test_of_a_job_what_describes_it_may_change(inside):
    await inside.owner.put(f"{WS}/jobs/told", json=JOB)
    told = {**JOB, "tags": {"a": "b"}, "description": "Better.", "display_name": "Told"}
    changed = await inside.owner.put(f"{WS}/jobs/told", json=told)
    assert changed.status_code == 200
    assert (await inside.owner.get(f"{WS}/jobs/told")).json()["spec"] | told == changed.json()["spec"]
    refused = await inside.owner.put(f"{WS}/jobs/told", json={**told, "command": "echo other"})
    assert (refused.status_code, refused.json()["error"]["target"]) == (409, "command")


async def test_jobs_are_archived_and_found_by_tag(inside):
    for name, tags in (("tagged-1", {"team": "a"}), ("tagged-2", {"team": "b"}), ("tagged-3", {})):
        await inside.owner.put(f"{WS}/jobs/{name}", json={**JOB, "tags": tags})

    async def names(**params):
        found = (await inside.owner.get(f"{WS}/jobs", params=params)).json()["value"]
        return [item["name"] for item in found if item["name"].startswith("tagged")]

    assert await names(tag="team") == ["tagged-2", "tagged-1"]
    assert await names(tag="team=a") == ["tagged-1"]
    assert (await inside.owner.post(f"{WS}/jobs/tagged-1/archive")).status_code == 204
    assert await names(tag="team") == ["tagged-2"]
    assert await names(list_view="archived") == ["tagged-1"]
    assert (await inside.owner.post(f"{WS}/jobs/tagged-1/restore")).status_code == 204
    assert await names(tag="team") == ["tagged-2", "tagged-1"]


async def test_workspace_is_born_furnished_and_goes_when_empty(inside):
    made = await inside.owner.put("/api/v1/workspaces/Research", json={"name": "Research", "description": "x"})
    assert (made.status_code, made.json()["name"]) == (201, "research")
    own = "/api/v1/workspaces/RESEARCH"
    stores = [item["name"] for item in (await inside.owner.get(f"{own}/datastores")).json()["value"]]
    assert sorted(stores) == [
        "workspaceartifactstore",
        "workspaceblobstore",
        "workspacefilestore",
        "workspaceworkingdirectory",
    ]
    assert [item["name"] for item in (await inside.owner.get(f"{own}/computes")).json()["value"]] == ["local"]
    await inside.owner.put(f"{own}/environments/e/versions/1", json={"image": "python:3.11-slim"})
    await inside.owner.post(f"{own}/environments/e/versions/1/archive")
    refused = await inside.owner.delete(own)
    assert refused.status_code == 409
    assert "environment 'e'" in refused.json()["error"]["message"]
    await inside.owner.delete(f"{own}/environments/e")
    assert (await inside.owner.delete(own)).status_code == 204
    assert (await inside.owner.get(own)).status_code == 404
    assert (await inside.owner.get(f"{own}/datastores")).status_code == 404
    again = await inside.owner.put(own, json={})
    assert again.status_code == 201
    assert (await inside.owner.get(f"{own}/environments")).json() == {"value": []}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/workspaces/default",
        f"{WS}/datastores/workspaceblobstore",
        f"{WS}/computes/local",
        "/api/v1/registries/azureml",
    ],
)
async def test_what_is_built_in_stays(inside, path):
    assert (await inside.owner.delete(path)).status_code == 409
    assert (await inside.owner.get(path)).status_code == 200


async def test_compute_with_jobs_stays(inside):
    await inside.owner.put(f"{WS}/computes/busy", json={"type": "amlcompute"})
    await inside.owner.put(f"{WS}/jobs/on-busy", json={**JOB, "compute": "busy"})
    refused = await inside.owner.delete(f"{WS}/computes/busy")
    assert refused.status_code == 409
    assert "on-busy" in refused.json()["error"]["message"]


@pytest.mark.parametrize("verb", ["start", "stop", "restart"])
async def test_what_is_built_in_has_no_switch(inside, verb):
    answer = await inside.owner.post(f"{WS}/computes/local/{verb}")
    assert answer.status_code == 409
    assert "built in" in answer.json()["error"]["message"]
    assert (await inside.owner.post(f"{WS}/computes/none/{verb}")).status_code == 404


@pytest.mark.parametrize("registry", ["azureml", "zaffre"])
async def test_curated_environments_lie_in_the_registries(inside, registry):
    root = f"/api/v1/registries/{registry}/environments"
    listed = (await inside.owner.get(root)).json()["value"]
    assert "sklearn-1.5" in [item["name"] for item in listed]
    one = next(item for item in listed if item["name"] == "sklearn-1.5")
    for path in ("", "/labels/latest", f"/versions/{one['version']}"):
        assert (await inside.owner.get(f"{root}/sklearn-1.5{path}")).json() == one
    assert (await inside.owner.get(f"{root}/sklearn-1.5/versions")).json()["value"] == [one]
    assert one["spec"]["conda_file"]["dependencies"]
    missing = await inside.owner.get(f"{root}/none")
    assert missing.status_code == 404
    assert f"--registry-name {registry}" in missing.json()["error"]["message"]
    assert (await inside.owner.get(f"/api/v1/registries/{registry}/models")).json() == {"value": []}


async def test_registry_that_is_not_there(inside):
    assert (await inside.owner.get("/api/v1/registries/none/environments")).status_code == 404


async def test_code_needs_content(inside):
    refused = await inside.owner.put(f"{WS}/codes/mine/versions/1", json={"path": "azureml:none:1"})
    assert (refused.status_code, refused.json()["error"]["details"][0]["target"]) == (400, "path")


async def test_wrong_method_says_which_are_right(inside):
    answer = await inside.owner.request("PATCH", f"{WS}/jobs/x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "MethodNotAllowed")
    assert answer.headers["allow"] == "DELETE, GET, HEAD, PUT"


async def test_head_answers_as_get_does(inside):
    assert (await inside.owner.head(WS)).status_code == 200


async def test_pages_of_names_do_not_end_early_where_one_is_archived(inside):
    for number in range(4):
        await inside.owner.put(
            f"{WS}/data/page{number}/versions/1", json={"path": "https://example.com/x", "type": "uri_file"}
        )
    await inside.owner.post(f"{WS}/data/page2/versions/1/archive")
    address, seen = f"{WS}/data?top=1", []
    while address:
        page = (await inside.owner.get(address)).json()
        seen += [item["name"] for item in page["value"]]
        address = page.get("next")
    assert [name for name in seen if name.startswith("page")] == ["page3", "page1", "page0"]


@pytest.mark.parametrize("collection", ["jobs", "data", "environments", "online-endpoints", "computes"])
async def test_a_workspace_that_is_not_there_has_no_lists(inside, collection):
    assert (await inside.owner.get(f"/api/v1/workspaces/nowhere/{collection}")).status_code == 404


async def test_children_of_a_job(inside):
    from zaffre.core.draft import NewRun
    from zaffre.core.resource import Content, Key
    from zaffre.store import resources, runs

    def write(tx):
        for name, parent in (("child-1", "parent"), ("child-2", "parent"), ("other-child", "elsewhere")):
            spec = {"name": name, "type": "command", **JOB}
            resources.put(tx, Key("default", "job", name), Content(spec, name), "me")
            runs.submit(tx, NewRun(name, "default", "job", "me", parent=parent))

    await inside.server.store.write(write)
    answer = await inside.owner.get(f"{WS}/jobs", params={"parent_job_name": "parent"})
    assert answer.status_code == 200, answer.text
    found = answer.json()["value"]
    assert [item["name"] for item in found] == ["child-2", "child-1"]
    assert (await inside.owner.get(f"{WS}/jobs", params={"parent_job_name": "none"})).json() == {"value": []}
