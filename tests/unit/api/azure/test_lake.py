"""The data lake's protocol, request by request, on the files of a datastore."""

from __future__ import annotations

import base64
import json

import pytest

from zaffre.api.azure.sas import ALL, LAKE, PREFIX, Grant

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "workspaceblobstore-default"
FILES = "data/default/workspaceblobstore"


@pytest.fixture
def signed(inside):
    """A client with a signed URL for the whole container."""
    query = inside.server.storage.signer.token(Grant(NAME, ALL), 600)
    client = inside.client()

    async def request(method, path, *, params="", prefix=LAKE, **more):
        return await client.request(method, f"{prefix}/{NAME}{path}?{query}&{params}", **more)

    return request


def properties(**said):
    return {"x-ms-properties": ",".join(f"{k}={base64.b64encode(v.encode()).decode()}" for k, v in said.items())}


async def listed(signed, **asked):
    params = "&".join(
        f"{name}={value}" for name, value in {"resource": "filesystem", "recursive": "true", **asked}.items()
    )
    answer = await signed("GET", "", params=params)
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["paths"]], answer.headers.get("x-ms-continuation", "")


async def test_a_file_is_made_appended_to_and_flushed(signed, inside):
    made = await signed("PUT", "/a/f.txt", params="resource=file", headers=properties(k="v ü"))
    assert made.status_code == 201 and made.headers["etag"]
    file = inside.home / FILES / "a/f.txt"
    assert file.read_bytes() == b""
    for position, piece in ((3, b"def"), (0, b"abc")):
        answer = await signed("PATCH", "/a/f.txt", params=f"action=append&position={position}", content=piece)
        assert answer.status_code == 202
    assert file.read_bytes() == b"", "what was not flushed is seen"
    flushed = await signed("PATCH", "/a/f.txt", params="action=flush&position=6")
    assert flushed.status_code == 200 and flushed.headers["etag"] != made.headers["etag"]
    assert file.read_bytes() == b"abcdef"
    again = await signed("PATCH", "/a/f.txt", params="action=append&position=6&flush=true", content=b"g")
    assert again.status_code == 202 and file.read_bytes() == b"abcdefg"
    shown = await signed("HEAD", "/a/f.txt")
    assert (shown.headers["x-ms-resource-type"], shown.headers["content-length"]) == ("file", "7")
    assert shown.headers["x-ms-properties"] == properties(k="v ü")["x-ms-properties"]
    assert (await signed("GET", "/a/f.txt", headers={"range": "bytes=2-3"})).content == b"cd"


async def test_a_file_is_made_anew_over_another_and_only_where_it_may(signed, inside):
    file = inside.home / FILES / "b.txt"
    file.write_bytes(b"old")
    only_new = await signed("PUT", "/b.txt", params="resource=file", headers={"if-none-match": "*"})
    assert (only_new.status_code, only_new.json()["error"]["code"]) == (409, "PathAlreadyExists")
    assert file.read_bytes() == b"old"
    assert (await signed("PUT", "/b.txt", params="resource=file")).status_code == 201
    assert (await signed("PATCH", "/b.txt", params="action=append&position=0", content=b"new")).status_code == 202
    stale = await signed("PATCH", "/b.txt", params="action=flush&position=3", headers={"if-match": '"0x1"'})
    assert (stale.status_code, stale.json()["error"]["code"]) == (412, "ConditionNotMet")
    assert (await signed("PATCH", "/b.txt", params="action=flush&position=3")).status_code == 200
    assert file.read_bytes() == b"new"


async def test_what_is_named_by_its_content_is_compared_not_replaced(signed, inside):
    file = inside.home / FILES / "LocalUpload/hash/f"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"kept")
    for content, status in ((b"kept", 200), (b"else", 409)):
        assert (await signed("PUT", "/LocalUpload/hash/f", params="resource=file")).status_code == 201
        assert file.read_bytes() == b"kept"
        await signed("PATCH", "/LocalUpload/hash/f", params="action=append&position=0", content=content)
        assert (await signed("PATCH", "/LocalUpload/hash/f", params="action=flush&position=4")).status_code == status
    assert file.read_bytes() == b"kept"
    assert (await signed("PUT", "/LocalUpload/hash/g", params="resource=file")).status_code == 201
    await signed("PATCH", "/LocalUpload/hash/g", params="action=append&position=0", content=b"new")
    assert (await signed("PATCH", "/LocalUpload/hash/g", params="action=flush&position=3")).status_code == 200
    assert (file.parent / "g").read_bytes() == b"new"


