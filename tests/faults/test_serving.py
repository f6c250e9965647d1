"""What breaks around the router: replicas killed, stopped, replaced under load; the server gone; the router itself killed."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from zaffre.core.errors import Unavailable
from zaffre.serving import process
from zaffre.serving.process import Launch
from zaffre.testing.serving import KEY, NotInTime, Reply, Rig, ask, endpoint, routed, until

MODEL = """
import json, os, time
def init(): pass
def run(data):
    time.sleep(json.loads(data).get("sleep", 0.002))
    return os.getpid()
"""
TELLING = """
import time
def run(data):
    print("it has come", flush=True)
    time.sleep(1)
"""
HEADERS = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
PATH = "/endpoints/ws/e/score"


class Load:
    """Callers with keep-alive connections that never stop asking; their answers by status."""

    def __init__(self, rig: Rig, callers: int = 4, method: str = "POST") -> None:
        self.seen: Counter[int | str] = Counter()
        self.failures: list[bytes] = []
        self.slowest = 0.0
        self._port = rig.port
        self._method = method
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(callers)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def failed(self) -> int:
        return sum(count for status, count in self.seen.items() if status != 200)

    def at_least(self, more: int) -> None:
        """Wait for so many more answers."""
        goal = self.seen.total() + more
        until(lambda: self.seen.total() >= goal, f"{more} more answers")

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                reply = ask(connection, PATH, b"{}", HEADERS, self._method)
                self.seen[reply.status] += 1
                self.failures += [reply.body] if reply.status != 200 else []
            except (OSError, http.client.HTTPException) as error:
                self.seen[type(error).__name__] += 1
                connection.close()
                connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            self.slowest = max(self.slowest, time.monotonic() - began)
        connection.close()


@pytest.fixture
def rig(tmp_path):
    with routed(tmp_path) as made:
        yield made


def table(*replicas, **options):
    return {"ws/e": endpoint({"blue": {"replicas": list(replicas), "max_queue_wait": 5, **options}})}


def test_a_rolling_update_under_load_fails_nobody(rig):
    """D1, small: six generations replace each other under keep-alive load."""
    old = rig.start_host({}, MODEL)
    rig.publish(table(old.replica("0")))
    with Load(rig) as load:
        for generation in range(1, 7):
            new = rig.start_host({}, MODEL)
            rig.publish(table(new.replica(str(generation))))
            old.kill(signal.SIGTERM)
            assert old.process.wait(20) == 0
            load.at_least(50)
            old = new
    assert load.failed == 0, load.seen


def test_blue_to_green_under_load_fails_nobody(rig):
    hosts = {name: rig.start_host({}, MODEL) for name in ("blue", "green")}
    both = {name: {"replicas": [host.replica(name)], "max_queue_wait": 5} for name, host in hosts.items()}
    rig.publish({"ws/e": endpoint(both, traffic={"blue": 100, "green": 0})})
    with Load(rig) as load:
        for share in (10, 50, 100):
            rig.publish({"ws/e": endpoint(both, traffic={"blue": 100 - share, "green": share})})
            load.at_least(50)
        rig.publish({"ws/e": endpoint({"green": both["green"]}, traffic={"green": 100})})
        hosts["blue"].kill(signal.SIGTERM)
        assert hosts["blue"].process.wait(20) == 0
        load.at_least(50)
    assert load.failed == 0, load.seen


def test_a_killed_replica_costs_at_most_what_it_held(rig):
    """D3: POST is not repeated once it was read; what was sent ahead is, for it waits unread."""
    hosts = [rig.start_host({}, MODEL) for _ in range(2)]
    rig.publish(table(*(host.replica(str(number)) for number, host in enumerate(hosts))))
    with Load(rig) as load:
        load.at_least(50)
        hosts[0].kill()
        hosts[0].process.wait()
        load.at_least(200)
    assert load.failed <= 1, load.seen
    assert set(load.seen) <= {200, 502}


def test_what_was_sent_ahead_to_a_killed_replica_runs_on_another_once(rig, tmp_path):
    """The one that ran is told so; the one behind it had not been read, and the kernel says that."""
    ran = tmp_path / "ran"
    telling = f"""
import json, os, time
def init(): pass
def run(data):
    with open({str(ran)!r}, "a") as file: file.write(json.loads(data)["name"] + "\\n")
    time.sleep(json.loads(data)["sleep"])
    return os.getpid()
