"""Limits and order of a compute, and many clients at once: never more than there is room for, never twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from zaffre.testing.server import Installation, job, until

BLOCK = "until [ -e go ]; do sleep 0.05; done"
CLIENTS = 50


def _compute(zaffre: Installation, name: str, nodes: int) -> str:
    document = {"name": name, "type": "amlcompute", "max_instances": nodes}
    zaffre.call("PUT", f"computes/{name}", document).raise_for_status()
    return f"azureml:{name}"


def _noted(oracle: Path, **more: Any) -> dict[str, Any]:
    command = 'echo "+ $AZUREML_RUN_ID" >> "$ORACLE"; sleep 0.1; echo "- $AZUREML_RUN_ID" >> "$ORACLE"'
    return job(command, environment_variables={"ORACLE": str(oracle)}, **more)


def _started(oracle: Path) -> list[str]:
    return [line[2:] for line in oracle.read_text().splitlines() if line.startswith("+")]


def _go(zaffre: Installation, name: str) -> None:
    (zaffre.attempt(name) / "work" / "go").touch()


def _queued(zaffre: Installation, names: list[str]) -> None:
    until(lambda: {zaffre.state(name)["status"] for name in names} == {"Queued"}, f"{names} to be queued")


def test_first_come_first_served_within_a_priority(zaffre: Installation, tmp_path: Path) -> None:
    oracle, one = tmp_path / "oracle", _compute(zaffre, "fifo", 1)
    zaffre.submit("fifo-block", BLOCK, compute=one)
    zaffre.running("fifo-block")
    ranks = {"low": "low", "a": "medium", "b": "medium", "urgent": "high", "c": "medium"}
    for name, rank in ranks.items():
        document = _noted(oracle, compute=one, queue_settings={"priority": rank})
        zaffre.call("PUT", f"jobs/fifo-{name}", document).raise_for_status()
        _queued(zaffre, [f"fifo-{name}"])
    _go(zaffre, "fifo-block")
    assert {zaffre.ended(f"fifo-{name}")["status"] for name in ranks} == {"Completed"}
    assert _started(oracle) == [f"fifo-{name}" for name in ("urgent", "a", "b", "c", "low")]


def test_never_more_at_once_than_nodes(zaffre: Installation, tmp_path: Path) -> None:
    oracle, two = tmp_path / "oracle", _compute(zaffre, "pair", 2)
    names = [f"pair-{number}" for number in range(8)]
    for name in names:
        zaffre.call("PUT", f"jobs/{name}", _noted(oracle, compute=two)).raise_for_status()
    assert {zaffre.ended(name)["status"] for name in names} == {"Completed"}
    now, most = 0, 0
    for line in oracle.read_text().splitlines():
        now += 1 if line.startswith("+") else -1
        most = max(most, now)
    assert most == 2


def test_a_large_job_is_not_starved_by_small_ones(zaffre: Installation, tmp_path: Path) -> None:
    oracle, two = tmp_path / "oracle", _compute(zaffre, "wide", 2)
    zaffre.submit("wide-block", BLOCK, compute=two)
    zaffre.running("wide-block")
    large = _noted(oracle, compute=two, resources={"instance_count": 2})
    zaffre.call("PUT", "jobs/wide-large", large).raise_for_status()
    _queued(zaffre, ["wide-large"])
    zaffre.call("PUT", "jobs/wide-small", _noted(oracle, compute=two)).raise_for_status()
    _queued(zaffre, ["wide-small"])  # a node is free, and the large one comes first
    _go(zaffre, "wide-block")
    for name in ("wide-large", "wide-small"):
        assert zaffre.ended(name)["status"] == "Completed"
    assert _started(oracle)[-1] == "wide-small"


def test_a_queued_job_is_canceled_without_ever_starting(zaffre: Installation, tmp_path: Path) -> None:
    oracle, one = tmp_path / "oracle", _compute(zaffre, "gone", 1)
    oracle.touch()
    zaffre.submit("gone-block", BLOCK, compute=one)
    zaffre.running("gone-block")
    zaffre.call("PUT", "jobs/gone-1", _noted(oracle, compute=one)).raise_for_status()
    _queued(zaffre, ["gone-1"])
    zaffre.call("POST", "jobs/gone-1/cancel").raise_for_status()
    state = zaffre.ended("gone-1", 5)
    assert (state["status"], state["attempt"]) == ("Canceled", 0)
    _go(zaffre, "gone-block")
    assert zaffre.ended("gone-block")["status"] == "Completed"
    assert _started(oracle) == []


def test_a_job_is_canceled_while_its_environment_is_built(zaffre: Installation) -> None:
    conda = {"dependencies": ["python=3.11", {"pip": ["scikit-learn", "mlflow"]}]}
    zaffre.submit("early", "true", environment={"image": "python", "conda_file": conda})
    until(lambda: zaffre.state("early")["status"] == "Preparing", "the build to be asked for")
    zaffre.call("POST", "jobs/early/cancel").raise_for_status()
    state = zaffre.ended("early", 10)
    assert (state["status"], state["attempt"]) == ("Canceled", 0)
    build = state["build"]
    zaffre.call("POST", f"jobs/{build}/cancel").raise_for_status()
    assert zaffre.call("GET", f"jobs/{build}/logs").json()["value"]
    assert zaffre.ended(build, 20)["status"] in ("Canceled", "Completed")
    until(lambda: not zaffre.commands(), "the end of the build")


def test_fifty_submits_of_one_name_are_one_run(zaffre: Installation, tmp_path: Path) -> None:
    oracle = tmp_path / "oracle"
    document = _noted(oracle)
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda _: _put(zaffre, "jobs/same", document), range(CLIENTS)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: CLIENTS - 1}
    assert zaffre.ended("same")["status"] == "Completed"
    assert _started(oracle) == ["same"]


def test_fifty_submits_of_one_name_and_two_contents_are_one_of_them(zaffre: Installation) -> None:
    documents = [job("echo left"), job("echo right")]
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda n: _put(zaffre, "jobs/either", documents[n % 2]), range(CLIENTS)))
    counted = Counter(answer.status_code for answer in answers)
    assert counted == {201: 1, 200: CLIENTS // 2 - 1, 409: CLIENTS // 2}
    assert zaffre.ended("either")["status"] == "Completed"


def test_fifty_repetitions_of_one_nameless_submit_are_one_run(zaffre: Installation, tmp_path: Path) -> None:
    oracle = tmp_path / "oracle"
    headers = {"Idempotency-Key": "the-same"}
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda _: _post(zaffre, "jobs", _noted(oracle), headers), range(CLIENTS)))
    assert {answer.status_code for answer in answers} <= {200, 201}, answers[0].text
    names = {answer.json()["name"] for answer in answers}
    assert len(names) == 1
    name = names.pop()
    assert zaffre.ended(name)["status"] == "Completed"
    assert _started(oracle) == [name]


@pytest.mark.parametrize("moment", ["at once", "running"])
def test_fifty_clients_cancel_one_job(zaffre: Installation, moment: str) -> None:
    name = f"unloved-{moment.replace(' ', '-')}"
    zaffre.submit(name, "sleep 600")
    if moment == "running":
        zaffre.running(name)
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda _: _post(zaffre, f"jobs/{name}/cancel", None, {}), range(CLIENTS)))
    assert {answer.status_code for answer in answers} == {202}
    assert zaffre.ended(name, 15)["status"] == "Canceled"


def test_many_jobs_at_once_all_end(zaffre: Installation) -> None:
    names = [f"crowd-{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: _put(zaffre, f"jobs/{name}", job(f"echo {name}")), names))
    assert {answer.status_code for answer in answers} == {201}
    assert Counter(zaffre.ended(name)["status"] for name in names) == {"Completed": 40}
    assert [zaffre.text(name) for name in names] == [f"{name}\n" for name in names]


def _put(zaffre: Installation, path: str, document: dict[str, Any]) -> httpx.Response:
    return zaffre.call("PUT", path, document)


def _post(zaffre: Installation, path: str, document: Any, headers: dict[str, str]) -> httpx.Response:
    return zaffre.call("POST", path, document, headers=headers)
