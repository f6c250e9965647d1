"""Stores by their type: the one call that opens any of them.

    store = open_store(StoreSpec("s3", container="rain"), {"access_key_id": …, "secret_access_key": …}, Policy())
    for item in store.list("2024"): data = store.read(item.path, etag=item.etag)

Libraries that connect by themselves do so through a ``Gateway``, which lives as long as the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from zaffre.core.errors import NotBuilt
from zaffre.staging.egress import Egress
from zaffre.staging.gateway import Gateway
from zaffre.staging.order import StoreSpec
from zaffre.staging.policy import Policy
from zaffre.staging.store import Store

OBJECTS = frozenset({"azure_blob", "azure_data_lake_gen2", "one_lake", "s3", "gcs"})


class _Exit:
    """One policy's way out, shared by all stores of a process."""

    def __init__(self, allow: tuple[str, ...]) -> None:
        self.egress = Egress(Policy(allow))
        self.gateway = Gateway(self.egress)


def open_store(spec: StoreSpec, credentials: Mapping[str, str], policy: Policy, *, identity: bool = False) -> Store:
    """Nothing is asked of the store yet. With ``identity``, a store without credentials is opened as this machine."""
    way = _exit(policy.allow)
    if spec.type in OBJECTS:
        from zaffre.staging.stores.objects import ObjectStore  # noqa: PLC0415 - weight: one library a process

        return ObjectStore(spec, credentials, way.gateway, identity=identity)
    if spec.type == "azure_file":
        from zaffre.staging.stores.shares import ShareStore  # noqa: PLC0415 - weight

        return ShareStore(spec, credentials, way.gateway, identity=identity)
    if spec.type == "sftp":
        from zaffre.staging.stores.sftp import SftpStore  # noqa: PLC0415 - weight

        return SftpStore(spec, credentials, way.egress)
    if spec.type == "http":
        from zaffre.staging.stores.web import WebStore  # noqa: PLC0415 - weight

        return WebStore(spec, credentials, way.egress)
    raise NotBuilt(f"Zaffre cannot open datastores of type {spec.type}.")


@cache
def _exit(allow: tuple[str, ...]) -> _Exit:
    return _Exit(allow)


__all__ = ["Store", "StoreSpec", "open_store"]
