"""One contract for every store, held against real servers."""

import json
from pathlib import Path

import pytest
from storage_servers import ACCOUNT, ACCOUNT_KEY, LOOPBACK, azurite, bucket, s3, sftp

from zaffre.core.errors import Forbidden, Invalid, NotFound
from zaffre.staging.order import StoreSpec
from zaffre.staging.policy import Policy
from zaffre.staging.store import Changed
from zaffre.staging.stores import open_store

__all__ = ["azurite", "bucket", "s3", "sftp"]
POLICY = Policy(LOOPBACK)
KEYS = {"access_key_id": "k", "secret_access_key": "s"}
GOOGLE = {"client_email": "", "private_key": "", "private_key_id": "", "disable_oauth": True}


def opened(kind, request, root=""):
    """An empty store of a kind, on a server that runs for it."""
    if kind == "sftp":
        host = request.getfixturevalue("sftp")
        (host.root / "home").mkdir()
        spec = StoreSpec(
            "sftp", host="127.0.0.1", port=host.port, username="ann", host_key=host.host_key, root=f"/home/{root}"
        )
        return open_store(spec, {"password": "secret"}, POLICY)
    if kind in ("azure_blob", "azure_data_lake_gen2"):
        server = request.getfixturevalue("azurite")
        container = server.container()
        spec = StoreSpec(kind, account=ACCOUNT, container=container, endpoint=server.url, root=root)
        return open_store(spec, {"account_key": ACCOUNT_KEY}, POLICY)
    found = request.getfixturevalue("bucket")
    spec = StoreSpec(kind, container=found.name, endpoint=found.url, root=root)
    return open_store(spec, KEYS if kind == "s3" else {"service_account": json.dumps(GOOGLE)}, POLICY)


@pytest.fixture(params=["s3", "gcs", "azure_blob", "azure_data_lake_gen2", "sftp"])
def kind(request):
    return request.param


@pytest.fixture(params=["", "base folder"])
def store(kind, request):
    found = opened(kind, request, request.param)
    yield found
    found.close()


@pytest.fixture
def file(tmp_path):
    def make(data: bytes) -> Path:
        path = tmp_path / "file"
        path.write_bytes(data)
        return path

    return make


def test_what_is_written_is_listed_looked_at_and_read(store, file):
    store.write("in/a.csv", file(b"a,b\n1,2\n"))
    store.write("in/sub/ü b & c#%20?.txt", file(b"hello"))
    store.write("inner.txt", file(b""))
    found = {item.path: item for item in store.list("in")}
    assert {path: item.size for path, item in found.items()} == {"in/a.csv": 8, "in/sub/ü b & c#%20?.txt": 5}
    assert {item.path for item in store.list("")} == {*found, "inner.txt"}
    one = found["in/sub/ü b & c#%20?.txt"]
    assert one.version and one.modified > 1.7e9
    assert store.look(one.path) == one
    assert store.read(one.path) == b"hello"
    assert store.read(one.path, 1, 3, one.etag) == b"ell"
    assert store.read("inner.txt", 0, 0) == b""
    assert b"".join(store.stream(found["in/a.csv"])) == b"a,b\n1,2\n"


def test_large_files_go_in_parts_and_come_in_parts(store, file):
    data = bytes(range(256)) * 80_000
    store.write("large.bin", file(data))
    item = store.look("large.bin")
    assert item.size == len(data)
    assert b"".join(store.stream(item)) == data
    assert store.read("large.bin", 10_000_000, 1000, item.etag) == data[10_000_000:10_001_000]


def test_another_content_is_another_version(store, file):
    store.write("a", file(b"one"))
    before = store.look("a")
    store.write("a", file(b"other"))
    assert store.look("a").version != before.version
    with pytest.raises(Changed):
        store.read("a", 0, 2, before.etag)


def test_what_is_not_there(store, file):
    assert store.look("none") is None
    with pytest.raises(NotFound):
        store.read("none")
    store.write("a", file(b"x"))
    store.remove("a")
    store.remove("a")
    assert store.look("a") is None


def test_an_object_whose_name_no_file_can_have_is_named(bucket):
    bucket.put("in/x//y", b"1")
    store = open_store(StoreSpec("s3", container=bucket.name, endpoint=bucket.url), KEYS, POLICY)
    with pytest.raises(Invalid, match="in/x//y"):
        list(store.list("in"))


def test_no_path_leads_out(store):
    with pytest.raises(Invalid):
        store.look("../x")


@pytest.mark.parametrize("kind", ["s3", "azure_blob"])
def test_a_bucket_that_is_not_there_is_said_to_be_so(kind, request):
    store = opened(kind, request)
    gone = open_store(
        StoreSpec(kind, account=ACCOUNT, container="notthere", endpoint=store._spec.endpoint),
        KEYS | {"account_key": ACCOUNT_KEY},
        POLICY,
    )
    with pytest.raises(NotFound, match="no such bucket or container"):
        list(gone.list(""))


@pytest.mark.parametrize(
    ("credentials", "said"),
    [
        ({}, "no credentials"),
        ({"account_key": "Zm9v"}, "an account key"),
        ({"sas_token": "?sv=2021-10-04&sig=abc"}, "a SAS token"),
    ],
)
def test_a_refusal_says_which_credential_and_what_it_needs(azurite, credentials, said):
    container = azurite.container()
    spec = StoreSpec("azure_blob", "lake", account=ACCOUNT, container=container, endpoint=azurite.url)
    with pytest.raises(Forbidden) as told:
        list(open_store(spec, credentials, POLICY).list(""))
    assert f"datastore lake (azure_blob {ACCOUNT}/{container}) refused {said}" in told.value.message
    assert "Storage Blob Data Reader" in told.value.message
    assert "abc" not in told.value.message and "Zm9v" not in told.value.message


def test_a_key_of_the_wrong_form_is_named(azurite):
    spec = StoreSpec("azure_blob", account=ACCOUNT, container="x", endpoint=azurite.url)
    with pytest.raises(Invalid, match="account key: the key is not of the right form"):
        open_store(spec, {"account_key": "not base64!"}, POLICY)


def test_sftp_by_key(sftp, file):
    spec = StoreSpec(
        "sftp", host="127.0.0.1", port=sftp.port, username="ann", host_key=f"somehost {sftp.host_key}", root="/"
    )
    store = open_store(spec, {"private_key": sftp.private_key}, POLICY)
    store.write("a", file(b"x"))
    assert (sftp.root / "a").read_bytes() == b"x"
    store.close()


def test_an_sftp_host_with_another_key_gets_nothing(sftp):
    import asyncssh

    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    spec = StoreSpec("sftp", host="127.0.0.1", port=sftp.port, username="ann", host_key=other)
    with pytest.raises(Forbidden, match=r"another key.*nothing was sent"):
        list(open_store(spec, {"password": "secret"}, POLICY).list(""))


@pytest.mark.parametrize("text", ["", "no key", "ssh-ed25519 ???"])
def test_a_host_key_must_be_one(sftp, text):
    spec = StoreSpec("sftp", host="127.0.0.1", port=sftp.port, username="ann", host_key=text)
    with pytest.raises(Invalid, match="ssh-keyscan"):
        list(open_store(spec, {"password": "secret"}, POLICY).list(""))


def test_a_wrong_password_is_a_refusal(sftp):
    spec = StoreSpec("sftp", host="127.0.0.1", port=sftp.port, username="ann", host_key=sftp.host_key)
    with pytest.raises(Forbidden, match=r"refused a password \(ann\)"):
        list(open_store(spec, {"password": "wrong"}, POLICY).list(""))
