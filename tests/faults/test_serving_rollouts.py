"""Traffic that moves in steps under a caller's eyes: on when all is well, back when a guardrail does not hold."""

from __future__ import annotations

import pytest
from online_platform import GOOD, Caller, deployed, eventually

from zaffre.api.operations import Target
from zaffre.core.errors import Conflict
from zaffre.core.registry import kinds
from zaffre.core.resource import Key
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
