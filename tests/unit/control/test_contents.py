"""Digests of what lies somewhere: equal content has an equal one, and nothing is read twice that has not changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from zaffre.control import contents
from zaffre.control.contents import UNTOLD, Contents


class Around:
    """Places of this machine, and one store elsewhere that gives versions, or none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = "v1"

    def path(self, workspace: str, uri: str) -> str | None:
        del workspace
        name, _, rest = uri.partition(":")
        return str(self.folder / rest) if name in ("here", "also") else None

    def is_elsewhere(self, uri: str) -> bool:
        return uri.startswith("s3:")

    async def spot(self, workspace: str, uri: str, type_: str) -> Any:
        del workspace, type_
        return uri if uri.startswith("s3:") else None

    async def stamp(self, spot: Any, type_: str) -> str:
        del spot, type_
        return self.version


@pytest.fixture
def around(tmp_path: Path) -> Around:
    return Around(tmp_path)


async def digest(around: Around, uri: str, before: Any = None) -> dict[str, str]:
    told = await Contents(around, around).of("ws", {"x": {"uri": uri}}, before or {})  # type: ignore[arg-type]
    return told["x"]


async def test_the_same_content_elsewhere_and_later_is_the_same(around: Around) -> None:
    for name in ("a", "b"):
        (around.folder / name / "deep").mkdir(parents=True)
        (around.folder / name / "deep" / "t.txt").write_text("hello")
    os.utime(around.folder / "b" / "deep" / "t.txt", (1, 1))
    first, second = await digest(around, "here:a"), await digest(around, "here:b")
    assert first["digest"] == second["digest"]
    assert first["stamp"] != second["stamp"]


@pytest.mark.parametrize("change", ["content", "name", "more", "less"])
async def test_any_change_is_another_one(around: Around, change: str) -> None:
    folder = around.folder / "a"
    folder.mkdir()
    (folder / "t.txt").write_text("hello")
    (folder / "u.txt").write_text("")
    before = await digest(around, "here:a")
    if change == "content":
        (folder / "t.txt").write_text("hellO")
    elif change == "name":
        (folder / "t.txt").rename(folder / "s.txt")
    elif change == "more":
        (folder / "v.txt").write_text("")
    else:
        (folder / "u.txt").unlink()
    assert (await digest(around, "here:a", {"x": before}))["digest"] != before["digest"]


async def test_a_file_is_told_by_its_bytes_alone(around: Around) -> None:
    (around.folder / "one.csv").write_text("1,2")
    (around.folder / "two.csv").write_text("1,2")
    assert (await digest(around, "here:one.csv"))["digest"] == (await digest(around, "here:two.csv"))["digest"]


async def test_what_has_not_changed_is_not_read_again(around: Around, monkeypatch: pytest.MonkeyPatch) -> None:
    (around.folder / "t.txt").write_text("hello")
    before = await digest(around, "here:t.txt")
    monkeypatch.setattr(contents, "_digest", None)
    assert await digest(around, "here:t.txt", {"x": before}) == before


async def test_elsewhere_the_stores_own_versions_tell(around: Around) -> None:
    first = await digest(around, "s3:a")
    around.version = "v2"
    assert (await digest(around, "s3:a"))["digest"] != first["digest"]
    around.version = ""
    assert (await digest(around, "s3:a"))["digest"] == UNTOLD


async def test_a_place_of_nobody_is_told_by_its_address(around: Around) -> None:
    assert (await digest(around, "https://example.org/x"))["digest"] == "https://example.org/x"


async def test_links_are_not_followed_and_what_cannot_be_read_is_never_the_same(around: Around) -> None:
    folder = around.folder / "a"
    folder.mkdir()
    (folder / "link").symlink_to("/etc/passwd")
    (around.folder / "empty").mkdir()
    assert (await digest(around, "here:a"))["digest"] == (await digest(around, "here:empty"))["digest"]


async def test_a_file_that_goes_away_meanwhile_cannot_be_told(around: Around, monkeypatch: pytest.MonkeyPatch) -> None:
    (around.folder / "t.txt").write_text("hello")

    def gone(*_: Any) -> int:
        raise FileNotFoundError

    monkeypatch.setattr(contents.os, "open", gone)
    assert (await digest(around, "here:t.txt"))["digest"] == UNTOLD


async def test_what_a_short_listing_tells_by_whatever_name_the_place_goes(around: Around) -> None:
    folder = around.folder / "a"
    folder.mkdir()
    (folder / "t.txt").write_text("hello")
    told = await digest(around, "here:a")
    fresh = Contents(around, around)  # type: ignore[arg-type]
    asked = {"x": {"uri": "also:a"}}
    assert fresh.at_hand("ws", asked, {}) is None  # it would have to be read
    assert fresh.at_hand("ws", asked, {"x": told}) == {"x": {**told, "uri": "also:a"}}
    (folder / "t.txt").write_text("hullo")
    assert fresh.at_hand("ws", asked, {"x": told}) is None


async def test_what_a_short_listing_does_not_tell(around: Around) -> None:
    folder = around.folder / "many"
    folder.mkdir()
    for number in range(17):
        (folder / str(number)).touch()
    for uri in ("here:many", "s3:bucket/a", "http:x"):
        told = await digest(around, uri)
        fresh = Contents(around, around)  # type: ignore[arg-type]
        assert fresh.at_hand("ws", {"x": {"uri": uri}}, {"x": told}) is None
