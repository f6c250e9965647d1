"""Storage in all three spellings: what opens none, what breaks off, what lies; nothing half-stored is to be seen.

``test_storage`` has the blob protocol in depth; here every protocol of the same files is held to it.
"""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qsl

import pytest
import pytest_asyncio

from zaffre.api.azure.sas import ALL, LAKE, PREFIX, SHARES, SPELLINGS, Grant

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "workspacefilestore-default"
HERE = "http://127.0.0.1:18440"
STORAGE = "https://storage.azure.com"
BLOB = {"x-ms-blob-type": "BlockBlob"}
HOST = ("host", "127.0.0.1:18440")
OTHER_MD5 = base64.b64encode(b"0" * 16).decode()
BEGUN = (
    ("PUT", f"{PREFIX}/{NAME}/half", "", BLOB),
    ("PUT", f"{PREFIX}/{NAME}/half", "comp=block&blockid=YQ%3D%3D", {}),
    ("PATCH", f"{LAKE}/{NAME}/made", "action=append&position=0", {}),
    ("PUT", f"{SHARES}/{NAME}/half", "", {"x-ms-type": "file", "x-ms-content-length": "100"}),
    ("PUT", f"{SHARES}/{NAME}/begun", "comp=range", {"x-ms-range": "bytes=0-99", "x-ms-write": "update"}),
)
"""A write of a hundred bytes in each protocol."""


def root(inside):
    return inside.home / "data/default/workspacefilestore"


def seen(inside):
    """Every file that anybody could be shown, and its size."""
    files = (path for path in root(inside).rglob("*") if path.is_file() and ".zaffre-drafts" not in path.parts)
    return {str(path.relative_to(root(inside))): path.stat().st_size for path in files}


def token(inside, letters=ALL, prefix="", seconds=600.0, container=NAME):
    return inside.server.storage.signer.token(Grant(container, letters, prefix), seconds)


def code(answer):
    """The error in the words of the protocol: the header, and the same in XML or JSON."""
    said = answer.headers["x-ms-error-code"]
    told = json.loads(answer.text)["error"]["code"] if answer.text.startswith("{") else answer.text
    assert said in told, answer.text
    return said


@pytest.fixture
def nobody(inside):
    return inside.client()


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def begun(inside, nobody):
    """A lake's file that is empty, and a share's that is announced."""
    root(inside).mkdir(parents=True, exist_ok=True)
    query = token(inside)
    assert (await nobody.put(f"{LAKE}/{NAME}/made?resource=file&{query}")).status_code == 201
    told = {"x-ms-type": "file", "x-ms-content-length": "100"}
    assert (await nobody.put(f"{SHARES}/{NAME}/begun?{query}", headers=told)).status_code == 201


@pytest.mark.parametrize("prefix", SPELLINGS)
async def test_tokens_that_open_nothing(inside, nobody, prefix):
    """Expired, for other ears, unsigned, of another home: refused in storage's own words."""
    import jwt
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    good = inside.server.tokens.for_audience(STORAGE, 600)[0]
    told = jwt.decode(good, options={"verify_signature": False})
    head, body, _ = good.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    bad = {
        "expired": inside.server.tokens.for_audience(STORAGE, -60)[0],
        "for ARM": inside.server.tokens.for_audience(HERE, 600)[0],
        "alg none": f"{none}.{body}.",
        "without a signature": f"{head}.{body}.",
        "of another": jwt.encode(told, Ed25519PrivateKey.generate(), algorithm="EdDSA"),
    }
    path = f"{prefix}/{NAME}/made"
    assert (await nobody.get(path, headers={"authorization": f"Bearer {good}"})).status_code == 200
    for why, one in bad.items():
        answer = await nobody.get(path, headers={"authorization": f"Bearer {one}"})
        assert answer.status_code in (401, 403), why
        assert code(answer) in ("NoAuthenticationInformation", "AuthenticationFailed"), why


