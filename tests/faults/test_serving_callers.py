"""Callers that send slowly, hang up or give up: nothing of theirs stays behind, and nobody else notices."""

from __future__ import annotations

import socket
import struct
import threading

import pytest

from zaffre.testing.serving import KEY, endpoint, routed, until

MODEL = """
import json, os, time
def init(): pass
def run(data):
    time.sleep(json.loads(data).get("sleep", 0.002))
    return os.getpid()
"""
PATH = "/endpoints/ws/e/score"


@pytest.fixture
def rig(tmp_path):
    with routed(tmp_path) as made:
        yield made


def table(replica, **options):
    return {"ws/e": endpoint({"blue": {"replicas": [replica], "max_queue_wait": 5, **options}})}


def test_a_caller_that_sends_slowly_holds_no_replica(rig):
    """Its body is collected first: others are answered meanwhile, and so is it in the end."""
    host = rig.start_host({}, MODEL)
    rig.publish(table(host.replica("0"), prefetch=0))
    top = f"POST {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ncontent-length: 4\r\n\r\n"
    slow = socket.create_connection(("127.0.0.1", rig.port), 10)
    slow.sendall(top.encode() + b'{"')
    assert [rig.call().status for _ in range(20)] == [200] * 20
    assert rig.counts()["busy"] == 0
    slow.sendall(b'":')
    slow.sendall(b"")
    assert rig.call().status == 200
    slow.close()


def test_callers_that_hang_up_midway_leave_nothing_behind(rig):
    """In their head, in their body, while they wait, while the model works: places and queue are free again."""
    host = rig.start_host({}, MODEL)
    rig.publish(table(host.replica("0"), prefetch=0, max_queue_wait=20, request_timeout=20))
    top = f"POST {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ncontent-length: 14\r\n\r\n".encode()
    opened = [socket.create_connection(("127.0.0.1", rig.port), 10) for _ in range(40)]
    for number, connection in enumerate(opened):
        connection.sendall((top[:30], top + b"{", top + b'{"sleep": 0.1}', top + b'{"sleep": 0.1}')[number % 4])
    until(lambda: rig.counts()["queued"], "a queue")
    for connection in opened:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    until(lambda: (rig.counts()["busy"], rig.counts()["queued"]) == (0, 0), "nothing left", 10)
    assert [rig.call().status for _ in range(5)] == [200] * 5
    assert rig.counts()["statuses"]["499"] >= 20


def test_what_a_caller_that_gave_up_waited_for_never_runs(rig, tmp_path):
    """Its connection ends as a client's does that has a time limit; in a queue it is not even sent to the model."""
    ran = tmp_path / "ran"
    script = f"""
import json, time
def init(): pass
def run(data):
    with open({str(ran)!r}, "a") as file: file.write(json.loads(data)["name"] + "\\n")
    time.sleep(json.loads(data).get("sleep", 0))
"""
    host = rig.start_host({}, script)
    rig.publish(table(host.replica("0"), prefetch=0, max_queue_wait=20, request_timeout=20))
    first = threading.Thread(target=lambda: rig.call(body=b'{"name": "first", "sleep": 2}'))
    first.start()
    until(lambda: ran.exists() and "first" in ran.read_text(), "the first one to run")
    gone = socket.create_connection(("127.0.0.1", rig.port), 10)
    body = b'{"name": "gone"}'
    top = f"POST {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ncontent-length: {len(body)}\r\n\r\n"
    gone.sendall(top.encode() + body)
    until(lambda: rig.counts()["queued"] == 1, "the one that waits")
    gone.close()
    until(lambda: rig.counts()["queued"] == 0, "its end", 1.5)
    first.join()
    assert rig.call(body=b'{"name": "last"}').status == 200
    assert ran.read_text().split() == ["first", "last"]
    assert rig.counts()["statuses"]["499"] == 1
