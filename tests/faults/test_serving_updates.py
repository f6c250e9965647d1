"""Deployments made, updated, broken and deleted through the control loop, with real processes, while a caller keeps asking."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

import pytest

from zaffre.api.operations import Operations, Target
from zaffre.backends.local import LocalBackend
from zaffre.control.keypairs import Keys
from zaffre.control.locations import Locations
from zaffre.control.lookup import Places, StoreLookup
from zaffre.control.loop import Loop
from zaffre.core.errors import Conflict, Invalid
from zaffre.core.ports import BuildPhase, BuildState, Interpreter
from zaffre.core.registry import kinds
from zaffre.core.resource import Content, Key
from zaffre.kinds.online.parts.layout import Layout
from zaffre.kinds.online.reconcile import Deployments, Endpoints, Floors, Table
from zaffre.kinds.online.rules import DEPLOYMENT, ENDPOINT
from zaffre.serving import host, process
from zaffre.serving.probe import probe
from zaffre.serving.process import Launch
from zaffre.serving.publisher import Publisher
from zaffre.store import Store, assets, resources
from zaffre.store.secrets import Vault
from zaffre.testing.serving import ask

GOOD = "def init(): pass\ndef run(data): return '{answer}'\n"
BAD = {
    "init raises": "def init(): raise RuntimeError('no weights')\ndef run(data): return 1\n",
    "exits": "import os\ndef init(): os._exit(9)\ndef run(data): return 1\n",
    "killed": "import os, signal\ndef init(): os.kill(os.getpid(), signal.SIGKILL)\ndef run(data): return 1\n",
    "never ready": "import time\ndef init(): time.sleep(600)\ndef run(data): return 1\n",
}


class SystemClock:
    def now(self):
        return time.time()

    def monotonic(self):
        return time.monotonic()


class ThisInterpreter:
    """Every environment is the one the tests run in, but for one that cannot be built."""

    def fingerprint(self, definition):
        return "f" * 8 if definition.image != "broken" else "b" * 8

    def look(self, fingerprint):
        if fingerprint.startswith("b"):
            return BuildState(BuildPhase.FAILED, message="no such package")
        return BuildState(
            BuildPhase.READY, Interpreter(sys.prefix, sys.executable, (str(Path(sys.executable).parent),))
        )

    def task(self, definition, fingerprint, attempt):
        raise AssertionError("nothing is built here")


class Platform:
    """One server's worth of serving, in a temporary home."""

    def __init__(self, home):
        self.home = home
        self.sockets = Path(tempfile.mkdtemp(prefix="zt-"))
        self.clock = SystemClock()
        self.codes = {}

    async def open(self):
        home = self.home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.store = await Store.open(f"sqlite:///{home / 'zaffre.db'}", self.clock)
        self.backend = LocalBackend(home, self.clock)
        await self.backend.start()
        environ = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        launch = Launch(home / "router", self.sockets / "control", self.port, environ)
        places = Places(Locations(home), lambda run, name: None)
        builder = ThisInterpreter()
        self.keys = Keys(Vault(home / "secrets.key"), "")
        floors = Floors(
            store=self.store, clock=self.clock, backend=self.backend, builder=builder,
            router=Publisher(lambda: launch, f"http://127.0.0.1:{self.port}"), probe=probe, code=self.lay_out,
            places=Layout(home, self.sockets), keys=self.keys, host=lambda: host.archive(home), environ=environ,
        )  # fmt: skip
        self.lookup = lambda tx: StoreLookup(tx, places, builder, lambda name, version: None)
        self.operations = Operations(self.store, self.lookup, self.clock)
        await self.engage(floors)

    async def engage(self, floors=None):
        self.floors = floors or self.floors
        table = Table(self.floors)
        self.loop = Loop(self.store, self.clock, "test")
        self.loop.serve(ENDPOINT, Endpoints(self.floors, table))
        self.loop.serve(DEPLOYMENT, Deployments(self.floors, table))
        self.store.on_nudge(self.loop.nudge)
        self.running = asyncio.create_task(self.loop.run())

    async def disengage(self):
        """The control plane dies; what it started does not."""
        await self.loop.stop()
        await self.running

    async def close(self):
        await self.disengage()
        for found in await self.store.read(
            lambda tx: resources.list(tx, resources.Query("ws", DEPLOYMENT, "iris", view="all"))
        ):
            for one in found.state.get("replicas", []):
                for pid in pids_of(one["socket"]):
                    os.kill(pid, signal.SIGKILL)
        record = process.find(self.home / "router")
        if record is not None:
            os.kill(record.pid, signal.SIGKILL)
        await self.backend.close()
        await self.store.close()
        shutil.rmtree(self.sockets, ignore_errors=True)

    async def lay_out(self, workspace, reference, target):
        target.mkdir(parents=True, exist_ok=True)
        (target / "score.py").write_text(self.codes[reference])

    async def workspace(self):
        await self.store.write(lambda tx: resources.put(tx, Key("", "workspace", "ws"), Content({}, "1"), "user"))

    async def code(self, text):
        version = str(len(self.codes) + 1)
        self.codes[f"azureml:code:{version}"] = text
        content = Content(
            {"name": "code"}, hashlib.sha256(text.encode()).hexdigest(), {"files": [["score.py", "", 1, False]]}
        )
        await self.store.write(lambda tx: assets.add(tx, Key("ws", "code", "code", "", version), content, "user"))
        return f"azureml:code:{version}"

    async def endpoint(self, **spec):
        kind = kinds()[ENDPOINT]
        model = kind.model().from_yaml({"name": "iris", **spec})
        await self.operations.put(Target(kind, "ws", "iris"), model, "user")

    async def deploy(self, script, name="blue", **spec):
        kind = kinds()[DEPLOYMENT]
        document = {
            "name": name,
            "endpoint_name": "iris",
            "instance_type": "Standard_DS3_v2",
            "environment": {"image": "any"},
            "code_configuration": {"code": await self.code(script), "scoring_script": "score.py"},
            **spec,
        }
        model = kind.model().from_yaml(document)
        await self.operations.put(Target(kind, "ws", name, "iris"), model, "user")

    async def state(self, name="blue"):
        key = Key("ws", DEPLOYMENT, name, "iris")
        found = await self.store.read(lambda tx: resources.get(tx, key))
        return found.state if found else None

    async def settled(self, status, name="blue", patience=60):
        async def arrived():
            state = await self.state(name)
            return state if state and state["provisioning_state"] == status else None

        return await eventually(arrived, f"{name} {status}", patience)

    async def key(self):
        found = await self.store.write(lambda tx: self.keys.ensure(tx, "ws", "iris"))
        return found["primary"]

    async def call(self):
        key = await self.key()
        return await asyncio.to_thread(self._call, key)

    def _call(self, key):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            return ask(connection, "/endpoints/ws/iris/score", b"{}", {"authorization": f"Bearer {key}"})
        finally:
            connection.close()