@pytest.mark.parametrize("prefix", SPELLINGS)
async def test_signed_urls_are_for_their_place_and_time_in_every_spelling(inside, nobody, prefix):
    for folder in ("own", "own2"):
        (root(inside) / folder).mkdir(exist_ok=True)
        (root(inside) / folder / "file").write_text("x")
    good = token(inside, "rl", "own")
    assert (await nobody.get(f"{prefix}/{NAME}/own/file?{good}")).text == "x"
    ended, longer = token(inside, "rl", "own", -5), good.replace("se=2", "se=3")
    more = good.replace("sp=rl", "sp=racwdl")
    for path, query in (
        ("own2/file", good), ("", good), ("own/file", ended), ("own/file", longer), ("own/file", more),
    ):  # fmt: skip
        answer = await nobody.get(f"{prefix}/{NAME}/{path}?{query}")
        assert (answer.status_code, code(answer)) == (403, "AuthenticationFailed"), (path, query)


@pytest.mark.parametrize(("method", "path", "query"), [
    ("PUT", f"{LAKE}/{NAME}/x", "resource=file"), ("PUT", f"{LAKE}/{NAME}/x", "resource=directory"),
    ("PATCH", f"{LAKE}/{NAME}/made", "action=append&position=0"), ("PATCH", f"{LAKE}/{NAME}/made", "action=flush&position=0"),
    ("PATCH", f"{LAKE}/{NAME}/made", "action=setProperties"), ("DELETE", f"{LAKE}/{NAME}/made", "recursive=true"),
    ("PUT", f"{SHARES}/{NAME}/x", ""), ("PUT", f"{SHARES}/{NAME}/begun", "comp=range"),
    ("PUT", f"{SHARES}/{NAME}/made", "comp=metadata"), ("PUT", f"{SHARES}/{NAME}/made", "comp=properties"),
    ("PUT", f"{SHARES}/{NAME}/x", "restype=directory"), ("PUT", f"{SHARES}/{NAME}/", "restype=directory&comp=metadata"),
    ("DELETE", f"{SHARES}/{NAME}/made", ""), ("DELETE", f"{SHARES}/{NAME}/x", "restype=directory"),
])  # fmt: skip
async def test_a_url_to_read_changes_nothing(inside, nobody, method, path, query):
    before = seen(inside)
    headers = {"x-ms-type": "file", "x-ms-content-length": "1", "x-ms-range": "bytes=0-0", "x-ms-rename": "no"}
    answer = await nobody.request(method, f"{path}?{query}&{token(inside, 'rl')}", headers=headers, content=b"x")
    assert answer.status_code in (400, 403), answer.text
    assert seen(inside) == before


async def test_a_rename_needs_both_and_stays_inside(inside, nobody):
    (root(inside) / "kept").write_text("kept")
    (root(inside) / "LocalUpload/hash").mkdir(parents=True, exist_ok=True)
    (root(inside) / "LocalUpload/hash/f").write_text("fixed")
    before = seen(inside)
    tries = [
        (f"/{NAME}/kept", "new", "rwl"), (f"/{NAME}/kept", "new", "rdl"), (f"/{NAME}/../../token", "new", ALL),
        (f"/{NAME}/%2e%2e/%2e%2e/token", "new", ALL), ("/workspaceblobstore-default/x", "new", ALL), ("kept", "new", ALL),
        ("", "new", ALL), (f"/{NAME}/LocalUpload/hash/f", "new", ALL), (f"/{NAME}/kept", "LocalUpload/hash/f", ALL),
        (f"/{NAME}/kept", ".zaffre-drafts/x", ALL), (f"/{NAME}/LocalUpload", "LocalUpload/hash/inner", ALL),
    ]  # fmt: skip
    for source, target, letters in tries:
        headers = {"x-ms-rename-source": source}
        answer = await nobody.put(f"{LAKE}/{NAME}/{target}?mode=legacy&{token(inside, letters)}", headers=headers)
        assert answer.status_code in (400, 403, 404, 409), (source, target, answer.text)
    assert seen(inside) == before


