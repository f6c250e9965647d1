"""Code as the official client downloads it: at a URL of the default datastore, laid out when it is listed."""

import pytest

from zaffre.api.azure.snapshots import code_at, folder
from zaffre.core.resource import Key

pytestmark = pytest.mark.asyncio(loop_scope="module")

ARM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
STORE = "/storage.blob.core.windows.net/workspaceblobstore-default"
PUT = {"x-ms-blob-type": "BlockBlob"}


@pytest.mark.parametrize(("path", "expected"), [
    ("code--a--1", ("a", "1")), ("code--a--b--1/x/y.py", ("a--b", "1")), ("code--a--1/", ("a", "1")),
    ("code--a", None), ("LocalUpload/x", None), ("x/code--a--1", None), ("", None),
])  # fmt: skip
async def test_which_code_a_path_means(path, expected):
    assert code_at(path) == expected


async def test_a_folder_is_read_back():
    assert code_at(folder(Key("ws", "code", "0a-b.c", "", "7"))) == ("0a-b.c", "7")


async def test_code_is_there_when_it_is_listed(inside):
    begun = await inside.owner.post(f"{ARM}/codes/mine/versions/1/startPendingUpload", json={})
    uri = begun.json()["blobReferenceForConsumption"]["credential"]["sasUri"]
    place, _, query = uri.removeprefix("http://127.0.0.1:18440").removeprefix("https://127.0.0.1:18440").partition("?")
    nobody = inside.client()
    for name in ("main.py", "in/Ähm.py"):
        assert (await nobody.put(f"{place}/src/{name}?{query}", content=b"x = 1", headers=PUT)).status_code == 201
    body = {"properties": {"codeUri": f"{uri.partition('?')[0]}/src", "properties": {}}}
    assert (await inside.owner.put(f"{ARM}/codes/mine/versions/1", json=body)).status_code == 201
    told = (await inside.owner.get(f"{ARM}/codes/mine/versions/1")).json()["properties"]["codeUri"]
    assert told.endswith(f"{STORE}/code--mine--1")
    storage = inside.server.tokens.for_audience("https://storage.azure.com", 60)[0]
    reader = inside.client(authorization=f"Bearer {storage}")
    for _ in range(2):
        listed = (await reader.get(f"{STORE}?restype=container&comp=list&prefix=code--mine--1")).text
        assert "<Name>code--mine--1/main.py</Name>" in listed and "Ähm.py" in listed
    assert (await reader.get(f"{STORE}/code--mine--1/main.py")).content == b"x = 1"
    again = {"properties": {"codeUri": told, "isAnonymous": True}}
    assert (await inside.owner.put(f"{ARM}/codes/other/versions/1", json=again)).status_code == 201
    nothing = (await reader.get(f"{STORE}?restype=container&comp=list&prefix=code--nothing--1")).text
    assert "<Blob>" not in nothing
