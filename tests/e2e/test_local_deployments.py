"""``--local``: the same scoring host on the user's machine, started again as his code changes, with breakpoints."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from zaffre.testing.server import CURATED, Installation, until

SCORE = """
import json, os
def init():
    global word
    word = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "weights.txt")).read()
    print("loaded", word)
def run(data):
    {line}
    return {{"word": word, "asked": json.loads(data), "hello": os.environ["HELLO"], "answer": {answer}}}
"""
ZAFFRE = str(Path(sys.executable).parent / "zaffre")


def _score(answer: int, line: str = "pass") -> str:
    return SCORE.format(answer=answer, line=line)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "score.py").write_text(_score(1))
    (tmp_path / "weights.txt").write_text("heavy")
    document = {
        "name": "blue",
        "endpoint_name": "mine",
        "model": {"path": "weights.txt"},
        "code_configuration": {"code": "code", "scoring_script": "score.py"},
        "environment": CURATED,
        "environment_variables": {"HELLO": "there"},
        "instance_type": "Standard_DS3_v2",
        "instance_count": 1,
        "data_collector": {"collections": {"request": {"enabled": "true"}}},
    }
    (tmp_path / "blue.yml").write_text(json.dumps(document))
    (tmp_path / "one.json").write_text('{"x": 1}')
    return tmp_path


def _run(zaffre: Installation, work: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "ZAFFRE_HOME": str(zaffre.home)}
    return subprocess.run(
        [ZAFFRE, *words], cwd=work, env=environ, capture_output=True, text=True, check=False, timeout=100
    )


def _asked(zaffre: Installation, work: Path) -> Any:
    done = _run(zaffre, work, "online-endpoint", "invoke", "--local", "-n", "mine", "-r", "one.json", "-o", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_serves_follows_the_code_and_goes(zaffre: Installation, work: Path) -> None:
    made = _run(zaffre, work, "online-deployment", "create", "--local", "-f", "blue.yml", "-o", "json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["provisioning_state"] == "Succeeded"
    uri = json.loads(made.stdout)["scoring_uri"]
    assert _asked(zaffre, work) == {"word": "heavy", "asked": {"x": 1}, "hello": "there", "answer": 1}
    (work / "code" / "score.py").write_text(_score(2))
    until(lambda: _answer(uri) == 2, "the changed code")
    (work / "code" / "score.py").write_text("def init(:\n")
    log = zaffre.home / "local" / "mine" / "blue" / "log.txt"
    until(lambda: "change the code to start it again" in log.read_text(), "the mistake in the log")
    words = ("online-deployment", "get-logs", "--local", "-n", "blue", "-e", "mine")
    assert "SyntaxError" in _run(zaffre, work, *words).stdout
    (work / "code" / "score.py").write_text(_score(3))
    until(lambda: _answer(uri) == 3, "the code that is right again")
    kept = zaffre.home / "local" / "mine" / "blue" / "collected" / "request"
    until(lambda: list(kept.rglob("*.jsonl")), "collected requests")
    shown = _run(zaffre, work, "online-endpoint", "show", "--local", "-n", "mine", "-o", "json")
    assert json.loads(shown.stdout)["scoring_uri"].startswith("http://127.0.0.1:")
    assert _run(zaffre, work, "online-endpoint", "delete", "--local", "-n", "mine", "--yes").returncode == 0
    assert not (zaffre.home / "local" / "mine").exists()
    assert zaffre.call("GET", "online-endpoints/mine").status_code == 404, "the server knew nothing of it"


def _answer(uri: str) -> int:
    """0 while it starts again."""
    try:
        answer = httpx.post(uri, json={"x": 1}, timeout=10)
    except httpx.TransportError:
        return 0
    return answer.json()["answer"] if answer.status_code == 200 else 0


def test_a_start_that_fails_shows_the_log(zaffre: Installation, work: Path) -> None:
    (work / "code" / "score.py").write_text("import absent_package\n")
    made = _run(zaffre, work, "online-deployment", "create", "--local", "-f", "blue.yml")
    assert made.returncode == 1
    assert "No module named 'absent_package'" in made.stderr
    listed = _run(zaffre, work, "online-deployment", "list", "--local", "-e", "mine", "-o", "json")
    assert [one["provisioning_state"] for one in json.loads(listed.stdout)] == ["Failed"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": {"path": "none.pkl"}}, "model.path"),
        ({"code_configuration": {"code": "code", "scoring_script": "nope.py"}}, "scoring_script"),
        ({"environment": None}, "environment"),
    ],
)
def test_what_is_missing_is_named(zaffre: Installation, work: Path, change: dict[str, Any], said: str) -> None:
    document = {**json.loads((work / "blue.yml").read_text()), **change}
    (work / "blue.yml").write_text(json.dumps({name: one for name, one in document.items() if one is not None}))
    made = _run(zaffre, work, "online-deployment", "create", "--local", "-f", "blue.yml")
    assert made.returncode == 1
    assert said in made.stderr


def test_a_breakpoint_stops_in_the_terminal(zaffre: Installation, work: Path) -> None:
    (work / "code" / "score.py").write_text(_score(7, "breakpoint()"))
    environ = {"PATH": os.environ["PATH"], "ZAFFRE_HOME": str(zaffre.home), "TERM": "dumb"}
    words = [ZAFFRE, "online-deployment", "create", "--local", "--foreground", "-f", "blue.yml"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(work)
        os.execve(words[0], words, environ)
    try:
        _read_until(terminal, "ready:")
        command = [ZAFFRE, "online-endpoint", "invoke", "--local", "-n", "mine", "-r", "one.json", "-o", "json"]
        asking = subprocess.Popen(command, cwd=work, env=environ, stdout=subprocess.PIPE, text=True)
        _read_until(terminal, "(Pdb)")
        os.write(terminal, b"p word\n")
        _read_until(terminal, "'heavy'")
        os.write(terminal, b"c\n")
        answer, _ = asking.communicate(timeout=60)
        assert json.loads(answer)["answer"] == 7
        os.write(terminal, b"\x03")
        assert os.waitpid(pid, 0)[1] == 0
    finally:
        os.close(terminal)
    shown = _run(zaffre, work, "online-deployment", "show", "--local", "-n", "blue", "-e", "mine", "-o", "json")
    assert json.loads(shown.stdout)["provisioning_state"] == "Failed", "it does not run any more"


def _read_until(terminal: int, wanted: str, patience: float = 60.0) -> str:
    deadline, seen = time.monotonic() + patience, ""
    while wanted not in seen:
        assert time.monotonic() < deadline, f"no {wanted!r} in {seen!r}"
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 65536).decode(errors="replace")
    return seen


SDK = """
from zaffre import MLClient, load_online_deployment, load_online_endpoint
from zaffre.entities import ManagedOnlineEndpoint
client = MLClient()
client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="mine"), local=True).result()
made = client.online_deployments.begin_create_or_update(load_online_deployment("blue.yml"), local=True).result()
assert made.provisioning_state == "Succeeded", made
print(client.online_endpoints.invoke("mine", request_file="one.json", local=True))
assert "loaded heavy" in client.online_deployments.get_logs("blue", "mine", 50, local=True)
assert [one.name for one in client.online_deployments.list("mine", local=True)] == ["blue"]
client.online_endpoints.begin_delete("mine", local=True).wait()
assert [one.name for one in client.online_endpoints.list(local=True)] == []
"""


def test_the_sdk_has_the_same(zaffre: Installation, work: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "ZAFFRE_HOME": str(zaffre.home)}
    done = subprocess.run(
        [sys.executable, "-c", SDK], cwd=work, env=environ, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["answer"] == 1
