"""Studio's files: what is a page, how a browser may keep them, what they may load, and what is said where there are none."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from zaffre.api.auth import OWNER
from zaffre.api.errors import ErrorAnswers
from zaffre.api.route import mounted
from zaffre.api.studio import Studio

HOST = "http://here"


def browser(folder: Path) -> httpx.AsyncClient:
    """A logged-in browser before a server with these files."""
    app = ErrorAnswers(Router(routes=mounted(Studio(folder).routes())))

    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["principal"] = OWNER
        await app(scope, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(known), base_url=HOST)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "studio"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Zaffre</title>")
    (folder / "assets" / "index-1a2b.js").write_text("plain")
    (folder / "assets" / "index-1a2b.js.br").write_bytes(b"brotli")
    (folder / "assets" / "index-1a2b.js.gz").write_bytes(b"gzip")
    (folder / "assets" / "letters.woff2").write_bytes(b"font")
    (folder / "theme.js").write_text("early")
    (tmp_path / "secret").write_text("secret")
    (folder / "way-out").symlink_to(tmp_path / "secret")
    return folder


@pytest.mark.parametrize("path", ["/", "/jobs", "/jobs/happy_fox_1"])
async def test_every_page_is_the_one_document_and_asked_for_each_time(built: Path, path: str) -> None:
    answer = await browser(built).get(path)
    assert answer.text == "<!doctype html><title>Zaffre</title>"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/jobs/a/b", "/models/a/b/c", "/settings/nothing"])
async def test_an_address_below_a_page_is_the_document_that_says_so(built: Path, path: str) -> None:
    answer = await browser(built).get(path)
    assert answer.status_code == 404
    assert answer.text == "<!doctype html><title>Zaffre</title>"


async def test_nothing_but_this_server_is_asked_and_no_inline_script_runs(built: Path) -> None:
    policy = (await browser(built).get("/")).headers["content-security-policy"]
    said = {name: rest.split() for name, _, rest in (part.strip().partition(" ") for part in policy.split(";"))}
    assert said["default-src"] == ["'none'"]
    assert said["script-src"] == ["'self'"]
    assert said["frame-ancestors"] == said["object-src"] == said["base-uri"] == ["'none'"]
    sources = {source for name, rest in said.items() for source in rest if name != "style-src"}
    assert sources <= {"'none'", "'self'", "data:", "blob:"}


@pytest.mark.parametrize(
    ("accepted", "content", "encoding"),
    [("br, gzip", b"brotli", "br"), ("gzip;q=0.5", b"gzip", "gzip"), ("identity", b"plain", None)],
)
async def test_the_server_chooses_among_what_was_compressed(
    built: Path, accepted: str, content: bytes, encoding: str | None
) -> None:
    async with browser(built).stream(
        "GET", "/studio/assets/index-1a2b.js", headers={"accept-encoding": accepted}
    ) as answer:
        assert b"".join([piece async for piece in answer.aiter_raw()]) == content
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "accept-encoding"


async def test_what_has_no_hash_in_its_name_is_asked_for_again(built: Path) -> None:
    answer = await browser(built).get("/studio/theme.js")
    assert (answer.text, answer.headers["cache-control"]) == ("early", "no-cache")
    assert (await browser(built).get("/studio/assets/letters.woff2")).headers["content-type"] == "font/woff2"


@pytest.mark.parametrize("path", ["nothing.js", "assets", "way-out", "assets/index-1a2b.js/x"])
async def test_what_is_no_file_of_it_is_not_there(built: Path, path: str) -> None:
    answer = await browser(built).get(f"/studio/{path}")
    assert answer.status_code == 404, answer.text
    assert "load the page again" in answer.json()["error"]["message"]


async def test_without_a_build_the_page_says_how_to_make_one_and_a_build_needs_no_restart(tmp_path: Path) -> None:
    there = browser(tmp_path / "studio")
    answer = await there.get("/jobs")
    assert answer.status_code == 200
    assert "make studio" in answer.text
    (tmp_path / "studio").mkdir()
    (tmp_path / "studio" / "index.html").write_text("built")
    assert (await there.get("/jobs")).text == "built"
