"""Replicas of a deployment that come, go and are killed; the routes that its environment names."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal

import pytest
from online_platform import GOOD, Caller, deployed, eventually, pids_of

from zaffre.core.errors import Invalid
from zaffre.testing.serving import ask


async def test_replicas_come_and_go_and_no_caller_notices(platform):
    """One, three, one: new ones are asked when they are ready, those that go finish what they have."""
    await deployed(platform)
    (first,) = (await platform.state())["replicas"]
    configuration = {"code": next(iter(platform.codes)), "scoring_script": "score.py"}
    pids = "import os, time\ndef init(): pass\ndef run(data):\n    time.sleep(0.02)\n    return os.getpid()\n"
    platform.codes[configuration["code"]] = pids

    async def wanted(count):
        await platform.deploy("", code_configuration=configuration, instance_count=count)
        await platform.settled("Succeeded")

        async def there():
            found = (await platform.state())["replicas"]
            return found if len(found) == count and all(one["stage"] == "ready" for one in found) else None

        return await eventually(there, f"{count} replicas")

    async with Caller(platform) as caller, Caller(platform) as other:
        grown = await wanted(3)
        assert first in grown

        async def all_asked():
            return len(caller.answers | other.answers) >= 3

        await eventually(all_asked, "answers of all three")
        (pid,) = pids_of(grown[1]["socket"])
        os.kill(pid, signal.SIGKILL)
        await platform.loop.wake("online-deployment:ws/iris/blue")

        async def replaced():
            found = (await platform.state())["replicas"]
            ready = [one for one in found if one["stage"] == "ready"]
            return len(ready) == 3 and grown[1] not in found

        await eventually(replaced, "the killed one's replacement")
        lost = len(caller.wrong) + len(other.wrong)
        assert lost <= 2  # what the killed one was working on
        assert await wanted(1) == [first]
        await caller.more(5)
    assert len(caller.wrong) + len(other.wrong) == lost


ROUTES = {
    "liveness_route": {"port": 5001, "path": "/live"},
    "readiness_route": {"port": 5001, "path": "/ready"},
    "scoring_route": {"port": 5001, "path": "/predict"},
}


async def test_the_routes_of_the_environment_are_answered(platform):
    environment = {"image": "any", "inference_config": ROUTES}
    await deployed(platform, environment=environment)
    headers = {"authorization": f"Bearer {await platform.key()}"}

    def asked(path):
        connection = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=20)
        try:
            method = "GET" if path in ("/live", "/ready") else "POST"
            return ask(connection, f"/endpoints/ws/iris{path}", b"{}", headers, method)
        finally:
            connection.close()

    found = {path: await asyncio.to_thread(asked, path) for path in ("/predict", "/score", "/live", "/ready", "/other")}
    assert {path: one.status for path, one in found.items()} == {
        "/predict": 200, "/score": 200, "/live": 200, "/ready": 200, "/other": 424,
    }  # fmt: skip
    assert found["/other"].headers["ms-azureml-model-error-statuscode"] == "404"
    assert found["/predict"].body == b'"1"'


async def test_a_server_that_an_image_does_not_name_is_refused_with_the_reason(platform):
    environment = {"image": "any", "inference_config": ROUTES}
    with pytest.raises(Invalid, match="an image without a build context does not say what to start"):
        await platform.deploy("", environment=environment, code_configuration=None)
    wrong = {**ROUTES, "scoring_route": {"port": 1, "path": "predict"}}
    with pytest.raises(Invalid, match="expected a path such as /score"):
        await platform.deploy(GOOD.format(answer="1"), environment={"image": "any", "inference_config": wrong})
