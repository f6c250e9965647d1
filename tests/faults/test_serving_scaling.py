"""Replicas that follow the load: more while many ask, fewer when they stop, none while nobody does, and back again."""

from __future__ import annotations

import asyncio
import contextlib

from online_platform import GOOD, Caller, eventually, pids_of

SLOW = "import time\ndef init(): pass\ndef run(data):\n    time.sleep(0.1)\n    return '1'\n"


async def serve(platform, script, **scale):
    settings = {"type": "target_utilization", "polling_interval": 1, **scale}
    await platform.deploy(script, scale_settings=settings, request_settings={"max_queue_wait_ms": 20_000})
    await platform.settled("Succeeded")
    await platform.endpoint(traffic={"blue": 100})

    statuses = []

    async def answering():
        statuses.append((await platform.call()).status)
        return statuses[-1] == 200

    await eventually(answering, f"the first answer, but {statuses}")


async def numbering(platform, count):
    async def there():
        state = await platform.state()
        ready = [one for one in state["replicas"] if one["stage"] == "ready"]
        return state if len(ready) == len(state["replicas"]) == count else None

    return await eventually(there, f"{count} replicas", 90)


async def test_one_four_one(platform):
    await serve(platform, SLOW, min_instances=1, max_instances=4, target={"concurrency": 1}, cool_down=2)
    async with contextlib.AsyncExitStack() as kept:
        callers = [await kept.enter_async_context(Caller(platform)) for _ in range(8)]
        grown = await numbering(platform, 4)
        assert "requests at once" in grown["scaling"]["why"]
        await callers[0].more(5)
        assert [one.wrong for one in callers if one.wrong] == []
    shrunk = await numbering(platform, 1)
    assert "have been enough" in shrunk["scaling"]["why"]
    assert (await platform.call()).status == 200


async def test_none_while_nobody_asks_and_everybody_who_waits_for_the_first_is_answered(platform):
    await serve(platform, GOOD.format(answer="1"), min_instances=0, max_instances=1, cool_down=1)
    (first,) = (await platform.state())["replicas"]
    asleep = await numbering(platform, 0)
    assert asleep["provisioning_state"] == "Succeeded"
    assert asleep["start_seconds"] > 0
    assert pids_of(first["socket"]) == []
    answers = await asyncio.gather(*(platform.call() for _ in range(20)))
    assert {one.status for one in answers} == {200}
    assert "requests wait" in (await platform.state())["scaling"]["why"]


async def test_a_server_that_starts_again_goes_on_scaling(platform):
    await serve(platform, GOOD.format(answer="1"), min_instances=0, max_instances=1, cool_down=2)
    await platform.disengage()
    assert (await platform.call()).status == 200
    await platform.engage()
    await platform.loop.wake("online-deployment:ws/iris/blue")
    await numbering(platform, 0)
    await platform.disengage()
    waiting = asyncio.create_task(platform.call())
    await platform.engage()
    assert (await waiting).status == 200
