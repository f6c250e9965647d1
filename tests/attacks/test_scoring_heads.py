"""A head that was read once is known by its bytes: nobody gets more by it than by being read, and nothing is mixed up."""

from __future__ import annotations

import http.client
import json
import socket

import pytest

from zaffre.testing.serving import KEY, Rig, ask, endpoint, exchange

ECHO = """
import json
from azureml.contrib.services.aml_request import rawhttp
from azureml.contrib.services.aml_response import AMLResponse
def init(): pass
@rawhttp
def run(request):
    body = request.get_data(as_text=True)
    if body.startswith("{"):
        told = json.loads(body)
        return AMLResponse(told["text"], told.get("status", 200), told.get("headers", {}))
    return AMLResponse(json.dumps([body, dict(request.headers)]), 200)
"""
PATH = "/endpoints/ws/e/score"


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    made = Rig(tmp_path_factory.mktemp("heads"))
    try:
        made.start_router()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def host(rig):
    return rig.start_host({}, ECHO)


@pytest.fixture(autouse=True)
def published(rig, host):
    rig.publish({"ws/e": endpoint({"blue": {"replicas": [host.replica("b")], "max_queue_wait": 10}})})


def top(length, *more, key=KEY, path=PATH):
    lines = [f"POST {path} HTTP/1.1", "host: x", f"authorization: Bearer {key}", *more, f"content-length: {length}"]
    return "\r\n".join([*lines, "\r\n"]).encode()


def dialog(rig, *pieces):
    """Each piece sent once the answer to the one before has come; all answers."""
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=10)
    connection.connect()
    assert connection.sock is not None
    found = []
    for piece in pieces:
        connection.sock.sendall(piece)
        answer = http.client.HTTPResponse(connection.sock)
        answer.begin()
        found.append((answer.status, answer.read(), dict(answer.getheaders())))
    connection.close()
    return found


def test_the_same_head_again_and_again_has_answers_of_its_own(rig):
    bodies = [b"%04d" % number for number in range(50)]
    answers = dialog(rig, *(top(4, "x-mine: a") + body for body in bodies))
    assert [json.loads(body)[0] for _, body, _ in answers] == [body.decode() for body in bodies]
    assert len({headers["x-ms-request-id"] for _, _, headers in answers}) == 50
    assert {headers["azureml-model-deployment"] for _, _, headers in answers} == {"blue"}
    assert {headers["content-security-policy"] for _, _, headers in answers} == {"sandbox"}
    seen = json.loads(answers[-1][1])[1]
    assert seen["X-Mine"] == "a"
    assert "Authorization" not in seen


def test_a_known_head_with_a_wrong_key_was_never_known(rig):
    wrong = top(2, key="wrong") + b"ab"
    for _ in range(3):
        assert [status for status, _, _ in dialog(rig, top(2) + b"ab", top(2) + b"ab", wrong)] == [200, 200, 401]


def test_a_head_known_from_one_connection_opens_nothing_for_another_endpoint(rig, host):
    other = endpoint({"blue": {"replicas": [host.replica("b")]}}, auth={"key_hashes": ["00" * 32]})
    rig.publish({"ws/e": endpoint({"blue": {"replicas": [host.replica("b")]}}), "ws/f": other})
    asked = [top(2) + b"ab", top(2) + b"ab", top(2, path="/endpoints/ws/f/score") + b"ab"]
    assert [status for status, _, _ in dialog(rig, *asked)] == [200, 200, 401]


def test_two_requests_at_once_of_which_the_first_is_refused_teach_nothing_wrong(rig):
    """The head of the refused one must not be remembered with the credential of the other."""
    refused = top(0, key="wronger-than-wrong!")
    allowed = top(0, key=KEY.ljust(19))
    got = exchange(socket.create_connection(("127.0.0.1", rig.port), 2), refused + allowed)
    assert got.startswith(b"HTTP/1.1 401 ")
    assert [status for status, _, _ in dialog(rig, top(0), refused)] == [200, 401]


