"""Deployments made, updated, broken and deleted through the control loop, with real processes, while a caller keeps asking."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from online_platform import GOOD, Caller, deployed, eventually, pids_of

from zaffre.api.operations import Target
from zaffre.core.errors import Conflict, Invalid
from zaffre.core.registry import kinds
from zaffre.core.resource import Key
from zaffre.kinds.online.rules import DEPLOYMENT, ENDPOINT
from zaffre.store import resources

BAD = {
    "init raises": "def init(): raise RuntimeError('no weights')\ndef run(data): return 1\n",
    "exits": "import os\ndef init(): os._exit(9)\ndef run(data): return 1\n",
    "killed": "import os, signal\ndef init(): os.kill(os.getpid(), signal.SIGKILL)\ndef run(data): return 1\n",
    "never ready": "import time\ndef init(): time.sleep(600)\ndef run(data): return 1\n",
}


async def test_an_update_changes_the_answer_and_fails_no_caller(platform):
    await deployed(platform, "1")
    async with Caller(platform) as caller:
        for answer in ("2", "3"):
            await platform.deploy(GOOD.format(answer=answer))
            await platform.settled("Succeeded")
            expected = f'"{answer}"'.encode()

            async def changed(expected=expected):
                return (await platform.call()).body == expected

            await eventually(changed, "the new answer")

        async def one_left():
            return len((await platform.state())["replicas"]) == 1

        await eventually(one_left, "the old replicas' end")
        await caller.more(5)
    assert caller.wrong == []
    assert caller.answers >= {b'"1"', b'"2"', b'"3"'}


@pytest.mark.parametrize("how", BAD)
async def test_an_update_that_does_not_become_ready_changes_nothing_for_callers(platform, how):
    """R11, D2: the old replica keeps all traffic; the deployment says why the new one failed."""
    await deployed(platform)
    patience = {"initial_delay": 1, "period": 1, "failure_threshold": 2}
    async with Caller(platform) as caller:
        await platform.deploy(BAD[how], readiness_probe=patience)
        state = await platform.settled("Failed", patience=40)
        await caller.more(5)
    assert state["reason"]["code"] == "NotReady"
    assert caller.wrong == []
    assert caller.answers == {b'"1"'}
    await platform.deploy(GOOD.format(answer="4"))
    await platform.settled("Succeeded")


async def test_an_environment_that_cannot_be_built_says_so(platform):
    await deployed(platform)
    await platform.deploy(GOOD.format(answer="2"), environment={"image": "broken"})
    state = await platform.settled("Failed")
    assert state["reason"]["code"] == "EnvironmentFailed"
    assert "no such package" in state["reason"]["message"]
    assert (await platform.call()).body == b'"1"'


async def test_a_killed_replica_is_replaced(platform):
    await deployed(platform)
    (before,) = (await platform.state())["replicas"]
    (pid,) = pids_of(before["socket"])
    os.kill(pid, signal.SIGKILL)
    await platform.loop.wake("online-deployment:ws/iris/blue")

    async def another():
        found = (await platform.state())["replicas"]
        return len(found) == 1 and found[0]["number"] != before["number"] and found[0]["stage"] == "ready"

    await eventually(another, "its replacement")

    async def answering():
        return (await platform.call()).status == 200

    await eventually(answering, "an answer")
    assert (await platform.state())["provisioning_state"] == "Succeeded"


async def test_a_replica_that_stands_still_is_replaced_by_its_liveness_probe(platform):
    """SIGSTOP: the other one serves on; callers of this one are told; it does not outlive its replacement."""
    probing = {"initial_delay": 1, "period": 1, "timeout": 1, "failure_threshold": 2}
    settings = {"request_timeout_ms": 2000, "max_queue_wait_ms": 5000}
    await deployed(platform, instance_count=2, liveness_probe=probing, request_settings=settings)
    stopped = (await platform.state())["replicas"][0]
    (pid, *_) = pids_of(stopped["socket"])
    async with Caller(platform) as caller:
        os.kill(pid, signal.SIGSTOP)

        async def replaced():
            kept = (await platform.state())["replicas"]
            ready = [one for one in kept if one["stage"] == "ready" and one["number"] != stopped["number"]]
            return len(ready) == 2

        await eventually(replaced, "its replacement", 40)
        await caller.more(20)

        async def gone():
            return not Path(f"/proc/{pid}").exists()

        await eventually(gone, "its end", 60)
    assert len(caller.wrong) <= 1
    assert all(status == 502 and b"process is stopped" in body for status, body in caller.wrong)


async def test_without_the_control_plane_callers_notice_nothing_and_the_next_one_adopts(platform):
    await deployed(platform)
    (before,) = (await platform.state())["replicas"]
    await platform.disengage()
    assert [(await platform.call()).status for _ in range(5)] == [200] * 5
    await platform.engage()
    await platform.loop.wake("online-deployment:ws/iris/blue")
    await platform.deploy(GOOD.format(answer="2"), name="green")
    await platform.settled("Succeeded", "green")
    assert (await platform.state())["replicas"] == [before]


async def test_limits_change_without_a_new_replica(platform):
    code = GOOD.format(answer="1")
    await deployed(platform)
    (before,) = (await platform.state())["replicas"]
    reference = next(iter(platform.codes))
    configuration = {"code": reference, "scoring_script": "score.py"}
    settings = {"max_queue_wait_ms": 9000}
    await platform.deploy(code, code_configuration=configuration, request_settings=settings)

    async def limited():
        serving = (await platform.state())["serving"]
        return serving["limits"]["max_queue_wait"] == 9.0

    await eventually(limited, "the new limit")
    assert (await platform.state())["replicas"] == [before]


async def test_deleting_takes_everything_down(platform):
    await deployed(platform)
    (before,) = (await platform.state())["replicas"]
    kind, parent = kinds()[DEPLOYMENT], kinds()[ENDPOINT]
    with pytest.raises(Conflict, match="100 % of the traffic"):
        await platform.operations.delete(Target(kind, "ws", "blue", "iris"), "user")
    await platform.operations.delete(Target(parent, "ws", "iris"), "user")

    async def gone():
        return await platform.store.read(lambda tx: resources.get(tx, Key("ws", ENDPOINT, "iris"))) is None

    await eventually(gone, "the endpoint's end")
    assert pids_of(before["socket"]) == []
    assert not Path(before["directory"]).exists()


async def test_traffic_to_a_deployment_that_is_not_there_is_refused(platform):
    await deployed(platform)
    with pytest.raises(Invalid, match='did you mean "blue"'):
        await platform.endpoint(traffic={"bleu": 100})
    with pytest.raises(Invalid, match="0 or 100"):
        await platform.endpoint(traffic={"blue": 50})


async def test_a_script_that_is_not_in_the_code_is_refused_at_once(platform):
    code = await platform.code(GOOD.format(answer="1"))
    with pytest.raises(Invalid, match=r'did you mean "score\.py"'):
        await platform.deploy("", code_configuration={"code": code, "scoring_script": "scor.py"})
