"""Object stores (S3, Azure blobs, Data Lake, OneLake, Google Cloud Storage) by obstore, through the gateway."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import obstore
from obstore import exceptions
from obstore import store as stores

from zaffre.core.errors import Forbidden, Invalid, NotFound, ZaffreError
from zaffre.staging.gateway import Gateway
from zaffre.staging.order import Item, StoreSpec
from zaffre.staging.store import Changed, below, joined
from zaffre.staging.stores import addresses, wording
from zaffre.staging.stores.identity import azure_tokens, has_principal

_T = TypeVar("_T")
_PART = 8 * 1024 * 1024
_RETRIES = {
    "max_retries": 5,
    "retry_timeout": timedelta(seconds=120),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=10), "base": 2},
}
_PATIENCE = {"connect_timeout": "20s", "read_timeout": "60s", "timeout": "1h"}
"""``read_timeout``: of a wait without a byte."""
_STATUS = re.compile(r"status code: (\d{3})|status: (\d{3})|(\d{3}) (?:Forbidden|Unauthorized)")
_AZURE: Any = stores.AzureStore
_S3: Any = stores.S3Store
_GCS: Any = stores.GCSStore
"""Their options are typed as closed dictionaries; ours are put together."""
_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound", "FilesystemNotFound")
_PATH = re.compile(r'[Pp]ath "((?:[^"\\]|\\.)*)"')
_CODE = re.compile(r"<Code>([A-Za-z0-9]+)</Code>")


class ObjectStore:
    """One bucket or container."""

    at_once = 32

    def __init__(
        self, spec: StoreSpec, credentials: Mapping[str, str], gateway: Gateway, *, identity: bool = False
    ) -> None:
        self.shown = spec.shown
        self._spec = spec
        self._root = spec.root
        self._gateway = gateway
        self._opened_with = wording.used(credentials, identity=identity)
        options = {
            "proxy_url": gateway.url,
            "allow_http": True,
            **_PATIENCE,
        }
        try:
            self._store: Any = _MAKERS[spec.type](spec, credentials, options, identity)
        except (exceptions.BaseError, ValueError) as error:
            told = f"{self.shown} cannot be opened with {self._opened_with}: {_harmless(str(error))}"
            raise Invalid(told) from error

    def list(self, prefix: str) -> Iterator[Item]:
        """Every object below a folder."""
        folder = joined(self._root, prefix)
        stream: Any = self._asked(
            f"listing {prefix or 'it'}", lambda: obstore.list(self._store, folder or None, chunk_size=1000)
        )
        while True:
            found: Any = self._asked(f"listing {prefix or 'it'}", lambda: next(stream, None))
            if found is None:
                return
            yield from (self._item(one) for one in found)

    def look(self, path: str) -> Item | None:
        """One object."""
        try:
            return self._item(self._asked(path, lambda: obstore.head(self._store, joined(self._root, path))))
        except NotFound:
            return None

    def read(self, path: str, offset: int = 0, length: int | None = None, etag: str = "") -> bytes:
        """Bytes of an object."""
        if length == 0:
            return b""
        options: Any = {"if_match": f'"{etag}"'} if etag else {}
        if offset or length is not None:
            options["range"] = {"offset": offset} if length is None else (offset, offset + length)
        whole = joined(self._root, path)
        return self._asked(path, lambda: bytes(memoryview(obstore.get(self._store, whole, options=options).bytes())))

    def stream(self, item: Item) -> Iterator[bytes]:
        """All of an object, in ranges."""
        for offset in range(0, item.size, _PART):
            yield self.read(item.path, offset, min(_PART, item.size - offset), item.etag)

    def write(self, path: str, file: Path) -> None:
        """Put a file there: in one request, or in parts that appear together."""
        whole = joined(self._root, path)
        self._asked(path, lambda: obstore.put(self._store, whole, file, chunk_size=_PART, max_concurrency=8))

    def remove(self, path: str) -> None:
        """Remove an object."""
        try:
            self._asked(path, lambda: obstore.delete(self._store, joined(self._root, path)))
        except NotFound:
            return

    def close(self) -> None:
        """obstore's connections end with the process."""

    def _item(self, found: Any) -> Item:
        modified = found["last_modified"].timestamp()
        return Item(below(self._root, found["path"]), found["size"], (found["e_tag"] or "").strip('"'), modified)

    def _asked(self, what: str, call: Callable[[], _T]) -> _T:
        try:
            return call()
        except FileNotFoundError as error:
            raise self._absent(what, str(error)) from error
        except exceptions.PreconditionError as error:
            raise Changed(f"{self.shown}: {what} was changed while it was read") from error
        except exceptions.InvalidPathError as error:
            named = _PATH.search(str(error))
            told = f"{self.shown}: the object {named[1] if named else what} has a name that cannot be a file's"
            raise Invalid(told) from error
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
            raise self._refused(what, str(error)) from error
        except (exceptions.BaseError, OSError, ValueError) as error:
            raise self._other(what, str(error)) from error

    def _absent(self, what: str, text: str) -> ZaffreError:
        if any(code in text for code in _NO_BUCKET):
            return NotFound(f"{self.shown}: there is no such bucket or container")
        return NotFound(f"{self.shown}: nothing is at {what}", target=what)

    def _refused(self, what: str, text: str) -> ZaffreError:
        if self._gateway.refusals:
            return Forbidden(f"{self.shown}: {self._gateway.refusals[-1]}")
        code = _CODE.search(text)
        return wording.denied(self._spec, self._opened_with, what, code[1] if code else "")

    def _other(self, what: str, text: str) -> ZaffreError:
        """obstore's own text names requests, and may name signatures: only what is known to be harmless is told on."""
        if self._gateway.refusals:
            return self._refused(what, text)
        if any(code in text for code in _NO_BUCKET):
            return self._absent(what, text)
        status = _STATUS.search(text)
        number = next((group for group in status.groups() if group), "") if status else ""
        if number in ("401", "403"):
            return self._refused(what, text)
        code = _CODE.search(text)
        why = " ".join(part for part in (number and f"it answered {number}", code[1] if code else "") if part)
        return wording.unreachable(self._spec, what, why or _harmless(text))


