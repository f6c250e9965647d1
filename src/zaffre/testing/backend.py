"""``BackendContract``: what every backend promises of a task, as tests.

    class TestMine(BackendContract):
        @pytest_asyncio.fixture
        async def backend(self, tmp_path): ...yield a started backend...

Tasks and tests must see the same ``tmp_path``, and processes must be visible to the test (override ``alive`` if not).
"""

from __future__ import annotations

import signal
import sys
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from zaffre.core.ports import Backend
from zaffre.core.tasks import Deposit, Handle, Intake, Phase, Rank
from zaffre.testing.trial import Trial, gone, until

_FORK_AWAY = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execve(sys.executable, [sys.executable, '-c', sys.argv[1], sys.argv[2]], {})
    os._exit(0)
os.wait()
while not os.path.exists(sys.argv[2]): time.sleep(0.01)
"""
"""Starts ``argv[1]`` in a session of its own, without the task's environment, and waits until it wrote ``argv[2]``."""

_WRITE_PID_AND_STAY = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1] + '.tmp', 'w').write(str(os.getpid()))
os.rename(sys.argv[1] + '.tmp', sys.argv[1])
time.sleep(60)
"""


_STAY = "print('up')\ntime.sleep(60)"


class BackendContract:
    """Subclass it and provide the fixture ``backend``."""

    @pytest.fixture
    def trial(self, backend: Backend, tmp_path: Path) -> Trial:
        """The backend under test and a folder for its tasks."""
        return Trial(backend, tmp_path)

    @pytest.fixture
    async def backend(self, tmp_path: Path) -> AsyncGenerator[Backend, None]:
        """A started backend; closed at the end."""
        raise NotImplementedError
        yield

    async def test_a_command_that_succeeds(self, trial: Trial) -> None:
        end = await trial.run(trial.task("print('hello')"))
        assert (end.exit_code, end.signal, end.error, end.stopped, end.timed_out) == (0, None, "", False, False)
        assert end.ended_at >= end.started_at > 0
        assert end.cpu_seconds > 0
        assert end.peak_memory > 1 << 20

    async def test_a_command_that_fails_keeps_its_exit_code(self, trial: Trial) -> None:
        end = await trial.run(trial.task("raise SystemExit(3)"))
        assert (end.exit_code, end.signal) == (3, None)

    async def test_a_command_killed_by_a_signal_keeps_the_signal(self, trial: Trial) -> None:
        end = await trial.run(trial.task("import os; os.kill(os.getpid(), 11)"))
        assert (end.exit_code, end.signal, end.out_of_memory, end.stopped) == (None, signal.SIGSEGV, False, False)

    async def test_a_command_that_does_not_exist(self, trial: Trial) -> None:
        end = await trial.run(trial.task("", argv=("/no/such/program",)))
        assert end.error == "LaunchFailed"
        assert "/no/such/program" in end.error_facts["message"]

    async def test_a_program_is_found_on_the_tasks_own_path(self, trial: Trial) -> None:
        handle = await trial.backend.launch(trial.task("", argv=("sh", "-c", "echo found")))
        assert (await trial.ended(handle)).exit_code == 0
        assert await trial.log(handle) == b"found\n"

    async def test_a_time_limit(self, trial: Trial) -> None:
        end = await trial.run(trial.task("import time; time.sleep(60)", timeout=0.3))
        assert end.timed_out
        assert (end.stopped, end.signal) == (False, signal.SIGTERM)

    async def test_a_stop_lets_the_command_say_goodbye(self, trial: Trial) -> None:
        code = "import signal, time, sys\nsignal.signal(15, lambda *_: sys.exit(print('bye') or 7))\n" + _STAY
        handle = await trial.backend.launch(trial.task(code))
        await trial.said(handle, b"up")
        await trial.backend.stop(handle, 5)
        end = await trial.ended(handle)
        assert (end.stopped, end.exit_code) == (True, 7)
        assert await trial.log(handle) == b"up\nbye\n"

    async def test_a_stop_reaches_what_a_shell_started(self, trial: Trial) -> None:
        inner = (
            "import signal, sys, time\nsignal.signal(15, lambda *_: sys.exit(time.sleep(0.3) or print('saved')))\n"
            + _STAY
        )
        handle = await trial.backend.launch(
            trial.task("", argv=("sh", "-c", '"$0" -c "$1"; true', sys.executable, inner))
        )
        await trial.said(handle, b"up")
        await trial.backend.stop(handle, 5)
        await trial.ended(handle)
        assert b"saved" in await trial.log(handle)

    async def test_a_command_that_ignores_the_request_is_killed_after_the_grace(self, trial: Trial) -> None:
        code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)"
        handle = await trial.backend.launch(trial.task(code))
        await trial.said(handle, b"up")
        await trial.backend.stop(handle, 0.3)
        end = await trial.ended(handle)
        assert (end.stopped, end.signal, end.out_of_memory) == (True, signal.SIGKILL, False)
        assert end.survivors == 0

    async def test_a_second_stop_may_shorten_the_grace(self, trial: Trial) -> None:
        code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)"
        handle = await trial.backend.launch(trial.task(code))
        await trial.said(handle, b"up")
        await trial.backend.stop(handle, 600)
        await trial.backend.stop(handle, 0.1)
        assert (await trial.ended(handle)).stopped

    async def test_a_stop_right_after_the_launch(self, trial: Trial) -> None:
        handle = await trial.backend.launch(trial.task("import time; time.sleep(60)"))
        await trial.backend.stop(handle, 1)
        end = await trial.ended(handle)
        assert end.stopped
        assert end.exit_code is None

    async def test_a_stop_after_the_end_changes_nothing(self, trial: Trial) -> None:
        handle = await trial.backend.launch(trial.task("pass"))
        end = await trial.ended(handle)
        await trial.backend.stop(handle, 1)
        assert await trial.ended(handle) == end
        assert not end.stopped

    async def test_a_command_that_stops_itself_is_ended_all_the_same(self, trial: Trial) -> None:
        handle = await trial.backend.launch(trial.task("import os; print('up'); os.kill(os.getpid(), 19)"))
        await trial.said(handle, b"up")
        await trial.backend.stop(handle, 5)
        end = await trial.ended(handle)
        assert (end.stopped, end.signal) == (True, signal.SIGTERM)

    async def test_a_process_that_forked_away_does_not_outlive_the_command(self, trial: Trial) -> None:
        witness = trial.folder / "pid"
        end = await trial.run(trial.task(_FORK_AWAY, _WRITE_PID_AND_STAY, str(witness)))
        assert (end.exit_code, end.survivors) == (0, 0)
        await self.gone(int(witness.read_text(encoding="utf-8")))

    async def test_a_process_that_forked_away_does_not_outlive_a_stop(self, trial: Trial) -> None:
        witness = trial.folder / "pid"
        code = f"{_FORK_AWAY}\nprint('up')\ntime.sleep(60)"
        handle = await trial.backend.launch(trial.task(code, _WRITE_PID_AND_STAY, str(witness)))
        await trial.said(handle, b"up")
        await trial.backend.stop(handle, 0.2)
        assert (await trial.ended(handle)).survivors == 0
        await self.gone(int(witness.read_text(encoding="utf-8")))

    async def test_a_background_process_does_not_hold_the_end_up(self, trial: Trial) -> None:
        command = 'nohup "$0" -c "$1" "$2" & while [ ! -e "$2" ]; do sleep 0.01; done; echo done'
        witness = trial.folder / "pid"
        argv = ("sh", "-c", command, sys.executable, _WRITE_PID_AND_STAY, str(witness))
        handle = await trial.backend.launch(trial.task("", argv=argv))
        assert (await trial.ended(handle)).exit_code == 0
        assert (await trial.log(handle)).endswith(b"done\n")
        await self.gone(int(witness.read_text(encoding="utf-8")))

    async def test_logs_are_the_bytes_that_were_written_in_their_order(self, trial: Trial) -> None:
        code = "import os\nfor i in range(500): os.write(1 + i % 2, bytes([i % 256, 0, 255, 13, 27]) + b'%d' % i)"
        handle = await trial.backend.launch(trial.task(code))
        await trial.ended(handle)
        assert await trial.log(handle) == b"".join(bytes([i % 256, 0, 255, 13, 27]) + b"%d" % i for i in range(500))

    async def test_a_huge_log_comes_in_pieces(self, trial: Trial) -> None:
        code = "import sys\nfor i in range(300): sys.stdout.write(chr(97 + i % 26) * 65536)"
        handle = await trial.backend.launch(trial.task(code))
        await trial.ended(handle)
        assert len(await trial.backend.logs(handle, 0, 0)) <= 1 << 20
        assert await trial.log(handle) == b"".join(bytes([97 + i % 26]) * 65536 for i in range(300))

    async def test_a_log_past_its_limit_is_cut_and_marked_and_the_command_goes_on(self, trial: Trial) -> None:
        code = "import sys; sys.stdout.write('x' * 300000); sys.stdout.flush(); open('went-on', 'w').close()"
        task = trial.task(code, log_limit=100000)
        handle = await trial.backend.launch(task)
        assert (await trial.ended(handle)).exit_code == 0
        log = await trial.log(handle)
        assert log[:100000] == b"x" * 100000
        assert log[100000:].startswith(b"\n[")
        assert len(log) < 100200
        assert (Path(task.cwd) / "went-on").exists()

    async def test_opening_the_log_anew_does_not_erase_it(self, trial: Trial) -> None:
        handle = await trial.backend.launch(
            trial.task("", argv=("sh", "-c", "echo one; echo two > /dev/stderr; echo three"))
        )
        await trial.ended(handle)
        assert await trial.log(handle) == b"one\ntwo\nthree\n"

    async def test_the_environment_is_what_was_asked_and_nothing_else(self, trial: Trial) -> None:
        environ = {"PATH": "/usr/bin:/bin", "EMPTY": "", "WORDS": "a=b c\n", "LETTERS": "äß"}
        handle = await trial.backend.launch(
            trial.task("", argv=("env", "-0"), environ=environ, ranks=(Rank(str(trial.folder / "log"), {"MINE": "1"}),))
        )
        await trial.ended(handle)
        lines = (await trial.log(handle)).rstrip(b"\0").decode().split("\0")
        seen = dict(line.split("=", 1) for line in lines)
        assert seen.pop("ZAFFRE_TASK_TOKEN") == handle.token
        assert seen == {**environ, "MINE": "1"}

    async def test_the_command_inherits_no_descriptor_no_mask_and_no_input(self, trial: Trial) -> None:
        code = (
            "import os, signal, sys\n"
            "print(sorted(int(fd) for fd in os.listdir('/proc/self/fd'))[:-1], oct(os.umask(0)),"
            "repr(sys.stdin.read()), signal.pthread_sigmask(0, []), os.getpgid(0) == os.getpid(),"
            "[s for s in (1, 2, 15, 17) if signal.getsignal(s) == signal.SIG_IGN])"
        )
        handle = await trial.backend.launch(trial.task(code))
        await trial.ended(handle)
        assert await trial.log(handle) == b"[0, 1, 2] 0o22 '' set() True []\n"

    async def test_inputs_are_linked_or_copied(self, trial: Trial) -> None:
        source = trial.folder / "source"
        (source / "deep").mkdir(parents=True)
        (source / "deep" / "file").write_text("data", encoding="utf-8")
        (source / "run.sh").write_text("true", encoding="utf-8")
        (source / "run.sh").chmod(0o555)
        (source / "link").symlink_to("deep/file")
        task = trial.task(
            "open('code/deep/file', 'a').write('!'); print(open('code/link').read(), open('linked/deep/file').read())"
        )
        place = Path(task.cwd)
        task = replace(
            task,
            intakes=(
                Intake("code", str(source), str(place / "code"), copy=True),
                Intake("data", str(source), str(place / "linked")),
                Intake("optional", str(trial.folder / "nothing"), str(place / "nothing"), required=False),
            ),
        )
        handle = await trial.backend.launch(task)
        assert (await trial.ended(handle)).exit_code == 0
        assert await trial.log(handle) == b"data! data\n"
        assert (source / "deep" / "file").read_text(encoding="utf-8") == "data"
        assert (place / "linked").is_symlink()
        assert (place / "code" / "run.sh").stat().st_mode & 0o777 == 0o755

    async def test_an_input_that_is_not_there_ends_the_task_before_its_command(self, trial: Trial) -> None:
        task = trial.task("open('ran', 'w')")
        missing = str(trial.folder / "nothing")
        end = await trial.run(replace(task, intakes=(Intake("data", missing, str(Path(task.cwd) / "data")),)))
        assert (end.error, end.error_facts) == ("InputMissing", {"name": "data", "path": missing})
        assert end.exit_code is None
        assert not (Path(task.cwd) / "ran").exists()

    async def test_outputs_appear_after_success(self, trial: Trial) -> None:
        task = trial.task("open('out/a', 'w').write('1'); open('metrics.json', 'w').write('{}')")
        final = trial.folder / "data"
        end = await trial.run(replace(task, deposits=self._outputs(task.cwd, final)))
        assert end.deposited == ("out", "metrics")
        assert (final / "out" / "a").read_text(encoding="utf-8") == "1"
        assert (final / "metrics.json").read_text(encoding="utf-8") == "{}"

    async def test_outputs_of_a_failure_are_not_kept_but_those_that_always_are(self, trial: Trial) -> None:
        task = trial.task("open('out/a', 'w'); open('outputs/b', 'w'); raise SystemExit(1)")
        final = trial.folder / "data"
        always = Deposit("default", str(Path(task.cwd) / "outputs"), str(final / "outputs"), always=True)
        end = await trial.run(replace(task, deposits=(*self._outputs(task.cwd, final), always)))
        assert (end.deposited, end.exit_code) == (("default",), 1)
        assert sorted(path.name for path in final.iterdir()) == ["outputs"]
        assert (final / "outputs" / "b").exists()

    async def test_an_output_takes_the_place_of_an_earlier_attempts(self, trial: Trial) -> None:
        final = trial.folder / "data"
        for attempt, name in enumerate(("first", "second"), start=1):
            task = trial.task(f"open('out/{name}', 'w')", attempt=attempt)
            await trial.run(replace(task, deposits=self._outputs(task.cwd, final)[:1]))
        assert [path.name for path in (final / "out").iterdir()] == ["second"]
        assert [path.name for path in final.iterdir()] == ["out"]

    async def test_a_merged_output_joins_what_is_there_and_follows_no_link(self, trial: Trial) -> None:
        outside, final = trial.folder / "outside", trial.folder / "data"
        for folder in (outside, final / "sub"):
            folder.mkdir(parents=True)
        (final / "old").write_text("old", encoding="utf-8")
        (final / "trap").symlink_to(outside)
        (final / "file").symlink_to(outside / "file")
        code = (
            "import os; os.mkdir('out/sub'); [open(f'out/{x}', 'w').write('new') for x in ('old', 'sub/new', 'file')]"
        )
        task = trial.task(code)
        merged = Deposit("out", str(Path(task.cwd) / "out"), str(final), merge=True)
        end = await trial.run(replace(task, deposits=(merged,)))
        assert (end.error, end.deposited) == ("", ("out",))
        assert [(final / name).read_text(encoding="utf-8") for name in ("old", "sub/new", "file")] == ["new"] * 3
        assert list(outside.iterdir()) == []
        hostile = trial.task("import os; os.mkdir('out/trap'); open('out/trap/x', 'w')", attempt=2)
        merged = replace(merged, staging=str(Path(hostile.cwd) / "out"))
        assert (await trial.run(replace(hostile, deposits=(merged,)))).error == "OutputFailed"
        assert list(outside.iterdir()) == []

    async def test_a_rank_that_fails_ends_the_others(self, trial: Trial) -> None:
        code = "import os, sys, time\nif os.environ['RANK'] == '1': sys.exit(print('rank 1') or 5)\ntime.sleep(60)"
        ranks = tuple(Rank(str(trial.folder / f"log{rank}"), {"RANK": str(rank)}) for rank in range(2))
        handle = await trial.backend.launch(trial.task(code, ranks=ranks))
        end = await trial.ended(handle)
        assert (end.exit_code, end.signal, end.stopped) == (5, None, False)
        assert await trial.log(handle, 1) == b"rank 1\n"

    async def test_two_launches_of_one_attempt_are_one(self, trial: Trial) -> None:
        task = trial.task("print('once'); import time; time.sleep(0.2)")
        handles = [await trial.backend.launch(task) for _ in range(3)]
        assert len(set(handles)) == 1
        await trial.ended(handles[0])
        assert await trial.backend.launch(task) == handles[0]
        assert (await trial.ended(handles[0])).exit_code == 0
        assert await trial.log(handles[0]) == b"once\n"

    async def test_a_change_is_told(self, trial: Trial) -> None:
        told: list[Handle] = []
        trial.backend.on_change(told.append)
        handle = await trial.backend.launch(trial.task("import time; time.sleep(0.2)"))

        async def started() -> bool | None:
            return True if handle in told else None

        await until(started)
        assert (await trial.backend.observe(handle)).phase is Phase.RUNNING
        before = len(told)

        async def ended() -> bool | None:
            return True if len(told) > before else None

        await until(ended)
        assert (await trial.backend.observe(handle)).phase is Phase.EXITED

    async def test_a_task_that_was_never_launched_has_vanished(self, trial: Trial) -> None:
        handle = Handle("nobody", 1, "token", str(trial.folder / "nowhere"))
        assert (await trial.backend.observe(handle)).phase is Phase.VANISHED
        await trial.backend.stop(handle, 1)
        assert await trial.backend.logs(handle, 0, 0) == b""

    async def gone(self, pid: int) -> None:
        """Wait until a process that a task wrote down lives no more."""
        await gone(pid)

    @staticmethod
    def _outputs(cwd: str, final: Path) -> tuple[Deposit, ...]:
        return (
            Deposit("out", str(Path(cwd) / "out"), str(final / "out")),
            Deposit("metrics", str(Path(cwd) / "metrics.json"), str(final / "metrics.json"), kind="file"),
        )
