"""Gangs: who counts, who helps, who is named, and that nobody is left."""

import subprocess
import sys
import time

import pytest

from zaffre.backends.local import record
from zaffre.core.tasks import Rank, Role, Task
from zaffre.testing import ports
from zaffre.testing.trial import carriers

_LISTEN = """
import socket, sys, time
time.sleep(0.3)
held = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening", flush=True)
time.sleep(600)
"""
_MEET = """
import os, socket, sys
port, rank, world = int(sys.argv[1]), int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
if rank == 0:
    server = socket.create_server(("127.0.0.1", port))
    server.settimeout(20)
    seen = sorted(int(server.accept()[0].recv(8)) for _ in range(world - 1))
    print("met", seen, flush=True)
else:
    import time
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).sendall(str(rank).encode())
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
"""
_ONE_FAILS = """
import os, pathlib, signal, sys, time
rank, meeting = os.environ["RANK"], pathlib.Path.cwd()
if rank == "2":
    while not all((meeting / name).exists() for name in "01"):
        time.sleep(0.01)
    print("I fail", flush=True)
    sys.exit(7)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("I hang", flush=True)
(meeting / rank).touch()
time.sleep(600)
"""
_LAUNCHER = """
import pathlib, sys, time
place = pathlib.Path(sys.argv[1])
for number, code in ((1, 0), (0, 5)):
    with open(place / f"{number}.out", "wb", buffering=0) as pipe:
        pipe.write(f"told by {number}\\n".encode())
    (place / f"{number}.end").write_text(str(code))
print("launched", flush=True)
sys.exit(1)
"""


def agent(tmp_path, task):
    record.order(task, "boot")
    program = "import sys; from zaffre.agent import task; sys.exit(task.run(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", program, task.directory], check=False, timeout=60)
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


@pytest.fixture
def free_port():
    return ports.free_port()


def ranks(tmp_path, number):
    return tuple(
        Rank(str(tmp_path / f"{rank}.txt"), {"RANK": str(rank), "WORLD_SIZE": str(number)}) for rank in range(number)
    )


def test_ranks_meet(tmp_path, free_port):
    task = task_of(tmp_path, _MEET, argv=(sys.executable, "-c", _MEET, str(free_port)), ranks=ranks(tmp_path, 4))
    code, end = agent(tmp_path, task)
    assert (code, end.exit_code, end.rank) == (0, 0, "")
    assert (tmp_path / "0.txt").read_text() == "met [1, 2, 3]\n"


def test_the_rank_that_failed_is_named_and_those_that_hang_are_ended_within_the_grace(tmp_path):
    merged = tmp_path / "all.txt"
    task = task_of(tmp_path, _ONE_FAILS, ranks=ranks(tmp_path, 3), grace=1.0, merged=str(merged))
    began = time.monotonic()
    _, end = agent(tmp_path, task)
    assert (end.exit_code, end.rank, end.survivors) == (7, "Rank 2 of 3", 0)
    assert time.monotonic() - began < 10
    assert carriers(task.token) == []
    assert sorted(merged.read_text().splitlines()) == ["[0] I hang", "[1] I hang", "[2] I fail"]
    assert (tmp_path / "2.txt").read_text() == "I fail\n"


def test_a_rank_starts_when_its_support_listens_and_the_support_goes_with_it(tmp_path, free_port):
    head = Rank(
        str(tmp_path / "head.txt"),
        argv=(sys.executable, "-c", _LISTEN, str(free_port)),
        role=Role.SUPPORT,
        name="The head",
    )
    code = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1]))); print('reached')"
    task = task_of(
        tmp_path,
        code,
        argv=(sys.executable, "-c", code, str(free_port)),
        ranks=(head, Rank(str(tmp_path / "main.txt"), awaits=(free_port,))),
    )
    _, end = agent(tmp_path, task)
    assert (end.exit_code, end.rank, end.survivors) == (0, "", 0)
    assert (tmp_path / "main.txt").read_text() == "reached\n"
    assert (tmp_path / "head.txt").read_text() == "listening\n"
    assert carriers(task.token) == []


def test_a_support_that_fails_before_it_listens_is_the_reason(tmp_path, free_port):
    head = Rank(
        str(tmp_path / "head.txt"),
        argv=(sys.executable, "-c", "raise SystemExit(3)"),
        role=Role.SUPPORT,
        name="The head",
    )
    task = task_of(tmp_path, "print('never')", ranks=(head, Rank(str(tmp_path / "main.txt"), awaits=(free_port,))))
    _, end = agent(tmp_path, task)
    assert (end.exit_code, end.rank, end.error) == (3, "The head", "")
    assert not (tmp_path / "main.txt").exists()


