import pytest

from zaffre.serving.heads import Reply
from zaffre.serving.usual import Usual, parted

BEGINS = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nset-cookie: a=b"
ENDS = b"\r\nx-request-id: i-1\r\nx-ms-request-id: i-1\r\nx-ms-run-fn-exec-ms: 0.5\r\n\r\n"
KEPT = [(b"content-type", b"application/json"), (b"content-length", b"2"), (b"set-cookie", b"a=b")]
OWN = [(b"x-request-id", b"i-1"), (b"x-ms-request-id", b"i-1"), (b"x-ms-run-fn-exec-ms", b"0.5")]


def test_an_answer_is_parted_where_its_ids_begin():
    begins, body = parted(BEGINS + ENDS + b"hi")
    assert begins == BEGINS
    assert (BEGINS + ENDS + b"hi")[body:] == b"hi"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        BEGINS + b"\r\n\r\nhi",
        BEGINS.replace(b"200 OK", b"404 Not Found") + ENDS,
        BEGINS + ENDS.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"),
        BEGINS + ENDS.replace(b"x-ms-run-fn-exec-ms: 0.5", b"x-ms-run-fn-exec-ms: 0.5\x00"),
        BEGINS + ENDS.replace(b"i-1\r\nx-ms", b"i-1\r\nset-cookie: b=c\r\nx-ms"),
        BEGINS + ENDS[:-2],
    ],
)
def test_anything_else_goes_the_long_way(data):
    assert parted(data) == (b"", 0)


def test_what_was_learnt_is_cleaned_as_every_answer():
    usual = Usual()
    assert usual.find(BEGINS) is None
    usual.learn(BEGINS, Reply(200, [*KEPT, *OWN], 2))
    found = usual.find(BEGINS)
    assert found is not None
    assert found.length == 2
    assert found.head == b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, [*KEPT, *OWN], None),
        Reply(200, [*KEPT, (b"connection", b"close"), *OWN], 2),
        Reply(200, [*KEPT, (b"x-more", b"1"), *OWN], 2),
    ],
)
def test_nothing_is_learnt_from_an_answer_of_another_sort(reply):
    usual = Usual()
    usual.learn(BEGINS, reply)
    assert usual.find(BEGINS) is None