def _harmless(text: str) -> str:
    for sign, words in (
        ("timed out", "it did not answer in time"),
        ("TimedOut", "it did not answer in time"),
        ("dns error", "its host was not found"),
        ("Connect", "it could not be reached"),
        ("Decode", "its answer was not understood"),
        ("InvalidPath", "the name cannot be used as an object's"),
        ("invalid access key", "the key is not of the right form"),
        ("decoding", "the key or the name is not of the right form"),
    ):
        if sign.lower() in text.lower():
            return words
    return "it broke off"


def _azure(spec: StoreSpec, credentials: Mapping[str, str], options: Mapping[str, Any], identity: bool) -> Any:
    config: dict[str, Any] = {"account_name": spec.account, "endpoint": addresses.azure_blob(spec)}
    if credentials.get("account_key"):
        config["account_key"] = credentials["account_key"]
    elif credentials.get("sas_token"):
        config["sas_key"] = credentials["sas_token"].lstrip("?")
    elif has_principal(credentials) or identity:
        return _AZURE(
            spec.container,
            config=config,
            client_options=options,
            retry_config=_RETRIES,
            credential_provider=azure_tokens(credentials, options["proxy_url"]),
        )
    else:
        config["skip_signature"] = True
    return _AZURE(spec.container, config=config, client_options=options, retry_config=_RETRIES)


def _s3(spec: StoreSpec, credentials: Mapping[str, str], options: Mapping[str, Any], identity: bool) -> Any:
    config: dict[str, Any] = {"region": spec.region or "us-east-1"}
    if spec.endpoint:
        config["endpoint"] = spec.endpoint.rstrip("/")
    if credentials.get("access_key_id"):
        config["access_key_id"] = credentials["access_key_id"]
        config["secret_access_key"] = credentials.get("secret_access_key", "")
        if credentials.get("session_token"):
            config["session_token"] = credentials["session_token"]
    elif not identity:
        config["skip_signature"] = True
    return _S3(spec.container, config=config, client_options=options, retry_config=_RETRIES)


def _gcs(spec: StoreSpec, credentials: Mapping[str, str], options: Mapping[str, Any], identity: bool) -> Any:
    config: dict[str, Any] = {}
    if credentials.get("service_account"):
        key = json.loads(credentials["service_account"])
        key.pop("gcs_base_url", None)
        if spec.endpoint:
            key["gcs_base_url"] = spec.endpoint.rstrip("/")
        config["service_account_key"] = json.dumps(key)
    else:
        config |= {} if identity else {"skip_signature": True}
        config |= {"base_url": spec.endpoint.rstrip("/")} if spec.endpoint else {}
    return _GCS(spec.container, config=config, client_options=options, retry_config=_RETRIES)


_MAKERS: dict[str, Callable[[StoreSpec, Mapping[str, str], Mapping[str, Any], bool], Any]] = {
    "azure_blob": _azure,
    "azure_data_lake_gen2": _azure,
    "one_lake": _azure,
    "s3": _s3,
    "gcs": _gcs,
}
