"""Requests made to be read in two ways, to be too big, too slow or too sly: the router answers and the replica sees nothing.

H01–H06 of the attack list. The replica records every request it gets, so that what passed is known exactly.
"""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from zaffre.testing.serving import KEY, endpoint, exchange, routed, until

RECORDER = """
import json
from azureml.contrib.services.aml_request import rawhttp
from azureml.contrib.services.aml_response import AMLResponse
def init():
    global seen
    seen = []
@rawhttp
def run(request):
    if request.args.get("show"):
        return AMLResponse(json.dumps(seen), 200)
    seen.append([request.method, request.full_path, request.get_data(as_text=True)])
    return AMLResponse(json.dumps(dict(request.headers)), 200)
"""
AUTH = f"authorization: Bearer {KEY}\r\n".encode()
TOP = b"POST /endpoints/ws/e/score HTTP/1.1\r\nhost: x\r\n" + AUTH
HIDDEN = b"POST /endpoints/ws/e/score?smuggled=1 HTTP/1.1\r\nhost: x\r\n" + AUTH + b"content-length: 0\r\n\r\n"


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    with routed(tmp_path_factory.mktemp("attacks")) as made:
        host = made.start_host({}, RECORDER)
        made.publish({"ws/e": endpoint({"blue": {"replicas": [host.replica("b")], "max_queue_wait": 10}})})
        yield made


def seen(rig):
    return rig.call("/endpoints/ws/e/score?show=1").json()


