"""The blob protocol, request by request."""

import base64
import hashlib
import xml.etree.ElementTree as ET

import pytest

from zaffre.api.azure.sas import ALL, PREFIX, Grant
from zaffre.control.containers import Notes

pytestmark = pytest.mark.asyncio(loop_scope="module")

STORE = f"{PREFIX}/workspaceblobstore-default"
FILES = "data/default/workspaceblobstore"
PUT = {"x-ms-blob-type": "BlockBlob"}


@pytest.fixture
def signed(inside):
    """A client with a signed URL for the whole default container."""
    client = inside.client()
    query = inside.server.storage.signer.token(Grant("workspaceblobstore-default", ALL), 600)
    ask = client.request

    async def request(method, path, *, params="", **more):
        return await ask(method, f"{STORE}/{path}?{query}&{params}".replace("/?", "?"), **more)

    return request


def names(answer):
    return [one.text for one in ET.fromstring(answer.text).iter("Name")]


def block(number):
    return base64.b64encode(f"block-{number:04}".encode()).decode().replace("=", "%3D")


async def test_put_head_get_delete(signed, inside):
    answer = await signed("PUT", "a/b c/ü.txt", content=b"hello", headers={**PUT, "x-ms-meta-Upload_Status": "done"})
    assert answer.status_code == 201 and answer.headers["etag"] and answer.headers["last-modified"]
    assert answer.headers["x-ms-request-server-encrypted"] == "true"
    assert (inside.home / FILES / "a/b c/ü.txt").read_text() == "hello"
    head = await signed("HEAD", "a/b%20c/%C3%BC.txt")
    assert head.status_code == 200 and head.headers["content-length"] == "5"
    assert head.headers["x-ms-blob-type"] == "BlockBlob" and head.headers["x-ms-meta-upload_status"] == "done"
    assert head.headers["etag"] == answer.headers["etag"]
    got = await signed("GET", "a/b%20c/ü.txt")
    assert got.content == b"hello" and got.headers["content-md5"] == md5(b"hello")
    assert (await signed("DELETE", "a/b%20c/ü.txt")).status_code == 202
    gone = await signed("HEAD", "a/b%20c/ü.txt")
    assert gone.status_code == 404 and gone.headers["x-ms-error-code"] == "BlobNotFound"
    assert "<Code>BlobNotFound</Code>" in (await signed("GET", "a/b%20c/ü.txt")).text
    assert (await signed("HEAD", "a/")).status_code == 404, "a folder is no blob"


def md5(content):
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


async def test_ranges(signed):
    await signed("PUT", "range.bin", content=b"0123456789", headers=PUT)
    for name in ("x-ms-range", "range"):
        part = await signed("GET", "range.bin", headers={name: "bytes=2-4"})
        assert (part.status_code, part.content) == (206, b"234")
        assert part.headers["content-range"] == "bytes 2-4/10" and "content-md5" not in part.headers
    tail = await signed("GET", "range.bin", headers={"x-ms-range": "bytes=8-33554431"})
    assert tail.headers["content-range"] == "bytes 8-9/10" and tail.content == b"89"
    both = await signed("GET", "range.bin", headers={"x-ms-range": "bytes=0-0", "range": "bytes=1-1"})
    assert both.content == b"0", "x-ms-range goes first"
    await signed("PUT", "empty", content=b"", headers=PUT)
    for path, wanted in (("range.bin", "bytes=10-20"), ("empty", "bytes=0-33554431")):
        refused = await signed("GET", path, headers={"x-ms-range": wanted})
        assert (refused.status_code, refused.headers["x-ms-error-code"]) == (416, "InvalidRange")
    assert (await signed("GET", "empty")).content == b""


async def test_conditions(signed):
    first = await signed("PUT", "once", content=b"1", headers={**PUT, "if-none-match": "*"})
    assert first.status_code == 201
    again = await signed("PUT", "once", content=b"2", headers={**PUT, "if-none-match": "*"})
    assert (again.status_code, again.headers["x-ms-error-code"]) == (409, "BlobAlreadyExists")
    stale = await signed("PUT", "once", content=b"3", headers={**PUT, "if-match": '"0x0"'})
    assert (stale.status_code, stale.headers["x-ms-error-code"]) == (412, "ConditionNotMet")
    assert (await signed("DELETE", "once", headers={"if-match": '"0x0"'})).status_code == 412
    assert (await signed("GET", "once")).content == b"1"
    etag = first.headers["etag"]
    assert (await signed("GET", "once", headers={"if-none-match": etag})).status_code == 304
    assert (await signed("GET", "once", headers={"if-match": '"0x0"'})).status_code == 412
    assert (await signed("PUT", "once", content=b"4", headers={**PUT, "if-match": etag})).status_code == 201
    never = {"if-match": "*", **PUT}
    assert (await signed("PUT", "not-there", content=b"4", headers=never)).status_code == 412
    since = first.headers["last-modified"]
    assert (await signed("GET", "range.bin", headers={"if-modified-since": since})).status_code in (200, 304)
    old = {"if-unmodified-since": "Mon, 01 Jan 2001 00:00:00 GMT"}
    assert (await signed("GET", "once", headers=old)).status_code == 412


