"""Azure's file share and data lake libraries, and the official client on datastores of those kinds, against one storage."""

from __future__ import annotations

import json

import pytest

HEAD = """
import os, random
from pathlib import Path
from azure.ai.ml import MLClient
from azure.ai.ml.entities import Data
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobClient
from azure.storage.filedatalake import DataLakeDirectoryClient, DataLakeServiceClient
from azure.storage.fileshare import ShareClient, ShareDirectoryClient, ShareFileClient, ShareServiceClient
ml = MLClient(DefaultAzureCredential(), "00000000-0000-0000-0000-000000000000", "local", "default")
HERE, FOLDER = os.environ["HERE"], Path(os.environ["FOLDER"])
SHARE, LAKE = f"{HERE}/storage.file.core.windows.net", f"{HERE}/storage.dfs.core.windows.net"

def refused(what, *errors):
    try:
        what()
    except errors as error:
        return error
    raise SystemExit("nothing was refused")
"""
SHARES = """
store = ml.datastores.get("workspacefilestore", include_secrets=True)
assert (store.type.lower(), store.file_share_name) == ("azurefile", "workspacefilestore-default"), store
sas, key = store.credentials.sas_token, ml.workspaces.get_keys().user_storage_key
big = random.Random(3).randbytes(9 * 1024 * 1024 + 7)
for number, (credential, more) in enumerate([
    (sas, {}), (key, {}), (DefaultAzureCredential(), {"token_intent": "backup"}),
]):
    share = ShareServiceClient(SHARE, credential=credential, **more).get_share_client(store.file_share_name)
    folder = share.get_directory_client(f"mine ä{number}")
    folder.create_directory(metadata={"a": "b"})
    refused(folder.create_directory, ResourceExistsError)
    inner = folder.create_subdirectory("inner b+%20")
    file = inner.upload_file("big", big, metadata={"n": "1"}, validate_content=True, max_concurrency=4)
    found = file.get_file_properties()
    assert (found.size, found.metadata, found.name) == (len(big), {"n": "1"}, "big"), found
    assert file.download_file(max_concurrency=4).readall() == big
    assert file.download_file(offset=5, length=10).readall() == big[5:15]
    inner.upload_file("empty", b"")
    assert inner.get_file_client("empty").download_file().readall() == b""
    assert [(one.name, one.is_directory) for one in folder.list_directories_and_files()] == [("inner b+%20", True)]
    told = {one.name: one.size for one in inner.list_directories_and_files()}
    assert told == {"big": len(big), "empty": 0}, told
    assert [one.name for one in inner.list_directories_and_files(name_starts_with="b")] == ["big"]
    folder.set_directory_metadata({"c": "d"})
    assert folder.get_directory_properties().metadata == {"c": "d"}
    file.set_file_metadata({"n": "2"})
    assert file.get_file_properties().metadata == {"n": "2"}
    assert refused(inner.delete_directory, HttpResponseError).error_code == "DirectoryNotEmpty"
    file.upload_range(b"other", 5, 5)
    assert file.download_file(offset=3, length=9).readall() == big[3:5] + b"other" + big[10:12]
    file.resize_file(8)
    assert file.download_file().readall() == big[:5] + b"oth"
    for name in ("big", "empty"):
        inner.delete_file(name)
    inner.delete_directory()
    folder.delete_directory()
    assert not folder.exists()
    refused(folder.get_directory_properties, ResourceNotFoundError)

share = ShareServiceClient(SHARE, credential=sas).get_share_client(store.file_share_name)
assert share.get_share_properties().name == store.file_share_name
refused(share.create_share, ResourceExistsError)
pages = share.get_directory_client("pages")
pages.create_directory()
for number in range(12):
    pages.upload_file(f"{number:02}", b"x")
found = [one.name for one in pages.list_directories_and_files(results_per_page=5)]
assert found == [f"{number:02}" for number in range(12)], found
begun = pages.get_file_client("begun")
begun.create_file(10)
begun.upload_range(b"12345", 0, 5)
assert not begun.exists(), "half a file is to be seen"
begun.upload_range(b"67890", 5, 5)
assert begun.download_file().readall() == b"1234567890"
wrong = ShareServiceClient(SHARE, credential=sas.replace("sig=", "sig=A")).get_share_client(store.file_share_name)
refused(lambda: wrong.get_directory_client("pages").get_directory_properties(), ClientAuthenticationError)
"""
LAKES = """
NAME = "lake-default"
for number, credential in enumerate([
    ml.datastores.get("lake", include_secrets=True).credentials.sas_token, ml.workspaces.get_keys().user_storage_key,
    DefaultAzureCredential(),
]):
    system = DataLakeServiceClient(LAKE, credential=credential).get_file_system_client(NAME)
    assert system.exists()
    refused(system.create_file_system, ResourceExistsError)
    folder = system.create_directory(f"mine ä{number}", metadata={"a": "b"})
    assert folder.exists()
    assert folder.get_directory_properties().metadata.get("a") == "b", folder.get_directory_properties()
    file = folder.create_file("one ä.txt")
    file.append_data(b"one,", 0, 4)
    file.append_data(b"two", 4, 3)
    assert file.download_file().readall() == b"", "what was not flushed is to be seen"
    file.flush_data(7)
    assert file.download_file().readall() == b"one,two"
    file.append_data(b",three", 7, 6, flush=True)
    assert file.download_file().readall() == b"one,two,three"
    file.append_data(b"lost", 100, 4)
    assert refused(lambda: file.flush_data(104), HttpResponseError).error_code == "InvalidFlushPosition"
    big = random.Random(4).randbytes(5 * 1024 * 1024 + 3)
    deep = system.get_file_client(f"mine ä{number}/deep/er/big")
    deep.upload_data(big, overwrite=True, chunk_size=1024 * 1024, max_concurrency=3, metadata={"k": "v"})
    assert deep.download_file(max_concurrency=2).readall() == big
    assert deep.get_file_properties().metadata == {"k": "v"}
    refused(lambda: deep.upload_data(b"x"), HttpResponseError)
    assert deep.get_file_properties().size == len(big)
    found = [(one.name, one.is_directory, one.content_length) for one in system.get_paths(f"mine ä{number}")]
    root = f"mine ä{number}"
    assert found == [
        (f"{root}/deep", True, 0), (f"{root}/deep/er", True, 0), (f"{root}/deep/er/big", False, len(big)),
        (f"{root}/one ä.txt", False, 13),
    ], found
    assert [one.name for one in system.get_paths(root, recursive=False)] == [f"{root}/deep", f"{root}/one ä.txt"]
    assert len(list(system.get_paths(root, max_results=1))) == 4
    refused(lambda: list(system.get_paths("nothing")), ResourceNotFoundError)
    moved = file.rename_file(f"{NAME}/{root}/two.txt")
    assert moved.download_file().readall() == b"one,two,three" and not file.exists()
    folder.set_metadata({"c": "d"})
    assert folder.get_directory_properties().metadata.get("c") == "d"
    assert refused(lambda: folder._delete(recursive=False), HttpResponseError).error_code == "DirectoryNotEmpty"
    folder.delete_directory()
    assert not folder.exists() and not moved.exists()
"""
ASSETS = """
source = FOLDER / "source"
source.mkdir()
(source / "a.csv").write_text("a\\n")
(source / "b.csv").write_text("b\\n")
made = ml.data.create_or_update(Data(name="on-lake", type="uri_folder", path=str(source), datastore="lake"))
assert "/datastores/lake/paths/LocalUpload/" in made.path, made.path
again = ml.data.create_or_update(Data(name="again-lake", type="uri_folder", path=str(source), datastore="lake"))
assert again.path == made.path, "the content was not known again"
single = ml.data.create_or_update(Data(name="one", type="uri_file", path=str(source / "a.csv"), datastore="lake"))
print("lake", made.path, single.path)

store = ml.datastores.get("workspacefilestore", include_secrets=True)
service = ShareServiceClient(SHARE, credential=store.credentials.sas_token)
folder = service.get_share_client(store.file_share_name).get_directory_client("taken")
folder.create_directory()
for name in ("a.csv", "b.csv"):
    folder.upload_file(name, (source / name).read_bytes())
kept = "azureml://datastores/workspacefilestore/paths/taken"
made = ml.data.create_or_update(Data(name="on-share", type="uri_folder", path=kept))
print("share", made.path, f"{kept}/a.csv")
"""