AMBIGUOUS = {
    "length and chunked": TOP + b"content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunked and length": TOP + b"transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n" + HIDDEN,
    "encoding twice": TOP + b"transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "encoding list": TOP + b"transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "encoding identity": TOP + b"transfer-encoding: identity\r\n\r\n" + HIDDEN,
    "encoding xchunked": TOP + b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "encoding with tab": TOP + b"transfer-encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "space before colon": TOP + b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "length with plus": TOP + b"content-length: +5\r\n\r\nhello" + HIDDEN,
    "length negative": TOP + b"content-length: -1\r\n\r\n" + HIDDEN,
    "length twice": TOP + b"content-length: 0\r\ncontent-length: 5\r\n\r\nhello" + HIDDEN,
    "length twice the same": TOP + b"content-length: 5\r\ncontent-length: 5\r\n\r\nhello" + HIDDEN,
    "length list": TOP + b"content-length: 5, 5\r\n\r\nhello" + HIDDEN,
    "length hexadecimal": TOP + b"content-length: 0x5\r\n\r\nhello" + HIDDEN,
    "length huge": TOP + b"content-length: 99999999999999999999\r\n\r\n" + HIDDEN,
    "chunk size negative": TOP + b"transfer-encoding: chunked\r\n\r\n-1\r\n\r\n" + HIDDEN,
    "chunk size word": TOP + b"transfer-encoding: chunked\r\n\r\nzz\r\n\r\n" + HIDDEN,
    "chunk without end": TOP + b"transfer-encoding: chunked\r\n\r\n3\r\nabcXX0\r\n\r\n" + HIDDEN,
    "chunk bare LF": TOP + b"transfer-encoding: chunked\r\n\r\n3\nabc\n0\n\n" + HIDDEN,
    "bare LF head": (TOP + b"content-length: 0\r\n\r\n").replace(b"\r\n", b"\n") + HIDDEN,
    "bare CR in value": TOP + b"x-a: b\rcontent-length: 9\r\ncontent-length: 0\r\n\r\n" + HIDDEN,
    "folded header": TOP + b"x-a: b\r\n transfer-encoding: chunked\r\ncontent-length: 0\r\n\r\n" + HIDDEN,
    "NUL in value": TOP + b"x-a: b\x00c\r\ncontent-length: 0\r\n\r\n" + HIDDEN,
    "no host": b"POST /endpoints/ws/e/score HTTP/1.1\r\n" + AUTH + b"content-length: 0\r\n\r\n" + HIDDEN,
    "two hosts": TOP + b"host: y\r\ncontent-length: 0\r\n\r\n" + HIDDEN,
    "two authorizations": TOP + AUTH + b"content-length: 0\r\n\r\n" + HIDDEN,
    "chunked HTTP/1.0": TOP.replace(b"HTTP/1.1", b"HTTP/1.0") + b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "upgrade": TOP + b"connection: upgrade, http2-settings\r\nupgrade: h2c\r\ncontent-length: 0\r\n\r\n" + HIDDEN,
    "h2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN,
    "absolute target": TOP.replace(b" /endpoints", b" http://x/endpoints") + b"content-length: 0\r\n\r\n" + HIDDEN,
    "connect": b"CONNECT x:80 HTTP/1.1\r\nhost: x\r\n" + AUTH + b"\r\n" + HIDDEN,
    "no version": b"POST /endpoints/ws/e/score\r\n" + AUTH + b"\r\n" + HIDDEN,
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_could_be_read_in_two_ways_is_refused_whole(rig, name):
    before = seen(rig)
    answer = rig.raw(AMBIGUOUS[name])
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 ")), answer[:200]
    assert answer.count(b"HTTP/1.1 ") == 1
    assert seen(rig) == before


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_the_verdict_does_not_depend_on_where_packets_end(rig, cut):
    data = TOP + b"content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN
    before = seen(rig)
    connection = socket.create_connection(("127.0.0.1", rig.port), 5)
    connection.sendall(data[:cut])
    time.sleep(0.005)
    assert exchange(connection, data[cut:]).startswith(b"HTTP/1.1 400 ")
    assert seen(rig) == before


def test_what_the_replica_sees_is_what_was_sent_once(rig):
    before = len(seen(rig))
    body = b"5;name=value\r\nhello\r\n6\r\n world\r\n0\r\nx-trailer: 1\r\n\r\n"
    answer = rig.raw(TOP + b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert seen(rig)[before:] == [["POST", "/score?", "hello world"]]


@pytest.mark.parametrize(
    "header",
    [
        b"azureml-model-deployment: blue\r\n x: y",
        b"azureml-model-deployment: blue;x=1",
        b"azureml-model-deployment: ../x",
    ],
)
def test_a_deployment_name_is_a_name(rig, header):
    assert rig.raw(TOP + header + b"\r\ncontent-length: 0\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_inner_headers_of_a_caller_do_nothing(rig):
    inner = ["x-azureml-model-deployment", "x-internal-endpoint", "x-zaffre-not-run", "azureml-model-deployment"]
    sent = {name: "blue" for name in inner}
    reply = rig.call(headers=sent)
    assert reply.status == 200
    assert not {name.title() for name in inner} & set(reply.json())


@pytest.mark.parametrize(
    "path",
    ["/score/../../../x", "/%2e%2e/x", "/..;/x", "/a//b", "/a%2fb", "/a\\b", "/.", "/a/%2E./b", "/x%00y"],
)
def test_paths_stay_inside_the_endpoint(rig, path):
    line = f"POST /endpoints/ws/e{path} HTTP/1.1\r\nhost: x\r\n".encode() + AUTH
    answer = rig.raw(line + b"content-length: 0\r\nconnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_request_id_cannot_break_a_head(rig):
    reply = rig.call(headers={"x-request-id": "a" * 5000, "x-ms-client-request-id": "ok"})
    assert reply.headers["x-ms-request-id"] == "ok"


TOO_BIG = {
    "length": (TOP + b"content-length: 5368709120\r\n\r\n", b"413"),
    "one header": (TOP + b"x-a: " + b"a" * 70_000 + b"\r\n\r\n", b"431"),
    "many headers": (TOP + b"".join(b"x-%d: 1\r\n" % number for number in range(100_000)) + b"\r\n", b"431"),
    "target": (b"GET /endpoints/ws/e/" + b"a" * 200_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n", b"431"),
    "never ending head": (TOP + b"a" * 500_000, b"431"),
    "three hundred headers": (TOP + b"".join(b"x-%d: 1\r\n" % number for number in range(300)) + b"\r\n", b"431"),
}


@pytest.mark.parametrize("name", TOO_BIG)
def test_what_is_too_big_is_refused_at_once(rig, name):
    data, status = TOO_BIG[name]
    before, began = seen(rig), time.monotonic()
    assert rig.raw(data).startswith(b"HTTP/1.1 " + status)
    assert time.monotonic() - began < 5
    assert seen(rig) == before


def test_an_endless_chunked_body_ends_at_the_limit(rig):
    before = seen(rig)
    connection = socket.create_connection(("127.0.0.1", rig.port), 30)
    connection.sendall(TOP + b"transfer-encoding: chunked\r\n\r\n")
    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    sent = 0
    try:
        while sent < 200:
            connection.sendall(piece)
            sent += 1
    except OSError:
        pass
    assert 90 < sent < 200
    connection.close()
    assert seen(rig) == before


def test_wild_values_cost_nothing(rig):
    began = time.monotonic()
    ranges = "bytes=" + ",".join(["0-"] * 10_000)
    assert rig.call(headers={"range": ranges}).status == 200
    assert rig.call(headers={"content-type": "multipart/form-data; boundary=" + "x" * 30_000}).status == 200
    assert time.monotonic() - began < 2


def test_a_thousand_silent_connections_harm_nobody(rig):
    idle = [socket.create_connection(("127.0.0.1", rig.port), 5) for _ in range(1000)]
    for connection in idle:
        connection.sendall(b"POST /endpoints/ws/e/sc")
    began = time.monotonic()
    assert all(rig.call().status == 200 for _ in range(20))
    assert time.monotonic() - began < 5
    answers = [connection.recv(100) for connection in idle[:3] if connection.settimeout(20) is None]
    assert all(answer.startswith(b"HTTP/1.1 408 ") for answer in answers)
    for connection in idle:
        connection.close()


@pytest.mark.parametrize("drips", ["head", "body"])
def test_a_caller_that_drips_is_told_so_and_held_against_nobody(rig, drips):
    """Ten seconds for a head, twenty for a body that comes by the byte; the replica never sees it."""
    before = seen(rig)
    connection = socket.create_connection(("127.0.0.1", rig.port), 5)
    connection.sendall(TOP if drips == "head" else TOP + b"content-length: 1000\r\n\r\n")
    connection.settimeout(0.25)

    def answer():
        connection.sendall(b"x")
        try:
            return connection.recv(4096)
        except TimeoutError:
            return b""

    began = time.monotonic()
    told = until(answer, "an answer", 40)
    assert time.monotonic() - began < 30
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"The request came too slowly." in told
    connection.close()
    assert seen(rig) == before
    assert rig.call().status == 200


def test_a_caller_that_never_reads_holds_no_one_up(rig, tmp_path):
    big = "from azureml.contrib.services.aml_response import AMLResponse\n"
    big += "def init(): pass\ndef run(data): return AMLResponse('x' * 50_000_000, 200)\n"
    host = rig.start_host({}, big)
    deployments = {"blue": {"replicas": [host.replica("b")], "max_queue_wait": 10, "request_timeout": 2}}
    rig.publish({"ws/big": endpoint(deployments), **_first(rig)})
    connection = socket.create_connection(("127.0.0.1", rig.port), 5)
    connection.sendall((TOP + b"content-length: 2\r\n\r\n{}").replace(b"/ws/e/", b"/ws/big/"))
    until(lambda: rig.status()["endpoints"]["ws/big"]["blue"]["busy"] == 1, "the big answer")
    assert rig.call().status == 200
    until(lambda: rig.status()["endpoints"]["ws/big"]["blue"]["busy"] == 0, "the replica's release", 10)
    connection.close()


def _first(rig):
    return {"ws/e": json.loads((rig.home / "table.json").read_text())["endpoints"]["ws/e"]}


class Sly(threading.Thread):
    """A replica that answers whatever it was told."""

    def __init__(self, path, answer):
        super().__init__(daemon=True)
        self.answer = answer
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                try:
                    for piece in self.answer():
                        connection.sendall(piece)
                except OSError:
                    continue


def forever():
    yield b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    while True:
        yield b"400\r\n" + b"x" * 1024 + b"\r\n"
        time.sleep(0.01)


SLY = {
    "not http": (lambda: [b"SSH-2.0-x\r\n"], 502),
    "two lengths": (lambda: [b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 9\r\n\r\nx"], 502),
    "bad header": (lambda: [b"HTTP/1.1 200 OK\r\nx y: 1\r\n\r\n"], 502),
    "huge head": (lambda: [b"HTTP/1.1 200 OK\r\nx: " + b"a" * 200_000 + b"\r\n\r\n"], 502),
    "huge length": (lambda: [b"HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n"], 502),
    "nothing": (list, 502),
    "redirect": (lambda: [b"HTTP/1.1 301 x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"], 301),
    "until close": (lambda: [b"HTTP/1.1 200 OK\r\n\r\nhello"], 200),
}


@pytest.mark.parametrize("name", SLY)
def test_a_sly_replica_cannot_break_the_connection(rig, name):
    answer, status = SLY[name]
    path = str(rig.sockets / f"sly-{abs(hash(name)) % 10**6}")
    sly = Sly(path, answer)
    first = _first(rig)
    rig.publish({"ws/sly": endpoint({"blue": {"replicas": [{"id": "s", "socket": path}]}}), **first})
    reply = rig.call("/endpoints/ws/sly/score")
    assert reply.status == status
    if name == "until close":
        assert reply.body == b"hello"
    sly.listener.close()


def test_an_answer_that_never_ends_is_cut_in_time(rig):
    path = str(rig.sockets / "endless")
    sly = Sly(path, forever)
    first = _first(rig)
    rig.publish(
        {"ws/sly": endpoint({"blue": {"replicas": [{"id": "s", "socket": path}], "request_timeout": 0.5}}), **first}
    )
    began = time.monotonic()
    answer = rig.raw(TOP.replace(b"/ws/e/", b"/ws/sly/") + b"content-length: 0\r\n\r\n")
    assert time.monotonic() - began < 3
    assert not answer.endswith(b"0\r\n\r\n")  # cut, and to be seen as such
    sly.listener.close()


def test_answers_run_nothing_in_a_browser(rig):
    headers = rig.call().headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox"