@pytest.mark.parametrize("path", [
    "..%2f..%2ftoken", "%2e%2e/token", "%2e%2e%2ftoken", "a//b", "./a", "a%00b", "a%5cb", "a%2f%00b", "a/.", "C:/x",
    "x" * 300, "/".join("d" * 100), ".zaffre-drafts/x", "%2ezaffre-drafts%2fx", "%ff",
])  # fmt: skip
@pytest.mark.parametrize(("method", "prefix", "query"), [
    ("GET", LAKE, ""), ("PUT", LAKE, "resource=file"), ("PUT", LAKE, "resource=directory"), ("DELETE", LAKE, ""),
    ("PATCH", LAKE, "action=append&position=0"), ("GET", SHARES, ""), ("PUT", SHARES, ""),
    ("PUT", SHARES, "restype=directory"), ("DELETE", SHARES, "restype=directory"),
    ("GET", SHARES, "restype=directory&comp=list"),
])  # fmt: skip
async def test_no_name_leads_out(inside, method, prefix, query, path):
    before = {path for path in inside.home.rglob("*") if ".zaffre-drafts" not in path.parts}
    told = [HOST, ("x-ms-type", "file"), ("x-ms-content-length", "1"), ("content-length", "1")]
    sent = await inside.raw(method, f"{prefix}/{NAME}/{path}?{query}&{token(inside)}", told, body=[b"x"])
    assert sent[0]["status"] in (400, 403, 404), sent
    assert {path for path in inside.home.rglob("*") if ".zaffre-drafts" not in path.parts} == before


async def test_links_are_neither_listed_nor_followed_nor_emptied(inside, nobody):
    (root(inside) / "real").mkdir(exist_ok=True)
    (root(inside) / "real/way").symlink_to(inside.home)
    (root(inside) / "real/link").symlink_to(inside.home / "token")
    query, before = token(inside), inside.token
    listed = await nobody.get(f"{LAKE}/{NAME}?resource=filesystem&recursive=true&directory=real&{query}")
    assert listed.json() == {"paths": []}
    shown = await nobody.get(f"{SHARES}/{NAME}/real?restype=directory&comp=list&{query}")
    assert "<Entries></Entries>" in shown.text
    for path in ("real/way/token", "real/link"):
        for prefix in SPELLINGS:
            assert (await nobody.get(f"{prefix}/{NAME}/{path}?{query}")).status_code == 404, path
    assert (await nobody.delete(f"{LAKE}/{NAME}/real?recursive=true&{query}")).status_code == 200
    assert inside.token == before and not (root(inside) / "real").exists()


@pytest.mark.parametrize(("method", "path", "query", "headers"), BEGUN)
async def test_what_breaks_off_leaves_nothing(inside, method, path, query, headers):
    before = seen(inside)
    told = [HOST, ("content-length", "100"), *headers.items()]
    parts = [{"type": "http.request", "body": b"half", "more_body": True}]
    sent = []

    async def receive():
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": f"{query}&{token(inside)}".encode(), "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in told],
        "server": ("127.0.0.1", 1), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    await inside.app(scope, receive, send)
    assert [one["status"] for one in sent if "status" in one] == [400]
    assert seen(inside) == before
    drafts = root(inside) / ".zaffre-drafts"
    assert not drafts.exists() or not list(drafts.iterdir())


@pytest.mark.parametrize(("method", "path", "query", "headers"), BEGUN)
async def test_content_that_is_not_its_md5_is_refused(inside, nobody, method, path, query, headers):
    before = seen(inside)
    told = {**headers, "content-md5": OTHER_MD5}
    answer = await nobody.request(method, f"{path}?{query}&{token(inside)}", headers=told, content=b"x" * 100)
    assert (answer.status_code, code(answer)) == (400, "Md5Mismatch")
    assert seen(inside) == before
    flushed = await nobody.patch(f"{LAKE}/{NAME}/made?action=flush&position=100&{token(inside)}")
    assert (flushed.status_code, code(flushed)) == (400, "InvalidFlushPosition"), "what was refused is kept"


