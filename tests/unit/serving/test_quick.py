import hashlib

import pytest

from zaffre.serving.admission import Caller
from zaffre.serving.exchange import Exchange
from zaffre.serving.fleet import Door, World
from zaffre.serving.heads import forwarded, read
from zaffre.serving.message import Message
from zaffre.serving.meter import Meter
from zaffre.serving.quick import MOST, Memory
from zaffre.serving.table import Auth, Deployment, Endpoint

RAW = b"POST /endpoints/ws/e/score HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-length: 3\r\n\r\n"


class Clock:
    def now(self):
        return 0.0

    def monotonic(self):
        return 0.0


@pytest.fixture
def door():
    made = Door(World(Clock(), lambda: 0.0, set(), lambda: None), "ws/e", lambda _: Meter())
    auth = Auth(key_hashes=(hashlib.sha256(b"k").hexdigest(),))
    made.configure(Endpoint(auth, {"blue": 100}, {}, {"blue": Deployment()}))
    return made


def learnt(door, raw, *, gate=True, version="1.1"):
    """What is remembered of this head, read as the router reads it."""
    memory, caller, message = Memory(), Caller(), Message(0.0)
    line, *lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    message.method, message.target = line.split(b" ")[0], line.split(b" ")[1]
    message.headers = [(name.lower(), value.strip()) for name, _, value in (one.partition(b":") for one in lines)]
    message.raw, message.door = raw, door
    head = read(message.target, message.headers, version)
    inner = forwarded(message.method, head, message.headers)
    message.exchange = Exchange(None, message.method, inner, head.length, b"id")
    caller.gate, caller.credential = door.gate if gate else None, head.authorization
    memory.learn(message, head, caller)
    return memory.requests.get(raw)


def test_a_plain_head_is_remembered_with_what_was_made_of_it(door):
    found = learnt(door, RAW)
    assert found.inner == b"POST /score HTTP/1.1\r\nhost: zaffre\r\ncontent-length: 3\r\nx-request-id: "
    assert (found.length, found.credential, found.gate, found.deployment) == (3, b"Bearer k", door.gate, "")


@pytest.mark.parametrize(
    "raw",
    [
        RAW.replace(b"content-length: 3", b"transfer-encoding: chunked"),
        RAW.replace(b"content-length: 3", b"content-length: 300000"),
        RAW.replace(b"host: x", b"host: x\r\nexpect: 100-continue"),
        RAW.replace(b"POST", b"HEAD"),
        RAW.replace(b"host: x", b"host: x\x01"),
        b"\r\n" + RAW,
    ],
)
def test_a_head_of_another_sort_is_not(door, raw):
    if raw.startswith(b"\r\n"):  # what a parser skips is none of the head
        assert learnt(door, RAW) is not None
        message = Message(0.0)
        message.raw = raw
        memory = Memory()
        memory.learn(message, read(b"/endpoints/ws/e/score", [(b"host", b"x")], "1.1"), Caller())
        assert memory.requests == {}
        return
    assert learnt(door, raw) is None


def test_a_head_whose_key_was_not_seen_to_open_this_gate_is_not(door):
    assert learnt(door, RAW, gate=False) is None


def test_the_memory_is_bounded_and_forgets_with_the_table(door):
    memory, known = Memory(), learnt(door, RAW)
    memory.requests.update({b"%d" % number: known for number in range(MOST)})
    message, caller = Message(0.0), Caller()
    message.method, message.target, message.raw, message.door = b"POST", b"/endpoints/ws/e/score", RAW, door
    message.headers = [(b"host", b"x"), (b"authorization", b"Bearer k"), (b"content-length", b"3")]
    message.exchange = Exchange(None, b"POST", b"", 3, b"id")
    caller.gate, caller.credential = door.gate, b"Bearer k"
    memory.learn(message, read(message.target, message.headers, "1.1"), caller)
    assert list(memory.requests) == [RAW]
    memory.forget()
    assert memory.requests == {}
