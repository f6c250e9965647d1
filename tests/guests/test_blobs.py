"""Azure's storage library against the blob service: with the account's key, a signed URL, a token; by blocks and in pages."""

from __future__ import annotations

import pytest

HEAD = """
import os, random
from azure.core import MatchConditions
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError, ResourceModifiedError
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobBlock, BlobClient, BlobServiceClient, ContainerClient, ContentSettings
URL = os.environ["HERE"] + "/storage.blob.core.windows.net"
C = "workspaceblobstore-default"
"""
KEYS = """
from azure.ai.ml import MLClient
ml = MLClient(DefaultAzureCredential(), "00000000-0000-0000-0000-000000000000", "local", "default")
key = ml.workspaces.get_keys().user_storage_key
sas = ml.datastores.get_default(include_secrets=True).credentials.sas_token
for credential in (key, sas, DefaultAzureCredential()):
    blob = BlobServiceClient(URL, credential=credential).get_blob_client(C, "k/ä b+%20.txt")
    blob.upload_blob(b"content", overwrite=True, metadata={"a": "b"}, validate_content=True)
    assert blob.download_blob().readall() == b"content"
    found = blob.get_blob_properties()
    assert found.metadata == {"a": "b"} and found.size == 7 and found.blob_type == "BlockBlob", found
    container = BlobServiceClient(URL, credential=credential).get_container_client(C)
    assert [one.name for one in container.list_blobs("k/")] == ["k/ä b+%20.txt"]
    blob.delete_blob()
    assert not blob.exists()
for credential in ("a2V5" * 8, sas.replace("sig=", "sig=A")):
    try:
        BlobServiceClient(URL, credential=credential).get_blob_client(C, "x").upload_blob(b"x")
        raise SystemExit("it was let in")
    except ClientAuthenticationError as error:
        assert error.error_code == "AuthenticationFailed", error
store = ml.datastores.get_default(include_secrets=True)
service = BlobServiceClient(f"https://{store.account_name}.blob.core.windows.net", credential=store.credentials.sas_token)
service.get_blob_client(store.container_name, "mine/a.txt").upload_blob(b"hello", overwrite=True)
assert service.get_container_client(store.container_name).exists()
print(sas)
"""
BLOCKS = """
container = ContainerClient(URL, C, credential=DefaultAzureCredential())
big = random.Random(2).randbytes(9 * 1024 * 1024 + 7)
blob = container.get_blob_client("blocks/big")
small = BlobClient(URL, C, "blocks/big", credential=DefaultAzureCredential(),
    max_single_put_size=1024 * 1024, max_block_size=1024 * 1024, max_single_get_size=1024 * 1024, max_chunk_get_size=512 * 1024)
small.upload_blob(big, max_concurrency=4)
assert small.download_blob(max_concurrency=4).readall() == big
assert small.download_blob(offset=5, length=10).readall() == big[5:15]
try:
    small.upload_blob(b"other")
    raise SystemExit("written over")
except ResourceExistsError:
    pass
etag = blob.get_blob_properties().etag
blob.upload_blob(b"new", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified)
try:
    blob.delete_blob(etag=etag, match_condition=MatchConditions.IfNotModified)
    raise SystemExit("deleted")
except ResourceModifiedError:
    pass
blob.stage_block("a", b"one")
blob.stage_block("b", b"two")
blob.commit_block_list([BlobBlock("b"), BlobBlock("a")])
assert blob.download_blob().readall() == b"twoone"
blob.upload_blob(b"", overwrite=True)
assert blob.download_blob().readall() == b""
for number in range(30):
    container.upload_blob(f"many/{number % 3}/{number:02}", b"x", metadata={"n": str(number)})
assert len(list(container.list_blobs("many/", results_per_page=7))) == 30
assert {one.name for one in container.walk_blobs("many/", delimiter="/")} == {"many/0/", "many/1/", "many/2/"}
assert {one.metadata["n"] for one in container.list_blobs("many/1/", include=["metadata"])} == {str(n) for n in range(1, 30, 3)}
assert container.exists() and not ContainerClient(URL, "nothing", credential=DefaultAzureCredential()).exists()
"""


@pytest.fixture
def storage(azure):
    def run(script):
        return azure.python(script, head=HEAD, HERE=azure.url)

    return run


def test_every_credential_opens_it(storage):
    assert "sig=" in storage(KEYS)


def test_blocks_ranges_conditions_and_pages(storage):
    storage(BLOCKS)
