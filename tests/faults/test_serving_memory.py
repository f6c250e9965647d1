"""A model that leaks until memory runs out: whoever was being answered learns it, the others notice nothing, nobody helps."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket

from online_platform import deployed, eventually

from zaffre.store import events
from zaffre.testing.serving import ask, exchange

LEAKY = """
import json, os
KEPT = []
def init(): pass
def run(data):
    if json.loads(data).get("leak"):
        while True:
            KEPT.append(bytearray(os.urandom(1024)) * 4096)
    return os.getpid()
"""
LIMITED = {"type": "kubernetes", "instance_type": None, "resources": {"limits": {"memory": "256Mi"}}}


async def leaky(platform, **spec):
    await deployed(platform)
    await platform.deploy(LEAKY, **LIMITED, **spec)
    await platform.settled("Succeeded")

    async def ready():
        return isinstance((await asked(platform)).json(), int)

    await eventually(ready, "the leaky one's answer")

    async def alone():
        found = await platform.state()
        return {one["generation"] for one in found["replicas"]} == {found["serving"]["generation"]}

    await eventually(alone, "the end of the generation before")


def metrics(platform):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(platform.sockets / "control"))
        return exchange(connection, b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n").decode()


async def asked(platform, **body):
    key = await platform.key()

    def call():
        connection = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=60)
        try:
            headers = {"authorization": f"Bearer {key}"}
            return ask(connection, "/endpoints/ws/iris/score", json.dumps(body).encode(), headers)
        finally:
            connection.close()

    return await asyncio.get_running_loop().run_in_executor(platform.callers, call)


def went_on(others):
    """All but the one request that may have been sent ahead to the process that ended; it learns the same."""
    wrong = [one for one in others if one.status != 200]
    assert len(wrong) <= 1
    assert all("Memory ran out" in one.json()["error"]["message"] for one in wrong)


async def test_a_replica_that_leaks_is_replaced_and_its_caller_is_told_that_memory_ran_out(platform):
    settings = {"request_timeout_ms": 60_000, "max_queue_wait_ms": 20_000}
    await leaky(platform, instance_count=2, request_settings=settings)
    before = {(await asked(platform)).body for _ in range(20)}
    lost, *others = await asyncio.gather(asked(platform, leak=True), *(asked(platform) for _ in range(20)))
    assert lost.status == 502
    told = lost.json()["error"]
    assert told["code"] == "BadGateway"
    assert "Memory ran out and the replica's process was killed, when it had used at most" in told["message"]
    went_on(others)

    async def replaced():
        found = await platform.state()
        ready = [one for one in found["replicas"] if one["stage"] == "ready"]
        return found if len(ready) == 2 and found.get("last_end") else None

    found = await eventually(replaced, "the replacement")
    assert found["provisioning_state"] == "Succeeded"
    assert found["last_end"]["out_of_memory"]
    assert "memory ran out, when it had used at most 2" in found["last_end"]["message"]

    async def both_answer():
        return len({(await asked(platform)).body for _ in range(20)}) == 2

    await eventually(both_answer, "answers of both again")
    assert {(await asked(platform)).body for _ in range(20)} != before
    happened = await platform.store.read(lambda tx: events.read(tx, 0, workspace="ws", limit=1000))
    assert [one.data["out_of_memory"] for one in happened if one.type.value == "ReplicaEnded"] == [True]
    assert 'zaffre_endpoint_lost_total{workspace="ws",endpoint="iris",deployment="blue"}' in metrics(platform)


async def test_a_worker_that_leaks_is_replaced_and_the_replica_goes_on(platform):
    await leaky(
        platform,
        environment_variables={"WORKER_COUNT": "2"},
        request_settings={"request_timeout_ms": 60_000, "max_queue_wait_ms": 20_000},
    )
    (replica,) = (await platform.state())["replicas"]
    lost, *others = await asyncio.gather(asked(platform, leak=True), *(asked(platform) for _ in range(20)))
    assert lost.status == 502
    assert "Memory ran out" in lost.json()["error"]["message"]
    went_on(others)

    async def two_again():
        return len({(await asked(platform)).body for _ in range(20)}) == 2

    await eventually(two_again, "answers of two workers")
    assert (await platform.state())["replicas"] == [replica]
