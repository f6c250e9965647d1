"""A server that goes leaves its tasks running; the next one finds them, and no stranger in their place."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from zaffre.backends.local import LocalBackend, record
from zaffre.backends.local.archive import build, command
from zaffre.core.tasks import Handle, Phase
from zaffre.testing.trial import Trial, alive, carriers, gone, until

_SERVER = """
import asyncio, sys, time
from pathlib import Path
from zaffre.backends.local import LocalBackend
from zaffre.testing.trial import Trial

class WallClock:
    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)

async def main():
    backend = LocalBackend(Path(sys.argv[1]) / "home", WallClock())
    await backend.start()
    trial = Trial(backend, Path(sys.argv[1]))
    await backend.launch(trial.task(sys.argv[2]))
    print(backend.nursery_pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
_COUNT_TO = "import time\nfor i in range({}): print(i); time.sleep(0.01)\n"


async def test_a_task_outlives_its_server_and_is_adopted(tmp_path):
    program = [sys.executable, "-c", _SERVER, str(tmp_path), _COUNT_TO.format(150)]
    server = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    with server.stdout as said:
        nursery = int(await asyncio.to_thread(said.readline))
    async with backend_at(tmp_path) as trial:
        handle = record.handle_of(trial.task(""))
        before = await trial.running(handle)
        server.send_signal(signal.SIGKILL)
        server.wait()
        await gone(nursery)
        told = asyncio.Event()
        trial.backend.on_change(lambda _: told.set())
        seen = await trial.backend.adopt(handle)
        assert (seen.phase, seen.pid) == (Phase.RUNNING, before.pid)
        await asyncio.wait_for(told.wait(), 10)
        assert (await trial.ended(handle)).exit_code == 0
        assert await trial.log(handle) == b"".join(b"%d\n" % i for i in range(150))


async def test_an_end_that_nobody_saw_is_found(tmp_path):
    async with backend_at(tmp_path) as trial:
        handle = await trial.backend.launch(trial.task("raise SystemExit(4)"))
    await until(lambda: _there(Path(handle.directory) / "exit.json"))
    async with backend_at(tmp_path) as trial:
        assert (await trial.backend.adopt(handle)).exit.exit_code == 4


async def test_an_adopted_task_can_be_stopped(tmp_path):
    async with backend_at(tmp_path) as trial:
        handle = await trial.backend.launch(trial.task("import time; time.sleep(60)"))
        await trial.running(handle)
    async with backend_at(tmp_path) as trial:
        await trial.backend.adopt(handle)
        await trial.backend.stop(handle, 5)
        assert (await trial.ended(handle)).stopped


async def test_a_launch_repeated_by_the_next_server_adopts(tmp_path):
    async with backend_at(tmp_path) as trial:
        task = trial.task("print('once'); import time; time.sleep(0.5)")
        handle = await trial.backend.launch(task)
        await trial.running(handle)
    async with backend_at(tmp_path) as trial:
        told = asyncio.Event()
        trial.backend.on_change(lambda _: told.set())
        assert await trial.backend.launch(task) == handle
        await asyncio.wait_for(told.wait(), 1.5)
        assert (await trial.ended(handle)).exit_code == 0
        assert await trial.log(handle) == b"once\n"


async def test_after_a_restart_of_the_machine_nothing_is_adopted(tmp_path):
    boot = tmp_path / "boot_id"
    boot.write_text("first\n")
    async with backend_at(tmp_path, boot_id=boot) as trial:
        handle = await trial.backend.launch(trial.task("import time; time.sleep(60)"))
        pid = (await trial.running(handle)).pid
    boot.write_text("second\n")
    agent = record.agent(handle)
    for one in (agent.pid, pid):
        os.kill(one, signal.SIGKILL)
    await gone(agent.pid, pid)
    async with backend_at(tmp_path, boot_id=boot) as trial:
        seen = await trial.backend.adopt(handle)
        assert (seen.phase, seen.rebooted) == (Phase.VANISHED, True)


async def test_a_stranger_with_the_same_pid_is_left_alone(tmp_path):
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        async with backend_at(tmp_path) as trial:
            task = trial.task("pass")
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
            record.order(task, boot)
            other = {"token": task.token, "attempt": 1, "boot_id": boot, "agent_pid": stranger.pid, "at": 1.0}
            other.update(agent_start_time=record.start_time(stranger.pid) - 1, pid=stranger.pid, start_time=1)
            for name in ("claim", "spawned.json"):
                (Path(task.directory) / name).write_text(json.dumps(other))
            handle = record.handle_of(task)
            await trial.backend.stop(handle, 0)
            assert (await trial.backend.adopt(handle)).phase is Phase.VANISHED
            assert alive(stranger.pid)
    finally:
        stranger.kill()
        stranger.wait()


async def test_an_order_whose_agent_never_came_is_closed_for_good(tmp_path):
    async with backend_at(tmp_path) as trial:
        task = trial.task("open('ran', 'w')")
        record.order(task, "")
        assert (await trial.backend.observe(record.handle_of(task))).phase is Phase.VANISHED
        late = command(build(tmp_path / "home"), "task", task.directory)
        assert subprocess.run(late, check=False).returncode == 0
        assert not Path(task.cwd).exists()


async def test_an_order_whose_agent_never_came_can_still_be_launched(tmp_path):
    async with backend_at(tmp_path) as trial:
        task = trial.task("print('ran')")
        record.order(task, "")
        assert (await trial.run(task)).exit_code == 0


async def test_many_agents_for_one_directory_are_one(tmp_path):
    async with backend_at(tmp_path) as trial:
        hear_nothing = os.open(os.devnull, os.O_WRONLY)
        for number in range(5):
            task = trial.task("import time; print('ran'); time.sleep(0.1)", run=f"run{number}")
            record.order(task, "")
            requests = (trial.backend._nursery.agent(task.directory, hear_nothing) for _ in range(6))
            agents = await asyncio.gather(*requests)
            await trial.ended(record.handle_of(task))
            assert await trial.log(record.handle_of(task)) == b"ran\n"
            chosen = record.agent(record.handle_of(task))
            assert chosen is not None
            await gone(*{*agents} - {chosen.pid})  # that one may wait for another task
        os.close(hear_nothing)


async def test_the_directory_of_another_attempt_is_not_this_ones(tmp_path):
    async with backend_at(tmp_path) as trial:
        handle = await trial.backend.launch(trial.task("import time; time.sleep(60)"))
        await trial.running(handle)
        other = Handle(handle.run, 2, "other", handle.directory)
        assert (await trial.backend.observe(other)).phase is Phase.VANISHED
        await trial.backend.stop(other, 0)
        assert await trial.backend.logs(other, 0, 0) == b""
        assert (await trial.backend.observe(handle)).phase is Phase.RUNNING
        await trial.backend.stop(handle, 1)
        await trial.ended(handle)
        assert carriers(handle.token) == []


def test_on_uvloop(tmp_path):
    async def story():
        async with backend_at(tmp_path) as trial:
            told = asyncio.Event()
            trial.backend.on_change(lambda _: told.set())
            handle = await trial.backend.launch(trial.task("import time; time.sleep(0.2)"))
            await asyncio.wait_for(told.wait(), 5)
            second = await trial.backend.launch(trial.task("import time; time.sleep(0.5)", run="second"))
            await trial.running(second)
            assert (await trial.ended(handle)).exit_code == 0
        async with backend_at(tmp_path) as trial:
            told.clear()
            trial.backend.on_change(lambda _: told.set())
            await trial.backend.adopt(second)
            await asyncio.wait_for(told.wait(), 1.5)
            assert (await trial.ended(second)).exit_code == 0
            third = await trial.backend.launch(trial.task("import time; time.sleep(60)", run="third"))
            await trial.running(third)
            os.kill(record.agent(third).pid, signal.SIGKILL)
            assert (await trial.over(third)).phase is Phase.VANISHED

    uvloop.run(story())


async def _there(path):
    return path if path.exists() else None


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