async def test_checksums(signed, inside):
    good = await signed("PUT", "sum", content=b"abc", headers={**PUT, "content-md5": md5(b"abc")})
    assert good.status_code == 201 and good.headers["content-md5"] == md5(b"abc")
    bad = await signed("PUT", "sum", content=b"xyz", headers={**PUT, "content-md5": md5(b"abc")})
    assert (bad.status_code, bad.headers["x-ms-error-code"]) == (400, "Md5Mismatch")
    assert (inside.home / FILES / "sum").read_bytes() == b"abc"
    bad = await signed(
        "PUT", "b", params=f"comp=block&blockid={block(0)}", content=b"x", headers={"content-md5": md5(b"y")}
    )
    assert bad.status_code == 400
    listed = f"<BlockList><Latest>{base64.b64encode(b'block-0000').decode()}</Latest></BlockList>"
    answer = await signed("PUT", "b", params="comp=blocklist", content=listed)
    assert answer.headers["x-ms-error-code"] == "InvalidBlockList", "a block that did not arrive whole is not there"


async def test_blocks_become_a_blob_in_the_order_of_the_list(signed, inside):
    for number, content in enumerate((b"one-", b"two-", b"three")):
        path = f"comp=block&blockid={block(number)}"
        assert (await signed("PUT", "blocks/x", params=path, content=content)).status_code == 201
    assert (await signed("HEAD", "blocks/x")).status_code == 404, "nothing is visible before the list"
    assert not (inside.home / FILES / "blocks").exists()
    ids = [base64.b64encode(f"block-{n:04}".encode()).decode() for n in (1, 0, 2)]
    whole = (
        f'<?xml version="1.0" encoding="utf-8"?><BlockList>{"".join(f"<Latest>{i}</Latest>" for i in ids)}</BlockList>'
    )
    done = await signed("PUT", "blocks/x", params="comp=blocklist", content=whole, headers={"x-ms-meta-k": "v"})
    assert done.status_code == 201
    got = await signed("GET", "blocks/x")
    assert got.content == b"two-one-three" and got.headers["x-ms-meta-k"] == "v"
    assert not [one for one in inside.server.storage.blocks.iterdir() if one.name[0] != "."], "served blocks stay"
    again = await signed("PUT", "blocks/x", params="comp=blocklist", content=whole)
    assert again.headers["x-ms-error-code"] == "InvalidBlockList"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<BlockList><Latest>!!</Latest></BlockList>", "InvalidQueryParameterValue"),
        ("<BlockList><Committed>YQ==</Committed></BlockList>", "InvalidBlockList"),
        ("<BlockList><Latest>YQ==</Latest></BlockList>", "InvalidBlockList"),
        ("<Other/>", "InvalidXmlDocument"),
        ("<BlockList><Latest><a/></Latest></BlockList>", "InvalidXmlDocument"),
        ("<BlockList>", "InvalidXmlDocument"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><BlockList><Latest>&a;</Latest></BlockList>', "InvalidXmlDocument"),
    ],
)
async def test_block_lists_that_are_none(signed, body, code):
    answer = await signed("PUT", "never", params="comp=blocklist", content=body)
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (400, code)
    assert (await signed("HEAD", "never")).status_code == 404


async def test_metadata_of_the_file_as_it_is(signed, inside):
    await signed("PUT", "meta", content=b"1", headers=PUT)
    said = {"x-ms-meta-upload_status": "completed", "x-ms-meta-name": "n", "x-ms-meta-version": "1"}
    assert (await signed("PUT", "meta", params="comp=metadata", headers=said)).status_code == 200
    head = await signed("HEAD", "meta")
    assert {name: head.headers[name] for name in said} == said
    listed = await signed("GET", "", params="restype=container&comp=list&prefix=meta&include=metadata")
    assert ET.fromstring(listed.text).find(".//Metadata/upload_status").text == "completed"
    (inside.home / FILES / "meta").write_text("somebody wrote here")
    assert "x-ms-meta-name" not in (await signed("HEAD", "meta")).headers
    assert (await signed("PUT", "absent", params="comp=metadata", headers=said)).status_code == 404
    odd = await signed("PUT", "meta", params="comp=metadata", headers={"x-ms-meta-a-b": "1"})
    assert odd.headers["x-ms-error-code"] == "InvalidMetadata"
    long = await signed("PUT", "meta", params="comp=metadata", headers={"x-ms-meta-a": "1" * 9000})
    assert long.headers["x-ms-error-code"] == "MetadataTooLarge"


