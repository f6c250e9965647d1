"""The services of a run as they are: what was started, what is missing, what somebody else's is."""

from __future__ import annotations

import json
import socket
from dataclasses import fields
from types import SimpleNamespace

from zaffre.control.locations import Locations
from zaffre.control.ways import Way, ways
from zaffre.core.status import RunStatus

SPEC = {
    "services": {
        "lab": {"type": "jupyter_lab"},
        "editor": {"type": "vs_code"},
        "page": {"type": "custom", "port": 1},
        "odd": {"type": "custom"},
    }
}


def run(status=RunStatus.RUNNING, token="t"):
    return SimpleNamespace(name="r", attempt=1, token=token, status=status)


def told(tmp_path, *ranks):
    place = tmp_path / "runs" / "r" / "1"
    place.mkdir(parents=True)
    (place / "task.json").write_text(json.dumps({"task": {"ranks": list(ranks)}}))
    return Locations(tmp_path)


def found(run, locations):
    return {way.name: way for way in ways(run, SPEC, locations)}


def test_what_was_started_and_what_is_missing(tmp_path):
    ranks = ({"name": "lab", "role": "service", "at": "/tmp/none.sock"}, {"name": "", "role": "", "at": ""})
    seen = found(run(), told(tmp_path, *ranks))
    assert (seen["lab"].status, seen["lab"].under_prefix) == ("Starting", True)
    assert (seen["editor"].status, "code-server" in seen["editor"].error) == ("Failed", True)
    assert seen["page"].status == "Starting"
    assert "port" in seen["odd"].error


def test_before_the_launch_and_after_the_end(tmp_path):
    assert {way.status for way in found(run(token=""), Locations(tmp_path)).values()} == {"Starting"}
    assert {way.status for way in found(run(RunStatus.COMPLETED), told(tmp_path)).values()} == {"Stopped"}


def test_a_port_of_this_server_is_none_of_the_job_s(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as ours:
        spec = {"services": {"x": {"type": "custom", "port": ours.getsockname()[1]}}}
        (way,) = ways(run(), spec, told(tmp_path))
    assert way.status == "Starting"


def test_a_run_without_services_has_none(tmp_path):
    assert ways(run(), {}, Locations(tmp_path)) == []
    assert [field.name for field in fields(Way)][:3] == ["name", "type", "status"]
