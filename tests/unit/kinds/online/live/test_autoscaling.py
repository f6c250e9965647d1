"""Azure Monitor's autoscale settings as its clients put them, beside the deployment that they are for."""

from __future__ import annotations

import pytest
import pytest_asyncio

from zaffre.core.resource import Key
from zaffre.kinds.online import rules
from zaffre.store import resources

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROOT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/autoscalesettings"
WS = "/api/v1/workspaces/default"
MACHINE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
SCORE = b"def init(): pass\ndef run(data): return 1\n"
RULE = {
    "metricTrigger": {
        "metricName": "CpuUtilizationPercentage", "metricResourceUri": "x", "timeGrain": "PT1M", "statistic": "Average",
        "timeWindow": "PT5M", "timeAggregation": "Average", "operator": "GreaterThan", "threshold": 70,
    },
    "scaleAction": {"direction": "Increase", "type": "ChangeCount", "value": "1", "cooldown": "PT5M"},
}  # fmt: skip


def settings(endpoint="iris", **more):
    profile = {"name": "usual", "capacity": {"minimum": "2", "maximum": "5", "default": "2"}, "rules": [RULE]}
    uri = f"{MACHINE}/onlineEndpoints/{endpoint}/deployments/blue"
    return {"location": "local", "tags": {}, "properties": {
        "enabled": True, "targetResourceUri": uri, "profiles": [profile], **more}}  # fmt: skip


async def policy(inside):
    key = Key("default", rules.DEPLOYMENT, "blue", "iris")
    found = await inside.server.store.read(lambda tx: resources.require(tx, key))
    return rules.wish_in(found.state).policy, rules.wish_in(found.state).count


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def deployment(inside):
    (await inside.owner.put(f"{WS}/online-endpoints/iris", json={"name": "iris"})).raise_for_status()
    digest = __import__("hashlib").sha256(SCORE).hexdigest()
    files = [{"path": "score.py", "size": len(SCORE), "sha256": digest}]
    begun = (await inside.owner.post(f"{WS}/uploads", json={"target": "code", "name": "c", "files": files})).json()
    pack = bytes.fromhex(digest) + len(SCORE).to_bytes(8, "big") + SCORE
    headers = {"content-type": "application/octet-stream"}
    (await inside.owner.put(f"{WS}/uploads/{begun['id']}/pack", content=pack, headers=headers)).raise_for_status()
    code = (await inside.owner.post(f"{WS}/uploads/{begun['id']}/commit")).json()["code"]
    document = {
        "name": "blue", "endpoint_name": "iris", "instance_type": "any", "instance_count": 1,
        "environment": {"image": "python:3.11-slim"}, "code_configuration": {"code": code, "scoring_script": "score.py"},
    }  # fmt: skip
    (await inside.owner.put(f"{WS}/online-endpoints/iris/deployments/blue", json=document)).raise_for_status()
    return document


async def test_settings_scale_their_deployment_outlive_its_update_and_go(inside, deployment):
    made = await inside.owner.put(f"{ROOT}/calm", json=settings())
    assert made.status_code == 200, made.text
    assert made.json()["properties"]["profiles"][0]["capacity"]["maximum"] == "5"
    found, count = await policy(inside)
    assert (found.least, found.most, count) == (2, 5, 2)

    update = {**deployment, "tags": {"a": "b"}}
    (await inside.owner.put(f"{WS}/online-endpoints/iris/deployments/blue", json=update)).raise_for_status()
    assert (await policy(inside))[0].most == 5

    shown = (await inside.owner.get(f"{ROOT}/CALM")).json()
    assert shown["type"] == "Microsoft.Insights/autoscaleSettings"
    assert shown["id"].endswith("/autoscaleSettings/calm")
    listed = (await inside.owner.get(ROOT)).json()["value"]
    assert [one["name"] for one in listed] == ["calm"]

    await inside.owner.put(f"{ROOT}/calm", json=settings(enabled=False))
    assert (await policy(inside))[0].moves is False
    assert (await inside.owner.delete(f"{ROOT}/calm")).status_code == 200
    assert (await inside.owner.get(f"{ROOT}/calm")).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (settings(targetResourceUri="/subscriptions/s/x"), 400, "expected the id of an online deployment"),
        (settings(endpoint="none"), 404, "none"),
        (settings(profiles="all"), 400, "a list of profiles"),
        (
            settings(profiles=[{"name": "x", "capacity": {"minimum": "3", "maximum": "1"}}]),
            400,
            "minimum &lt;= maximum",
        ),
        (settings(profiles=[{"name": "x"}]), 400, "properties.profiles[0].capacity"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_kept(inside, deployment, body, status, told):
    answer = await inside.owner.put(f"{ROOT}/wrong", json=body)
    assert answer.status_code == status
    assert told.replace("&lt;", "<") in answer.text or status == 404
    assert (await inside.owner.get(f"{ROOT}/wrong")).status_code == 404
