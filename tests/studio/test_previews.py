"""What a job left, each file shown as what it is: and nothing of it runs as ours."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from studio_browser import Tab
from zaffre.testing.server import Installation

NOTEBOOK = {
    "nbformat": 4,
    "cells": [
        {"cell_type": "markdown", "source": "# Title\n<img src=x onerror='document.title=1'>"},
        {
            "cell_type": "code",
            "source": ["print(1)"],
            "execution_count": 3,
            "outputs": [
                {"output_type": "stream", "text": "one\n"},
                {"output_type": "error", "traceback": ["\u001b[31mValueError\u001b[0m: no"]},
                {"output_type": "display_data", "data": {"text/html": "<b>bold</b><script>document.title=1</script>"}},
            ],
        },
    ],
}
PAGE = (
    "<h1>report</h1><p id=out></p><script>"
    "let said = 'ran'; try { said = 'cookie ' + document.cookie } catch (e) { said = 'no cookie' }"
    "try { parent.document.title = 'taken' } catch (e) { said += ', no parent' }"
    "document.getElementById('out').textContent = said</script>"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj trailer<</Root 1 0 R>>"
LEFT: dict[str, bytes] = {
    "good.ipynb": json.dumps(NOTEBOOK).encode(),
    "broken.ipynb": b"{not json",
    "page.html": PAGE.encode(),
    "uneven.csv": b'name,value\n"a ""quoted"", one",1\nonly\n',
    "open.csv": b'name,value\n"never closed,1\n',
    "large.json": json.dumps({"numbers": list(range(600_000))}).encode() + b" " * 4_000_000,
    "broken.json": b'{"a": ',
    "notes.md": b"# Notes\n\n<script>document.title=1</script>\n\n[away](javascript:alert(1)) **bold**\n",
    "paper.pdf": PDF,
    "bytes.bin": b"\0\1\2",
}


@pytest.fixture(scope="module")
def left(seeded: Installation) -> str:
    """A job that left one file of each sort."""
    code = seeded.upload("code", {"run.py": b"print('left')", **LEFT})["code"]
    outputs = {"all": {"type": "uri_folder"}}
    seeded.submit("previews-left", "cp *.* ${{outputs.all}}", code=code, outputs=outputs)
    assert seeded.ended("previews-left", 60)["status"] == "Completed"
    return "previews-left"


@pytest.fixture
def show(tab: Tab, left: str) -> Callable[[str], Page]:
    """Opens one of them."""

    def open_file(name: str) -> Page:
        return tab.open(f"/jobs/{left}?tab=outputs&file=named-outputs/all/{name}", ".split .main .bar")

    return open_file


def test_a_notebook_with_its_outputs(show: Callable[[str], Page], tab: Tab) -> None:
    page = show("good.ipynb")
    expect(page.get_by_role("heading", name="Title")).to_be_visible()
    expect(page.locator(".notebook")).to_contain_text("ValueError: no")
    expect(page.locator(".notebook b")).to_have_text("bold")
    assert page.title() != "1"
    assert not tab.inaccessible()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("broken.ipynb", "This is no notebook"),
        ("broken.json", "This is no JSON"),
        ("uneven.csv", "1 of 2 rows have another number of values"),
        ("open.csv", "A quote is opened and never closed"),
        ("bytes.bin", "This is no text"),
    ],
)
def test_what_is_broken_says_so(show: Callable[[str], Page], name: str, said: str) -> None:
    expect(show(name).get_by_text(said)).to_be_visible()


def test_delimited_text_is_a_table(show: Callable[[str], Page]) -> None:
    expect(show("uneven.csv").get_by_role("cell", name='a "quoted", one')).to_be_visible()


def test_ten_megabytes_of_json(show: Callable[[str], Page]) -> None:
    page = show("large.json")
    expect(page.locator(".log-line", has_text='"numbers"')).to_be_visible(timeout=20_000)
    assert page.locator(".log-line").count() < 200


def test_markdown_without_its_scripts(show: Callable[[str], Page]) -> None:
    page = show("notes.md")
    expect(page.locator(".prose strong")).to_have_text("bold")
    assert page.locator(".prose script").count() == 0
    assert page.locator(".prose a").get_attribute("href") is None
    assert page.title() != "1"


def test_a_page_runs_in_a_frame_that_knows_nothing(show: Callable[[str], Page], tab: Tab) -> None:
    page = show("page.html")
    frame = page.frame_locator("iframe.framed")
    expect(frame.locator("#out")).to_have_text("no cookie, no parent")
    assert page.title() != "taken"
    tab.forgive("page.html")


def test_the_same_opened_by_itself_has_no_session_either(show: Callable[[str], Page], tab: Tab, left: str) -> None:
    page = tab.page
    page.goto(f"{tab.url}/api/v1/workspaces/default/jobs/{left}/files/named-outputs/all/page.html?view=page")
    expect(page.locator("#out")).to_contain_text("no cookie")


def test_pictures_have_a_part_of_their_own(themed: Tab) -> None:
    page = themed.open("/jobs/seed-curve?tab=images", ".image")
    assert not themed.inaccessible()
    page.locator(".image").click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    assert "dot.png" in page.url


def test_a_download_stays_a_download(seeded: Installation, left: str) -> None:
    answer = seeded.call("GET", f"jobs/{left}/files/named-outputs/all/page.html")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    shown = seeded.call("GET", f"jobs/{left}/files/named-outputs/all/paper.pdf?view=page")
    assert shown.headers["content-type"] == "application/pdf"
    other = seeded.call("GET", f"jobs/{left}/files/named-outputs/all/bytes.bin?view=page")
    assert other.headers["content-disposition"].startswith("attachment")


def test_the_browsers_own_reader_shows_pdf(tab: Tab, left: str) -> None:
    """Its frame is there, so our policy let it read the file; what it draws cannot be asked for."""
    page = tab.open(f"/jobs/{left}?tab=outputs&file=named-outputs/all/paper.pdf", "iframe[title$='paper.pdf']")
    deadline = time.monotonic() + 10
    while not any(frame.url.startswith("chrome-extension://") for frame in page.frames):
        assert time.monotonic() < deadline, [frame.url for frame in page.frames]
        page.wait_for_timeout(100)
