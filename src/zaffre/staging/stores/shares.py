"""Azure file shares by Azure's own library, through the gateway."""

from __future__ import annotations

import itertools
import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.fileshare import ShareClient

from zaffre.core.errors import Forbidden, NotFound, ZaffreError
from zaffre.staging.gateway import Gateway
from zaffre.staging.order import Item, StoreSpec
from zaffre.staging.store import Changed, below, joined
from zaffre.staging.stores import addresses, wording
from zaffre.staging.stores.identity import azure_credential, has_principal

_T = TypeVar("_T")
_PIECE = 4 * 1024 * 1024
_DRAFTS = itertools.count()


class ShareStore:
    """One share."""

    at_once = 8

    def __init__(
        self, spec: StoreSpec, credentials: Mapping[str, str], gateway: Gateway, *, identity: bool = False
    ) -> None:
        self.shown = spec.shown
        self._spec = spec
        self._gateway = gateway
        self._opened_with = wording.used(credentials, identity=identity)
        options: dict[str, Any] = {
            "credential": _credential(spec.account, credentials, gateway, identity),
            "proxies": {"http": gateway.url, "https": gateway.url},
            "read_timeout": 60,
            "retry_total": 4,
            **_intent(credentials, identity),
        }
        self._share: Any = ShareClient(addresses.azure_file(spec), spec.container, **options)

    def list(self, prefix: str) -> Iterator[Item]:
        """Every file below a folder."""
        waiting = [joined(self._spec.root, prefix)]
        while waiting:
            folder = waiting.pop()
            found = self._asked(
                folder,
                lambda at=folder: list(self._share.list_directories_and_files(at, include=["Etag", "Timestamps"])),
            )
            for entry in found:
                path = posixpath.join(folder, entry["name"])
                if entry["is_directory"]:
                    waiting.append(path)
                else:
                    yield self._item(path, entry["size"], entry.get("etag"), entry.get("last_modified"))

    def look(self, path: str) -> Item | None:
        """One file; a folder is none."""
        whole = joined(self._spec.root, path)
        try:
            found = self._asked(path, lambda: self._share.get_file_client(whole).get_file_properties())
        except NotFound:
            return None
        return self._item(whole, found.size, found.etag, found.last_modified)

    def read(self, path: str, offset: int = 0, length: int | None = None, etag: str = "") -> bytes:
        """Bytes of a file."""
        if length == 0:
            return b""

        def fetch() -> bytes:
            client = self._share.get_file_client(joined(self._spec.root, path))
            answer = client.download_file(offset=offset or None if length is None else offset, length=length)
            if etag and _bare(answer.properties.etag) != etag:
                raise ResourceModifiedError
            data: bytes = answer.readall()
            return data

        return self._asked(path, fetch)

    def stream(self, item: Item) -> Iterator[bytes]:
        """All of a file, in ranges."""
        for offset in range(0, item.size, _PIECE):
            yield self.read(item.path, offset, min(_PIECE, item.size - offset), item.etag)

    def write(self, path: str, file: Path) -> None:
        """Beside its place first, then renamed over it."""
        whole = joined(self._spec.root, path)
        draft = f"{whole}.zaffre-{os.getpid()}-{next(_DRAFTS)}"

        def put() -> None:
            self._make_folders(posixpath.dirname(whole))
            client = self._share.get_file_client(draft)
            with file.open("rb") as stream:
                client.upload_file(stream, length=file.stat().st_size, max_concurrency=4)
            client.rename_file(whole, overwrite=True)

        self._asked(path, put)

    def remove(self, path: str) -> None:
        """Remove a file."""
        try:
            self._asked(path, lambda: self._share.get_file_client(joined(self._spec.root, path)).delete_file())
        except NotFound:
            return

    def close(self) -> None:
        """Hang up."""
        self._share.close()

    def _make_folders(self, folder: str) -> None:
        made = ""
        for part in folder.split("/") if folder else ():
            made = f"{made}/{part}" if made else part
            try:
                self._share.get_directory_client(made).create_directory()
            except ResourceExistsError:
                continue

    def _item(self, whole: str, size: int, etag: str | None, modified: Any) -> Item:
        return Item(below(self._spec.root, whole), size, _bare(etag), modified.timestamp() if modified else 0.0)

    def _asked(self, what: str, call: Callable[[], _T]) -> _T:
        try:
            return call()
        except AzureError as error:
            raise self._told(what, error) from error

    def _told(self, what: str, error: AzureError) -> ZaffreError:
        if self._gateway.refusals:
            return Forbidden(f"{self.shown}: {self._gateway.refusals[-1]}")
        match error:
            case ResourceNotFoundError():
                return NotFound(f"{self.shown}: nothing is at {what}", target=what)
            case ResourceModifiedError():
                return Changed(f"{self.shown}: {what} was changed while it was read")
            case ClientAuthenticationError() | HttpResponseError(status_code=401 | 403):
                return wording.denied(self._spec, self._opened_with, what)
            case HttpResponseError():
                return wording.unreachable(self._spec, what, f"it answered {error.status_code}")
            case _:
                return wording.unreachable(self._spec, what, "it could not be reached")


def _credential(account: str, credentials: Mapping[str, str], gateway: Gateway, identity: bool) -> Any:
    if credentials.get("account_key"):
        return AzureNamedKeyCredential(account, credentials["account_key"])
    if credentials.get("sas_token"):
        return AzureSasCredential(credentials["sas_token"].lstrip("?"))
    if has_principal(credentials) or identity:
        return azure_credential(credentials, gateway.url)
    return None


def _intent(credentials: Mapping[str, str], identity: bool) -> dict[str, Any]:
    """Shares take tokens only from who says that it reads past access lists."""
    keyed = credentials.get("account_key") or credentials.get("sas_token")
    return {"token_intent": "backup"} if not keyed and (has_principal(credentials) or identity) else {}


def _bare(etag: str | None) -> str:
    return (etag or "").strip('"')