def pids_of(path):
    """The processes that were started for a replica's socket."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            orders = next((Path(os.fsdecode(word)) for word in words if word.endswith(b"host.json")), None)
            if orders is not None and orders.exists() and path in orders.read_text():
                found.append(int(folder.name))
    return found


async def eventually(true, what, patience=60.0):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = await true()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"not in {patience} s: {what}")


class Caller:
    """Asks without a pause; counts what is not 200 and which answers came."""

    def __init__(self, platform):
        self.platform = platform
        self.wrong = []
        self.answers = set()
        self.count = 0

    async def __aenter__(self):
        self.task = asyncio.create_task(self.ask())
        return self

    async def __aexit__(self, *_):
        self.task.cancel()

    async def ask(self):
        while True:
            reply = await self.platform.call()
            self.count += 1
            self.answers.add(reply.body)
            if reply.status != 200:
                self.wrong.append((reply.status, reply.body))

    async def more(self, count):
        goal = self.count + count

        async def enough():
            return self.count >= goal

        await eventually(enough, "more answers")


@pytest.fixture
async def platform(tmp_path):
    made = Platform(tmp_path)
    await made.open()
    try:
        await made.workspace()
        await made.endpoint()
        yield made
    finally:
        await made.close()


async def deployed(platform, answer="1", **spec):
    await platform.deploy(GOOD.format(answer=answer), **spec)
    await platform.settled("Succeeded")
    await platform.endpoint(traffic={"blue": 100})

    async def answering():
        return (await platform.call()).status == 200

    await eventually(answering, "the first answer")


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
