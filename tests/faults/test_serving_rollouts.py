"""Traffic that moves in steps under a caller's eyes: on when all is well, back when a guardrail does not hold."""

from __future__ import annotations

import json

import pytest
from online_platform import GOOD, Caller, deployed, eventually

from zaffre.api.operations import Target
from zaffre.core.errors import Conflict
from zaffre.core.registry import kinds
from zaffre.core.resource import Key
from zaffre.kinds.online.parts.task import Owner
from zaffre.kinds.online.rules import DEPLOYMENT, ENDPOINT
from zaffre.store import events, resources

FAILING = "def init(): pass\ndef run(data): raise ValueError('no such column')\n"
SLOW = "import time\ndef init(): pass\ndef run(data):\n    time.sleep(0.2)\n    return '1'\n"


async def endpoint_of(platform):
    return await platform.store.read(lambda tx: resources.get(tx, Key("ws", ENDPOINT, "iris")))


async def ended(platform):
    async def over():
        found = await endpoint_of(platform)
        shift = found.state.get("rollout") or {}
        final = found.state["provisioning_state"] in ("Succeeded", "Failed")
        return found if final and shift.get("status") not in (None, "InProgress") else None

    return await eventually(over, "the end of the rollout")


def plan(**guardrails):
    return {"steps": [20, 60], "interval": 1, "guardrails": {"min_requests": 5, **guardrails}}


async def both_deployed(platform, script):
    await deployed(platform, "1")
    await platform.deploy(script, name="green")
    await platform.settled("Succeeded", "green")


async def shift(platform, **guardrails):
    await platform.endpoint(traffic={"green": 100, "blue": 0}, rollout=plan(**guardrails))


async def test_a_deployment_that_is_well_gets_all_in_steps(platform):
    await both_deployed(platform, GOOD.format(answer="2"))
    async with Caller(platform) as caller, Caller(platform) as other:
        await shift(platform, error_rate=1, latency_p95_ms=2000)
        found = await ended(platform)
    assert found.state["rollout"]["status"] == "Succeeded", found.state["reason"]
    assert [one["traffic"] for one in found.state["rollout"]["history"]] == [
        {"blue": 80, "green": 20}, {"blue": 40, "green": 60}, {"blue": 0, "green": 100},
    ]  # fmt: skip
    assert found.state["provisioning_state"] == "Succeeded"
    assert caller.wrong + other.wrong == []
    assert (await platform.call()).body == b'"2"'


@pytest.mark.parametrize(
    ("script", "guardrails", "told"),
    [
        (FAILING, {"error_rate": 10}, "guardrails.error_rate allows 10 %"),
        (SLOW, {"latency_p95_ms": 100}, "guardrails.latency_p95_ms allows 100 ms"),
    ],
)
async def test_a_guardrail_that_does_not_hold_takes_the_traffic_back(platform, script, guardrails, told):
    await both_deployed(platform, script)
    async with Caller(platform), Caller(platform):
        await shift(platform, **guardrails)
        found = await ended(platform)
    assert found.state["rollout"]["status"] == "RolledBack"
    assert found.state["reason"]["code"] == "RolledBack"
    assert told in found.state["reason"]["message"]
    assert found.state["provisioning_state"] == "Failed"
    assert found.spec["traffic"] == {"blue": 100}
    assert [(await platform.call()).body for _ in range(20)] == [b'"1"'] * 20
    happened = await platform.store.read(lambda tx: events.read(tx, 0, workspace="ws", limit=1000))
    assert [one.type.value for one in happened if "RolledBack" in one.type.value] == ["TrafficRolledBack"]
    await platform.endpoint(traffic={"blue": 100})

    async def well():
        return (await endpoint_of(platform)).state["provisioning_state"] == "Succeeded"

    await eventually(well, "an endpoint that is well again")


async def test_predictions_that_differ_take_the_traffic_back(platform):
    script = "import random\ndef init(): pass\ndef run(data): return [random.random() {more}]\n"
    await deployed(platform, "1")
    await platform.deploy(script.format(more=""), name="blue")
    await platform.settled("Succeeded")
    await platform.deploy(script.format(more="* 0.2"), name="green")
    await platform.settled("Succeeded", "green")
    async with Caller(platform), Caller(platform):
        await platform.endpoint(
            traffic={"green": 100}, rollout=plan(prediction_drift=0.3) | {"steps": [50], "interval": 60}
        )
        found = await ended(platform)
    assert "predictions of green differ" in found.state["reason"]["message"]


async def test_the_control_plane_may_die_in_the_middle_of_a_step(platform):
    await both_deployed(platform, GOOD.format(answer="2"))
    async with Caller(platform), Caller(platform):
        await shift(platform, error_rate=1)
        await platform.disengage()
        await platform.engage()
        await platform.loop.wake("online-endpoint:ws/iris")
        found = await ended(platform)
    assert found.state["rollout"]["status"] == "Succeeded", found.state["reason"]


async def test_going_back_by_hand_is_done_at_once_and_the_new_one_cannot_be_deleted_meanwhile(platform):
    await deployed(platform, "1")
    await platform.deploy(GOOD.format(answer="2"), name="green")
    await platform.settled("Succeeded", "green")
    await platform.endpoint(traffic={"green": 100}, rollout={"steps": [50], "interval": 600})

    async def both():
        return {(await platform.call()).body for _ in range(10)} == {b'"1"', b'"2"'}

    await eventually(both, "answers of both")
    for name in ("blue", "green"):
        with pytest.raises(Conflict, match="of the traffic"):
            await platform.operations.delete(Target(kinds()[DEPLOYMENT], "ws", name, "iris"), "user")
    await platform.endpoint(traffic={"blue": 100})

    async def back():
        return {(await platform.call()).body for _ in range(10)} == {b'"1"'}

    await eventually(back, "answers of the old one alone")
    assert (await endpoint_of(platform)).state["rollout"]["status"] == "Stopped"


