import os
import signal
import subprocess
import sys
import time

from zaffre.agent import procs

_PARENT = "import subprocess, sys; subprocess.Popen(['sleep', '600']); print('up', flush=True); sys.stdin.read()"


def test_a_process_is_named_by_pid_and_start_time():
    me = procs.stat(os.getpid())
    assert me is not None
    assert (me.pid, me.parent, me.group, me.session) == (os.getpid(), os.getppid(), os.getpgid(0), os.getsid(0))
    assert me.alive


def test_a_name_with_brackets_and_spaces_does_not_mislead(tmp_path):
    program = tmp_path / "a) R 1 ("
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([str(program), "20"]) as child:
        found = procs.stat(child.pid)
        child.kill()
    assert found is not None
    assert found.parent == os.getpid()


def test_descendants_are_children_and_theirs():
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        found = procs.descendants([os.getpid()], procs.every())
        assert parent.pid in {one.pid for one in found}
        (grandchild,) = [one for one in found if one.parent == parent.pid]
        procs.send(grandchild, signal.SIGKILL)
        parent.kill()
    assert parent.pid not in procs.every()


def test_a_signal_never_reaches_a_process_that_took_over_the_pid():
    with subprocess.Popen(["sleep", "20"]) as child:
        found = procs.stat(child.pid)
        assert found is not None
        procs.send(found._replace(start_time=found.start_time - 1), signal.SIGKILL)
        assert child.poll() is None
        procs.send(found, signal.SIGKILL)
        assert child.wait(5) == -signal.SIGKILL


def test_a_token_is_found_whole_and_nothing_like_it():
    with subprocess.Popen(["sleep", "20"], env={procs.TOKEN: "abc", "OTHER": "x"}) as child:
        end = time.monotonic() + 5
        while not procs.carries(child.pid, "abc"):  # for the moment of execution it shows no environment
            assert time.monotonic() < end
        assert not procs.carries(child.pid, "ab")
        assert not procs.carries(child.pid, "abcd")
        child.kill()


def test_a_zombie_does_not_count_as_alive():
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    found = procs.stat(child.pid)
    assert found is not None
    assert not found.alive
    child.wait()
    assert procs.stat(child.pid) is None
