"""Steps before and after the command, by the agent as a process of its own."""

import json
import os
import subprocess
import sys
import time

import pytest

from zaffre.agent import procs
from zaffre.backends.local import record
from zaffre.core.tasks import Deposit, Rank, Step, Task

_AGENT = "import sys; from zaffre.agent import task; sys.exit(task.run(sys.argv[1]))"


class Stage:
    """A run directory whose steps are little programs."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir()

    def step(self, name, code, **more):
        (self.directory / f"{name}.order").write_text(f"secret of {name}" + "x" * 200_000)
        fields = {
            "environ": {}, "log": str(self.directory / f"{name}.log"), "cause": "InputFailed",
            "report": str(self.directory / f"{name}.report"), "order": str(self.directory / f"{name}.order"), **more,
        }  # fmt: skip
        return Step(name, (sys.executable, "-c", code), **fields)

    def task(self, code="print('ran')", **more):
        fields = {
            "cwd": str(self.directory / "work"),
            "environ": {},
            "ranks": (Rank(str(self.directory / "log")),),
            **more,
        }
        return Task("run", 1, "token", str(self.directory), (sys.executable, "-c", code), **fields)

    def begin(self, task):
        record.order(task, "boot")
        return subprocess.Popen([sys.executable, "-c", _AGENT, task.directory])

    def run(self, task):
        assert self.begin(task).wait(60) == 0
        return record.ending(record.handle_of(task))

    def text(self, name):
        path = self.directory / name
        return path.read_text() if path.exists() else None


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path / "run")


def test_a_step_reads_its_order_and_nobody_finds_it(stage):
    look = "import os; print(sorted(name for name in os.listdir('..') if name.endswith('.order')))"
    took = "import os, sys; print(len(sys.stdin.read()), [n for n in os.listdir() if n.endswith('.order')])"
    end = stage.run(stage.task(look, before=(stage.step("in", took),), after=(stage.step("out", took),)))
    assert (end.exit_code, end.error) == (0, "")
    assert stage.text("log") == "[]\n"
    assert stage.text("in.log") == "200012 []\n" and stage.text("out.log") == "200013 []\n"


def test_no_process_of_the_user_takes_the_order_from_the_agent(stage):
    """Root may look into everything, so there only the memory's mark is compared."""
    peek = """
import os
agent = os.getppid()
try:
    print([os.readlink(f"/proc/{agent}/fd/{n}") for n in os.listdir(f"/proc/{agent}/fd")].count("") == 0 and os.geteuid() == 0)
except PermissionError:
    print("refused")
print(os.stat(f"/proc/{agent}/maps").st_uid)
"""
    stage.run(stage.task(peek, after=(stage.step("out", "pass"),)))
    first, owner = stage.text("log").split()
    assert first == ("True" if os.geteuid() == 0 else "refused")
    assert owner == "0"


def test_a_step_that_fails_ends_the_task_in_its_own_words(stage):
    tell = "import json; json.dump({'name': 'rain', 'message': 'no such bucket'}, open('in.report', 'w')); exit(1)"
    end = stage.run(stage.task(before=(stage.step("in", tell),)))
    assert (end.exit_code, end.error, end.error_facts) == (
        None,
        "InputFailed",
        {"name": "rain", "message": "no such bucket"},
    )
    assert stage.text("log") is None


def test_a_step_that_dies_without_a_word(stage):
    end = stage.run(stage.task(before=(stage.step("in", "import os; os.kill(os.getpid(), 9)"),)))
    assert end.error == "InputFailed"
    assert end.error_facts == {"name": "in", "message": "its process ended with signal 9; its log is in.log"}


@pytest.mark.parametrize(("code", "runs"), [("pass", True), ("exit(3)", False)])
def test_what_comes_after_a_success_only(stage, code, runs):
    end = stage.run(stage.task(code, after=(stage.step("out", "print('sent')"),)))
    assert (end.exit_code, stage.text("out.log")) == ((0, "sent\n") if runs else (3, None))


def test_outputs_are_in_place_before_they_are_sent(stage):
    staging, final = str(stage.directory / "out" / "o"), str(stage.directory / "saved" / "o")
    end = stage.run(
        stage.task(
            f"open({staging!r} + '/x', 'w').write('made')",
            deposits=(Deposit("o", staging, final),),
            after=(stage.step("out", "print(open('saved/o/x').read())", cause="OutputFailed"),),
        )
    )
    assert (end.deposited, stage.text("out.log")) == (("o",), "made\n")


def test_a_failed_sending_fails_the_task(stage):
    end = stage.run(stage.task(after=(stage.step("out", "exit(1)", cause="OutputFailed"),)))
    assert (end.exit_code, end.error, end.error_facts["name"]) == (0, "OutputFailed", "out")


def test_the_time_limit_counts_the_steps_before(stage):
    begun = time.monotonic()
    end = stage.run(stage.task(before=(stage.step("in", "import time; time.sleep(60)"),), timeout=0.5))
    assert (end.timed_out, end.exit_code, stage.text("log")) == (True, None, None)
    slow = Stage(stage.directory.parent / "slow")
    end = slow.run(
        slow.task("import time; time.sleep(60)", before=(slow.step("in", "import time; time.sleep(1)"),), timeout=2)
    )
    assert end.timed_out and time.monotonic() - begun < 20
    assert end.ended_at - end.started_at < 1.9  # the second that the step took is not given again


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_stop_ends_a_step_and_all_it_started(stage, side):
    code = (
        "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True); import time; time.sleep(60)"
    )
    task = stage.task(grace=0.2, **{side: (stage.step("s", code),)})
    agent = stage.begin(task)
    deadline = time.monotonic() + 20
    while not (stage.text("s.log") or "").endswith("\n"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    record.ask_to_stop(record.handle_of(task), 0.2)
    agent.terminate()
    assert agent.wait(20) == 0
    end = record.ending(record.handle_of(task))
    assert end.stopped and not end.error
    pid = int(stage.text("s.log"))
    found = procs.stat(pid)
    assert found is None or not found.alive


def test_what_steps_leave_is_cleared(stage):
    (stage.directory / "staged" / "deep").mkdir(parents=True)
    (stage.directory / "staged" / "deep" / "file").touch()
    stage.run(stage.task("exit(1)", before=(stage.step("in", "pass", litter=str(stage.directory / "staged")),)))
    assert not (stage.directory / "staged").exists()


def test_an_order_that_is_gone_is_a_failure_not_a_start(stage):
    step = stage.step("in", "pass")
    os.unlink(step.order)
    end = stage.run(stage.task(before=(step,)))
    assert end.error == "InputFailed" and stage.text("log") is None


def test_after_a_dead_agent_no_order_is_left(stage):
    from zaffre.agent import reap

    task = stage.task(before=(stage.step("in", "pass"),))
    record.order(task, "boot")
    assert reap.run(task.directory, "boot") == 0
    assert stage.text("in.order") is None
    assert json.loads(stage.text("reaped.json"))["survivors"] == 0
