"""The recipes of CONTRIBUTING.md, followed to the letter in a copy of the source, and what they add, used."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```python (?P<file>src/\S+)(?: (?P<where>[^\n]+))?\n(?P<text>.*?)^```$", re.M | re.S)


def follow(root):
    """Type every block that names a file into it; returns the files touched."""
    touched = []
    for block in BLOCK.finditer(PAGE):
        path, where, text = root / block["file"], block["where"] or "", block["text"]
        touched.append(block["file"])
        if not where:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            continue
        lines = path.read_text().splitlines(keepends=True)
        position, _, anchor = where.partition(": ")
        if position == "at the end":
            lines.append(text)
        else:
            (at,) = [number for number, line in enumerate(lines) if anchor in line]
            lines.insert(at + (position == "after"), text)
        path.write_text("".join(lines))
    return touched


class Copy:
    """A Zaffre run from the changed copy, in a home of its own."""

    def __init__(self, folder):
        self.root = folder
        self.home = folder / "home"
        for name in ("src", "tools"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        self.touched = follow(folder)
        own = {key: value for key, value in os.environ.items() if not key.startswith("ZAFFRE_")}
        self.environ = own | {
            "PYTHONPATH": str(folder / "src"),
            "ZAFFRE_HOME": str(self.home),
            "ZAFFRE_SERVER_PORT": str(free_port()),
            "ZAFFRE_ROUTER_PORT": str(free_port()),
        }

    def python(self, *words):
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.root,
            env=self.environ,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def call(self, method, path, body=None):
        facts = json.loads((self.home / "server.json").read_text())
        request = urllib.request.Request(
            facts["server_url"] + "/api/v1" + path,
            json.dumps(body).encode() if body is not None else None,
            {
                "Authorization": f"Bearer {(self.home / 'token').read_text().strip()}",
                "Content-Type": "application/json",
            },
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    @contextlib.contextmanager
    def running(self):
        with (self.root / "log").open("wb") as log:
            server = subprocess.Popen([sys.executable, "-m", "zaffre.server"], env=self.environ, stdout=log, stderr=log)
        try:
            self._wait(server)
            yield self
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)

    def _wait(self, server):
        deadline = time.monotonic() + 60
        url = f"http://127.0.0.1:{self.environ['ZAFFRE_SERVER_PORT']}/readyz"
        while True:
            assert server.poll() is None, (self.root / "log").read_text()
            assert time.monotonic() < deadline, (self.root / "log").read_text()
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
                return
            time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    made = Copy(tmp_path_factory.mktemp("recipes"))
    made.python("tools/command_table.py")
    with made.running():
        yield made


def test_every_recipe_has_blocks_to_follow(copy):
    folders = {"kinds/note/spec.py", "jobs/greeting/plan.py", "assets/data/spec.py", "kinds/job/actions.py"}
    assert {f"src/zaffre/{name}" for name in folders} <= set(copy.touched)


def test_kind_has_routes_rules_and_a_description(copy):
    path = "/workspaces/default/notes/first"
    status, made = copy.call("PUT", path, {"text": "water the plants"})
    assert (status, made["spec"]["text"]) == (201, "water the plants")
    assert copy.call("GET", path)[1]["spec"]["text"] == "water the plants"
    status, refused = copy.call("PUT", "/workspaces/default/notes/empty", {"text": " "})
    assert (status, refused["error"]["details"][0]["target"]) == (400, "text")
    status, refused = copy.call("PUT", "/workspaces/default/notes/odd", {"text": "x", "importence": 1})
    assert status == 400
    assert "importance" in json.dumps(refused)
    assert "/api/v1/workspaces/{ws}/notes/{name}" in copy.call("GET", "/openapi.json")[1]["paths"]


def test_kind_has_commands(copy):
    assert "Something worth remembering" in copy.python("-m", "zaffre", "--help")
    assert "create" in copy.python("-m", "zaffre", "note", "--help")


def test_job_type_runs_to_its_end(copy):
    spec = {"type": "greeting", "whom": "world", "environment": {"image": "python:3.11"}}
    status, made = copy.call("PUT", "/workspaces/default/jobs/hello", spec)
    assert status == 201, made
    job = copy.call("GET", "/workspaces/default/jobs/hello?wait_for=final&timeout=50")[1]
    assert job["state"]["status"] == "Completed", job
    log = copy.home / "data/default/workspaceartifactstore/ExperimentRun/dcid.hello/user_logs/std_log.txt"
    assert log.read_text() == "hello world\n"


def test_field_is_in_every_spelling(copy):
    spec = {"type": "uri_file", "path": "https://example.com/a.csv", "licence": "CC0-1.0"}
    status, made = copy.call("PUT", "/workspaces/default/data/table/versions/1", spec)
    assert (status, made.get("spec", made).get("licence")) == (201, "CC0-1.0")
    assert "licence" in json.dumps(copy.call("GET", "/openapi.json")[1])


def test_action_is_a_route(copy):
    spec = {"type": "greeting", "whom": "you", "environment": {"image": "python:3.11"}}
    copy.call("PUT", "/workspaces/default/jobs/praised", spec)
    assert copy.call("POST", "/workspaces/default/jobs/praised/praise") == (
        200,
        {"job": "praised", "praise": "well done"},
    )
    assert "/api/v1/workspaces/{ws}/jobs/{name}/praise" in copy.call("GET", "/openapi.json")[1]["paths"]


def test_backend_contract_is_shipped():
    from zaffre.testing.backend import BackendContract

    assert [name for name in dir(BackendContract) if name.startswith("test_")]
