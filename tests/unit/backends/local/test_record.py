import json
import os

import pytest

from zaffre.agent import PROTOCOL
from zaffre.backends.local import record
from zaffre.core.errors import Conflict
from zaffre.core.tasks import Exit, Handle, Rank, Task


@pytest.fixture
def task(tmp_path):
    return Task("run", 1, "token", str(tmp_path / "run"), ("true",), "/", {}, (Rank(str(tmp_path / "log")),))


def test_backend_and_agent_speak_one_protocol():
    assert record.PROTOCOL == PROTOCOL


def test_an_order_can_be_repeated_but_not_taken_over(task):
    record.order(task, "boot")
    record.order(task, "boot")
    assert record.ordered(record.handle_of(task))
    other = Task("run", 2, "other", task.directory, ("true",), "/", {}, task.ranks)
    with pytest.raises(Conflict, match="another attempt"):
        record.order(other, "boot")


def test_an_exit_record_counts_for_its_attempt_only(task, tmp_path):
    handle = record.handle_of(task)
    record.order(task, "boot")
    ending = {"exit_code": 0, "signal": None, "started_at": 1.0, "ended_at": 2.0, "deposited": ["out"]}
    written = tmp_path / "run" / "exit.json"
    written.write_text(json.dumps({"token": "token", "attempt": 1, "exit": ending}))
    assert record.ending(handle) == Exit(0, None, 1.0, 2.0, deposited=("out",))
    assert record.ending(Handle("run", 2, "token", task.directory)) is None
    assert record.ending(Handle("run", 1, "other", task.directory)) is None
    written.write_bytes(b"{")
    assert record.ending(handle) is None


def test_a_log_is_read_from_an_offset(task, tmp_path):
    record.order(task, "boot")
    handle = record.handle_of(task)
    assert record.log(handle, 0, 0, 10) == b""
    (tmp_path / "log").write_bytes(b"0123456789")
    assert record.log(handle, 0, 4, 3) == b"456"
    assert record.log(handle, 0, 99, 3) == b""
    assert record.log(handle, 1, 0, 3) == b""


def test_a_descriptor_is_of_exactly_one_process():
    started = record.start_time(os.getpid())
    descriptor = record.pidfd(os.getpid(), started)
    assert descriptor is not None
    os.close(descriptor)
    assert record.pidfd(os.getpid(), started - 1) is None
    assert record.pidfd(os.getpid(), None) is None
