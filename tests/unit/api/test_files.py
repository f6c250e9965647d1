"""Files as answers: listings in pages, ranges, single files, and what lies outside."""

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"
TEXT = b"0123456789" * 100
PLACE = "azureml://datastores/workspaceblobstore/paths"


@pytest.fixture(scope="module", autouse=True)
def model(inside):
    root = inside.server.locations.datastore("default", "workspaceblobstore")
    for number in range(5):
        (root / "model" / "parts").mkdir(parents=True, exist_ok=True)
        (root / "model" / "parts" / f"{number}.bin").write_bytes(TEXT)
    (root / "model" / "näme.txt").write_bytes(TEXT)
    (root / "single.txt").write_bytes(TEXT)
    (root / "empty.txt").touch()


async def register(inside, kind, name, path, type_):
    answer = await inside.owner.put(f"{WS}/{kind}/{name}/versions/1", json={"path": path, "type": type_})
    assert answer.status_code in (200, 201), answer.text
    return f"{WS}/{kind}/{name}/versions/1/files"


async def test_pages_of_a_model(inside):
    root = await register(inside, "models", "m", f"{PLACE}/model", "custom_model")
    address, seen = f"{root}?top=2", []
    while address:
        page = (await inside.owner.get(address)).json()
        assert len(page["value"]) <= 2
        seen += [(item["path"], item["size"]) for item in page["value"]]
        address = page.get("next")
    assert seen == [("näme.txt", 1000), *((f"parts/{number}.bin", 1000) for number in range(5))]
    found = (await inside.owner.get(root, params={"prefix": "parts/1"})).json()
    assert [item["path"] for item in found["value"]] == ["parts/1.bin"]


async def test_single_file_asset(inside):
    root = await register(inside, "data", "single", f"{PLACE}/single.txt", "uri_file")
    assert (await inside.owner.get(root)).json() == {"value": [{"path": "single.txt", "size": 1000}]}
    assert (await inside.owner.get(f"{root}/single.txt")).content == TEXT
    assert (await inside.owner.get(f"{root}/other.txt")).status_code == 404


@pytest.mark.parametrize(("asked", "status", "body"), [
    ("bytes=0-3", 206, b"0123"), ("bytes=995-", 206, b"56789"), ("bytes=-5", 206, b"56789"), ("bytes=998-99999", 206,
    b"89"),
    ("bytes=1000-", 200, TEXT), ("bytes=5-3", 200, TEXT), ("bytes=0-1,5-6", 200, TEXT), ("bytes=-0", 200, TEXT),
    ("bytes=-", 200, TEXT),
    ("chars=0-3", 200, TEXT), ("bytes=" + "0-," * 10_000, 200, TEXT), ("bytes=0-" + "9" * 400, 200, TEXT),
])  # fmt: skip
async def test_one_range_at_most(inside, asked, status, body):
    """H04: ten thousand ranges cost what none costs."""
    root = await register(inside, "data", "single", f"{PLACE}/single.txt", "uri_file")
    answer = await inside.owner.get(f"{root}/single.txt", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers["content-length"] == str(len(body))
    if status == 206:
        assert answer.headers["content-range"].endswith("/1000")


async def test_head_tells_the_size_and_sends_nothing(inside):
    root = await register(inside, "data", "single", f"{PLACE}/single.txt", "uri_file")
    answer = await inside.owner.head(f"{root}/single.txt")
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "1000", b"")


async def test_empty_file(inside):
    root = await register(inside, "data", "empty", f"{PLACE}/empty.txt", "uri_file")
    answer = await inside.owner.get(f"{root}/empty.txt", headers={"Range": "bytes=0-"})
    assert (answer.status_code, answer.content) == (200, b"")


async def test_names_survive_the_header(inside):
    root = await register(inside, "models", "m", f"{PLACE}/model", "custom_model")
    answer = await inside.owner.get(f"{root}/n%C3%A4me.txt")
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''n%C3%A4me.txt"


async def test_what_lies_elsewhere_is_asked_for_there_or_refused_in_words(inside):
    root = await register(inside, "data", "away", "https://10.0.0.1/x.csv", "uri_file")
    answer = await inside.owner.get(root)
    assert answer.status_code == 503 and "egress.allow" in answer.json()["error"]["message"]


async def test_download_as_the_client_does_it(inside, tmp_path):
    """What ``zaffre model download`` asks for, in its order."""
    root = await register(inside, "models", "m", f"{PLACE}/model", "custom_model")
    for item in (await inside.owner.get(root, params={"prefix": "", "top": 1000, "skip": 0})).json()["value"]:
        answer = await inside.owner.get(f"{root}/{item['path']}", headers={"Accept": "*/*"})
        assert len(answer.content) == item["size"] == int(answer.headers["content-length"])


@pytest.mark.parametrize(
    ("name", "kind"), [("report.html", "text/html; charset=utf-8"), ("paper.PDF", "application/pdf")]
)
async def test_shown_as_a_page_in_a_frame_alone(inside, name, kind):
    """What others wrote may draw itself, without our origin, our session or a network."""
    root = inside.server.locations.datastore("default", "workspaceblobstore")
    (root / "pages").mkdir(exist_ok=True)
    (root / "pages" / name).write_bytes(b"<script>1</script>")
    files = await register(inside, "data", f"page-{name[:3]}", f"{PLACE}/pages", "uri_folder")
    plain = await inside.owner.get(f"{files}/{name}")
    assert plain.headers["content-type"] == "application/octet-stream"
    assert plain.headers["content-disposition"].startswith("attachment")
    shown = await inside.owner.get(f"{files}/{name}?view=page")
    assert shown.headers["content-type"] == kind
    policy = shown.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    if kind.startswith("text/html"):
        assert policy.startswith("sandbox allow-scripts; default-src 'none'")
        assert "allow-same-origin" not in policy


async def test_nothing_else_becomes_a_page(inside):
    files = await register(inside, "data", "single", f"{PLACE}/single.txt", "uri_file")
    shown = await inside.owner.get(f"{files}/single.txt?view=page")
    assert shown.headers["content-disposition"].startswith("attachment")
    assert shown.headers["content-security-policy"] == "sandbox; default-src 'none'"
