"""Run history over HTTP: found in any case of the path's letters, changed in part, with logs that need no header."""

from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCOPE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
HISTORY = f"/history/v1.0{SCOPE}"
DATA = f"/data/v1.0{SCOPE}/dataversion/batchGetResolvedUris"


async def get(inside, path, status=200):
    answer = await inside.owner.get(f"{HISTORY}{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_details_have_signed_logs(inside):
    await inside.job("h-logs")
    log = inside.home / "data/default/workspaceartifactstore/ExperimentRun/dcid.h-logs/user_logs/std_log.txt"
    log.parent.mkdir(parents=True)
    log.write_bytes("grüße\n".encode())
    found = await get(inside, "/runs/h-logs/details")
    assert list(found["logFiles"]) == ["user_logs/std_log.txt"]
    url = urlsplit(found["logFiles"]["user_logs/std_log.txt"])
    async with inside.client() as nobody:
        assert (await nobody.get(f"{url.path}?{url.query}")).content == "grüße\n".encode()
        other = url.path.replace("std_log", "other")
        assert (await nobody.get(f"{other}?{url.query}")).status_code == 403
        assert (await nobody.put(f"{url.path}?{url.query}", content=b"x")).status_code == 403
        assert (await nobody.get(url.path)).status_code == 401
        assert (await nobody.get(f"{HISTORY}/runs/h-logs/details?{url.query}")).status_code == 401


async def test_letters_of_the_path_may_be_of_any_case(inside):
    await inside.job("h-case")
    folded = HISTORY.replace("resourceGroups", "resourcegroups").replace("/default", "/DEFAULT")
    answer = await inside.owner.get(f"{folded}/Runs/h-case")
    assert answer.json()["runId"] == "h-case"
    answer = await inside.owner.get(f"{folded}/experiments/Default/runs/h-case")
    assert answer.json()["runId"] == "h-case"


async def test_an_unknown_run_is_absent(inside):
    for path in ("/runs/nobody", "/runs/nobody/details", "/runs/nobody/children", "/runs/nobody/serviceinstances/0"):
        assert (await get(inside, path, 404))["error"]["code"] == "ResourceNotFound"
    other = HISTORY.replace("/default", "/elsewhere")
    await inside.job("h-here")
    assert (await inside.owner.get(f"{other}/runs/h-here")).status_code == 404


async def test_what_is_not_there_is_named(inside):
    answer = await inside.owner.get(f"{HISTORY}/metrics")
    assert answer.status_code == 501
    assert "/metrics" in answer.json()["error"]["message"]


async def test_a_change_adds_tags_and_keeps_the_rest(inside):
    await inside.job("h-change", tags={"a": "1"}, properties={"p": "1"})
    path = f"{HISTORY}/experiments/Default/runs/h-change"
    body = {"displayName": "Shown", "description": "said", "tags": {"b": "2"}, "properties": {"q": "2"}}
    assert (await inside.owner.patch(path, json=body)).status_code == 200
    found = await get(inside, "/runs/h-change")
    assert (found["displayName"], found["description"]) == ("Shown", "said")
    assert (found["tags"], found["properties"]) == ({"a": "1", "b": "2"}, {"p": "1", "q": "2"})
    job = (await inside.owner.get(f"{SCOPE}/jobs/h-change")).json()["properties"]
    assert (job["displayName"], job["tags"]) == ("Shown", {"a": "1", "b": "2"})
    assert job["command"] == "echo hello"


async def test_hidden_is_archived(inside):
    await inside.job("h-hidden")
    path = f"{HISTORY}/experiments/Default/runs/h-hidden"

    async def listed():
        found = (await inside.owner.get(f"{SCOPE}/jobs")).json()["value"]
        return "h-hidden" in [job["name"] for job in found]

    assert (await inside.owner.patch(path, json={"hidden": True})).json()["hidden"] is True
    assert not await listed()
    assert (await inside.owner.patch(path, json={"hidden": False})).json()["hidden"] is False
    assert await listed()


async def test_a_change_of_the_wrong_type_is_refused(inside):
    await inside.job("h-wrong")
    answer = await inside.owner.patch(f"{HISTORY}/experiments/x/runs/h-wrong", json={"displayName": 5})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["target"] == "displayName"


async def test_run_data_leads_to_the_outputs(inside):
    await inside.job("h-data", outputs={"o": {"type": "uri_folder"}, "m": {"type": "mlflow_model"}})
    asked = {"runId": "h-data", "selectRunMetadata": True, "selectRunDefinition": True}
    found = (await inside.owner.post(f"{HISTORY}/rundata", json=asked)).json()
    outputs = found["runMetadata"]["outputs"]
    assert {name: one["type"] for name, one in outputs.items()} == {"o": "uri_folder", "m": "uri_folder"}
    assert found["runDefinition"]["command"] == "echo hello"
    ids = [one["assetId"] for one in outputs.values()]
    places = (await inside.owner.post(DATA, json={"values": ids})).json()["values"]
    ends = "/workspaces/default/datastores/workspaceblobstore/paths/azureml/h-data/"
    assert places[outputs["o"]["assetId"]]["uri"].endswith(f"{ends}o")
    assert places[outputs["m"]["assetId"]] == {"uri": places[outputs["m"]["assetId"]]["uri"], "type": "uri_folder"}


async def test_services_and_children_of_a_job_without_any(inside):
    await inside.job("h-alone")
    assert await get(inside, "/runs/h-alone/children") == {"value": [], "nextLink": None}
    assert await get(inside, "/runs/h-alone/serviceinstances/0") == {"instances": {}}


@pytest.mark.parametrize(("agent", "type_"), [
    ("azsdk-python-x azure-ai-ml/1.34.1 Python/3.11", "UriFolder"), ("azure-ai-ml/1.35.0", "uri_folder"),
    ("azure-ai-ml/2.0.0", "uri_folder"), ("azure-ai-ml/x", "uri_folder"), ("curl", "uri_folder"),
])  # fmt: skip
async def test_run_data_in_the_words_of_the_client_s_release(inside, agent, type_):
    if (await inside.owner.get("/api/v1/workspaces/default/jobs/h-words")).status_code == 404:
        await inside.job("h-words", outputs={"o": {"type": "uri_folder"}})
    asked, headers = {"runId": "h-words", "selectRunMetadata": True}, {"user-agent": agent}
    found = (await inside.owner.post(f"{HISTORY}/rundata", json=asked, headers=headers)).json()
    assert found["runMetadata"]["outputs"]["o"]["type"] == type_


async def test_only_who_may_read_reads(inside):
    await inside.job("h-mine")
    token = inside.server.tokens.for_run("h-mine", "default", 60)
    async with inside.client(authorization=f"Bearer {token}") as job:
        assert (await job.get(f"{HISTORY}/runs/h-mine")).status_code == 403
        assert (await job.post(DATA, json={"values": []})).status_code == 403
