"""Which folder a container is; uploads that nobody takes go by themselves."""

import errno

import pytest

from zaffre.api.azure.sas import ALL, PREFIX, Grant
from zaffre.api.azure.storage import UPLOAD_SECONDS, Storage, container_name
from zaffre.control import filing
from zaffre.core.errors import NotFound
from zaffre.testing.clock import ManualClock

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_container_is_a_datastore_of_a_workspace_or_a_registry(inside):
    storage = inside.server.storage
    found = await storage.container("workspaceartifactstore-default")
    assert (found.workspace, found.datastore) == ("default", "workspaceartifactstore")
    assert found.root == inside.home / "data/default/workspaceartifactstore"
    assert (await inside.owner.put("/api/v1/workspaces/with-dash", json={})).status_code == 201
    assert (await storage.of("with-dash", "workspaceblobstore")).workspace == "with-dash"
    assert (await inside.owner.put("/api/v1/registries/mine", json={})).status_code == 201
    shared = await storage.container("workspaceblobstore-registry.mine")
    assert shared.root == inside.home / "data/registry.mine/workspaceblobstore"
    for name in ("workspaceblobstore-registry.other", "workspaceartifactstore-registry.mine", "nothing-default", "x", "",
                 "workspaceblobstore-", "-default", "upload--" + "0" * 32, "upload--../../x", "code--default"):  # fmt: skip
        with pytest.raises(NotFound):
            await storage.container(name)
    assert container_name("w", "d") != container_name("d", "w")


async def test_an_upload_has_a_folder_of_its_own_for_a_day(inside, tmp_path):
    clock = ManualClock(at=inside.server.clock.now())
    storage = Storage(inside.server.store, type(inside.server.locations)(tmp_path), inside.server.storage.signer, clock)
    first, second = await storage.begin("default"), await storage.begin("default")
    assert first.name != second.name and first.root != second.root
    assert await storage.container(first.name) == first
    await storage.end(second)
    with pytest.raises(NotFound):
        await storage.container(second.name)
    clock.advance(UPLOAD_SECONDS + 1)
    await storage.begin("default")
    with pytest.raises(NotFound):
        await storage.container(first.name)
    assert not first.root.exists()


async def test_a_full_disk_is_told_in_the_words_of_storage(inside, monkeypatch):
    def full(descriptor, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(filing, "write_all", full)
    query = inside.server.storage.signer.token(Grant("workspaceblobstore-default", ALL), 60)
    answer = await inside.client().put(
        f"{PREFIX}/workspaceblobstore-default/full?{query}", content=b"x", headers={"x-ms-blob-type": "BlockBlob"}
    )
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (507, "InsufficientStorage")
    assert not (inside.home / "data/default/workspaceblobstore/full").exists()


async def test_the_key_is_kept_sealed(inside):
    from zaffre.server.stored import storage

    server = inside.server
    again = await storage(server.store, server.locations, server.vault, server.clock)
    assert again.signer.account_key == server.storage.signer.account_key
    assert again.signer.account_key.encode() not in inside.stored
