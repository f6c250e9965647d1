"""Local datastores as Azure's storage services; the key that their URLs are signed with lies sealed in the database."""

from __future__ import annotations

import base64
import secrets

from zaffre.api.azure.blob import BlobService
from zaffre.api.azure.lake import Lake
from zaffre.api.azure.sas import Signer
from zaffre.api.azure.shares import Shares
from zaffre.api.azure.snapshots import Snapshots
from zaffre.api.azure.storage import Storage
from zaffre.api.route import Route
from zaffre.control.locations import Locations
from zaffre.core.ports import Clock
from zaffre.store import Store, Tx
from zaffre.store.secrets import Vault

_NAME = "storage signing key"


async def storage(store: Store, locations: Locations, vault: Vault, clock: Clock) -> Storage:
    """With the key of before, so that URLs outlive a server; made where there is none."""
    key = await store.write(lambda tx: _key(tx, vault))
    return Storage(store, locations, Signer(key, clock), clock)


def spellings(storage: Storage, clock: Clock, snapshots: Snapshots) -> list[Route]:
    """The same folders as blobs, as a data lake and as file shares."""
    blobs = BlobService(storage, clock, snapshots).routes()
    return [*blobs, *Lake(storage, clock).routes(), *Shares(storage, clock).routes()]


def _key(tx: Tx, vault: Vault) -> bytes:
    kept = vault.get(tx, "", _NAME)
    if kept is None:
        kept = base64.b64encode(secrets.token_bytes(32)).decode()
        vault.put(tx, "", _NAME, kept)
    return base64.b64decode(kept)
