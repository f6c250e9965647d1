"""Endpoints with a scoring script: from a document to an answer, updated without an interruption, told when they fail."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from zaffre.testing.server import CURATED, Installation, deployed, processes, until

SCORE = """
import json, os
def init():
    global word
    word = "{word}"
    print("loaded", word)
def run(data):
    return {{"word": word, "asked": json.loads(data), "variable": os.environ.get("GREETING", "")}}
"""


@pytest.fixture(scope="module")
def endpoint(zaffre: Installation) -> Iterator[str]:
    deployed(zaffre, "words", SCORE.format(word="first"), environment_variables={"GREETING": "hello"})
    yield "words"
    zaffre.call("DELETE", "online-endpoints/words")


def _ask(zaffre: Installation, endpoint: str, body: Any, **headers: str) -> httpx.Response:
    url = zaffre.call("GET", f"online-endpoints/{endpoint}").json()["state"]["scoring_uri"]
    key = zaffre.call("POST", f"online-endpoints/{endpoint}/keys").json()["primary_key"]
    return httpx.post(url, json=body, headers={"Authorization": f"Bearer {key}", **headers}, timeout=30)


def test_it_answers(zaffre: Installation, endpoint: str) -> None:
    answer = _ask(zaffre, endpoint, {"x": 1})
    assert answer.status_code == 200
    assert answer.json() == {"word": "first", "asked": {"x": 1}, "variable": "hello"}
    assert answer.headers["azureml-model-deployment"] == "blue"
    assert "loaded first" in zaffre.call("GET", f"online-endpoints/{endpoint}/deployments/blue/logs").text


def test_without_the_key_nobody_gets_in(zaffre: Installation, endpoint: str) -> None:
    assert _ask(zaffre, endpoint, {}, Authorization="Bearer wrong").status_code == 401


def test_an_update_is_not_noticed_by_callers(zaffre: Installation, endpoint: str) -> None:
    url = zaffre.call("GET", f"online-endpoints/{endpoint}").json()["state"]["scoring_uri"]
    key = zaffre.call("POST", f"online-endpoints/{endpoint}/keys").json()["primary_key"]
    seen: Counter[tuple[int, str]] = Counter()
    over = threading.Event()

    def ask() -> None:
        with httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=30) as client:
            while not over.is_set():
                answer = client.post(url, json={})
                seen[answer.status_code, answer.json().get("word", "")] += 1

    caller = threading.Thread(target=ask)
    caller.start()
    try:
        until(lambda: seen[200, "first"] > 20, "answers of the old one")
        deployed(zaffre, endpoint, SCORE.format(word="second"))
        until(lambda: seen[200, "second"] > 20, "answers of the new one")
    finally:
        over.set()
        caller.join()
    assert {status for status, _ in seen} == {200}


def test_an_update_that_cannot_start_changes_nothing_for_callers(zaffre: Installation, endpoint: str) -> None:
    before = _ask(zaffre, endpoint, {}).json()
    code = zaffre.upload("code", {"score.py": b"import absent_package\n"})["code"]
    path = f"online-endpoints/{endpoint}/deployments/blue"
    document = {
        "name": "blue",
        "endpoint_name": endpoint,
        "environment": CURATED,
        "instance_type": "Standard_DS3_v2",
        "instance_count": 1,
        "code_configuration": {"code": code, "scoring_script": "score.py"},
    }
    zaffre.call("PUT", path, document).raise_for_status()
    state = until(
        lambda: (now := zaffre.call("GET", path).json()["state"])["provisioning_state"] == "Failed" and now, "its end"
    )
    assert f"get-logs -n blue -e {endpoint}" in state["reason"]["message"]
    assert "No module named 'absent_package'" in zaffre.call("GET", f"{path}/logs").text
    assert _ask(zaffre, endpoint, {}).json() == before


def test_a_deployment_and_its_endpoint_go(zaffre: Installation) -> None:
    deployed(zaffre, "short", SCORE.format(word="gone"))
    assert _ask(zaffre, "short", {}).status_code == 200
    assert zaffre.call("DELETE", "online-endpoints/short").status_code in (200, 202, 204)
    until(lambda: zaffre.call("GET", "online-endpoints/short").status_code == 404, "its end")
    gone = zaffre.home / "endpoints" / "default" / "short"
    assert not [pid for pid, words in processes(zaffre.home).items() if str(gone) in words]


def test_the_number_of_replicas_is_changed_by_the_command(zaffre: Installation) -> None:
    deployed(zaffre, "many", SCORE.format(word="one"))

    def update(count: int) -> list[str]:
        words = ["online-deployment", "update", "-n", "blue", "-e", "many", "--set", f"instance_count={count}"]
        environ = {"PATH": os.environ["PATH"], "ZAFFRE_HOME": str(zaffre.home)}
        program = [str(Path(sys.executable).parent / "zaffre"), *words]
        done = subprocess.run(program, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        shown = zaffre.call("GET", "online-endpoints/many/deployments/blue").json()["state"]["replicas"]
        return [one["id"] for one in shown if one["stage"] == "ready"]

    assert update(3) == ["1-1", "1-2", "1-3"]
    assert _ask(zaffre, "many", {}).status_code == 200
    assert update(1) == ["1-1"]
    zaffre.call("DELETE", "online-endpoints/many")


def test_a_count_that_cannot_be_is_refused_by_its_field(zaffre: Installation, endpoint: str) -> None:
    path = f"online-endpoints/{endpoint}/deployments/blue"
    spec = zaffre.call("GET", path).json()["spec"]
    answer = zaffre.call("PUT", path, {**spec, "instance_count": 1000})
    assert answer.status_code == 400
    assert "expected 1 to 64, found 1000" in answer.text
