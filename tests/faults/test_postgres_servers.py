"""Several servers on one PostgreSQL: leases decide who acts, and one that was paused is fenced (FT14)."""

import collections
import os
import signal
import subprocess
import sys
import time

import pytest

from zaffre.core.draft import NewRun
from zaffre.core.events import EventType
from zaffre.core.status import RunStatus
from zaffre.server.clock import SystemClock
from zaffre.store import Store, events, runs

RUNS = 40
TTL = 1.5

SERVER = """
import asyncio, os, random, secrets, sys
from zaffre.control import loop as engine
from zaffre.control.loop import RELEASED, Loop
from zaffre.core.status import RunStatus, Signal
from zaffre.server.database import SharedClock
from zaffre.store import Store, runs
from zaffre.store.leases import StaleLease

url, folder, name, ttl = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
engine.LEASE_SECONDS, engine.RENEW_SECONDS = ttl, ttl / 4

def say(*words):
    print(*words, flush=True)

class Steps:
    def __init__(self, store):
        self.store = store

    async def step(self, lease):
        try:
            return await self.walk(lease)
        except StaleLease:
            say("stale", lease.key)
            raise

    async def walk(self, lease):
        run = await self.store.read(lambda tx: runs.get(tx, lease.key.partition(":")[2]))
        if run is None or run.status.is_final:
            return None
        say("holds", run.name)
        if run.status is RunStatus.NOT_STARTED:
            change = {"attempt": run.attempt + 1, "token": secrets.token_hex(8)}
            run = await self.store.write(lambda tx: runs.apply(tx, lease, Signal.START, **change))
        await asyncio.sleep(random.uniform(0, 0.3))
        self.launch(run)
        await asyncio.sleep(random.uniform(0, 0.3))
        for signal in (Signal.RUN, Signal.FINALIZE, Signal.COMPLETE):
            await self.store.write(lambda tx: runs.apply(tx, lease, signal))
        return RELEASED

    def launch(self, run):
        # Idempotent per attempt, as a backend is.
        try:
            os.close(os.open(f"{folder}/{run.name}.{run.attempt}.{run.token}", os.O_CREAT | os.O_EXCL))
            say("launched", run.name)
        except FileExistsError:
            say("found", run.name)

async def main():
    clock = SharedClock()
    store = await Store.open(url, clock)
    loop = Loop(store, clock, name)
    loop.serve("run", Steps(store))
    store.on_nudge(loop.nudge)
    say("ready")
    await loop.run()

asyncio.run(main())
"""


class Servers:
    """Two of them, as processes that can be stopped."""

    def __init__(self, url, folder):
        self.outputs = [folder / f"{name}.log" for name in "ab"]
        (folder / "launched").mkdir()
        self.processes = []
        for name, output in zip("ab", self.outputs, strict=True):
            with output.open("w") as stream:
                command = [sys.executable, "-c", SERVER, url, str(folder / "launched"), name, str(TTL)]
                self.processes.append(subprocess.Popen(command, stdout=stream, stderr=stream))

    def __enter__(self):
        for output in self.outputs:
            self.until(lambda output=output: "ready" in output.read_text(), "two servers")
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()

    def said(self, word):
        return [
            line.split()[1]
            for output in self.outputs
            for line in output.read_text().splitlines(keepends=True)
            if line.startswith(word) and line.endswith("\n")
        ]

    def holder(self):
        """The number of a server that holds a run."""
        self.until(lambda: self.said("holds"), "a claim")
        return next(number for number, output in enumerate(self.outputs) if "holds" in output.read_text())

    def until(self, true, what, patience=60):
        deadline = time.monotonic() + patience
        while not true():
            assert time.monotonic() < deadline, f"{what}: " + "".join(o.read_text()[-1500:] for o in self.outputs)
            assert all(process.poll() is None for process in self.processes), self.outputs[0].read_text()
            time.sleep(0.02)


async def submitted(url):
    store = await Store.open(url, SystemClock())
    for number in range(RUNS):
        new = NewRun(name=f"run-{number}", workspace="ws", type="job", compute="local", actor="user:test")
        await store.write(lambda tx, new=new: runs.submit(tx, new))
    return store


async def ended(store):
    query = runs.RunQuery(statuses=[RunStatus.COMPLETED], top=1000)
    return await store.read(lambda tx: runs.list(tx, query))


@pytest.mark.parametrize("pauses", [0, 2])
async def test_every_run_is_started_and_ended_once_whoever_is_paused(postgres_url, tmp_path, pauses):
    store = await submitted(postgres_url)
    with Servers(postgres_url, tmp_path) as servers:
        first = servers.holder()
        for number in range(pauses):
            paused, other = (first + number) % 2, servers.outputs[(first + number + 1) % 2]
            os.kill(servers.processes[paused].pid, signal.SIGSTOP)
            before = other.read_text().count("holds")
            servers.until(lambda: other.read_text().count("holds") > before, "the other's claim")  # noqa: B023
            os.kill(servers.processes[paused].pid, signal.SIGCONT)
        deadline = time.monotonic() + 60
        while len(found := await ended(store)) < RUNS:
            assert time.monotonic() < deadline, [o.read_text()[-1500:] for o in servers.outputs]
            time.sleep(0.05)
        launched = servers.said("launched")
        shared = {name for output in servers.outputs for name in "ab" if "launched" in output.read_text()}
    assert {run.attempt for run in found} == {1}
    assert sorted(launched) == sorted({run.name for run in found})  # 0 double starts
    finals = collections.Counter(
        event.subject
        for event in await store.read(lambda tx: events.read(tx, 0))
        if event.type is EventType.RUN_STATUS_CHANGED and event.data["to"] == "Completed"
    )
    assert set(finals.values()) == {1}
    assert len(finals) == RUNS
    assert shared
    await store.close()


async def test_one_that_was_paused_past_its_lease_is_refused_what_it_had_decided(postgres_url, tmp_path):
    store = await submitted(postgres_url)
    with Servers(postgres_url, tmp_path) as servers:
        first = servers.holder()
        one, log = servers.processes[first], servers.outputs[first]
        os.kill(one.pid, signal.SIGSTOP)
        deadline = time.monotonic() + 60
        while len(await ended(store)) < RUNS:  # the other takes over what the paused one held
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(one.pid, signal.SIGCONT)
        servers.until(lambda: "stale" in log.read_text(), "the refusal")
        held = {line.split()[1] for line in log.read_text().splitlines() if line.startswith("holds")}
        assert set(servers.said("stale")) <= {f"run:{name}" for name in held}
    assert {run.attempt for run in await ended(store)} == {1}
    await store.close()
