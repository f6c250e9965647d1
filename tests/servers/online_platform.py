"""Online deployments through the control loop, with real processes, and a caller that keeps asking."""

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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from zaffre.api.operations import Operations, Target
from zaffre.backends.local import LocalBackend
from zaffre.backends.local.archive import scoring_host
from zaffre.control.keypairs import Keys
from zaffre.control.locations import Locations
from zaffre.control.lookup import Places, StoreLookup
from zaffre.control.loop import Loop
from zaffre.core.ports import BuildPhase, BuildState, Interpreter
from zaffre.core.registry import kinds
from zaffre.core.resource import Content, Key
from zaffre.kinds.online.live.measuring import Measures
from zaffre.kinds.online.parts.layout import Layout
from zaffre.kinds.online.reconcile import Deployments, Endpoints, Floors, Table
from zaffre.kinds.online.rules import DEPLOYMENT, ENDPOINT
from zaffre.serving import process
from zaffre.serving.probe import probe
from zaffre.serving.process import Launch
from zaffre.serving.publisher import Publisher
from zaffre.store import Store, assets, resources
from zaffre.store.secrets import Vault
from zaffre.testing.serving import ask

GOOD = "def init(): pass\ndef run(data): return '{answer}'\n"


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
        self.callers = ThreadPoolExecutor(64)  # of their own: the server must not wait for those who wait for it

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
        router, layout = Publisher(lambda: launch, f"http://127.0.0.1:{self.port}"), Layout(home, self.sockets)
        self.measures = Measures(router, self.store, self.clock, layout)
        floors = Floors(
            store=self.store, clock=self.clock, backend=self.backend, builder=builder, router=router, probe=probe,
            code=self.lay_out, places=layout, keys=self.keys, host=lambda: scoring_host(home), environ=environ,
            measures=self.measures,
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
        self.watching = [asyncio.create_task(self.measures.run()), asyncio.create_task(self.measures.wake())]

    async def disengage(self):
        """The control plane dies; what it started does not."""
        for task in self.watching:
            task.cancel()
        await asyncio.gather(*self.watching, return_exceptions=True)
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
        self.callers.shutdown(wait=False)
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
        return await asyncio.get_running_loop().run_in_executor(self.callers, self._call, key)

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


async def deployed(platform, answer="1", **spec):
    await platform.deploy(GOOD.format(answer=answer), **spec)
    await platform.settled("Succeeded")
    await platform.endpoint(traffic={"blue": 100})

    async def answering():
        return (await platform.call()).status == 200

    await eventually(answering, "the first answer")
