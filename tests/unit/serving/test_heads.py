import pytest

from zaffre.serving.heads import Malformed, Reply, answered, forwarded, read

TARGET = b"/endpoints/ws/e/score"
HOST = (b"host", b"x")


@pytest.mark.parametrize(
    ("target", "endpoint", "rest"),
    [
        (b"/endpoints/ws/e/score", "ws/e", b"/score"),
        (b"/endpoints/WS/E/score?a=b?c", "ws/e", b"/score?a=b?c"),
        (b"/endpoints/ws/e/", "ws/e", b"/"),
        (b"/endpoints/ws/e", "", b""),
        (b"/endpoints/ws/e/deep/er.json", "ws/e", b"/deep/er.json"),
        (b"/endpoints/-ws/e/score", "", b""),
        (b"/", "", b""),
        (b"/endpoints/ws/e/a%20b?x=../..", "ws/e", b"/a%20b?x=../.."),
    ],
)
def test_the_path_names_the_endpoint(target, endpoint, rest):
    head = read(target, [HOST], "1.1")
    assert (head.endpoint, head.target) == (endpoint, rest)


@pytest.mark.parametrize("path", [b"/..", b"/../x", b"/%2e%2E/x", b"/x/.", b"//", b"/a\\b", b"/%2Fx", b"/a;/..;/b"])
def test_a_path_that_leaves_is_malformed(path):
    with pytest.raises(Malformed):
        read(b"/endpoints/ws/e" + path, [HOST], "1.1")


def test_what_user_code_must_not_see_is_dropped():
    headers = [
        HOST, (b"authorization", b"Bearer k"), (b"cookie", b"c"), (b"x-internal-a", b"1"), (b"x_zaffre_b", b"1"),
        (b"connection", b"close, x-hop"), (b"x-hop", b"1"), (b"te", b"trailers"), (b"transfer-encoding", b"chunked"),
        (b"x-mine", b"1"), (b"x_mine", b"2"), (b"x-azureml-model-deployment", b"1"), (b"azureml-model-deployment", b"b"),
    ]  # fmt: skip
    made = forwarded(b"POST", read(TARGET, headers, "1.1"), headers)
    assert made == b"POST /score HTTP/1.1\r\nhost: zaffre\r\nx-mine: 1\r\nx_mine: 2\r\n"


def test_an_answer_passes_without_cookies_and_hop_by_hop_headers():
    headers = [
        (b"set-cookie", b"a"),
        (b"connection", b"keep-alive"),
        (b"x-zaffre-not-run", b"1"),
        (b"content-type", b"t"),
    ]
    made, chunked = answered(Reply(200, headers, 3), b"", "1.1", True)
    assert not chunked
    assert b"set-cookie" not in made
    assert b"x-zaffre" not in made
    assert b"content-type: t\r\ncontent-length: 3\r\n" in made


@pytest.mark.parametrize(
    ("version", "status", "chunked"), [("1.1", 200, True), ("1.0", 200, False), ("1.1", 204, False)]
)
def test_an_answer_of_unknown_length_is_chunked_where_that_is_known(version, status, chunked):
    assert answered(Reply(status, [], None), b"", version, True)[1] is chunked
