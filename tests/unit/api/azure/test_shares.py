"""The file share's protocol, request by request, on the files of a datastore."""

from __future__ import annotations

import base64
import hashlib
import xml.etree.ElementTree as ET

import pytest

from zaffre.api.azure.sas import ALL, SHARES, Grant

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "workspacefilestore-default"
FILES = "data/default/workspacefilestore"


@pytest.fixture
def signed(inside):
    """A client with a signed URL for the whole share."""
    query = inside.server.storage.signer.token(Grant(NAME, ALL), 600)
    client = inside.client()

    async def request(method, path, *, params="", **more):
        return await client.request(method, f"{SHARES}/{NAME}{path}?{query}&{params}", **more)

    return request


def create(size, **more):
    return {"x-ms-type": "file", "x-ms-content-length": str(size), **more}


def span(first, last, **more):
    return {"x-ms-range": f"bytes={first}-{last}", "x-ms-write": "update", **more}


def code(answer):
    return ET.fromstring(answer.text).findtext("Code")


async def names(signed, path, params=""):
    answer = await signed("GET", path, params=f"restype=directory&comp=list&{params}")
    tree = ET.fromstring(answer.text)
    return [one.text for one in tree.iter("Name")], tree.findtext("NextMarker")


async def test_a_file_is_seen_when_its_last_range_has_come(signed, inside):
    file = inside.home / FILES / "f.bin"
    assert (await signed("PUT", "/f.bin", headers=create(8, **{"x-ms-meta-k": "v"}))).status_code == 201
    late = await signed("PUT", "/f.bin", params="comp=range", headers=span(4, 7), content=b"efgh")
    assert late.status_code == 201 and late.headers["last-modified"]
    assert (await signed("HEAD", "/f.bin")).status_code == 404 and not file.exists()
    md5 = base64.b64encode(hashlib.md5(b"abcd", usedforsecurity=False).digest()).decode()
    first = await signed(
        "PUT", "/f.bin", params="comp=range", headers=span(0, 3, **{"content-md5": md5}), content=b"abcd"
    )
    assert (first.status_code, first.headers["content-md5"]) == (201, md5)
    assert file.read_bytes() == b"abcdefgh"
    head = await signed("HEAD", "/f.bin")
    assert (head.headers["x-ms-type"], head.headers["content-length"], head.headers["x-ms-meta-k"]) == (
        "File",
        "8",
        "v",
    )
    assert (await signed("GET", "/f.bin", headers={"x-ms-range": "bytes=2-4"})).content == b"cde"


async def test_short_ways(signed, inside):
    root = inside.home / FILES
    assert (await signed("PUT", "/empty", headers=create(0))).status_code == 201
    assert (root / "empty").read_bytes() == b""
    assert (await signed("GET", "/empty", headers={"x-ms-range": "bytes=0-9"})).status_code == 416
    assert (await signed("PUT", "/whole", headers=create(3), content=b"abc")).status_code == 201
    assert (root / "whole").read_bytes() == b"abc"
    assert (await signed("PUT", "/odd", headers=create(4), content=b"abc")).status_code == 400


async def test_a_file_that_is_there_is_changed_as_a_copy(signed, inside):
    file = inside.home / FILES / "there"
    file.write_bytes(b"abcdef")
    was = file.stat().st_ino
    assert (await signed("PUT", "/there", params="comp=metadata", headers={"x-ms-meta-k": "v"})).status_code == 200
    changed = await signed("PUT", "/there", params="comp=range", headers=span(1, 2), content=b"XY")
    assert changed.status_code == 201 and file.read_bytes() == b"aXYdef" and file.stat().st_ino != was
    cleared = await signed("PUT", "/there", params="comp=range", headers=span(0, 1, **{"x-ms-write": "clear"}))
    assert cleared.status_code == 201 and file.read_bytes() == b"\0\0Ydef"
    past = await signed("PUT", "/there", params="comp=range", headers=span(4, 8), content=b"12345")
    assert (past.status_code, code(past)) == (416, "InvalidRange")
    assert (
        await signed("PUT", "/there", params="comp=properties", headers={"x-ms-content-length": "8"})
    ).status_code == 200
    assert file.read_bytes() == b"\0\0Ydef\0\0"
    assert (await signed("PUT", "/there", params="comp=properties")).status_code == 200
    assert (await signed("HEAD", "/there")).headers["x-ms-meta-k"] == "v"


async def test_directories(signed, inside):
    made = await signed("PUT", "/d", params="restype=directory", headers={"x-ms-meta-a": "b"})
    assert made.status_code == 201
    again = await signed("PUT", "/d", params="restype=directory")
    assert (again.status_code, code(again)) == (409, "ResourceAlreadyExists")
    assert (await signed("HEAD", "/d", params="restype=directory")).headers["x-ms-meta-a"] == "b"
    assert (
        await signed("PUT", "/d", params="restype=directory&comp=metadata", headers={"x-ms-meta-c": "d"})
    ).status_code == 200
    assert (await signed("HEAD", "/d", params="restype=directory")).headers.get("x-ms-meta-c") == "d"
    assert (await signed("PUT", "/d%2Finner", params="restype=directory")).status_code == 201
    assert (inside.home / FILES / "d/inner").is_dir(), "the client encodes slashes"
    clash = await signed("PUT", "/d", headers=create(1))
    assert (clash.status_code, code(clash)) == (409, "ResourceTypeMismatch")
    full = await signed("DELETE", "/d", params="restype=directory")
    assert (full.status_code, code(full)) == (409, "DirectoryNotEmpty")
    for path in ("/d/inner", "/d"):
        assert (await signed("DELETE", path, params="restype=directory")).status_code == 202
    gone = await signed("GET", "/d", params="restype=directory")
    assert (gone.status_code, code(gone)) == (404, "ResourceNotFound")


async def test_lists_in_pages_and_by_prefix(signed, inside):
    folder = inside.home / FILES / "l"
    (folder / "b").mkdir(parents=True)
    for name in ("a", "ab", "c&d", "b/deep"):
        (folder / name).write_text("x")
    assert await names(signed, "/l") == (["a", "ab", "b", "c&d"], "")
    found, marker = await names(signed, "/l", "maxresults=3")
    assert found == ["a", "ab", "b"] and marker == "b"
    assert await names(signed, "/l", f"maxresults=3&marker={marker}") == (["c&d"], "")
    assert (await names(signed, "/l", "prefix=a"))[0] == ["a", "ab"]
    assert "l" in (await names(signed, ""))[0]
    absent = await signed("GET", "/nothing", params="restype=directory&comp=list")
    assert (absent.status_code, code(absent)) == (404, "ResourceNotFound")


async def test_deleting_a_file_and_one_that_was_begun(signed, inside):
    (inside.home / FILES / "gone").write_text("x")
    assert (await signed("DELETE", "/gone")).status_code == 202
    assert (await signed("DELETE", "/gone")).status_code == 404
    await signed("PUT", "/begun", headers=create(4))
    assert (await signed("DELETE", "/begun")).status_code == 202
    late = await signed("PUT", "/begun", params="comp=range", headers=span(0, 3), content=b"abcd")
    assert (late.status_code, code(late)) == (404, "ResourceNotFound")


async def test_the_share_itself(signed):
    assert (await signed("GET", "", params="restype=share")).headers["x-ms-share-quota"]
    made = await signed("PUT", "", params="restype=share")
    assert (made.status_code, code(made)) == (409, "ShareAlreadyExists")
