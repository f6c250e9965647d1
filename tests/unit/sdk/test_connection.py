"""HTTP/1.1 as a client reads it: every form of a body, and every way in which an answer can stop."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from zaffre.sdk.connection import Connection, Garbled

OK = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def peer(*answers: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server of one connection: reads a request's head, sends the next of ``answers``, closes after the last."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            taken, _ = listener.accept()
        except OSError:  # nobody came before the listener closed
            return
        with taken, taken.makefile("rb") as file:
            for answer in answers:
                head = b""
                while line := file.readline():
                    head += line
                    if line == b"\r\n":
                        break
                if not head:
                    return
                length = next((int(x.split(b":")[1]) for x in head.split(b"\r\n") if b"content-length" in x.lower()), 0)
                heard.append(head + file.read(length))
                taken.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield listener.getsockname()[1], heard
    thread.join(5)


def fetched(answer: bytes, read: Callable[..., object]) -> object:
    with peer(answer) as (port, _), closing(Connection("127.0.0.1", port, timeout=5)) as connection:
        return read(connection.send("GET", "/", {}))


@pytest.mark.parametrize(
    ("answer", "body", "will_close"),
    [
        (OK + b"Content-Length: 5\r\n\r\nhello", b"hello", False),
        (OK + b"Content-Length: 0\r\n\r\n", b"", False),
        (
            OK + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: 1\r\n\r\n",
            b"hello!",
            False,
        ),
        (OK + b"\r\nuntil the end", b"until the end", True),
        (OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nhi", b"hi", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", b"hi", True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", False),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\nx", b"x", False),
    ],
)
def test_a_body_is_read_to_its_end(answer: bytes, body: bytes, will_close: bool) -> None:
    assert fetched(answer, lambda told: (told.read(), told.will_close)) == (body, will_close)
    pieces: list[bytes] = []

    def in_pieces(told: object) -> None:
        while piece := told.read(2):  # type: ignore[attr-defined]
            pieces.append(piece)

    fetched(answer, in_pieces)
    assert b"".join(pieces) == body
    assert all(len(piece) <= 2 for piece in pieces)


def test_lines_come_as_they_are_there() -> None:
    answer = OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\na\nbc\r\n3\r\nd\ne\r\n0\r\n\r\n"
    lines = fetched(answer, lambda told: [told.readline() for _ in range(4)])
    assert lines == [b"a\n", b"bcd\n", b"e", b""]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        OK + b"Content-Length: 5\r\n\r\nhe",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhe",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nfive\r\nhello\r\n",
        OK + b"Content-Le",
        OK + b"X: " + b"y" * 70_000,
        OK + b"X: y\r\n" * 300 + b"\r\n",
    ],
)
def test_an_answer_that_stops_or_is_none_is_told(answer: bytes) -> None:
    with pytest.raises(Garbled):
        fetched(answer, lambda told: told.read())


def test_a_connection_carries_one_request_after_the_other() -> None:
    answers = [OK + b"Content-Length: 1\r\n\r\n1", OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n2\r\n0\r\n\r\n"]
    with peer(*answers) as (port, heard), closing(Connection("127.0.0.1", port, timeout=5)) as connection:
        assert connection.send("POST", "/a?b=c", {"X-Y": "z"}, b"body").read() == b"1"
        pieces = iter([b"in ", b"pieces"])
        assert connection.send("PUT", "/d", {"Content-Length": "9"}, pieces).read() == b"2"
    first, second = heard
    assert first.startswith(b"POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % port)
    assert b"X-Y: z\r\n" in first
    assert first.endswith(b"\r\n\r\nbody")
    assert second.endswith(b"\r\n\r\nin pieces")


@pytest.mark.parametrize(("target", "header"), [("/a\r\nX: y", "z"), ("/ä", "z"), ("/", "z\r\nX: y")])
def test_nothing_can_be_smuggled_into_a_head(target: str, header: str) -> None:
    with (
        peer(OK) as (port, heard),
        closing(Connection("127.0.0.1", port, timeout=5)) as connection,
        pytest.raises(Garbled),
    ):
        connection.send("GET", target, {"X-Name": header})
    assert heard == []
