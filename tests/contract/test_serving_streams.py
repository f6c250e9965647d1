"""What is no single request with a single answer: websockets, server-sent events, bodies in pieces, replicas on a port."""

from __future__ import annotations

import http.client
import itertools
import socket
import threading
import time

import pytest

from zaffre.testing.serving import KEY, Rig, endpoint, until

PATH = "/endpoints/ws/e/feed"
_NUMBERS = itertools.count()
SWITCH = (
    f"GET {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\ncookie: a=b\r\n\r\n"
).encode()
SWITCHED = (
    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
    b"sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nset-cookie: a=b\r\n\r\n"
)


class Replica:
    """A server that answers each connection by ``talk(connection, head)``, on a Unix socket or a port."""

    def __init__(self, rig, talk, *, tcp=False):
        self.heads: list[bytes] = []
        self._talk = talk
        self._listener = socket.socket(socket.AF_INET if tcp else socket.AF_UNIX)
        path = str(rig.sockets / f"own-{next(_NUMBERS)}")
        self._listener.bind(("127.0.0.1", 0) if tcp else path)
        self._listener.listen(50)
        self.address = f"tcp:127.0.0.1:{self._listener.getsockname()[1]}" if tcp else path
        threading.Thread(target=self._serve, daemon=True).start()

    def entry(self, **limits):
        return {"replicas": [{"id": "r", "socket": self.address}], "request_timeout": 2, **limits}

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection):
        with connection:
            connection.settimeout(20)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            self.heads.append(head)
            self._talk(connection, head)


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    made = Rig(tmp_path_factory.mktemp("streams"))
    try:
        made.start_router()
        yield made
    finally:
        made.close()


@pytest.fixture
def replica(rig):
    made: list[Replica] = []

    def make(talk, limits=None, **options):
        found = Replica(rig, talk, **options)
        made.append(found)
        rig.publish({"ws/e": endpoint({"blue": found.entry(**(limits or {}))})})
        return found

    yield make
    for one in made:
        one.close()


def echo(connection, head):
    """A websocket server as far as the router can see: it switches, then says everything twice."""
    connection.sendall(SWITCHED + b"first words")
    while piece := connection.recv(65536):
        connection.sendall(piece * 2)
        if piece == b"bye":
            return


def dial(rig, opening=SWITCH):
    connection = socket.create_connection(("127.0.0.1", rig.port), 10)
    connection.sendall(opening)
    return connection


def read_until(connection, end):
    found = b""
    while end not in found:
        piece = connection.recv(65536)
        assert piece, found
        found += piece
    return found


def test_a_websocket_passes_both_ways_and_ends_with_its_last_words(rig, replica):
    found = replica(echo)
    with dial(rig) as connection:
        head = read_until(connection, b"first words").partition(b"\r\n\r\n")[0].lower()
        assert head.startswith(b"http/1.1 101 ")
        assert b"sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=" in head
        assert b"azureml-model-deployment: blue" in head
        assert b"set-cookie" not in head
        connection.sendall(b"\x81\x05hello")
        assert read_until(connection, b"hello\x81\x05hello") == b"\x81\x05hello\x81\x05hello"
        connection.sendall(b"bye")
        assert read_until(connection, b"byebye")
        assert connection.recv(10) == b""
    seen = found.heads[-1].lower()
    assert b"upgrade: websocket" in seen
    assert b"sec-websocket-key" in seen
    assert b"cookie" not in seen
    assert KEY.encode() not in found.heads[-1]


def test_a_websocket_outlives_the_limit_of_a_request_and_takes_no_request_s_place(rig, replica):
    replica(echo, {"request_timeout": 0.3, "max_concurrent": 1, "prefetch": 0})
    with dial(rig) as connection:
        read_until(connection, b"first words")
        assert rig.counts()["tunnels"] == 1
        assert rig.counts()["busy"] == 0
        began = time.monotonic()
        until(lambda: time.monotonic() - began > 0.5, "the request timeout", 5)
        connection.sendall(b"still there")
        assert read_until(connection, b"therestill there")
    until(lambda: rig.counts()["tunnels"] == 0, "the end of the websocket")
    assert rig.counts()["statuses"]["101"] >= 1


def test_a_websocket_needs_the_key(rig, replica):
    found = replica(echo)
    with dial(rig, SWITCH.replace(KEY.encode(), b"wrong")) as connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 401 ")
    assert found.heads == []


def test_a_replica_that_does_not_switch_is_heard_out(rig, replica):
    replica(lambda connection, _: connection.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\nno"))
    with dial(rig) as connection:
        answer = read_until(connection, b"no")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"ms-azureml-model-error-statuscode: 400" in answer


def test_a_replica_switches_nobody_who_did_not_ask(rig, replica):
    replica(lambda connection, _: connection.sendall(SWITCHED + b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno"))
    assert rig.call(PATH).status == 502


@pytest.mark.parametrize(
    "opening",
    [
        SWITCH.replace(b"websocket\r\n", b"h2c\r\n", 1),
        SWITCH.replace(b"GET", b"POST", 1),
        SWITCH.replace(b"\r\n\r\n", b"\r\ncontent-length: 3\r\n\r\nabc"),
        SWITCH + b"too early",
    ],
)
def test_other_switches_are_refused(rig, replica, opening):
    replica(echo)
    with dial(rig, opening) as connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 400 ")


def test_server_sent_events_arrive_one_by_one(rig, replica):
    go = threading.Semaphore(0)

    def events(connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        for number in range(3):
            go.acquire()
            event = b"data: %d\n\n" % number
            connection.sendall(b"%x\r\n%b\r\n" % (len(event), event))
        connection.sendall(b"0\r\n\r\n")

    replica(events)
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=10)
    connection.request("GET", PATH, headers={"authorization": f"Bearer {KEY}"})
    go.release()
    answer = connection.getresponse()
    assert answer.getheader("content-type") == "text/event-stream"
    for number in range(3):
        assert answer.readline() == b"data: %d\n" % number  # before the next one was let go
        assert answer.readline() == b"\n"
        go.release()
    assert answer.read() == b""
    connection.close()


def test_a_large_body_reaches_the_replica_while_it_comes(rig, replica):
    seen = threading.Event()

    def takes(connection, head):
        got = len(head.partition(b"\r\n\r\n")[2])
        while got < 400_000:
            got += len(connection.recv(65536))
        seen.set()
        while got < 800_000:
            got += len(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone")

    replica(takes, {"request_timeout": 10})
    top = f"POST {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ncontent-length: 800000\r\n\r\n"
    with dial(rig, top.encode() + b"x" * 400_000) as connection:
        assert seen.wait(10)
        connection.sendall(b"x" * 400_000)
        assert read_until(connection, b"done").startswith(b"HTTP/1.1 200 ")


def test_a_replica_may_listen_on_a_port(rig, replica):
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
    replica(lambda connection, _: connection.sendall(answer), tcp=True)
    assert rig.call(PATH).body == b"ok"