@pytest.fixture
def storage(azure, tmp_path):
    def run(script):
        return azure.python(script, head=HEAD, HERE=azure.url, FOLDER=str(tmp_path))

    return run


@pytest.fixture(scope="module")
def lake(azure, tmp_path_factory):
    """A datastore of the lake's kind on a folder of this machine."""
    root = tmp_path_factory.mktemp("lake")
    body = {"name": "lake", "type": "azure_data_lake_gen2", "root": str(root)}
    azure.rig.call("PUT", "datastores/lake", body).raise_for_status()
    return root


def test_a_file_share_by_its_own_library(storage):
    storage(SHARES)


def test_a_data_lake_by_its_own_library(storage, lake):
    storage(LAKES)
    assert not list(lake.glob("*.txt"))


def test_data_uploaded_to_a_share_and_to_a_lake_is_read_by_a_job(azure, storage, lake):
    told = dict(line.split(" ", 1) for line in storage(ASSETS).splitlines() if line.startswith(("share ", "lake ")))
    for store, said in told.items():
        folder, file = said.split(" ")
        inputs = {"d": {"type": "uri_folder", "path": folder}, "f": {"type": "uri_file", "path": file}}
        name = f"reads-{store}"
        azure.rig.submit(name, "cat ${{inputs.d}}/a.csv ${{inputs.d}}/b.csv ${{inputs.f}}", inputs=inputs)
        assert azure.rig.ended(name)["status"] == "Completed", json.dumps(azure.rig.state(name))
        assert azure.rig.text(name) == "a\nb\na\n"
