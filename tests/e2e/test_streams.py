"""What is watched while it happens: a log as it is written, and everything that happens in a workspace, with resume."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

from zaffre.testing.server import Installation, until

Event = tuple[str, dict[str, Any], int]


def _stream(rig: Installation, path: str, *, last: int | None = None, **query: str) -> Iterator[Event]:
    """The events of a stream as they come."""
    url = f"http://127.0.0.1:{rig.port}/api/v1/workspaces/default/{path}"
    headers = {"Last-Event-ID": str(last)} if last is not None else {}
    with rig.http.stream("GET", url, params=query, headers=headers, timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        text, begun = "", time.monotonic()
        for piece in answer.iter_text():
            assert time.monotonic() - begun < 30, f"nothing more but {piece!r}"  # a sign of life is no news
            text += piece
            while (
                found := re.match(r"(?::[^\n]*\n\n)*(?:id: (\d+)\n)?event: (\S+)\ndata: (.*)\n\n", text)
            ) is not None:
                text = text[found.end() :]
                yield found[2], json.loads(found[3]), int(found[1] or 0)


def test_a_log_comes_while_the_job_runs_and_ends_with_its_status(zaffre: Installation) -> None:
    zaffre.submit("talks", "echo first; until [ -e go ]; do sleep 0.05; done; echo last")
    until(lambda: zaffre.running("talks") and zaffre.text("talks"), "its first line")
    stream = _stream(zaffre, "jobs/talks/logs/user_logs/std_log.txt", follow="1")
    assert next(stream)[1]["data"] == "first\n"
    assert zaffre.state("talks")["status"] == "Running"
    (zaffre.attempt("talks") / "work" / "go").touch()
    rest = list(stream)
    assert "".join(data["data"] for event, data, _ in rest if event == "log") == "last\n"
    assert rest[-1][0] == "end"
    assert rest[-1][1]["status"] == "Completed"


def test_a_follower_goes_on_where_it_stopped(zaffre: Installation) -> None:
    zaffre.submit("resumes", "for n in 1 2 3 4 5 6; do echo größe-$n; sleep 0.3; done")
    zaffre.running("resumes")
    got, offset, opened = "", 0, 0
    ended = False
    while not ended:
        opened += 1
        for event, data, identity in _stream(
            zaffre, "jobs/resumes/logs/user_logs/std_log.txt", last=offset or None, follow="1"
        ):
            ended = event == "end"
            if event == "log":
                got, offset = got + data["data"], identity
                break  # the connection is let go after every piece
    assert got == "".join(f"größe-{number}\n" for number in range(1, 7))
    assert opened > 2


def test_a_log_that_is_followed_before_the_job_starts(zaffre: Installation) -> None:
    zaffre.call("PUT", "computes/slot", {"name": "slot", "type": "amlcompute", "max_instances": 1}).raise_for_status()
    zaffre.submit("ahead", "until [ -e go ]; do sleep 0.05; done", compute="azureml:slot")
    zaffre.running("ahead")
    zaffre.submit("behind", "echo mine", compute="azureml:slot")
    stream = _stream(zaffre, "jobs/behind/logs/user_logs/std_log.txt", follow="1")
    (zaffre.attempt("ahead") / "work" / "go").touch()
    found = list(stream)
    assert "".join(data["data"] for event, data, _ in found if event == "log") == "mine\n"
    assert found[-1][0] == "end"


def test_everything_that_happens_is_told_once_and_in_order(zaffre: Installation) -> None:
    zaffre.submit("storied", "true")
    zaffre.ended("storied")

    def moves(after: int) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        for _, data, sequence in _stream(zaffre, "events", after=str(after)):
            if data["subject"] == "job/storied" and "to" in data["data"]:
                found.append((sequence, data["data"]["to"]))
                if found[-1][1] == "Completed":
                    break
        return found

    told = moves(0)
    assert [to for _, to in told] == ["NotStarted", "Starting", "Running", "Completed"]
    assert moves(told[1][0]) == told[2:]  # a reader that lost its connection after the second


def test_news_reaches_a_reader_who_waits(zaffre: Installation) -> None:
    last = max(sequence for _, _, sequence in _until_quiet(zaffre))
    stream = _stream(zaffre, "events", last=last)
    zaffre.submit("news", "true")
    subjects = [next(stream)[1]["subject"] for _ in range(2)]
    assert "job/news" in subjects
    zaffre.ended("news")


def _until_quiet(zaffre: Installation) -> list[Event]:
    """Everything so far: the last is a mark made for the purpose."""
    zaffre.submit("mark", "true")
    zaffre.ended("mark")
    found: list[Event] = []
    for event in _stream(zaffre, "events"):
        found.append(event)
        if event[1]["subject"] == "job/mark" and event[1]["data"].get("to") == "Completed":
            break
    return found