@pytest.mark.parametrize("cut", [1, 40, 120, -3, -1])
def test_a_known_head_may_come_in_pieces(rig, cut):
    whole = top(4) + b"abcd"
    for _ in range(2):
        assert dialog(rig, whole)[0][0] == 200
        connection = socket.create_connection(("127.0.0.1", rig.port), 10)
        connection.sendall(whole[:cut])
        assert rig.call(body=b"xyz").status == 200
        connection.sendall(whole[cut:])
        answer = connection.recv(65536)
        connection.close()
        assert b'"abcd"' in answer.replace(b'\\"', b'"')


def test_known_heads_one_behind_the_other_are_answered_in_order(rig):
    whole = [top(1) + b"%d" % number for number in range(8)]
    assert dialog(rig, whole[0])[0][0] == 200
    last = top(1, "connection: close") + b"9"
    answers = exchange(socket.create_connection(("127.0.0.1", rig.port), 10), b"".join([*whole, last]))
    bodies = [json.loads(one.partition(b"\r\n\r\n")[2])[0] for one in answers.split(b"HTTP/1.1 200 OK\r\n")[1:]]
    assert bodies == [*"01234567", "9"]


def test_more_than_the_body_is_the_next_request(rig):
    """What follows a known head and its body is read for itself, strictly."""
    assert dialog(rig, top(2) + b"ab")[0][0] == 200
    got = exchange(socket.create_connection(("127.0.0.1", rig.port), 5), top(2) + b"abGET nonsense\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 400 ")
    assert got.count(b"HTTP/1.1 ") == 1


def test_a_key_that_was_replaced_is_not_known_any_more(rig, host):
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=10)
    headers = {"authorization": f"Bearer {KEY}"}
    assert [ask(connection, PATH, b"ab", headers).status for _ in range(3)] == [200] * 3
    blue = {"blue": {"replicas": [host.replica("b")]}}
    rig.publish({"ws/e": endpoint(blue, auth={"key_hashes": ["00" * 32]})})
    assert ask(connection, PATH, b"ab", headers).status == 401
    connection.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"set-cookie": "a=b"},
        {"x-request-id": "forged", "x-ms-request-id": "forged"},
        {"azureml-model-deployment": "forged", "x-zaffre-not-run": "1"},
        {"x-own": "1", "content-security-policy": "none"},
        {"strict-transport-security": "max-age=1"},
    ],
)
def test_an_answer_that_begins_as_before_is_cleaned_as_before(rig, headers):
    body = json.dumps({"text": "hello", "headers": headers}).encode()
    for _, text, seen in dialog(rig, *[top(len(body)) + body] * 4):
        assert text == b"hello"
        assert "set-cookie" not in seen
        assert "strict-transport-security" not in seen
        assert seen["azureml-model-deployment"] == "blue"
        assert seen["content-security-policy"] == "sandbox"
        assert "x-zaffre-not-run" not in seen


def test_answers_of_other_lengths_and_statuses_keep_their_own(rig):
    told = [{"text": "x" * size, "status": status} for size in (5, 6, 5, 0, 70_000, 5) for status in (200, 404, 201)]
    bodies = [json.dumps(one).encode() for one in told]
    answers = dialog(rig, *(top(len(body)) + body for body in bodies))
    assert [(status, len(text)) for status, text, _ in answers] == [(one["status"], len(one["text"])) for one in told]


def test_head_requests_have_no_body(rig):
    ask_head = f"HEAD /endpoints/ws/e/ HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n\r\n".encode()
    close = ask_head.replace(b"host: x", b"connection: close\r\nhost: x")
    for _ in range(3):
        got = exchange(socket.create_connection(("127.0.0.1", rig.port), 10), ask_head + close)
        assert got.count(b"HTTP/1.1 200 OK") == 2
        assert b"Healthy" not in got
