"""An agent that dies at any point leaves no process, no half output and no second start of the command."""

import asyncio
import os
import signal
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from zaffre.backends.local import LocalBackend, record, watch
from zaffre.core.tasks import Deposit, Intake, Phase
from zaffre.testing.trial import Trial, alive, carriers, gone, until

_COUNT_AND_WRITE = """
import os, sys
with open(sys.argv[1], 'a') as runs: runs.write('run\\n')
for name in ('a', 'b', 'c'): open('out/' + name, 'w').write(name)
open('outputs/kept', 'w').close()
"""
POINTS = ["claimed", "signed", "intake", "start", "rank", "started", "spawned", "ended", "deposit:1", "deposit:2"]
POINTS += ["merge:1", "merge:2", "merge:3", "exit", "recorded"]
BEFORE_THE_COMMAND = ("claimed", "signed", "intake", "start")


async def test_the_processes_go_with_their_agent(tmp_path):
    # One write each: what two processes print in pieces may interleave within a number.
    code = "import os, time\nif os.fork() == 0: os.setsid()\nos.write(1, b'%d ' % os.getpid())\ntime.sleep(60)"
    async with backend_at(tmp_path) as trial:
        handle = await trial.backend.launch(trial.task(code))
        seen = await trial.running(handle)

        async def both():
            return len((await trial.log(handle)).split()) == 2 or None

        await until(both)
        assert len(carriers(handle.token)) == 2
        kill_agent(handle)
        assert (await trial.over(handle)).phase is Phase.VANISHED
        assert carriers(handle.token) == []
        assert not alive(seen.pid)
        assert not (await trial.backend.observe(handle)).rebooted


async def test_a_process_without_token_is_found_by_its_session(tmp_path):
    command = "echo $$; (env -i sleep 60 & echo $!); env -i sleep 60; true"
    async with backend_at(tmp_path) as trial:
        handle = await trial.backend.launch(trial.task("", argv=("sh", "-c", command)))

        async def two():
            found = (await trial.log(handle)).split()
            return [int(pid) for pid in found] if len(found) == 2 else None

        pids = await until(two)
        kill_agent(handle)
        assert (await trial.over(handle)).phase is Phase.VANISHED
        assert not any(alive(pid) for pid in pids)


async def test_a_loss_is_told(tmp_path):
    async with backend_at(tmp_path) as trial:
        told = asyncio.Event()
        handle = await trial.backend.launch(trial.task("import time; time.sleep(60)"))
        await trial.running(handle)
        trial.backend.on_change(lambda _: told.set())
        kill_agent(handle)
        await asyncio.wait_for(told.wait(), 1.5)  # sooner than the slow look
        assert (await trial.backend.observe(handle)).phase is Phase.VANISHED


@pytest.mark.parametrize("point", POINTS)
async def test_death_at_a_named_point(tmp_path, point):
    runs, source = tmp_path / "count", tmp_path / "source"
    source.write_text("data")
    if point.startswith("merge"):
        (tmp_path / "data" / "out").mkdir(parents=True)

    def task(trial, attempt):
        task = trial.task(_COUNT_AND_WRITE, str(runs), attempt=attempt)
        wd = Path(task.cwd)
        return replace(
            task,
            intakes=(Intake("in", str(source), str(wd / "in"), copy=True),),
            deposits=(
                Deposit("out", str(wd / "out"), str(tmp_path / "data" / "out"), merge=point.startswith("merge")),
                Deposit("default", str(wd / "outputs"), str(tmp_path / "data" / "outputs"), always=True),
            ),
        )

    async with backend_at(tmp_path, failpoint=point) as trial:
        handle = await trial.backend.launch(task(trial, 1))
        seen = await trial.over(handle)
        assert carriers(handle.token) == []
        assert seen.phase is (Phase.EXITED if point == "recorded" else Phase.VANISHED)
        count = runs.read_text() if runs.exists() else ""
        assert count in ("", "run\n")
        assert count == "" or point not in BEFORE_THE_COMMAND
        assert await trial.backend.launch(task(trial, 1)) == handle
        assert (await trial.over(handle)).phase is seen.phase
        assert (runs.read_text() if runs.exists() else "") == count
        written = tmp_path / "data" / "out"
        if written.exists() and not point.startswith("merge"):
            assert sorted(path.name for path in written.iterdir()) == ["a", "b", "c"]
    async with backend_at(tmp_path) as trial:
        again = await trial.run(task(trial, 2))
        assert (again.exit_code, again.deposited) == (0, ("out", "default"))
        assert sorted(path.name for path in written.iterdir()) == ["a", "b", "c"]
        assert [path.name for path in (tmp_path / "data").iterdir() if path.name.startswith(".")] == []