async def test_ranges_that_lie(inside, nobody):
    query = token(inside)
    before = seen(inside)
    tries = [
        ("bytes=0-9", b"x" * 9, 400), ("bytes=0-9", b"x" * 11, 400), ("bytes=95-104", b"x" * 10, 416), ("bytes=9-0", b"", 400),
        ("bytes=-5", b"x" * 5, 400), ("bytes=0-", b"x", 400), ("", b"x", 400), ("bytes=0-99999999999999999999", b"x", 400),
        ("bytes=0-4194304", b"x", 413),
    ]  # fmt: skip
    for span, content, status in tries:
        headers = {"x-ms-range": span, "x-ms-write": "update"}
        answer = await nobody.put(f"{SHARES}/{NAME}/begun?comp=range&{query}", headers=headers, content=content)
        assert (answer.status_code, bool(code(answer))) == (status, True), span
    for size in ("-1", "x", "1e3", "9" * 30, str(2**60), ""):
        headers = {"x-ms-type": "file", "x-ms-content-length": size}
        answer = await nobody.put(f"{SHARES}/{NAME}/sized?{query}", headers=headers)
        assert answer.status_code in (400, 413), size
    assert seen(inside) == before


@pytest.mark.parametrize("position", ["-1", "x", "1e3", "9" * 30, "100"])
async def test_a_flush_of_what_never_came(inside, nobody, position):
    answer = await nobody.patch(f"{LAKE}/{NAME}/made?action=flush&position={position}&{token(inside)}")
    assert answer.status_code == 400 and code(answer)
    assert seen(inside)["made"] == 0


async def test_forged_continuations_lead_nowhere(inside, nobody):
    (root(inside) / "listed").mkdir(exist_ok=True)
    for number in range(3):
        (root(inside) / "listed" / str(number)).write_text("x")
    outside = [
        "../../../keys/signing.pem",
        "/etc/passwd",
        "..",
        "\ud800",
        "x" * 2000,
        "a\x00b",
        "%2e%2e/",
        "' OR 1=1 --",
    ]
    for said in outside:
        forged = base64.urlsafe_b64encode(said.encode("utf-8", "surrogatepass")).decode()
        asked = {"resource": "filesystem", "recursive": "true", "directory": "listed", **dict(parse_qsl(token(inside)))}
        for continuation in (forged, said.encode("utf-8", "replace").decode()):
            answer = await nobody.get(f"{LAKE}/{NAME}", params={**asked, "continuation": continuation})
            paths = [one["name"] for one in answer.json().get("paths", [])]
            assert answer.status_code in (200, 400) and all(path.startswith("listed/") for path in paths), said
        marked = said.encode("utf-8", "replace").decode()
        for path, params in (
            (f"{PREFIX}/{NAME}", {"restype": "container", "comp": "list", "prefix": "listed/", "marker": marked}),
            (f"{SHARES}/{NAME}/listed", {"restype": "directory", "comp": "list", "marker": marked}),
        ):
            answer = await nobody.get(path, params={**params, **dict(parse_qsl(token(inside)))})
            assert answer.status_code in (200, 400) and "signing" not in answer.text.partition("<Marker>")[0], said
            assert "root:" not in answer.text


@pytest.mark.parametrize("said", ["a\r\nx-evil: 1", "日本", "a\x00", " a", "a ", "\x7f", "a\nb", "x" * 9000])
async def test_metadata_that_no_header_could_say(inside, nobody, said):
    """What one protocol takes in base64 another must tell in a header."""
    told = {"x-ms-properties": f"k={base64.b64encode(said.encode()).decode()}"}
    for method, query in (("PUT", "resource=file"), ("PUT", "resource=directory"), ("PATCH", "action=setProperties")):
        answer = await nobody.request(method, f"{LAKE}/{NAME}/made?{query}&{token(inside)}", headers=told)
        assert (answer.status_code, code(answer)) in ((400, "InvalidMetadata"), (400, "MetadataTooLarge")), query
    for name in ("a b", "a:b", "", "1", "ä", "x" * 300):
        odd = {"x-ms-properties": f"{name}={base64.b64encode(b'v').decode()}".encode("latin-1")}
        answer = await nobody.put(f"{LAKE}/{NAME}/made?resource=file&{token(inside)}", headers=odd)
        assert answer.status_code == 400, name
    assert "x-ms-properties" not in (await nobody.head(f"{LAKE}/{NAME}/made?{token(inside)}")).headers


