"""Recorded requests read from files: a saved recording, and what the collector wrote."""

from __future__ import annotations

import base64
import json

import pytest

from zaffre.core.errors import Invalid
from zaffre.sdk import replaying


def write(path, *lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def text(data):
    return base64.b64encode(data).decode()


def test_a_recording_comes_back_as_it_was(tmp_path):
    line = {"request": text(b"[1]"), "answer": text(b"[2]"), "status": 200, "ms": 3.5, "path": "/score"}
    write(tmp_path / "kept.jsonl", line, {"request": text(b"[3]")})
    one, other = replaying.of_files(tmp_path / "kept.jsonl")
    assert (one.body, one.answer, one.status, one.ms, one.path) == (b"[1]", b"[2]", 200, 3.5, "/score")
    assert (other.body, other.answer, other.content_type) == (b"[3]", None, "application/json")


def test_collected_payloads_and_tables_become_requests_with_their_answers(tmp_path):
    kind = "azureml.inference."
    write(
        tmp_path / "a.jsonl",
        {"type": kind + "request", "correlationid": "1", "data": {"data": [1]}},
        {"type": kind + "model_inputs", "correlationid": "2", "data": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]},
    )
    write(
        tmp_path / "b.jsonl",
        {"type": kind + "response", "correlationid": "1", "data": [7]},
        {"type": kind + "model_outputs", "correlationid": "3", "data": [8]},
    )
    payload, table = replaying.of_files(tmp_path)
    assert (json.loads(payload.body), payload.answer) == ({"data": [1]}, b"[7]")
    assert json.loads(table.body) == {"input_data": {"columns": ["a", "b"], "index": [0, 1], "data": [[1, 2], [3, 4]]}}
    assert table.answer is None


@pytest.mark.parametrize(
    ("line", "told"), [("no", "expected JSON"), ("[1]", "expected an object"), ("{}", "a recorded request")]
)
def test_what_is_no_recording_is_refused_by_its_line(tmp_path, line, told):
    (tmp_path / "x.jsonl").write_text(line + "\n")
    with pytest.raises(Invalid, match=f"x.jsonl, line 1: .*{told}"):
        replaying.of_files(tmp_path / "x.jsonl")


def test_nothing_to_replay_is_said(tmp_path):
    with pytest.raises(Invalid, match="nothing is at"):
        replaying.of_files(tmp_path / "none")
    with pytest.raises(Invalid, match="nothing to replay"):
        replaying.run(replaying.Door("http://127.0.0.1:1", "/x/score", "k"), [], replaying.Trial("green"))
