"""What a scoring host does beyond one plain request: several workers on one model, streams, ends, time limits."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from zaffre.testing.serving import Rig, until

SCRIPT = """
import json, os, sys, time, threading
from azureml.contrib.services.aml_response import AMLResponse
def init():
    global loaded
    loaded = os.getpid()
    {init}
def run(data):
    asked = json.loads(data)
    do = asked.get("do")
    if do == "exit": sys.exit(7)
    if do == "die": os._exit(9)
    if do == "sleep": time.sleep(asked["for"])
    if do == "stream":
        def pieces():
            for n in range(3):
                yield "data: %d\\n\\n" % n
                time.sleep(asked.get("pause", 0))
            if asked.get("fail"): raise ValueError("midway")
        return AMLResponse(pieces(), 200, {{"Content-Type": "text/event-stream"}})
    if do == "parallel":
        import numpy
        return float((numpy.random.rand(300, 300) @ numpy.random.rand(300, 300)).sum())
    return {{"pid": os.getpid(), "loaded": loaded}}
"""


class _Unix(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("host", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self._path)


def ask(path: str, **body: object) -> tuple[int, bytes, http.client.HTTPResponse]:
    connection = _Unix(path)
    try:
        connection.request("POST", "/score", json.dumps(body), {"content-type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer
    finally:
        connection.close()


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path)
    try:
        yield made
    finally:
        made.close()


def started(rig: Rig, init: str = "pass", **orders: object):
    return rig.start_host(orders, SCRIPT.format(init=init))


def test_workers_share_one_loaded_model(rig):
    host = started(rig, "global np; import numpy as np; np.ones((500, 500)) @ np.ones((500, 500))", workers=3)
    sockets = [host.socket, *(f"{host.socket}.{n}" for n in (1, 2))]
    until(lambda: host.log.read_text().count("ready:") == 3, "three workers")
    told = [json.loads(ask(one)[1]) for one in sockets]
    assert len({one["pid"] for one in told}) == 3
    assert len({one["loaded"] for one in told}) == 1, "init() ran once"
    assert not {one["pid"] for one in told} & {one["loaded"] for one in told}
    assert all(ask(one, do="parallel")[0] == 200 for one in sockets)
    assert "shared by 3 workers" in host.log.read_text()
    for one, path in zip(told, sockets, strict=True):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(path)
            seen = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        assert int.from_bytes(seen[:4], "little") == one["pid"], "the router sees the worker, not its parent"


@pytest.mark.parametrize(
    ("init", "why"),
    [
        ("threading.Thread(target=time.sleep, args=(60,), daemon=True, name='mine').start()", "mine"),
        ("sys.modules['tensorflow'] = os", "tensorflow"),
    ],
)
def test_a_model_that_would_not_survive_a_fork_is_loaded_by_each(rig, init, why):
    host = started(rig, init, workers=2)
    until(lambda: host.log.read_text().count("ready:") == 2, "two workers")
    told = [json.loads(ask(one)[1]) for one in (host.socket, f"{host.socket}.1")]
    assert all(one["pid"] == one["loaded"] for one in told)
    assert "each worker loads the model for itself" in host.log.read_text()
    assert why in host.log.read_text()


def test_a_worker_that_dies_is_forked_again_and_all_end_with_sigterm(rig):
    host = started(rig, workers=2)
    until(lambda: host.log.read_text().count("ready:") == 2, "two workers")
    first = json.loads(ask(f"{host.socket}.1")[1])
    with pytest.raises((http.client.HTTPException, OSError)):
        ask(f"{host.socket}.1", do="die")
    until(lambda: host.log.read_text().count("ready:") == 3, "the worker again")
    again = json.loads(ask(f"{host.socket}.1")[1])
    assert again["pid"] != first["pid"]
    assert again["loaded"] == first["loaded"]
    assert "worker 1 ended with code 9; it is started again" in host.log.read_text()
    pids = [again["pid"], json.loads(ask(host.socket)[1])["pid"], again["loaded"]]
    host.kill(signal.SIGTERM)
    assert host.process.wait(20) == 0
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert not Path(host.socket).exists()
    assert not Path(f"{host.socket}.1").exists()


def test_a_worker_that_dies_again_and_again_ends_the_replica(rig):
    host = started(rig, workers=2)
    for _ in range(7):
        if host.process.poll() is not None:
            break
        try:
            ask(f"{host.socket}.1", do="die")
        except (http.client.HTTPException, OSError):
            time.sleep(0.05)
    until(lambda: host.process.poll() is not None or _killed(host), "its end")
    assert host.process.wait(20) != 0
    assert "the replica ends" in host.log.read_text()


def _killed(host) -> bool:
    try:
        ask(f"{host.socket}.1", do="die")
    except (http.client.HTTPException, OSError):
        return False
    return False


def test_an_exit_in_run_is_an_answer_and_the_replica_goes_on(rig):
    host = started(rig)
    status, body, _ = ask(host.socket, do="exit")
    assert status == 500
    assert "tried to end the process (exit code 7)" in json.loads(body)["message"]
    assert ask(host.socket)[0] == 200


def test_a_script_that_exits_in_init_says_so(rig):
    host = rig.start_host({}, SCRIPT.format(init="sys.exit(4)"), ready=False)
    assert host.process.wait(20) == 1
    assert "init() ended the process, with exit code 4" in host.log.read_text()


def test_a_failed_init_lists_what_the_model_folder_holds(rig, tmp_path):
    (tmp_path / "m" / "deep").mkdir(parents=True)
    (tmp_path / "m" / "deep" / "weights.pkl").write_bytes(b"")
    host = rig.start_host(
        {"model_dir": str(tmp_path / "m")}, SCRIPT.format(init="open('/none/weights.pkl')"), ready=False
    )
    assert host.process.wait(20) == 1
    assert "AZUREML_MODEL_DIR holds:\n  deep/weights.pkl" in host.log.read_text()


def test_pieces_are_sent_as_they_come(rig):
    host = started(rig)
    connection = _Unix(host.socket)
    connection.request("POST", "/score", json.dumps({"do": "stream", "pause": 0.4}))
    began = time.monotonic()
    answer = connection.getresponse()
    first = answer.read1(100)
    assert time.monotonic() - began < 0.4
    assert first == b"data: 0\n\n"
    assert answer.read() == b"data: 1\n\ndata: 2\n\n"
    assert answer.headers["content-type"] == "text/event-stream"
    connection.request("POST", "/score", "{}")
    assert connection.getresponse().status == 200, "the connection is as good as before"
    connection.close()


def test_a_stream_that_fails_midway_breaks_off(rig):
    host = started(rig)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(host.socket, do="stream", fail=True)
    assert "midway" in host.log.read_text()
    assert ask(host.socket)[0] == 200


def test_a_caller_who_leaves_midway_ends_the_stream(rig):
    host = started(rig)
    connection = _Unix(host.socket)
    connection.request("POST", "/score", json.dumps({"do": "stream", "pause": 0.2}))
    connection.getresponse().read1(10)
    connection.close()
    assert ask(host.socket)[0] == 200


def test_the_scripts_own_time_limit_is_azures_500(rig):
    host = started(rig, environ={"SCORING_TIMEOUT_MS": "200"}, request_timeout=5)
    status, body, _ = ask(host.socket, do="sleep", **{"for": 3})
    assert (status, json.loads(body)) == (500, {"message": "Scoring timeout after 200 ms"})


def test_the_deployments_time_limit_is_408(rig):
    host = started(rig, request_timeout=0.2)
    status, body, _ = ask(host.socket, do="sleep", **{"for": 3})
    assert status == 408
    assert "request_timeout_ms" in json.loads(body)["message"]


def test_while_init_runs_every_worker_answers_503(rig):
    host = rig.start_host({"workers": 2}, SCRIPT.format(init="time.sleep(1.5)"), ready=False)
    until(lambda: Path(f"{host.socket}.1").exists(), "the sockets")
    seen = threading.Event()
    for path in (host.socket, f"{host.socket}.1"):
        until(lambda path=path: _status(path) == 503, "a refusal")
    seen.set()
    until(lambda: host.log.read_text().count("ready:") == 2, "the workers")
    assert _status(host.socket) == 200


def _status(path: str) -> int:
    try:
        return ask(path)[0]
    except OSError:
        return 0


def test_an_init_that_hangs_is_told_with_its_line(rig):
    host = rig.start_host({"init_patience": 0.3}, SCRIPT.format(init="time.sleep(60)  # the database"), ready=False)
    until(lambda: "TimeoutError: init() has not finished" in host.log.read_text(), "the line")
    assert "time.sleep(60)  # the database" in host.log.read_text()
    host.kill(signal.SIGTERM)
    assert host.process.wait(20) == 143


def test_a_crash_in_c_code_leaves_its_lines(rig):
    host = rig.start_host({}, SCRIPT.format(init="import ctypes; ctypes.string_at(0)"), ready=False)
    assert host.process.wait(20) == -signal.SIGSEGV
    told = host.log.read_text()
    assert "Segmentation fault" in told
    assert "score.py" in told


OPENMP = """
import os, numpy
from sklearn.ensemble import HistGradientBoostingClassifier
def init():
    global model, rows
    rows = numpy.random.default_rng(0).random((5000, 10))
    model = HistGradientBoostingClassifier(max_iter=3).fit(rows, rows[:, 0] > 0.5)
    model.predict(rows)
def run(data): return [int(model.predict(rows).sum()), os.getpid()]
"""


def test_a_model_with_threads_of_openmp_predicts_after_the_fork(rig):
    host = rig.start_host({"workers": 2, "request_timeout": 20, "environ": {"OMP_NUM_THREADS": "4"}}, OPENMP)
    until(lambda: host.log.read_text().count("ready:") == 2, "two workers")
    told = [json.loads(ask(path)[1]) for path in (host.socket, f"{host.socket}.1")]
    assert told[0][0] == told[1][0]
    assert told[0][1] != told[1][1]
    assert "shared by 2 workers" in host.log.read_text()
