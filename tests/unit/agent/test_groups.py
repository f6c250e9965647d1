"""Limits on every rung: what this machine's kernel can keep is asserted of the kernel, the watch is always tested.

Which rungs there are differs between machines (control groups of version 1 or 2, read-only, or none): ``RUNGS`` is what
really works here, and the expectations follow from it.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zaffre.agent import groups, memory
from zaffre.agent.groups import Limits
from zaffre.backends.local import record
from zaffre.core.tasks import Rank, Task

RUNGS = groups.rungs()
MEMORY = 120_000_000
_AGENT = "import sys; from zaffre.agent import groups, memory, task; {}; sys.exit(task.run(sys.argv[1]))"
_NO_GROUPS = "groups.make = lambda *_: None"
_LEAK = "import time\nkept = []\nwhile True: kept.append(bytearray(5_000_000)); time.sleep(0.01)"
_HOGS = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        kept = bytearray(60_000_000); time.sleep(60); os._exit(0)
for _ in range(4):
    if os.wait()[1]: raise SystemExit(3)
"""
_MANY = "import subprocess, time\nkept = [subprocess.Popen(['sleep', '60']) for _ in range(60)]\ntime.sleep(60)"
_THREADS = """
import threading, time
for _ in range(60): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
time.sleep(60)
"""
_BOMB = "import os\nwhile True:\n    try: os.fork()\n    except OSError: raise SystemExit(1)"
_PLACE = "import os; print(len(os.sched_getaffinity(0)))"


def run(tmp_path, code, preparation="pass", **changes):
    directory = tmp_path / "run"
    task = Task(
        "run", 1, f"token-{os.getpid()}-{tmp_path.name}", str(directory), (sys.executable, "-c", code), str(directory / "wd"),
        {"PATH": os.environ["PATH"]}, (Rank(str(directory / "log")),), grace=1.0, **changes,
    )  # fmt: skip
    record.order(task, "boot")
    done = subprocess.run([sys.executable, "-c", _AGENT.format(preparation), task.directory], check=False, timeout=90)
    assert done.returncode == 0
    assert groups.existing(task.token) is None, "a group was left behind"
    end = record.ending(record.handle_of(task))
    assert end is not None
    assert end.survivors == 0
    return end


ways = pytest.mark.parametrize("preparation", ["pass", _NO_GROUPS], ids=["as this machine can", "watched"])


@ways
@pytest.mark.parametrize("code", [_LEAK, _HOGS], ids=["a slow leak", "four hogs"])
def test_what_takes_too_much_memory_ends_as_that(tmp_path, code, preparation):
    end = run(tmp_path, code, preparation, memory=MEMORY)
    assert end.out_of_memory
    assert not end.too_many_processes
    assert not end.stopped


def test_eight_gigabytes_at_once_are_not_given(tmp_path):
    code = "data = bytearray(8 * 1024**3); print(len(data))"
    end = run(tmp_path, code, memory=MEMORY)
    assert end.out_of_memory or end.exit_code == 1  # the watch may come after a MemoryError of the machine's own


@ways
@pytest.mark.parametrize("code", [_MANY, _THREADS], ids=["processes", "threads"])
def test_too_many_processes_are_told_as_that(tmp_path, code, preparation):
    end = run(tmp_path, code, preparation, pids=20)
    assert end.too_many_processes
    assert not end.out_of_memory


def test_a_fork_bomb_is_over_and_nothing_of_it_is_left(tmp_path):
    if RUNGS["pids"].startswith("cgroup"):
        end = run(tmp_path, _BOMB, pids=30)
        assert end.too_many_processes
    else:  # without the kernel's help a bomb that waits a moment between its forks
        end = run(tmp_path, _BOMB.replace("try: ", "try: __import__('time').sleep(0.3); "), pids=30)
        assert end.too_many_processes or end.exit_code == 1


@ways
def test_what_keeps_to_its_limits_is_left_alone(tmp_path, preparation):
    end = run(tmp_path, "print('hello')", preparation, memory=MEMORY, pids=20, cpus=1.0)
    assert (end.exit_code, end.out_of_memory, end.too_many_processes) == (0, False, False)
    assert end.limited_by


def test_what_kept_the_limits_is_told(tmp_path):
    told = run(tmp_path, "pass", memory=MEMORY, pids=20, cpus=1.0).limited_by
    for rung in {rung for rung in RUNGS.values() if rung.startswith("cgroup")}:
        assert rung in told
    assert (
        run(tmp_path / "b", "pass", _NO_GROUPS, memory=MEMORY, pids=9).limited_by
        == "memory by a watch, pids by a watch"
    )
    assert run(tmp_path / "c", "pass").limited_by == ""


def test_without_a_group_processors_are_whole_ones(tmp_path):
    run(tmp_path, _PLACE, _NO_GROUPS, cpus=0.5)
    assert (tmp_path / "run" / "log").read_text() == "1\n"


def test_an_agent_gets_its_own_processors_and_limits_back():
    before = os.sched_getaffinity(0)
    with memory.bounded(1.0, 100, "token"):
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before


def test_a_killed_agents_group_is_found_and_removed_by_the_reaper(tmp_path):
    if not any(rung.startswith("cgroup") for rung in RUNGS.values()):
        assert groups.make(Limits(MEMORY), "none") is None
        return
    directory = tmp_path / "run"
    token = f"token-{os.getpid()}-reaped"
    argv = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")
    task = Task(
        "run", 1, token, str(directory), argv, str(directory / "wd"), {}, (Rank(str(directory / "log")),), memory=MEMORY
    )
    record.order(task, "boot")
    agent = subprocess.Popen([sys.executable, "-c", _AGENT.format("pass"), task.directory])
    log = Path(task.ranks[0].log)
    until(lambda: log.exists() and log.read_text() == "up\n")
    agent.send_signal(signal.SIGKILL)
    agent.wait()
    group = groups.existing(token)
    assert group is not None
    assert group.members()
    reap = "import sys; from zaffre.agent import reap; sys.exit(reap.run(sys.argv[1], 'boot'))"
    assert subprocess.run([sys.executable, "-c", reap, task.directory], check=False, timeout=60).returncode == 0
    assert groups.existing(token) is None
    assert group.members() == []


def test_a_neighbour_lives(tmp_path):
    hungry = subprocess.Popen([sys.executable, "-c", "import time; kept = bytearray(200_000_000); time.sleep(600)"])
    try:
        assert run(tmp_path, _LEAK, memory=MEMORY).out_of_memory
        assert hungry.poll() is None
    finally:
        hungry.kill()
        hungry.wait()


def until(true, patience=30.0):
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
