"""A folder as one zip: all of it, of no more memory than a piece, and nothing that lies outside."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from zaffre.api import zipped
from zaffre.control.files import Listed, Place
from zaffre.core.errors import Invalid, NotFound

pytestmark = pytest.mark.asyncio(loop_scope="module")
WS = "/api/v1/workspaces/default"
PLACE = "azureml://datastores/workspaceblobstore/paths"


def finder(root: Path) -> zipped.Find:
    async def find(path: str) -> Place:
        return Place(root) / path

    return find


async def pieces(listed: list[Listed], root: Path) -> AsyncIterator[bytes]:
    async for piece in zipped.answer("all", listed, finder(root)).body_iterator:
        yield cast(bytes, piece)


async def archive(listed: list[Listed], root: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join([piece async for piece in pieces(listed, root)])))


async def test_every_file_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "näme 🚗.txt").write_bytes(b"a" * (zipped.PIECE + 5))
    (tmp_path / "empty").touch()
    os.utime(tmp_path / "empty", (0, 0))
    found = await archive(Place(tmp_path).listing(), tmp_path)
    assert found.testzip() is None
    assert found.namelist() == ["empty", "parts/näme 🚗.txt"]
    assert found.read("parts/näme 🚗.txt") == b"a" * (zipped.PIECE + 5)
    assert found.getinfo("empty").date_time == (1980, 1, 1, 0, 0, 0)


async def test_a_file_that_has_gone_and_a_link_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "here").write_bytes(b"1")
    (tmp_path / "link").symlink_to("/etc/passwd")
    listed = [Listed("gone", 3), Listed("here", 1), Listed("link", 3)]
    assert (await archive(listed, tmp_path)).namelist() == ["here"]


@pytest.mark.parametrize("path", ["../up", "/etc/passwd", "a/../../b", "a//b"])
async def test_no_name_leads_out(tmp_path: Path, path: str) -> None:
    with pytest.raises(Invalid):
        zipped.answer("all", [Listed(path, 1)], finder(tmp_path))


async def test_nothing_is_no_zip(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        zipped.answer("all", [], finder(tmp_path))


async def test_memory_does_not_grow_with_what_is_sent(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    sent = 0
    tracemalloc.start()
    async for piece in pieces(Place(tmp_path).listing(), tmp_path):
        sent += len(piece)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent > 200 * 1024 * 1024
    assert most < 10 * zipped.PIECE


async def test_a_model_is_downloaded_whole(inside: Any) -> None:
    root = inside.server.locations.datastore("default", "workspaceblobstore")
    (root / "whole" / "parts").mkdir(parents=True)
    (root / "whole" / "parts" / "one.bin").write_bytes(b"one")
    (root / "whole" / "two.txt").write_bytes(b"two")
    body = {"path": f"{PLACE}/whole", "type": "custom_model"}
    (await inside.owner.put(f"{WS}/models/whole/versions/1", json=body)).raise_for_status()
    answer = await inside.owner.get(f"{WS}/models/whole/versions/1/files:zip")
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''whole-1.zip"
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == ["parts/one.bin", "two.txt"]
    part = await inside.owner.get(f"{WS}/models/whole/versions/1/files:zip?prefix=parts/")
    assert zipfile.ZipFile(io.BytesIO(part.content)).namelist() == ["parts/one.bin"]
    assert (await inside.owner.get(f"{WS}/models/whole/versions/1/files:zip?prefix=no/")).status_code == 404