async def test_death_while_stopping(tmp_path):
    async with backend_at(tmp_path, failpoint="stop") as trial:
        handle = await trial.backend.launch(trial.task("import time; print('up'); time.sleep(60)"))
        await trial.said(handle, b"up")
        await trial.backend.stop(handle, 60)
        assert (await trial.over(handle)).phase is Phase.VANISHED
        assert carriers(handle.token) == []


async def test_what_is_always_kept_is_kept_after_the_agents_death(tmp_path):
    async with backend_at(tmp_path) as trial:
        task = trial.task("import time; open('outputs/kept', 'w').close(); print('up'); time.sleep(60)")
        always = Deposit("default", str(Path(task.cwd) / "outputs"), str(tmp_path / "data"), always=True)
        handle = await trial.backend.launch(replace(task, deposits=(always,)))
        await trial.said(handle, b"up")
        kill_agent(handle)
        assert (await trial.over(handle)).phase is Phase.VANISHED
        assert (tmp_path / "data" / "kept").exists()


async def test_an_agent_that_hangs_is_ended_after_a_stop(tmp_path, monkeypatch):
    monkeypatch.setattr(watch, "SLOW_LOOK", 0.1)
    monkeypatch.setattr(watch, "_OVERDUE", 0.3)
    async with backend_at(tmp_path) as trial:
        handle = await trial.backend.launch(trial.task("import time; time.sleep(60)"))
        seen = await trial.running(handle)
        agent = kill_agent(handle, signal.SIGSTOP)
        await trial.backend.stop(handle, 0.1)
        assert (await trial.over(handle)).phase is Phase.VANISHED
        await gone(agent, seen.pid)


async def test_the_nursery_is_replaced_and_nothing_notices(tmp_path):
    async with backend_at(tmp_path) as trial:
        first = await trial.backend.launch(trial.task("import time; time.sleep(1); print('lived')", run="first"))
        await trial.running(first)
        nursery = trial.backend.nursery_pid
        os.kill(nursery, signal.SIGKILL)
        second = await trial.backend.launch(trial.task("print('started')", run="second"))
        assert (await trial.ended(second)).exit_code == 0
        third = await trial.backend.launch(
            trial.task("print('started')", run="third")
        )  # a spare may have had the second
        assert (await trial.ended(third)).exit_code == 0
        assert trial.backend.nursery_pid not in (None, nursery)
        assert (await trial.ended(first)).exit_code == 0
        assert await trial.log(first) == b"lived\n"


async def test_a_nursery_that_dies_with_requests_in_it_starts_nothing_twice(tmp_path):
    async with backend_at(tmp_path) as trial:
        os.kill(trial.backend.nursery_pid, signal.SIGSTOP)
        code = "import sys; open(sys.argv[1], 'a').write('run\\n')"
        tasks = [trial.task(code, str(tmp_path / f"count{i}"), run=f"r{i}") for i in range(5)]
        launches = asyncio.gather(*(trial.backend.launch(task) for task in tasks))
        await asyncio.sleep(0.05)
        os.kill(trial.backend.nursery_pid, signal.SIGKILL)
        for handle in await launches:
            assert (await trial.ended(handle)).exit_code == 0
        assert [(tmp_path / f"count{i}").read_text() for i in range(5)] == ["run\n"] * 5


async def test_without_any_nursery_a_launch_still_works(tmp_path, monkeypatch):
    async with backend_at(tmp_path) as trial:
        monkeypatch.setattr("zaffre.backends.local.nursery.sys.platform", "darwin")
        await trial.backend._nursery.close()
        handle = await trial.backend.launch(trial.task("print('plain')"))
        assert (await trial.ended(handle)).exit_code == 0
        assert await trial.log(handle) == b"plain\n"
        assert trial.backend.nursery_pid is None


async def test_phases_pass_in_order(tmp_path):
    async with backend_at(tmp_path) as trial:
        handle = await trial.backend.launch(trial.task("import time; time.sleep(0.3)"))
        assert (await trial.backend.observe(handle)).phase in (Phase.STARTING, Phase.RUNNING)
        await trial.running(handle)
        assert (await trial.phase(handle, Phase.EXITED)).exit.exit_code == 0


class WallClock:
    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)


@asynccontextmanager
async def backend_at(tmp_path, **options):
    backend = LocalBackend(tmp_path / "home", WallClock(), **options)
    await backend.start()
    try:
        yield Trial(backend, tmp_path)
    finally:
        await backend.close()


def kill_agent(handle, number=signal.SIGKILL):
    agent = record.agent(handle)
    os.kill(agent.pid, number)
    return agent.pid
