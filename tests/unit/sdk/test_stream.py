from __future__ import annotations

from typing import Any

import pytest

from zaffre.sdk import sse, stream
from zaffre.sdk.resources import Group, Resources, Which
from zaffre.sdk.transport import Transport


@pytest.fixture
def jobs(transport: Transport) -> Resources:
    return Resources(transport, "default", Group("job", "jobs"))


def followed(jobs: Resources) -> tuple[str, list[str], dict[str, Any]]:
    job = jobs.put({"name": "fox"}, Which("fox"))
    log: list[str] = []
    notes: list[str] = []
    ended = stream.follow(jobs, job, stream.Output(log.append, notes.append))
    return "".join(log), notes, ended


def test_the_log_arrives_whole_and_the_end_is_the_jobs_own(fake: Any, jobs: Resources) -> None:
    fake.log = b"one\ntwo\n"
    log, notes, ended = followed(jobs)
    assert log == "one\ntwo\n"
    assert ended["state"]["status"] == "Completed"
    assert "RunId: fox" in notes and "Status: Completed" in notes


def test_a_broken_line_is_taken_up_where_it_broke(fake: Any, jobs: Resources) -> None:
    fake.log = b"0123456789" * 5
    fake.log_break_at = 20
    log, _, _ = followed(jobs)
    assert log == "0123456789" * 5


def test_of_several_processes_the_first_ones_log_is_shown(fake: Any, jobs: Resources) -> None:
    fake.log, fake.log_name = b"rank 0\n", "user_logs/all_ranks.txt"
    log, _, _ = followed(jobs)
    assert log == "rank 0\n"


def test_a_failure_is_told_with_its_reason(fake: Any, jobs: Resources) -> None:
    fake.job_end = {"status": "Failed", "reason": {"code": "ExitCode", "message": "It exited with code 3."}}
    _, notes, ended = followed(jobs)
    assert "Reason: ExitCode: It exited with code 3." in notes
    with pytest.raises(stream.JobFailed, match=r"fox ended as Failed\. ExitCode: It exited with code 3\."):
        stream.check(ended)


def test_events_are_read_as_the_standard_says() -> None:
    lines = [b": ping\n", b"id: 4\n", b"event: log\n", b"data: a\n", b"data: b\n", b"\n", b"\n", b"data:c\n", b"\n"]
    assert list(sse.events(lines)) == [("log", "a\nb", "4"), ("message", "c", "4")]
