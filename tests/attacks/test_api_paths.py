"""Names in addresses and bodies that try to lead outside (RELIABILITY A01 to A05, A12 to A14), over the API's own routes."""

from __future__ import annotations

import json
import os
import threading
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"
CANARY = "canary-7f3a"
CLIMBS = [
    "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc/passwd", "%252e%252e%252fetc/passwd",
    "..%c0%afetc", "%c0%ae%c0%ae/etc/passwd", "..%5c..%5cetc", "..\\..\\etc", "....//etc/passwd", ";/../etc/passwd",
    "a%23/../../etc/passwd", "a%3f/../etc/passwd", "/etc/passwd", "//etc/passwd", "C:%5cWindows%5cwin.ini",
    "C:/Windows/win.ini",
    "%5c%5chost%5cshare", "file:///etc/passwd", "file://localhost/etc/passwd", "//proc/self~/etc/passwd",
    "/proc/self/environ",
    "a%00.txt", "a%0a.txt", "a%0d%0aX: 1", "x" * 5000, "/".join("d" * 1000), ".", "..", "", "%20", "-rf", "~root",
    "$HOME", "CON",
    "%ed%a0%80", "%ff", "a./..", "named-outputs/x/../../../etc/passwd", "canary.txt", "link.txt", "linked/passwd",
    "pipe",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def canary(inside, tmp_path_factory):
    """A file outside, and ways to it that a job might lay."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "canary.txt").write_text(CANARY)
    (outside / "passwd").write_text(CANARY)
    locations = inside.server.locations
    for root in (
        locations.artifacts("default", "reader"),
        locations.datastore("default", "workspaceblobstore") / "folder",
    ):
        root.mkdir(parents=True)
        (root / "link.txt").symlink_to(outside / "canary.txt")
        (root / "linked").symlink_to(outside)
        (root / "environ").symlink_to("/proc/self/environ")
        os.mkfifo(root / "pipe")
        (root / "good.txt").write_text("good")
        (root / "deep").mkdir()
        (root / "deep" / "page.html").write_text("<script>alert(1)</script>")
    return outside


async def address(inside, sort):
    if sort == "data":
        body = {"path": "azureml://datastores/workspaceblobstore/paths/folder"}
        await inside.owner.put(f"{WS}/data/folder/versions/1", json=body)
        return f"{WS}/data/folder/versions/1/files"
    await inside.job("reader")
    return f"{WS}/jobs/reader/" + ("files/artifacts" if sort == "files" else "logs")


def status_and_body(sent):
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


def headers(inside, *more):
    return [("host", "127.0.0.1:18440"), ("authorization", f"Bearer {inside.token}"), *more]


@pytest.mark.parametrize("sort", ["files", "logs", "data"])
@pytest.mark.parametrize("climb", CLIMBS)
async def test_no_address_leads_out(inside, sort, climb):
    path = f"{await address(inside, sort)}/{climb}"
    found, body = status_and_body(await inside.raw("GET", path, headers(inside)))
    assert found in (400, 404), body[:200]
    assert CANARY.encode() not in body
    assert b"root:" not in body


@pytest.mark.parametrize("sort", ["files", "data"])
async def test_listing_shows_plain_files_alone(inside, sort):
    root = (await address(inside, sort)).removesuffix("/artifacts")
    listed = [item["path"].removeprefix("artifacts/") for item in (await inside.owner.get(root)).json()["value"]]
    assert listed == ["deep/page.html", "good.txt"]


@pytest.mark.parametrize("sort", ["files", "data"])
async def test_what_is_sent_does_not_run_in_a_browser(inside, sort):
    answer = await inside.owner.get(f"{await address(inside, sort)}/deep/page.html")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_swapping_a_file_for_a_link_never_shows_the_canary(inside, canary):
    """A10: two names for one place, exchanged while it is read."""
    path = f"{await address(inside, 'files')}/swapped.txt"
    place = inside.server.locations.artifacts("default", "reader") / "swapped.txt"
    stop = threading.Event()

    def swap():
        other = place.with_name("other")
        while not stop.is_set():
            other.write_text("good")
            other.replace(place)
            other.symlink_to(canary / "canary.txt")
            other.replace(place)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        seen = set()
        for _ in range(400):
            answer = await inside.owner.get(path)
            seen.add(answer.status_code)
            assert CANARY not in answer.text
    finally:
        stop.set()
        thread.join()
        place.unlink(missing_ok=True)
    assert seen == {200, 404}


NAMES = [
    "a b", "a/b", "../../x", ".git", "'\"><img>", "x" * 300, "a\u202eb", "．．／x", "a\ud800", "é", "a\x00b", "-rf",
    "~root",
    "$HOME", "a;b", "a#b", "a?b", "",
]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in NAMES if name.isprintable() and name])
@pytest.mark.parametrize(
    "collection", ["jobs", "data", "models", "environments", "computes", "datastores", "online-endpoints"]
)
async def test_names_have_one_grammar(inside, collection, name):
    versions = "/versions/1" if collection in ("data", "models", "environments") else ""
    body = {
        "jobs": {"command": "x", "environment": {"image": "python:3.11-slim"}}, "computes": {"type": "amlcompute"},
        "environments": {"image": "python:3.11-slim"}, "online-endpoints": {},
        "data": {"path": "azureml://datastores/workspaceblobstore/paths/folder"},
        "models": {"path": "azureml://datastores/workspaceblobstore/paths/folder"},
        "datastores": {"type": "azure_blob", "root": "/tmp"},
    }[collection]  # fmt: skip
    path = f"{WS}/{collection}/{quote(name, safe='')}{versions}"
    found, text = status_and_body(await inside.raw("PUT", path, headers(inside), body=[json.dumps(body).encode()]))
    assert found in (400, 501), (found, text[:300])
    if "/" not in name and name[:1] != "." and found == 501:
        pytest.fail(f"{name!r} was not understood as a name: {text[:200]}")


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_in_the_body_is_held_to_it_too(inside, name):
    body = {"name": name, "command": "x", "environment": {"image": "python:3.11-slim"}}
    answer = await inside.owner.post(
        f"{WS}/jobs", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == (400 if name else 201), answer.text


@pytest.mark.parametrize("version", ["../1", "a b", "x" * 300, "é", ".", "1/2"])
async def test_versions_have_a_grammar(inside, version):
    path = f"{WS}/environments/e/versions/{quote(version, safe='')}"
    found, _ = status_and_body(await inside.raw("PUT", path, headers(inside), body=[b'{"image": "python:3.11-slim"}']))
    assert found in (400, 501)


@pytest.mark.parametrize("path", [
    "/etc/passwd", "file:///etc/passwd", "azureml://datastores/workspaceblobstore/paths/../../../zaffre.db", "../x",
    "azureml://datastores/../../keys/paths/signing.pem", "azureml://jobs/../../keys/outputs/x",
    "azureml://jobs/x/outputs/..",
    "azureml://datastores/none/paths/x", "runs:/../../../token", "azureml://datastores/workspaceblobstore/paths/a\x00b",
    "azureml://jobs/reader/outputs/artifacts/paths/../../../../../token",
    "azureml://datastores/workspaceblobstore/paths//etc/passwd",
])  # fmt: skip
@pytest.mark.parametrize("collection", ["data", "models"])
async def test_assets_do_not_point_into_the_server(inside, collection, path):
    body = {"path": path, "type": "uri_file" if collection == "data" else "custom_model"}
    answer = await inside.owner.put(f"{WS}/{collection}/evil/versions/1", json=body)
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("path", [
    "azureml://datastores/workspaceblobstore/paths/../../../keys", "/etc", "file:///etc",
    "azureml://datastores/none/paths/x",
    "azureml://datastores/workspaceblobstore/paths/a\x00b", "azureml://jobs/other/outputs/x",
])  # fmt: skip
async def test_outputs_go_to_a_datastore_alone(inside, path):
    body = {"command": "x", "environment": {"image": "python:3.11-slim"}, "outputs": {"o": {"path": path}}}
    answer = await inside.owner.put(f"{WS}/jobs/outside", json=body)
    assert answer.status_code == 400, answer.text
    assert (await inside.owner.get(f"{WS}/jobs/outside")).status_code == 404


BODIES = [
    b"{", b"[]", b"5", b'"x"', b"null", b'{"image": NaN}', b'{"tags": {"a": Infinity}}', b'{"tags": {"a": 1e999}}',
    b'{"tags": {"a": 18446744073709551616}}', b'{"tags": {"a": ' + b"9" * 100_000 + b"}}", b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"tags":' * 100 + b"1" + b"}" * 100, b'{"image": "a", "image": "b"}', b'{"image": "\\ud800"}',
    b'{"image": "\\u0000"}',
    b'{"image": "\xff"}', b'{"tags": {"\\ud800": "x"}}', b'\xef\xbb\xbf{"image": "x"}',
    '{"image": "x"}'.encode("utf-16"), b'{"image": "\xed\xa0\x80"}',
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
async def test_strange_json_is_refused_and_never_a_mistake_of_ours(inside, body):
    """E03."""
    for path in (f"{WS}/environments/strange/versions/1", f"{WS}/jobs/strange"):
        found, text = status_and_body(await inside.raw("PUT", path, headers(inside), body=[body]))
        assert found == 400, text[:200]
    assert (await inside.owner.get(f"{WS}/environments/strange")).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "top=0",
        "top=-1",
        "top=1001",
        "top=1e3",
        "top=٣",
        "skip=-1",
        "skip=99999999999999999999",
        "list_view=none",
        "tag=%22",
        "tag==",
    ],
)
async def test_pages_have_bounds(inside, query):
    """E11."""
    assert (
        await inside.owner.get(f"{WS}/data?{query}" if "tag" not in query else f"{WS}/jobs?{query}")
    ).status_code == 400


@pytest.mark.parametrize("tag", ["' OR 1=1--", "a%", "_", "a.b", "a`b", "$.x", "a]"])
async def test_tags_are_literal(inside, tag):
    """E09."""
    found = await inside.owner.get(f"{WS}/jobs", params={"tag": tag})
    assert (found.status_code, found.json()) == (200, {"value": []})