ARM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"


@pytest.mark.parametrize("query", ["$skip=-1", "$skip=9e9", "$skip=x", "$skip=" + "9" * 40, "$top=-5", "$top=x"])
@pytest.mark.parametrize("collection", ["jobs", "data", "environments/e/versions"])
async def test_forged_pages_of_arm(inside, collection, query):
    answer = await inside.owner.get(f"{ARM}/{collection}?api-version=2024-04-01&{query}")
    assert answer.status_code == 400, answer.text
    assert set(answer.json()["error"]) >= {"code", "message"}


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(("method", "path"), [
    ("PUT", f"{ARM}/jobs/big"), ("PUT", f"{ARM}/data/big/versions/1"), ("PATCH", f"/history/v1.0{ARM}/experiments/e/runs/big"),
    ("POST", f"/history/v1.0{ARM}/rundata"), ("POST", f"{ARM}/datastores/workspaceblobstore/listSecrets"),
])  # fmt: skip
async def test_a_hundred_megabytes_where_one_is_expected(inside, method, path, announced):
    piece = b" " * 1024**2
    length = ("content-length", str(100 * len(piece))) if announced else ("transfer-encoding", "chunked")
    told = [HOST, ("authorization", f"Bearer {inside.token}"), ("content-type", "application/json"), length]
    sent = await inside.raw(method, path, told, body=[piece] * (1 if announced else 100))
    body = json.loads(b"".join(message.get("body", b"") for message in sent))
    assert (sent[0]["status"], set(body["error"]) >= {"code", "message"}) == (413, True)


@pytest.mark.parametrize(("path", "query", "headers"), [
    (f"{PREFIX}/{NAME}/x", "comp=blocklist", {}), (f"{SHARES}/{NAME}/begun", "comp=range", {"x-ms-range": "bytes=0-99"}),
    (f"{SHARES}/{NAME}/x", "", {"x-ms-type": "file", "x-ms-content-length": "5"}),
])  # fmt: skip
async def test_a_hundred_megabytes_where_storage_expects_few(inside, path, query, headers):
    before = seen(inside)
    told = [HOST, ("content-length", str(100 * 1024**2)), *headers.items()]
    sent = await inside.raw("PUT", f"{path}?{query}&{token(inside)}", told, body=[b" " * 1024**2] * 100)
    body = b"".join(message.get("body", b"") for message in sent)
    assert (sent[0]["status"], b"<Code>RequestBodyTooLarge</Code>" in body) == (413, True)
    assert seen(inside) == before


@pytest.mark.parametrize("prefix", SPELLINGS)
async def test_what_is_not_spoken_is_refused_by_name(inside, nobody, prefix):
    query = token(inside)
    for method, params in (
        ("PUT", "comp=lease"), ("PUT", "comp=copy"), ("PATCH", "action=setAccessControl"), ("PUT", "comp=nonsense"),
        ("GET", "comp=rangelist"), ("POST", "action=x"), ("GET", "action=getAccessControl&comp=acl"),
    ):  # fmt: skip
        answer = await nobody.request(method, f"{prefix}/{NAME}/made?{params}&{query}")
        assert answer.status_code in (400, 405), (method, params, answer.text)
    for path in (f"{prefix}", f"{prefix}/", f"{prefix}/nothing-default/x", f"{prefix}/.."):
        assert (await nobody.get(f"{path}?{query}")).status_code in (400, 401, 403, 404), path
    sealed = {"x-ms-structured-body": "XSM/1.0; properties=crc64", **BLOB}
    assert (await nobody.put(f"{prefix}/{NAME}/sealed?{query}", headers=sealed, content=b"x")).status_code == 400


async def test_a_job_s_token_opens_no_spelling(inside):
    await inside.job("worker")
    job = inside.client(authorization=f"Bearer {inside.server.tokens.for_run('worker', 'default', 3600)}")
    for prefix in SPELLINGS:
        assert (await job.get(f"{prefix}/{NAME}/made")).status_code == 403