def test_a_support_that_fails_later_ends_the_ranks(tmp_path):
    head = Rank(
        str(tmp_path / "head.txt"),
        argv=(sys.executable, "-c", "import time; time.sleep(0.5); raise SystemExit(4)"),
        role=Role.SUPPORT,
        name="The head",
    )
    task = task_of(tmp_path, "import time; time.sleep(600)", ranks=(head, Rank(str(tmp_path / "main.txt"))), grace=2.0)
    _, end = agent(tmp_path, task)
    assert (end.exit_code, end.rank) == (4, "The head")


def test_the_end_of_a_service_changes_nothing(tmp_path):
    service = Rank(
        str(tmp_path / "service.txt"),
        argv=(sys.executable, "-c", "raise SystemExit(9)"),
        role=Role.SERVICE,
        name="board",
    )
    code = "import time; time.sleep(0.8); print('done')"
    _, end = agent(tmp_path, task_of(tmp_path, code, ranks=(service, Rank(str(tmp_path / "main.txt")))))
    assert (end.exit_code, end.rank) == (0, "")
    assert (tmp_path / "main.txt").read_text() == "done\n"


def test_ranks_that_another_program_starts_are_told_of(tmp_path):
    place = tmp_path / "run" / "gang"
    told = tuple(Rank(str(tmp_path / f"{number}.txt"), role=Role.TOLD) for number in range(2))
    launcher = Rank(str(tmp_path / "mpi.txt"), argv=(sys.executable, "-c", _LAUNCHER, str(place)), name="mpirun")
    merged = tmp_path / "all.txt"
    _, end = agent(tmp_path, task_of(tmp_path, "", ranks=(*told, launcher), merged=str(merged)))
    assert (end.exit_code, end.rank) == (5, "Rank 0 of 2")
    assert (tmp_path / "0.txt").read_text() == "told by 0\n"
    assert sorted(merged.read_text().splitlines()) == ["[0] told by 0", "[1] told by 1", "[mpirun] launched"]


def test_the_folder_for_sockets_is_there_and_goes(tmp_path):
    folder = tmp_path / "short"
    code = "import os, sys; print(oct(os.stat(sys.argv[1]).st_mode)); open(sys.argv[1] + '/left', 'w')"
    _, end = agent(
        tmp_path, task_of(tmp_path, code, argv=(sys.executable, "-c", code, str(folder)), scratch=str(folder))
    )
    assert (end.exit_code, folder.exists()) == (0, False)
    assert (tmp_path / "run" / "log").read_text() == "0o40700\n"


def test_a_stop_while_ranks_wait_for_their_support_ends_all(tmp_path, free_port):
    """The head never listens where it should; the ranks never start, and nothing is left."""
    head = Rank(
        str(tmp_path / "head.txt"),
        argv=(sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"),
        role=Role.SUPPORT,
        name="The head",
    )
    task = task_of(tmp_path, "print('never')", ranks=(head, Rank(str(tmp_path / "main.txt"), awaits=(free_port,))))
    record.order(task, "boot")
    program = "import sys; from zaffre.agent import task; sys.exit(task.run(sys.argv[1]))"
    process = subprocess.Popen([sys.executable, "-c", program, task.directory])
    deadline = time.monotonic() + 30
    while not ((tmp_path / "head.txt").exists() and (tmp_path / "head.txt").read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    record.ask_to_stop(record.handle_of(task), 2.0)
    process.terminate()
    assert process.wait(30) == 0
    end = record.ending(record.handle_of(task))
    assert (end.stopped, end.survivors) == (True, 0)
    assert not (tmp_path / "main.txt").exists()
    assert carriers(task.token) == []


def test_ready_words_hold_a_rank_back_that_could_already_connect(tmp_path, free_port):
    code = (
        "import socket, sys, time; held = socket.create_server(('127.0.0.1', int(sys.argv[1])));"
        "time.sleep(1); open(sys.argv[2], 'w').close(); print('all are here', flush=True); time.sleep(600)"
    )
    mark = tmp_path / "mark"
    head = Rank(
        str(tmp_path / "head.txt"),
        argv=(sys.executable, "-c", code, str(free_port), str(mark)),
        role=Role.SUPPORT,
        name="The head",
        ready="all are here",
    )
    seen = "import os, sys; print(os.path.exists(sys.argv[1]))"
    argv = (sys.executable, "-c", seen, str(mark))
    task = task_of(tmp_path, seen, argv=argv, ranks=(head, Rank(str(tmp_path / "main.txt"), awaits=(free_port,))))
    _, end = agent(tmp_path, task)
    assert (end.exit_code, (tmp_path / "main.txt").read_text()) == (0, "True\n")
