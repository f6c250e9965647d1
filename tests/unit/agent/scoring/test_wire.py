import pytest

from zaffre.agent.scoring.wire import Parser, Refused

SIMPLE = b"POST /score?a=b HTTP/1.1\r\nhost: x\r\nX-A:  b \r\ncontent-length: 5\r\n\r\nhello"
CHUNKED = b"POST /s%20x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
CHUNKED += b"5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nx: y\r\n\r\n"


def all_of(data, size):
    parser, found = Parser(1000), []
    for start in range(0, len(data), size):
        parser.feed(data[start : start + size])
        while (request := parser.next()) is not None:
            found.append(request)
    assert parser.idle
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_requests_are_read_wherever_packets_end(size):
    first, second, third = all_of(SIMPLE + CHUNKED + SIMPLE, size)
    assert (first.method, first.path, first.query, first.body) == ("POST", "/score", "a=b", b"hello")
    assert first.header("x-a") == "b"
    assert (second.path, second.body) == ("/s x", b"hello world")
    assert third == first


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n", True),
    ],
)
def test_connections_are_kept_as_the_version_says(text, kept):
    assert all_of(text, 1000)[0].keep_alive is kept


def head(*lines):
    return b"\r\n".join((b"POST / HTTP/1.1", *lines)) + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (head(b"content-length: 1", b"transfer-encoding: chunked"), 400),
        (head(b"content-length: 1", b"content-length: 1"), 400),
        (head(b"content-length: +1"), 400),
        (head(b"content-length: 0x1"), 400),
        (head(b"content-length: 1,1"), 400),
        (head(b"content-length: 1001"), 413),
        (head(b"transfer-encoding: chunked", b"transfer-encoding: chunked"), 400),
        (head(b"transfer-encoding: gzip, chunked"), 400),
        (head(b"transfer-encoding : chunked"), 400),
        (head(b" folded: 1"), 400),
        (head(b"x: a\x00b"), 400),
        (head(b"x: a\nb: c"), 400),
        (head(b"noColon"), 400),
        (b"POST / HTTP/1.2\r\n\r\n", 400),
        (b"POST  / HTTP/1.1\r\n\r\n", 400),
        (b"POST http://x/ HTTP/1.1\r\n\r\n", 400),
        (b"x" * 70_000, 431),
        (head(*(b"x: y" for _ in range(300))), 431),
        (head(b"transfer-encoding: chunked") + b"+5\r\nhello\r\n", 400),
        (head(b"transfer-encoding: chunked") + b"5\nhello\n", 400),
        (head(b"transfer-encoding: chunked") + b"5\r\nhelloXX", 400),
        (head(b"transfer-encoding: chunked") + b"-1\r\n", 400),
        (head(b"transfer-encoding: chunked") + b"3e9\r\n", 413),
        (head(b"transfer-encoding: chunked") + b"0\r\nbad trailer\r\n\r\n", 400),
    ],
)
def test_what_is_not_strictly_http_is_refused(data, status):
    parser = Parser(1000)
    parser.feed(data)
    with pytest.raises(Refused) as refused:
        parser.next()
    assert refused.value.status == status


def test_continue_is_wanted_once_and_only_before_the_body():
    parser = Parser(1000)
    parser.feed(b"POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
    assert parser.next() is None
    assert parser.wants_continue
    assert not parser.wants_continue
    parser.feed(b"ab")
    assert parser.next().body == b"ab"
