import json

from zaffre.serving import access
from zaffre.serving.access import AccessLog, Line


def line(target):
    return Line(0.0, b"GET", target.encode(), "", 200, 0, 0.0, "id", b"")


def test_lines_are_json_whatever_was_asked(tmp_path):
    log = AccessLog(tmp_path / "access.log")
    for method, target in ((b"GET", b'/"x\\'), (b"GET", b"/\xe9\x00"), (b"POST", b"/endpoints/ws/e/score?a=1")):
        log.note(Line(1_700_000_000.5, method, target, "blue", 424, 500, 0.0125, "id", b'mi"ne'))
    log.flush()
    lines = [json.loads(line) for line in (tmp_path / "access.log").read_text().splitlines()]
    assert [line["request"] for line in lines] == ['GET /"x\\', "GET /é\x00", "POST /endpoints/ws/e/score"]
    assert lines[0]["at"] == "2023-11-14T22:13:20.500Z"
    assert lines[0]["ms"] == 12.5
    assert (lines[0]["status"], lines[0]["model_status"], lines[0]["client_request_id"]) == (424, 500, 'mi"ne')


def test_a_full_log_is_moved_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(access, "LIMIT", 10)
    log = AccessLog(tmp_path / "access.log")
    for number in range(2):
        log.note(line(f"/{number}"))
        log.flush()
    assert "GET /0" in (tmp_path / "access.log.1").read_text()
    assert "GET /1" in (tmp_path / "access.log").read_text()


def test_a_disk_that_refuses_loses_lines_only(tmp_path):
    log = AccessLog(tmp_path / "missing" / "access.log")
    log.note(line("/"))
    log.flush()
