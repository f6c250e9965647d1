"""The blob service: a signed URL opens what it says, while it says; no name and no broken upload leads elsewhere."""

from __future__ import annotations

import base64
import hashlib
import hmac
from email.utils import formatdate

import pytest

from zaffre.api.azure.sas import ALL, PREFIX, Grant

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONTAINER = "workspaceblobstore-default"
STORE = f"{PREFIX}/{CONTAINER}"
PUT = {"x-ms-blob-type": "BlockBlob"}
ARM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"


def root(inside):
    return inside.home / "data/default/workspaceblobstore"


def token(inside, letters=ALL, prefix="", seconds=600.0, container=CONTAINER):
    return inside.server.storage.signer.token(Grant(container, letters, prefix), seconds)


@pytest.fixture
def nobody(inside):
    return inside.client()


async def test_nobody_passes_without_a_proof(inside, nobody):
    (root(inside) / "secret").write_text("s")
    for method in ("GET", "HEAD", "PUT", "DELETE", "POST", "OPTIONS", "PROPFIND"):
        answer = await nobody.request(method, f"{STORE}/secret")
        assert answer.status_code == 401, method
    assert (await nobody.get(f"{STORE}/secret")).headers["x-ms-error-code"] == "NoAuthenticationInformation"
    assert (await nobody.get(STORE, params={"restype": "container", "comp": "list"})).status_code == 401
    assert (root(inside) / "secret").read_text() == "s"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("sp=r&", "sp=rw&"),
        lambda text: text.replace("sp=r&", "sp=racwdl&"),
        lambda text: text.replace("se=2", "se=3"),
        lambda text: text.replace("sr=d", "sr=c"),
        lambda text: text.replace("sdd=1", "sdd=0"),
        lambda text: text.replace("sdd=1&", ""),
        lambda text: text.replace("sdd=1", "sdd=2"),
        lambda text: text.replace("sv=2024-11-04", "sv=2024-11-05"),
        lambda text: text.replace("sig=", "sig=A"),
        lambda text: text.partition("&sig=")[0] + "&sig=",
        lambda text: text + "&sp=racwdl",
        lambda text: "sp=racwdl&" + text,
        lambda text: text.replace("sdd=1", "sdd=²"),
        lambda text: "sig=x",
    ],
)
async def test_a_changed_url_opens_nothing(inside, nobody, change):
    (root(inside) / "own").mkdir(exist_ok=True)
    (root(inside) / "own/file").write_text("x")
    good = token(inside, "r", "own")
    assert (await nobody.get(f"{STORE}/own/file?{good}")).status_code == 200
    bad = change(good)
    assert bad != good
    answer = await nobody.get(f"{STORE}/own/file?{bad}")
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (403, "AuthenticationFailed"), bad


async def test_a_url_is_of_its_place(inside, nobody):
    for path in ("own/file", "own2", "other"):
        (root(inside) / path).parent.mkdir(exist_ok=True)
        (root(inside) / path).write_text("x")
    folder = token(inside, ALL, "own")
    for path in ("other", "own2", "", "own2/file"):
        assert (await nobody.get(f"{STORE}/{path}?{folder}")).status_code in (403, 404), path
    whole = token(inside)
    other = f"{PREFIX}/workspaceartifactstore-default/x?{whole}"
    assert (await nobody.get(other)).status_code == 403
    listed = f"{STORE}?restype=container&comp=list&{folder}"
    assert (await nobody.get(listed)).status_code == 403, "a folder's URL lists that folder alone"
    inside_ = await nobody.get(f"{listed}&prefix=own")
    assert "own/file" in inside_.text and "own2" not in inside_.text
    assert (await nobody.get(f"{listed}&prefix=own2")).status_code == 403


async def test_a_url_does_what_it_says(inside, nobody):
    (root(inside) / "p.txt").write_text("kept")
    tries = {
        "r": ("GET", "/p.txt", ""),
        "w": ("PUT", "/p.txt", ""),
        "d": ("DELETE", "/p.txt", ""),
        "l": ("GET", "", "restype=container&comp=list&"),
    }
    for letter, (method, path, params) in tries.items():
        without = token(inside, ALL.replace(letter, ""))
        assert (await nobody.request(method, f"{STORE}{path}?{params}{without}", headers=PUT)).status_code == 403, (
            letter
        )
    assert (root(inside) / "p.txt").read_text() == "kept"
    read = token(inside, "rl")
    for comp in ("block&blockid=YQ%3D%3D", "blocklist", "metadata"):
        assert (await nobody.put(f"{STORE}/p.txt?comp={comp}&{read}", content=b"x")).status_code == 403, comp