"""
    first, second = rig.start_host({}, telling), rig.start_host({}, telling)
    rig.publish(table(first.replica("0"), max_queue_wait=0.5, request_timeout=30))
    answered: dict[str, Reply] = {}

    def call(name: str, sleep: float) -> threading.Thread:
        body = json.dumps({"name": name, "sleep": sleep}).encode()
        thread = threading.Thread(target=lambda: answered.update({name: rig.call(body=body)}))
        thread.start()
        return thread

    callers = [call("running", 30)]
    until(lambda: ran.exists() and "running" in ran.read_text(), "the first one to run")
    callers.append(call("ahead", 0))
    until(lambda: rig.counts()["busy"] == 2, "the second one to be sent")
    over = time.monotonic() + 0.6
    until(lambda: time.monotonic() > over, "the end of the wait it was given, after which it gets another")
    rig.publish(table(first.replica("0"), second.replica("1"), max_queue_wait=0.5, request_timeout=30))
    first.kill()
    for caller in callers:
        caller.join()
    assert answered["running"].status == 502
    assert (answered["ahead"].status, answered["ahead"].body) == (200, str(second.process.pid).encode())
    assert ran.read_text().split() == ["running", "ahead"]
    assert (rig.counts()["lost"], rig.counts()["retried"]) == (1, 1)


def test_a_killed_replica_costs_idempotent_requests_nothing(rig):
    hosts = [
        rig.start_host({}, "import time\ndef init(): pass\ndef run(data):\n    time.sleep(0.002)\n") for _ in range(2)
    ]
    rig.publish(table(*(host.replica(str(number)) for number, host in enumerate(hosts))))
    with Load(rig, method="GET") as load:
        load.at_least(50)
        hosts[0].kill()
        load.at_least(200)
    assert load.failed == 0, load.seen


def test_a_stopped_replica_is_left_out_within_two_seconds(rig):
    """SIGSTOP: it still accepts connections, and answers nothing."""
    hosts = [rig.start_host({}, MODEL) for _ in range(2)]
    rig.publish(table(*(host.replica(str(number)) for number, host in enumerate(hosts)), request_timeout=3))
    with Load(rig) as load:
        load.at_least(50)
        hosts[0].kill(signal.SIGSTOP)
        until(lambda: not rig.status()["endpoints"]["ws/e"]["blue"]["replicas"]["0"]["up"], "its ejection", 2.5)
        load.at_least(300)
        hosts[0].kill(signal.SIGCONT)
        until(lambda: rig.status()["endpoints"]["ws/e"]["blue"]["replicas"]["0"]["up"], "its return", 5)
    assert load.failed <= 2, load.seen
    assert set(load.seen) <= {200, 502}
    assert all(b"process is stopped" in body for body in load.failures), load.failures


def test_the_only_replica_replaced_at_once_is_a_short_wait_for_callers(rig):
    """Not yet sent requests wait in the queue until the new replica is in the table."""
    old = rig.start_host({}, MODEL)
    new = rig.start_host({}, MODEL)
    rig.publish(table(old.replica("0")))
    assert rig.call().status == 200
    old.kill()
    old.process.wait()
    waiting: list[int] = []
    thread = threading.Thread(target=lambda: waiting.append(rig.call().status))
    thread.start()
    until(lambda: rig.status()["endpoints"]["ws/e"]["blue"]["queued"], "the waiting request")
    rig.publish(table(new.replica("1")))
    thread.join()
    assert waiting == [200]


def test_without_any_replica_the_answer_is_503_in_time(rig):
    rig.publish(table({"id": "0", "socket": "/nonexistent/socket"}, max_queue_wait=0.3))
    began = time.monotonic()
    reply = rig.call()
    assert reply.status == 503
    assert time.monotonic() - began < 2


def test_a_replica_that_is_still_starting_is_passed_over(rig):
    slow = rig.start_host({}, "import time\ndef init(): time.sleep(60)\ndef run(data): return 1\n", ready=False)
    quick = rig.start_host({}, MODEL)
    until(lambda: Path(slow.socket).exists(), "its socket")
    rig.publish(table(slow.replica("0"), quick.replica("1")))
    assert [rig.call().status for _ in range(10)] == [200] * 10


def test_sigterm_finishes_what_was_received(rig):
    host = rig.start_host({}, "def init(): pass" + TELLING)
    rig.publish(table(host.replica("0"), request_timeout=10))
    answered: list[int] = []
    thread = threading.Thread(target=lambda: answered.append(rig.call(body=b"{}").status))
    thread.start()
    until(lambda: b"it has come" in host.log.read_bytes(), "the request")
    host.kill(signal.SIGTERM)
    thread.join()
    assert answered == [200]
    assert host.process.wait(10) == 0
    assert not Path(host.socket).exists()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("def init(): raise ValueError('no weights')\ndef run(d): pass\n", "no weights"),
        ("import not_there\ndef init(): pass\ndef run(d): pass\n", "not_there"),
        ("def init(): pass\n", "run()"),
        ("def init(): pass\ndef run(): pass\n", "takes no argument"),
        ("def init(:\n", "SyntaxError"),
    ],
)
def test_a_script_that_cannot_be_served_ends_the_host_and_says_why(rig, script, said):
    """D2: the reconciler sees the exit, callers see nothing."""
    with pytest.raises(NotInTime):
        rig.start_host({}, script)
    assert said in (rig.folder / "host-0" / "log.txt").read_text()


def test_the_router_serves_on_without_its_server_and_is_adopted(tmp_path):
    """D4 and adoption: nothing of the server is needed to score; whoever comes finds the same process again."""
    rig = Rig(tmp_path)
    home, control = tmp_path / "router", rig.sockets / "control"
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    launch = Launch(home, control, 0, environ)

    async def life() -> None:
        first = await process.ensure(launch)
        rig.port = first.port
        host = rig.start_host({}, MODEL)
        rig.publish(table(host.replica("0")))
        process.reload(home)
        until(lambda: rig.status()["table_version"] == 1, "the table")
        assert rig.call().status == 200
        assert await process.ensure(launch) == first
        assert json.loads(await process.ask(first, "/status"))["pid"] == first.pid
        os.kill(first.pid, signal.SIGKILL)
        until(lambda: process.find(home) is None, "its end")
        second = await process.ensure(launch)
        assert second.pid != first.pid
        rig.port = second.port
        assert rig.call().status == 200
        await process.stop(home)
        assert process.find(home) is None

    try:
        asyncio.run(life())
    finally:
        found = process.find(home)
        if found is not None:
            os.kill(found.pid, signal.SIGKILL)
        rig.close()


def test_a_router_told_to_end_finishes_its_requests(rig):
    host = rig.start_host({}, MODEL)
    rig.publish(table(host.replica("0"), request_timeout=10))
    answered: list[int] = []
    thread = threading.Thread(target=lambda: answered.append(rig.call(body=b'{"sleep": 1}').status))
    thread.start()
    until(lambda: rig.status()["endpoints"]["ws/e"]["blue"]["busy"], "the request")
    assert rig.router is not None
    rig.router.send_signal(signal.SIGTERM)
    thread.join()
    assert answered == [200]
    assert rig.router.wait(10) == 0


def test_two_workers_are_two_processes_and_a_lost_one_is_started_again(rig):
    host = rig.start_host({"workers": 2}, MODEL, ready=False)
    until(lambda: host.log.exists() and host.log.read_bytes().count(b"ready:") == 2, "both workers")
    sockets = [host.socket, f"{host.socket}.1"]
    rig.publish(table(*({"id": f"0.{number}", "socket": path} for number, path in enumerate(sockets))))
    before = {rig.call().body for _ in range(100)}
    assert len(before) == 2
    os.kill(int(rig.call().body), signal.SIGKILL)
    until(lambda: len({rig.call().body for _ in range(100)} - before) == 1, "the new worker")


def test_a_router_started_anew_without_its_server_serves_from_the_last_table(rig):
    """Whatever a crash left beside it: half a table being written, counts that are no counts."""
    host = rig.start_host({}, MODEL)
    rig.publish(table(host.replica("0")))
    assert rig.call().status == 200
    assert rig.router is not None
    rig.router.kill()
    rig.router.wait()
    (rig.home / ".table.json.4711").write_text('{"version": 9, "endp')
    (rig.home / "counts.json").write_text('{"ws/e/blue": {"statuses": 7}}')
    rig.start_router()
    assert [rig.call().status for _ in range(5)] == [200] * 5
    assert rig.counts()["statuses"] == {"200": 5}


def test_a_router_whose_table_is_spoilt_starts_and_waits_for_a_better_one(rig):
    host = rig.start_host({}, MODEL)
    assert rig.router is not None
    rig.router.kill()
    rig.router.wait()
    (rig.home / "table.json").write_text("not a table")
    rig.start_router()
    assert rig.call().status == 401
    rig.publish(table(host.replica("0")))
    assert rig.call().status == 200


def test_a_port_that_somebody_else_has_is_told_by_its_number(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        launch = Launch(tmp_path / "router", tmp_path / "control", port, environ)
        with pytest.raises(Unavailable) as told:
            asyncio.run(process.ensure(launch))
        assert str(port) in str(told.value)
        assert "in use" in str(told.value)
    assert process.find(tmp_path / "router") is None
