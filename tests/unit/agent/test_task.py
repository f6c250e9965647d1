"""The agent as a process of its own, without nursery and backend."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import zaffre.agent
from zaffre.agent import groups
from zaffre.backends.local import record
from zaffre.core.tasks import Rank, Task
from zaffre.testing.trial import alive

_HUNGRY = "import time; data = bytearray(400_000_000); print(len(data), flush=True); time.sleep(60)"
_STRAY = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork(): os._exit(0)
    print(os.getpid(), flush=True)
    time.sleep(60)
time.sleep(0.5)
"""
_AGENT = "import sys; from zaffre.agent import groups, memory, task; {}; sys.exit(task.run(sys.argv[1]))"


def agent(tmp_path, task, preparation="pass"):
    record.order(task, "boot")
    done = subprocess.run([sys.executable, "-c", _AGENT.format(preparation), task.directory], check=False, timeout=60)
    return done.returncode, record.ending(record.handle_of(task))


def task_of(tmp_path, code, **changes):
    directory = tmp_path / "run"
    fields = {
        "argv": (sys.executable, "-c", code),
        "cwd": str(directory / "wd"),
        "environ": {},
        "ranks": (Rank(str(directory / "log")),),
        **changes,
    }
    return Task("run", 1, "token-" + tmp_path.name, str(directory), **fields)


def test_a_command_past_its_memory_is_told_as_that(tmp_path):
    """By a control group where this machine allows one."""
    if groups.rungs()["memory"].startswith("a watch"):
        pytest.skip("no control group can be made here")
    task = task_of(tmp_path, _HUNGRY, memory=100_000_000)
    code, end = agent(tmp_path, task)
    assert (code, end.out_of_memory, end.signal, end.stopped) == (0, True, 9, False)
    assert groups.existing(task.token) is None


def test_a_command_within_its_memory_is_not(tmp_path):
    _, end = agent(tmp_path, task_of(tmp_path, "raise SystemExit(1)", memory=100_000_000))
    assert (end.exit_code, end.out_of_memory) == (1, False)


def test_without_control_groups_the_limit_is_watched(tmp_path):
    _, end = agent(tmp_path, task_of(tmp_path, _HUNGRY, memory=100_000_000), "groups.make = lambda *_: None")
    assert end.out_of_memory
    assert not end.stopped


def test_a_kill_from_outside_is_not_taken_for_want_of_memory(tmp_path):
    _, end = agent(tmp_path, task_of(tmp_path, "import os; os.kill(os.getpid(), 9)"))
    assert (end.signal, end.out_of_memory) == (9, False)


def test_a_kill_while_the_kernel_was_killing_is(tmp_path):
    counting = "memory.kernel_kills = iter(range(9)).__next__"
    _, end = agent(tmp_path, task_of(tmp_path, "import os; os.kill(os.getpid(), 9)"), counting)
    assert (end.signal, end.out_of_memory) == (9, True)


def test_a_wish_to_stop_that_came_first_keeps_the_command_from_starting(tmp_path):
    task = task_of(tmp_path, "open('ran', 'w')")
    record.order(task, "boot")
    record.ask_to_stop(record.handle_of(task), 1)
    _, end = agent(tmp_path, task)
    assert (end.stopped, end.exit_code) == (True, None)
    assert not (Path(task.cwd) / "ran").exists()


def test_without_a_subreaper_strays_are_found_by_their_token(tmp_path):
    task = task_of(tmp_path, _STRAY)
    _, end = agent(tmp_path, task, "from zaffre.agent import procs; procs.become_subreaper = lambda: False")
    assert (end.exit_code, end.survivors) == (0, 0)
    assert not alive(int(Path(task.ranks[0].log).read_text()))


def test_an_order_of_another_protocol_is_refused(tmp_path):
    task = task_of(tmp_path, "open('ran', 'w')")
    record.order(task, "boot")
    written = Path(task.directory) / "task.json"
    written.write_text(json.dumps({**json.loads(written.read_text()), "protocol": 99}))
    done = subprocess.run([sys.executable, "-c", _AGENT.format("pass"), task.directory], check=False)
    assert done.returncode != 0
    assert "protocol 1 expected, found 99" in (Path(task.directory) / "agent.log").read_text()
    assert not Path(task.cwd).exists()


def test_a_command_that_failed_on_a_full_disk_is_told_as_that(tmp_path):
    full = "from zaffre.agent import disks; disks.first_full = lambda places: next(iter(places))"
    task = task_of(tmp_path, "raise SystemExit(1)")
    _, end = agent(tmp_path, task, full)
    assert (end.exit_code, end.disk_full, end.error) == (1, task.cwd, "")
    (tmp_path / "other").mkdir()
    _, end = agent(tmp_path / "other", task_of(tmp_path / "other", "pass"), full)
    assert (end.exit_code, end.disk_full) == (0, "")


def test_no_process_is_left_when_the_start_cannot_be_told(tmp_path):
    broken = "files.write = lambda d, n, c, w=files.write: w(d, n, c) if n == files.EXIT else 1 / 0"
    task = task_of(tmp_path, "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)")
    code, end = agent(tmp_path, task, "from zaffre.agent import files; " + broken)
    assert (code, end.error, end.survivors) == (0, "InternalError", 0)
    started = Path(task.cwd) / "pid"
    assert not started.exists() or not started.read_text() or not alive(int(started.read_text()))


def test_an_agent_ends_whose_directory_was_cleared_away(tmp_path):
    """It would try for ever to leave its record."""
    clears = f"import shutil; shutil.rmtree({str(tmp_path / 'run')!r})"
    code, _ = agent(tmp_path, task_of(tmp_path, clears), "task._RETRY = 0.01")
    assert code == 0


def test_without_trouble_there_is_no_log_of_it(tmp_path):
    agent(tmp_path, task_of(tmp_path, "pass"))
    assert not (tmp_path / "run" / "agent.log").exists()


def test_the_heart_beats(tmp_path):
    claim = tmp_path / "run" / "claim"
    waits = f"import os, time; os.utime({str(claim)!r}, (0, 0))\nwhile not os.stat({str(claim)!r}).st_mtime: time.sleep(0.05)"
    agent(tmp_path, task_of(tmp_path, waits))
    assert claim.stat().st_mtime > 0


@pytest.mark.parametrize("path", sorted(Path(zaffre.agent.__file__).parent.glob("*.py")), ids=lambda path: path.name)
def test_the_agent_is_python_3_7_and_stands_alone(path):
    tree = ast.parse(path.read_text(), feature_version=(3, 7))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for module in modules:
        assert module.startswith("zaffre.agent") or module.partition(".")[0] in sys.stdlib_module_names