async def test_a_url_ends(inside, nobody):
    (root(inside) / "e.txt").write_text("x")
    ended = await nobody.get(f"{STORE}/e.txt?{token(inside, seconds=-5)}")
    assert ended.status_code == 403 and "ended" in ended.text


async def test_a_signed_url_opens_the_blob_service_alone(inside, nobody):
    query = token(inside)
    for path in ("/api/v1/workspaces", f"{ARM}/datastores", "/metrics", f"/api/v1/workspaces/default/jobs?{query}"):
        assert (await nobody.get(f"{path}?{query}")).status_code == 401, path


@pytest.mark.parametrize(
    "path", ["..%2f..%2ftoken", "%2e%2e/token", "a/../../token", "a//b", "./a", "a%00b", "a%5cb", "a/.", "C:/x", "a%2Fb",
             "x" * 300, "/".join("d" * 100), ".zaffre-drafts/x", "%ff"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_no_name_leads_out(inside, path, method):
    before = sorted(str(file) for file in inside.home.rglob("*") if ".zaffre-drafts" not in str(file))
    told = [("host", "127.0.0.1:18440"), ("x-ms-blob-type", "BlockBlob"), ("content-length", "1")]
    answer = await inside.raw(method, f"{STORE}/{path}?{token(inside)}", told, body=[b"x"])
    assert answer[0]["status"] in (400, 403, 404), answer
    after = sorted(str(file) for file in inside.home.rglob("*") if ".zaffre-drafts" not in str(file))
    assert before == after


async def test_links_are_neither_read_nor_written_through(inside, nobody):
    (root(inside) / "link").symlink_to(inside.home / "token")
    (root(inside) / "way").symlink_to(inside.home)
    query, before = token(inside), inside.token
    for path in ("link", "way/token"):
        assert (await nobody.get(f"{STORE}/{path}?{query}")).status_code == 404, path
        await nobody.put(f"{STORE}/{path}?{query}", content=b"x", headers=PUT)
    listed = await nobody.get(f"{STORE}?restype=container&comp=list&prefix=way&{query}")
    assert "token" not in listed.text and inside.token == before


async def test_what_breaks_off_leaves_nothing(inside):
    path = f"{STORE}/half?{token(inside)}"
    told = [("host", "127.0.0.1:18440"), ("x-ms-blob-type", "BlockBlob"), ("content-length", "100")]
    sent, parts = [], []

    async def receive():
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    for extra in ("", "&comp=block&blockid=YQ%3D%3D"):
        bare, _, query = (path + extra).partition("?")
        parts.append({"type": "http.request", "body": b"half", "more_body": True})
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "PUT", "scheme": "http",
            "path": bare, "raw_path": bare.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(n.encode(), v.encode()) for n, v in told], "server": ("127.0.0.1", 1), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        await inside.app(scope, receive, send)
    assert [one["status"] for one in sent if "status" in one] == [400, 400]
    assert not (root(inside) / "half").exists()
    drafts = [*(root(inside) / ".zaffre-drafts").iterdir()] if (root(inside) / ".zaffre-drafts").exists() else []
    assert drafts == []
    listed = f"<BlockList><Latest>{base64.b64encode(b'a').decode()}</Latest></BlockList>"
    answer = await inside.client().put(f"{path}&comp=blocklist", content=listed)
    assert answer.headers["x-ms-error-code"] == "InvalidBlockList"


async def test_blocks_of_one_blob_are_not_another_s(inside, nobody):
    query = token(inside)
    assert (await nobody.put(f"{STORE}/one?comp=block&blockid=YQ%3D%3D&{query}", content=b"x")).status_code == 201
    listed = "<BlockList><Latest>YQ==</Latest></BlockList>"
    for path in ("two", "one/x", "One"):
        answer = await nobody.put(f"{STORE}/{path}?comp=blocklist&{query}", content=listed)
        assert answer.headers["x-ms-error-code"] == "InvalidBlockList", path
    unknown = "<BlockList><Latest>YQ==</Latest><Latest>Yg==</Latest></BlockList>"
    assert (await nobody.put(f"{STORE}/one?comp=blocklist&{query}", content=unknown)).status_code == 400
    for id_ in ("", "%21", base64.b64encode(b"x" * 65).decode().replace("=", "%3D")):
        assert (await nobody.put(f"{STORE}/one?comp=block&blockid={id_}&{query}", content=b"x")).status_code == 400, id_


async def test_uploads_of_others_are_out_of_reach(inside, nobody):
    begun = await inside.owner.post(f"{ARM}/codes/c/versions/1/startPendingUpload", json={})
    told = begun.json()["blobReferenceForConsumption"]
    path = told["credential"]["sasUri"].partition("18440")[2]
    bare, _, query = path.partition("?")
    assert (await nobody.put(f"{bare}/src/main.py?{query}", content=b"x", headers=PUT)).status_code == 201
    assert (await nobody.get(f"{bare}/src/main.py?{token(inside)}")).status_code == 403
    assert (await inside.owner.put("/api/v1/workspaces/elsewhere", json={})).status_code == 201
    body = {"properties": {"codeUri": told["blobUri"] + "/src", "properties": {}}}
    stolen = await inside.owner.put(ARM.replace("default", "elsewhere") + "/codes/c/versions/1", json=body)
    assert stolen.status_code == 400 and "another workspace" in stolen.text
    wrong = {"properties": {**body["properties"], "properties": {"hash_sha256": "0" * 64}}}
    refused = await inside.owner.put(f"{ARM}/codes/c/versions/1", json=wrong)
    assert refused.status_code == 400 and "hash" in refused.text
    assert (await inside.owner.put(f"{ARM}/codes/c/versions/1", json=body)).status_code == 201


async def test_a_job_s_token_and_pending_uploads(inside):
    await inside.job("worker")
    job = inside.client(authorization=f"Bearer {inside.server.tokens.for_run('worker', 'default', 3600)}")
    for method, path in (
        ("GET", f"{STORE}/x"),
        ("PUT", f"{STORE}/LocalUpload/x"),
        ("POST", f"{ARM}/codes/c/versions/1/startPendingUpload"),
        ("POST", f"{ARM}/datastores/workspaceblobstore/listSecrets"),
        ("POST", f"{ARM.lower()}/datastores/workspaceblobstore/listsecrets"),
    ):
        assert (await job.request(method, path, json={})).status_code == 403, path


def shared(inside, path, host="127.0.0.1:18440", *, key=None, date=None):
    date = date or formatdate(inside.server.clock.now(), usegmt=True)
    text = "\n".join(["GET", *[""] * 11, f"x-ms-date:{date}", "x-ms-version:2026-10-06", f"/storage{path}"])
    key = base64.b64decode(key or inside.server.storage.signer.account_key)
    signature = base64.b64encode(hmac.digest(key, text.encode(), hashlib.sha256)).decode()
    return {
        "authorization": f"SharedKey storage:{signature}",
        "x-ms-date": date,
        "x-ms-version": "2026-10-06",
        "host": host,
    }


async def test_requests_signed_with_the_account_s_key(inside, nobody):
    (root(inside) / "key.txt").write_text("k")
    path = f"{STORE}/key.txt"
    assert (await nobody.get(path, headers=shared(inside, path))).text == "k"
    refused = {
        "another path": shared(inside, f"{STORE}/other.txt"),
        "another key": shared(inside, path, key=base64.b64encode(b"x" * 32).decode()),
        "long ago": shared(inside, path, date="Mon, 01 Jan 2001 00:00:00 GMT"),
        "no date": shared(inside, path, date="soon"),
        "no signature": {"authorization": "SharedKey storage"},
    }
    for why, headers in refused.items():
        assert (await nobody.get(path, headers=headers)).status_code == 403, why
    assert (await nobody.get("/api/v1/workspaces", headers=shared(inside, "/api/v1/workspaces"))).status_code == 401
