"""What is told of a replica that ended in the middle of a request, and how long that is waited for."""

from __future__ import annotations

import json

import pytest

from zaffre.serving.answers import LOST
from zaffre.serving.deaths import PATIENCE, Mourning, read
from zaffre.serving.table import Replica


class Waiting:
    done = False

    def __init__(self):
        self.told = []

    def refuse(self, answer):
        self.done = True
        self.told.append(answer)


@pytest.fixture
def replica(tmp_path):
    return Replica("1-1", "/s", str(tmp_path / "ends"), str(tmp_path / "exit.json"))


def line(**said):
    return json.dumps({"pid": 7, "exit_code": None, "signal": 9, "peak_memory": 300 * 1024**2, **said}) + "\n"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            {"out_of_memory": True},
            "Memory ran out and the replica's process was killed, when it had used at most 300 MiB",
        ),
        ({"signal": 11}, "was ended by signal 11 (SIGSEGV), when it had used at most 300 MiB of memory."),
        ({"signal": None, "exit_code": 3, "peak_memory": 0}, "The replica's process ended with exit code 3."),
    ],
)
def test_an_end_is_one_sentence(tmp_path, replica, said, told):
    (tmp_path / "ends").write_text(line(pid=6, signal=15) + line(**said) + line(pid=8, signal=15))
    assert told in read(replica, 7).message


def test_the_agents_own_record_counts_for_every_process_of_the_replica(tmp_path, replica):
    assert read(replica, 7) is None
    (tmp_path / "exit.json").write_text("{ half")
    assert read(replica, 7) is None
    (tmp_path / "exit.json").write_text(
        json.dumps({"run": "r", "exit": json.loads(line(pid=None, out_of_memory=True))})
    )
    assert read(replica, 7).out_of_memory


def test_a_lost_request_waits_for_the_reason_and_not_for_long(tmp_path, replica):
    now = [0.0]
    mourning, early, late, gone = Mourning(lambda: now[0]), Waiting(), Waiting(), Waiting()
    mourning.add(early, replica, 7)
    mourning.add(gone, replica, 7)
    gone.done = True
    mourning.look()
    assert not early.done
    (tmp_path / "ends").write_text(line(out_of_memory=True))
    mourning.look()
    assert (early.told[0].status, gone.told) == (502, [])
    assert early.told[0].message.startswith(LOST.message + " Memory ran out")
    mourning.add(late, replica, 9)
    mourning.look()
    assert not late.done
    now[0] = PATIENCE
    mourning.look()
    assert late.told == [LOST]