@pytest.mark.parametrize(
    ("script", "status", "traffic"),
    [(FAILING, "RolledBack", {}), (GOOD.format(answer="1"), "Succeeded", {"blue": 100})],
)
async def test_a_first_deployment_is_held_against_the_limits_where_that_is_asked_for(platform, script, status, traffic):
    await platform.deploy(script)
    await platform.settled("Succeeded")
    watched = {"interval": 1, "watch_first": True, "guardrails": {"error_rate": 10, "min_requests": 5}}
    async with Caller(platform), Caller(platform):
        await platform.endpoint(traffic={"blue": 100}, rollout=watched)
        found = await ended(platform)
    assert found.state["rollout"]["status"] == status
    assert found.spec["traffic"] == traffic
    if not traffic:
        assert (
            "The traffic went back to none to any deployment: blue answered 100.0 %" in found.state["reason"]["message"]
        )
        refused = await platform.call()
        assert refused.status == 404
        assert "No deployment of this endpoint has traffic" in refused.json()["error"]["message"]


async def updated(platform, script, **guardrails):
    """Blue, which has all the traffic, gets another script of its own name under the eyes of guardrails."""
    await platform.endpoint(traffic={"blue": 100}, rollout=plan(**guardrails))
    await platform.deploy(script)


async def test_an_update_under_its_own_name_that_is_well_gets_all_in_steps(platform):
    await deployed(platform, "1")
    async with Caller(platform) as caller, Caller(platform) as other:
        await updated(platform, GOOD.format(answer="2"), error_rate=1, latency_p95_ms=2000)

        async def both():
            return {(await platform.call()).body for _ in range(10)} == {b'"1"', b'"2"'}

        await eventually(both, "answers of both revisions")
        state = await platform.settled("Succeeded")
    assert caller.wrong + other.wrong == []
    assert [one["traffic"] for one in state["trial"]["history"]] == [
        {"blue": 80, "blue~2": 20}, {"blue": 40, "blue~2": 60}, {"blue": 0, "blue~2": 100},
    ]  # fmt: skip
    assert {(await platform.call()).body for _ in range(10)} == {b'"2"'}
    assert await platform.measures.look()
    counted = platform.measures.latest(Owner("ws", "iris", "blue"))
    assert sum(counted.statuses.values()) >= caller.count + other.count  # whichever revision answered
    assert (await platform.call()).headers["azureml-model-deployment"] == "blue"


@pytest.mark.parametrize(
    ("script", "guardrails", "told"),
    [
        (FAILING, {"error_rate": 10}, "blue~2 answered 100.0 %"),
        (SLOW, {"latency_p95_ms": 100}, "guardrails.latency_p95_ms allows 100 ms"),
        ("def init(): pass\ndef run(data): return 7.5\n", {"prediction_drift": 0.3}, "predictions of blue~2 differ"),
        ("import os\ndef init(): pass\ndef run(data): os._exit(3)\n", {"error_rate": 90}, "a replica of blue~2 ended"),
    ],
)
async def test_an_update_under_its_own_name_that_is_not_well_goes_back(platform, script, guardrails, told):
    await deployed(platform, "1")
    await platform.deploy("import random\ndef init(): pass\ndef run(data): return random.random()\n")
    await platform.settled("Succeeded")
    async with Caller(platform), Caller(platform):
        await updated(platform, script, **guardrails)
        state = await platform.settled("Failed")
    assert state["reason"]["code"] == "RolledBack"
    assert told.replace("~2", "~3") in state["reason"]["message"]
    assert state["serving"]["generation"] == 2
    answers = [(await platform.call()) for _ in range(20)]
    assert {one.status for one in answers} == {200}
    assert all(0 <= float(one.body) < 1 for one in answers)

    async def gone():
        return {one["generation"] for one in (await platform.state())["replicas"]} == {2}

    await eventually(gone, "the end of the revision that was not well")


async def test_the_control_plane_may_die_while_a_revision_is_on_trial(platform):
    await deployed(platform, "1")
    async with Caller(platform) as caller, Caller(platform) as other:
        await updated(platform, GOOD.format(answer="2"), error_rate=1)

        async def tried():
            return ((await platform.state()).get("trial") or {}).get("since")

        await eventually(tried, "the trial")
        await platform.disengage()
        await platform.engage()
        await platform.settled("Succeeded")
    assert caller.wrong + other.wrong == []


async def test_another_update_ends_the_trial_of_the_one_before(platform):
    await deployed(platform, "1")
    await platform.endpoint(traffic={"blue": 100}, rollout=plan(error_rate=50) | {"interval": 600})
    await platform.deploy(GOOD.format(answer="2"))

    async def seen(answer):
        return answer in {(await platform.call()).body for _ in range(10)}

    await eventually(lambda: seen(b'"2"'), "answers of the second revision")
    await platform.deploy(GOOD.format(answer="3"))
    await eventually(lambda: seen(b'"3"'), "answers of the third revision")
    assert {(await platform.call()).body for _ in range(20)} <= {b'"1"', b'"3"'}
    await platform.endpoint(traffic={"blue": 100})  # no guardrails any more

    async def all_of_it():
        return {(await platform.call()).body for _ in range(10)} == {b'"3"'}

    await eventually(all_of_it, "all of the traffic at the third revision")
    state = await platform.settled("Succeeded")
    assert state["trial"]["status"] == "Stopped"

    async def alone():
        told = json.loads((platform.home / "router" / "table.json").read_text())
        return list(told["endpoints"]["ws/iris"]["deployments"]) == ["blue"]

    await eventually(alone, "a table without the trial")
