"""Work that goes on: the headers that clients need, and answers that the resource itself gives."""

import base64
import json
from urllib.parse import urlsplit

import pytest

from zaffre.api.azure.longrunning import _read, _standing, _written
from zaffre.api.operations import Target
from zaffre.core.errors import NotFound
from zaffre.core.registry import kinds

WS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
PLACES = "/subscriptions/s/providers/Microsoft.MachineLearningServices/locations/local"


@pytest.mark.parametrize(
    ("state", "word", "status"),
    [
        ({"status": "Running"}, "cancel", "InProgress"),
        ({"status": "CancelRequested"}, "cancel", "InProgress"),
        ({"status": "Canceled"}, "cancel", "Succeeded"),
        ({"status": "Completed"}, "cancel", "Succeeded"),
        ({"provisioning_state": "Creating"}, "put", "InProgress"),
        ({"provisioning_state": "Updating"}, "put", "InProgress"),
        ({"provisioning_state": "Succeeded"}, "put", "Succeeded"),
        ({"provisioning_state": "Failed"}, "put", "Failed"),
        ({}, "put", "Succeeded"),
        ({"provisioning_state": "Deleting"}, "delete", "InProgress"),
        ({"state": "Stopped"}, "stop", "Succeeded"),
    ],
)
def test_how_far_it_is(state, word, status):
    assert _standing(state, word).status == status


def test_a_failure_says_why():
    state = {"provisioning_state": "Failed", "reason": {"code": "NotReady", "message": "It did not."}}
    assert _standing(state, "put").error == {"code": "NotReady", "message": "It did not."}


def test_an_id_is_read_again():
    target = Target(kinds()["online-deployment"], "default", "blue", "ep")
    assert _read(_written(target, "put"), kinds()) == (target, "put")


def spelt(said):
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "id_",
    [
        "",
        "x",
        "%%%",
        "A" * 3000,
        spelt({}),
        spelt(["job"]),
        spelt(["nothing", "", "", "", "", ""]),
        spelt([1, 2, 3, 4, 5, 6]),
    ],
)
def test_another_id_is_none(id_):
    with pytest.raises(NotFound, match="no operation"):
        _read(id_, kinds())


@pytest.mark.asyncio(loop_scope="module")
async def test_cancel_says_where_to_ask(inside):
    await inside.job("lro-cancel")
    answer = await inside.owner.post(f"{WS}/jobs/lro-cancel/cancel?api-version=2024-01-01-preview")
    assert (answer.status_code, answer.content) == (202, b"")
    assert answer.headers["retry-after"] == "1"
    asked = urlsplit(answer.headers["azure-asyncoperation"])
    assert asked.path.startswith(f"{PLACES}/mfeOperationsStatus/")
    assert asked.query == "api-version=2024-01-01-preview"
    status = await inside.owner.get(answer.headers["azure-asyncoperation"])
    assert (status.json()["status"], status.headers["retry-after"]) == ("InProgress", "1")
    result = await inside.owner.get(answer.headers["location"])
    assert (result.status_code, result.headers["retry-after"]) == (202, "1")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_deletion_goes_on_until_it_is_gone(inside):
    path = f"{WS}/onlineEndpoints/lro-gone"
    made = await inside.owner.put(path, json={"location": "local", "properties": {"authMode": "Key"}})
    assert (made.status_code, made.headers["retry-after"]) == (201, "1")
    assert (await inside.owner.get(made.headers["azure-asyncoperation"])).json()["status"] == "InProgress"
    answer = await inside.owner.delete(path)
    assert answer.status_code == 202
    assert (await inside.owner.get(answer.headers["location"])).status_code == 202
    absent = _written(Target(kinds()["online-endpoint"], "default", "never-there"), "delete")
    result = await inside.owner.get(f"{answer.headers['location'].rpartition('/')[0]}/{absent}")
    assert (result.status_code, result.content) == (204, b"")


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_instant_is_told_as_done(inside):
    feed = {
        "properties": {
            "category": "PythonFeed",
            "authType": "PAT",
            "target": "https://x.test",
            "credentials": {"pat": "x"},
        }
    }
    made = await inside.owner.put(f"{WS}/connections/lro-instant", json=feed)
    assert made.status_code == 200, made.text
    assert "azure-asyncoperation" not in made.headers
    body = {"location": "local", "properties": {"computeType": "ComputeInstance", "properties": {"vmSize": "S"}}}
    made = await inside.owner.put(f"{WS}/computes/lro-ci", json=body)
    assert made.status_code == 201
    asked = await inside.owner.get(made.headers["azure-asyncoperation"])
    assert asked.json()["status"] == "Succeeded", "older clients read the first answer twice, so it is asked after"
    for word, state in (("stop", "Stopped"), ("start", "Running"), ("restart", "Running")):
        answer = await inside.owner.post(f"{WS}/computes/lro-ci/{word}")
        assert answer.status_code == 202
        assert (await inside.owner.get(answer.headers["location"])).json() == {"status": "Succeeded"}
        found = (await inside.owner.get(f"{WS}/computes/lro-ci")).json()
        assert found["properties"]["properties"]["state"] == state


@pytest.mark.asyncio(loop_scope="module")
async def test_only_who_may_read_asks(inside):
    await inside.job("lro-mine")
    id_ = _written(Target(kinds()["job"], "default", "lro-mine"), "cancel")
    token = inside.server.tokens.for_run("lro-mine", "default", 60)
    async with inside.client(authorization=f"Bearer {token}") as job:
        assert (await job.get(f"{PLACES}/mfeOperationsStatus/{id_}")).status_code == 403