async def test_list_in_pages_by_prefix_and_by_folder(signed):
    for path in ("l/a", "l/a-b", "l/a/1", "l/a/2", "l/b/1", "l/c", "lonely"):
        if path != "l/a":
            assert (await signed("PUT", path, content=b"x", headers=PUT)).status_code == 201
    ask = "restype=container&comp=list"
    whole = await signed("GET", "", params=f"{ask}&prefix=l/")
    assert names(whole) == ["l/a-b", "l/a/1", "l/a/2", "l/b/1", "l/c"]
    assert whole.headers["content-type"].startswith("application/xml")
    found, marker = [], ""
    for _ in range(5):
        answer = await signed("GET", "", params=f"{ask}&prefix=l/&maxresults=1&marker={marker}")
        found += names(answer)
        marker = ET.fromstring(answer.text).find("NextMarker").text or ""
    assert (found, marker) == (["l/a-b", "l/a/1", "l/a/2", "l/b/1", "l/c"], "")
    by_folder = await signed("GET", "", params=f"{ask}&prefix=l/&delimiter=/")
    assert names(by_folder) == ["l/a-b", "l/a/", "l/b/", "l/c"]
    assert [one.find("Name").text for one in ET.fromstring(by_folder.text).iter("BlobPrefix")] == ["l/a/", "l/b/"]
    assert names(await signed("GET", "", params=f"{ask}&prefix=l/&delimiter=/&marker=l/a/")) == ["l/b/", "l/c"]
    assert names(await signed("GET", "", params=f"{ask}&prefix=lon")) == ["lonely"]
    assert names(await signed("GET", "", params=f"{ask}&prefix=nothing/here")) == []
    assert (await signed("GET", "", params=f"{ask}&prefix=../")).status_code == 400
    assert (await signed("GET", "", params=f"{ask}&delimiter=.")).status_code == 400


async def test_names_are_told_in_xml_as_they_are(signed):
    await signed("PUT", "xml/%3Ca%3E%26%22b%22", content=b"x", headers=PUT)
    assert names(await signed("GET", "", params="restype=container&comp=list&prefix=xml/")) == ['xml/<a>&"b"']


async def test_containers(signed, inside):
    assert (await signed("HEAD", "", params="restype=container")).status_code == 200
    made = await signed("PUT", "", params="restype=container")
    assert (made.status_code, made.headers["x-ms-error-code"]) == (409, "ContainerAlreadyExists")
    nowhere = await inside.owner.get(f"{PREFIX}/nothing-default/x")
    assert (nowhere.status_code, nowhere.headers["x-ms-error-code"]) == (404, "ContainerNotFound")
    foreign = await inside.owner.get(f"{PREFIX}/workspaceblobstore-nowhere/x")
    assert foreign.headers["x-ms-error-code"] == "ContainerNotFound"
    assert (await signed("PUT", "x", params="comp=tier", content=b"")).status_code == 400
    page = await signed("PUT", "x", content=b"", headers={"x-ms-blob-type": "PageBlob"})
    assert page.headers["x-ms-error-code"] == "InvalidHeaderValue"


async def test_a_folder_of_the_machine_is_a_container(inside, tmp_path):
    (tmp_path / "here.txt").write_text("mine")
    made = await inside.owner.put(
        "/api/v1/workspaces/default/datastores/folder", json={"type": "azure_blob", "root": str(tmp_path)}
    )
    assert made.status_code == 201, made.text
    assert (await inside.owner.get(f"{PREFIX}/folder-default/here.txt")).text == "mine"
    put = await inside.owner.put(f"{PREFIX}/folder-default/sub/new", content=b"n", headers=PUT)
    assert put.status_code == 201 and (tmp_path / "sub/new").read_text() == "n"
    away = {"type": "azure_blob", "account_name": "a", "container_name": "c"}
    await inside.owner.put("/api/v1/workspaces/default/datastores/away", json=away)
    assert (await inside.owner.get(f"{PREFIX}/away-default/x")).headers["x-ms-error-code"] == "ContainerNotFound"


async def test_what_is_named_by_its_content_stays(signed, inside):
    for _ in range(2):
        answer = await signed("PUT", "LocalUpload/h/x", content=b"same", headers=PUT)
        assert answer.status_code == 201, "an upload that is repeated is no harm"
    other = await signed("PUT", "LocalUpload/h/x", content=b"other", headers=PUT)
    assert (other.status_code, other.headers["x-ms-error-code"]) == (409, "BlobImmutableDueToPolicy")
    assert (inside.home / FILES / "LocalUpload/h/x").read_bytes() == b"same"
    assert isinstance(inside.server.storage.notes, Notes)
