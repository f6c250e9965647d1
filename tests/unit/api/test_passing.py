"""What is taken off requests and answers that pass between a browser and a job's own server."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from zaffre.api import passing
from zaffre.api.passing import Listener
from zaffre.api.sessions import COOKIE
from zaffre.core.errors import NotBuilt, Unavailable

PREFIX = "/api/v1/workspaces/w/jobs/j/services/s"
BARE = Listener("8501", PREFIX, under_prefix=False)
TOLD = Listener("/tmp/x.sock", PREFIX, under_prefix=True)


def request(*headers: tuple[str, str], query: bytes = b"") -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": query, "headers": raw, "scheme": "http"}
    return Request(scope | {"server": ("127.0.0.1", 8440)})


def test_credentials_of_this_server_stay_here():
    asked = request(
        ("Host", "127.0.0.1:8440"),
        ("Authorization", "Bearer secret"),
        ("Cookie", f"a=1; {COOKIE}=session; b=2"),
        ("X-Forwarded-For", "1.2.3.4"),
        ("X-Forwarded-Prefix", "/elsewhere"),
        ("Accept", "*/*"),
    )
    found = passing._headers(asked, BARE)
    names = [name for name, _ in found]
    assert b"authorization" not in names
    assert dict(found)[b"cookie"] == b"a=1; b=2"
    assert [value for name, value in found if name == b"x-forwarded-prefix"] == [PREFIX.encode()]
    assert b"x-forwarded-for" not in names
    assert dict(found)[b"accept"] == b"*/*"


def test_a_lone_session_is_no_cookie_at_all():
    assert b"cookie" not in dict(passing._headers(request(("Cookie", f"{COOKIE}=x")), BARE))


@pytest.mark.parametrize(
    ("listener", "path", "wanted"),
    [(BARE, "a b/c", "/a%20b/c?x=%2F"), (BARE, "", "/?x=%2F"), (TOLD, "lab", f"{PREFIX}/lab?x=%2F")],
)
def test_paths(listener, path, wanted):
    assert passing._target(request(query=b"x=%2F"), listener, path) == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("/home", f"{PREFIX}/home"),
        ("relative", "relative"),
        (f"{PREFIX}/lab", f"{PREFIX}/lab"),
        ("http://127.0.0.1:8501/x?y=1", f"{PREFIX}/x?y=1"),
        ("http://127.0.0.1:8440/api/v1/workspaces", f"{PREFIX}/api/v1/workspaces"),
        ("http://evil.example/", ""),
        ("//evil.example/", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_nobody_is_sent_anywhere_else(said, wanted):
    assert passing._location(said, request(("Host", "127.0.0.1:8440")), BARE) == wanted


def test_cookies_are_kept_to_the_service():
    assert passing._cookie("k=v; Path=/; Domain=x.y; HttpOnly", BARE) == f"k=v; HttpOnly; Path={PREFIX}/"
    assert passing._cookie(f"{COOKIE}=mine; Path=/", BARE) == ""


def test_headers_with_power_over_the_origin_do_not_come_back():
    sent = [
        (b"Content-Type", b"text/html"),
        (b"Service-Worker-Allowed", b"/"),
        (b"Access-Control-Allow-Origin", b"*"),
        (b"Clear-Site-Data", b'"*"'),
        (b"Set-Cookie", b"a=1"),
    ]
    found = list(passing._back(sent, request(), BARE))
    assert found == [(b"content-type", b"text/html"), (b"set-cookie", f"a=1; Path={PREFIX}/".encode())]


@pytest.mark.asyncio
async def test_a_service_that_does_not_answer_and_a_connection_without_websockets(tmp_path):
    gone = Listener(str(tmp_path / "none.sock"), PREFIX, under_prefix=True)
    with pytest.raises(Unavailable):
        await passing.passed_on(request(), gone, "")
    with pytest.raises(NotBuilt):
        await passing.passed_on(request(("Upgrade", "websocket")), gone, "")
