"""Uploads that lie (RELIABILITY A04 to A06, A08, A14, H04): about paths, sizes, digests, and about whose they are."""

from __future__ import annotations

import hashlib
import struct

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"
CONTENT = b"a,b\n1,2\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def manifest(*files, target="data", name="folder"):
    return {"target": target, "name": name, "files": list(files)}


def file(path="a.csv", content=CONTENT, **more):
    return {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), **more}


def pack(*contents, digest=None):
    return b"".join(
        (digest or hashlib.sha256(content).digest()) + struct.pack(">Q", len(content)) + content for content in contents
    )


async def begin(inside, body, ws=WS):
    return await inside.owner.post(f"{ws}/uploads", json=body)


async def send(inside, identity, body, ws=WS):
    kind = {"Content-Type": "application/octet-stream"}
    return await inside.owner.put(f"{ws}/uploads/{identity}/pack", content=body, headers=kind)


async def commit(inside, identity, ws=WS):
    return await inside.owner.post(f"{ws}/uploads/{identity}/commit")


def everything(inside):
    return {path for path in inside.home.rglob("*") if not path.name.startswith(("zaffre.db", "mlflow.db"))}


@pytest.mark.parametrize("target", ["data", "code"])
async def test_upload_and_equal_content_at_once(inside, target):
    body = manifest(file("a.csv"), file("deep/b.csv"), target=target, name="fine")
    begun = (await begin(inside, body)).json()
    assert begun["missing"] == [DIGEST]
    assert (await commit(inside, begun["id"])).status_code == 400
    assert (await send(inside, begun["id"], pack(CONTENT))).json() == {"received": 1}
    done = (await commit(inside, begun["id"])).json()
    assert set(done) == {"path" if target == "data" else "code"}
    again = (await begin(inside, body)).json()
    assert again["missing"] == []
    if target == "data":
        place = (
            inside.server.locations.datastore("default", "workspaceblobstore") / done["path"].partition("/paths/")[2]
        )
        assert sorted(path.relative_to(place).as_posix() for path in place.rglob("*.csv")) == ["a.csv", "deep/b.csv"]
        assert (place / "deep" / "b.csv").read_bytes() == CONTENT


PATHS = [
    "../x", "/x", "a/../../x", "a//b", ".", "..", "", "a\\..\\x", "C:/x", "a\x00b", "a\nb", "x" * 300,
    "/".join("d" * 65), "./a",
]  # fmt: skip


@pytest.mark.parametrize("target", ["data", "code"])
@pytest.mark.parametrize("path", PATHS)
async def test_paths_that_lead_out_are_refused_whole(inside, target, path):
    before = everything(inside)
    answer = await begin(inside, manifest(file("good.txt"), file(path), target=target, name="evil"))
    assert answer.status_code == 400
    assert everything(inside) == before


@pytest.mark.parametrize("name", ["..", ".", "a/b", "", "/etc", "a\x00", "\\", "x" * 300, "a\nb", 5, None, ["x"]])
async def test_names_that_lead_out_are_refused(inside, name):
    before = everything(inside)
    assert (await begin(inside, manifest(file(), name=name))).status_code == 400
    assert everything(inside) == before


@pytest.mark.parametrize("files", [
    [file("a"), file("a", b"other")], [file("a"), file("a/b")], [file("\u00e9"), file("e\u0301")], [file("a/b"),
    file("a")],
])  # fmt: skip
async def test_two_files_of_one_name_are_refused(inside, files):
    begun = await begin(inside, manifest(*files, name="twice"))
    if begun.status_code == 200:
        identity = begun.json()["id"]
        await send(inside, identity, pack(CONTENT, b"other"))
        assert (await commit(inside, identity)).status_code == 400
    else:
        assert begun.status_code == 400
    root = inside.server.locations.datastore("default", "workspaceblobstore") / "LocalUpload"
    assert not [path for path in root.rglob("twice")]


@pytest.mark.parametrize("entry", [
    {}, 5, {"path": "a"}, {"path": "a", "size": -1, "sha256": DIGEST}, {"path": "a", "size": 8,
    "sha256": DIGEST.upper()},
    {"path": "a", "size": 8, "sha256": "../" + DIGEST[3:]}, {"path": "a", "size": "8", "sha256": DIGEST},
    {"path": "a", "size": True, "sha256": DIGEST},
    {"path": "a", "size": 2**62, "sha256": 5}, {"path": ["a"], "size": 8, "sha256": DIGEST},
], ids=range(10))  # fmt: skip
async def test_entries_are_checked(inside, entry):
    answer = await begin(inside, manifest(entry))
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["target"].startswith("files[0]")


@pytest.mark.parametrize(("body", "why"), [
    (pack(b"x" * 8, digest=bytes.fromhex(DIGEST)), "content that is not its digest"),
    (pack(b"stranger"), "content nobody asked for"),
    (pack(CONTENT)[:-1], "a pack cut short"),
    (bytes.fromhex(DIGEST) + struct.pack(">Q", 2**63) + b"x", "a length past every budget"),
    (b"\0" * 39, "half a frame"),
], ids=["digest", "stranger", "short", "bomb", "half"])  # fmt: skip
async def test_packs_that_lie_leave_nothing(inside, body, why):
    begun = (await begin(inside, manifest(file(), name=f"lie-{len(body)}"))).json()
    answer = await send(inside, begun["id"], body)
    assert answer.status_code in (400, 413), why
    assert (await commit(inside, begun["id"])).status_code == 400
    session = inside.home / "uploads" / begun["id"]
    assert not [path for path in session.rglob("*") if path.is_file() and path.name != "manifest.json"]


async def test_a_size_that_lies_is_found_at_the_end(inside):
    begun = (await begin(inside, manifest({**file(), "size": 3}, name="size"))).json()
    await send(inside, begun["id"], pack(CONTENT))
    assert (await commit(inside, begun["id"])).status_code == 400
    root = inside.server.locations.datastore("default", "workspaceblobstore") / "LocalUpload"
    assert not [path for path in root.rglob("size")]


@pytest.mark.parametrize("identity", ["..", "x" * 40, "%2e%2e", "a" * 5000, "0" * 40])
async def test_uploads_that_are_not_there(inside, identity):
    for answer in (await send(inside, identity, pack(CONTENT)), await commit(inside, identity)):
        assert answer.status_code in (400, 404, 501)


async def test_uploads_belong_to_their_workspace(inside):
    await inside.owner.put("/api/v1/workspaces/other", json={})
    begun = (await begin(inside, manifest(file(content=b"mine"), name="mine"))).json()
    other = "/api/v1/workspaces/other"
    assert (await send(inside, begun["id"], pack(b"mine"), other)).status_code == 404
    assert (await commit(inside, begun["id"], other)).status_code == 404
    assert (await begin(inside, manifest(file()), "/api/v1/workspaces/nowhere")).status_code == 404


async def test_too_many_files(inside, monkeypatch):
    from zaffre.api import uploads

    monkeypatch.setattr(uploads, "MOST_FILES", 3)
    answer = await begin(inside, manifest(*(file(f"f{number}") for number in range(4))))
    assert answer.status_code == 413