async def test_folders_are_made_listed_in_pages_and_removed(signed, inside):
    root = inside.home / FILES
    assert (await signed("PUT", "/l/b", params="resource=directory", headers=properties(a="b"))).status_code == 201
    again = await signed("PUT", "/l/b", params="resource=directory", headers={"if-none-match": "*"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "PathAlreadyExists")
    for name in ("l/a-b", "l/a/1", "l/b/2", "l/c"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("x")
    every = ["l/a", "l/a/1", "l/a-b", "l/b", "l/b/2", "l/c"]
    assert await listed(signed, directory="l") == (every, "")
    assert (await listed(signed, directory="l", recursive="false"))[0] == ["l/a", "l/a-b", "l/b", "l/c"]
    found, following = await listed(signed, directory="l", maxResults="4")
    assert found == every[:4] and following
    assert await listed(signed, directory="l", maxResults="4", continuation=following) == (every[4:], "")
    assert await listed(signed, directory="l/c") == (["l/c"], "")
    absent = await signed("GET", "", params="resource=filesystem&directory=nothing")
    assert (absent.status_code, absent.json()["error"]["code"]) == (404, "PathNotFound")
    full = await signed("DELETE", "/l", params="recursive=false")
    assert (full.status_code, full.json()["error"]["code"]) == (409, "DirectoryNotEmpty")
    assert (await signed("DELETE", "/l", params="recursive=true")).status_code == 200
    assert not (root / "l").exists()
    await signed("PUT", "/l/b", params="resource=directory")
    assert "x-ms-properties" not in (await signed("HEAD", "/l/b")).headers, "the metadata of a folder that is gone"


async def test_names_are_changed_with_what_was_noted(signed, inside):
    root = inside.home / FILES
    await signed("PUT", "/m/one", params="resource=file", headers=properties(k="v"))
    moved = await signed("PUT", "/m/two", params="mode=legacy", headers={"x-ms-rename-source": f"/{NAME}/m/one?sig=x"})
    assert moved.status_code == 201, moved.text
    assert not (root / "m/one").exists() and (root / "m/two").is_file()
    assert (await signed("HEAD", "/m/two")).headers["x-ms-properties"] == properties(k="v")["x-ms-properties"]
    folder = await signed("PUT", "/n", headers={"x-ms-rename-source": f"/{NAME}/m"})
    assert folder.status_code == 201 and (root / "n/two").is_file()
    into_itself = await signed("PUT", "/n/inner", headers={"x-ms-rename-source": f"/{NAME}/n"})
    assert into_itself.status_code == 409
    (root / "other").write_text("x")
    kept = await signed(
        "PUT", "/other", headers={"x-ms-rename-source": f"/{NAME}/n/two", "if-none-match": "*"}
    )  # fmt: skip
    assert kept.status_code == 409 and (root / "other").read_text() == "x"


async def test_folders_are_blobs_only_where_the_account_has_a_hierarchy(inside, tmp_path):
    body = {"name": "deep", "type": "azure_data_lake_gen2", "root": str(tmp_path)}
    assert (await inside.owner.put("/api/v1/workspaces/default/datastores/deep", json=body)).status_code == 201
    query = inside.server.storage.signer.token(Grant("deep-default", ALL), 600)
    client = inside.client()
    assert (await client.put(f"{LAKE}/deep-default/d?resource=directory&{query}")).status_code == 201
    head = await client.head(f"{PREFIX}/deep-default/d?{query}")
    assert head.status_code == 200 and head.headers["x-ms-meta-hdi_isfolder"] == "true"
    noted = await client.put(f"{PREFIX}/deep-default/d?comp=metadata&{query}", headers={"x-ms-meta-a": "b"})
    assert noted.status_code == 200
    assert (await client.head(f"{PREFIX}/deep-default/d?{query}")).headers["x-ms-meta-a"] == "b"
    (inside.home / FILES / "flat").mkdir(parents=True, exist_ok=True)
    flat = inside.server.storage.signer.token(Grant(NAME, ALL), 600)
    assert (await client.head(f"{PREFIX}/{NAME}/flat?{flat}")).status_code == 404


async def test_the_system_itself(signed):
    assert (await signed("HEAD", "", params="resource=filesystem")).status_code == 200
    made = await signed("PUT", "", params="resource=filesystem")
    assert (made.status_code, json.loads(made.text)["error"]["code"]) == (409, "FilesystemAlreadyExists")
    for header in ("x-ms-properties", "x-ms-properties"):
        wrong = await signed("PUT", "/w", params="resource=file", headers={header: "a=%%%"})
        assert wrong.status_code == 400
