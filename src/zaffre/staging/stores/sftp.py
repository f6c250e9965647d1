"""SFTP hosts by paramiko: the host key must be known, or nothing is sent."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import io
import itertools
import os
import posixpath
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import paramiko

from zaffre.core.errors import Forbidden, Invalid, NotFound
from zaffre.staging.egress import STALL_SECONDS, Egress
from zaffre.staging.order import Item, StoreSpec
from zaffre.staging.store import Changed, below, joined
from zaffre.staging.stores import wording

_T = TypeVar("_T")
_PIECE = 1024 * 1024
_DRAFTS = itertools.count()


class SftpStore:
    """A folder of a host; every thread has a channel of its own on one connection."""

    at_once = 4

    def __init__(self, spec: StoreSpec, credentials: Mapping[str, str], egress: Egress) -> None:
        self.shown = spec.shown
        self._spec = spec
        self._credentials = credentials
        self._egress = egress
        self._opened_with = wording.used({"username": spec.username, **credentials})
        self._root = "/" if spec.root.startswith("/") else ""
        self._transport: paramiko.Transport | None = None
        self._lock = threading.Lock()
        self._local = threading.local()

    def list(self, prefix: str) -> Iterator[Item]:
        """Every file below a folder; links are not followed."""
        waiting = [self._path(prefix)]
        while waiting:
            folder = waiting.pop()
            found: Any = self._asked(folder, lambda sftp, at=folder: sftp.listdir_attr(at or "."))
            for entry in found:
                path = posixpath.join(folder, entry.filename)
                if stat.S_ISDIR(entry.st_mode or 0):
                    waiting.append(path)
                elif stat.S_ISREG(entry.st_mode or 0):
                    yield self._item(path, entry)

    def look(self, path: str) -> Item | None:
        """One file; a folder is none."""
        whole = self._path(path)
        try:
            found: Any = self._asked(path, lambda sftp: sftp.stat(whole))
        except NotFound:
            return None
        return self._item(whole, found) if stat.S_ISREG(found.st_mode or 0) else None

    def read(self, path: str, offset: int = 0, length: int | None = None, etag: str = "") -> bytes:
        """Bytes of a file."""

        def fetch(sftp: paramiko.SFTPClient) -> bytes:
            with sftp.open(self._path(path), "rb") as file:
                self._check(file, path, etag)
                file.seek(offset)
                size = file.stat().st_size or 0
                count = max(0, size - offset) if length is None else length
                return b"".join(
                    file.readv([(at, min(_PIECE, offset + count - at)) for at in range(offset, offset + count, _PIECE)])
                )

        return self._asked(path, fetch)

    def stream(self, item: Item) -> Iterator[bytes]:
        """All of a file, in ranges that are checked each."""
        for offset in range(0, item.size, 8 * _PIECE):
            yield self.read(item.path, offset, min(8 * _PIECE, item.size - offset), item.etag)

    def write(self, path: str, file: Path) -> None:
        """Beside its place first, then renamed over it."""
        whole = self._path(path)
        draft = f"{whole}.zaffre-{os.getpid()}-{next(_DRAFTS)}"

        def put(sftp: paramiko.SFTPClient) -> None:
            _make_folders(sftp, posixpath.dirname(whole))
            try:
                sftp.put(str(file), draft)
                _rename(sftp, draft, whole)
            except OSError:
                _forget(sftp, draft)
                raise

        self._asked(path, put)

    def remove(self, path: str) -> None:
        """Remove a file."""
        try:
            self._asked(path, lambda sftp: sftp.remove(self._path(path)))
        except NotFound:
            return

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def _path(self, path: str) -> str:
        return self._root + joined(self._spec.root, path)

    def _item(self, whole: str, found: Any) -> Item:
        """SFTP has no etags: size and time stand for one."""
        version = f"{found.st_mtime}-{found.st_size}"
        path = below(self._spec.root, whole.removeprefix(self._root))
        return Item(path, found.st_size or 0, version, float(found.st_mtime or 0))

    def _check(self, file: Any, path: str, etag: str) -> None:
        if etag and self._item(self._path(path), file.stat()).etag != etag:
            raise Changed(f"{self.shown}: {path} was changed while it was read")

    def _asked(self, what: str, call: Callable[[paramiko.SFTPClient], _T]) -> _T:
        try:
            return call(self._client())
        except FileNotFoundError as error:
            raise NotFound(f"{self.shown}: nothing is at {what}", target=what) from error
        except PermissionError as error:
            raise wording.denied(self._spec, self._opened_with, what) from error
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise wording.unreachable(self._spec, what, str(error) or type(error).__name__) from error

    def _client(self) -> paramiko.SFTPClient:
        with self._lock:
            if self._transport is None or not self._transport.is_active():
                self._transport = self._connected()
                self._local = threading.local()
        client: paramiko.SFTPClient | None = getattr(self._local, "client", None)
        if client is None:
            client = paramiko.SFTPClient.from_transport(self._transport)
            assert client is not None
            channel = client.get_channel()
            assert channel is not None
            channel.settimeout(STALL_SECONDS)
            self._local.client = client
        return client

    def _connected(self) -> paramiko.Transport:
        wanted = host_key(self._spec.host_key)
        transport = paramiko.Transport(self._egress.connect(self._spec.host, self._spec.port or 22))
        with contextlib.ExitStack() as failed:
            failed.callback(transport.close)
            transport.get_security_options().key_types = _first(transport, wanted[0])
            transport.start_client(timeout=STALL_SECONDS)
            found = transport.get_remote_server_key()
            if not hmac.compare_digest(found.asbytes(), wanted[1]):
                told = f"the host showed another key ({found.get_name()} {found.fingerprint}) than the datastore's host_key"
                raise Forbidden(f"{self.shown}: {told}; nothing was sent to it")
            self._log_in(transport)
            failed.pop_all()
        return transport

    def _log_in(self, transport: paramiko.Transport) -> None:
        try:
            if self._credentials.get("private_key"):
                transport.auth_publickey(self._spec.username, _private(self._credentials))
            else:
                transport.auth_password(self._spec.username, self._credentials.get("password", ""))
        except paramiko.AuthenticationException as error:
            raise wording.denied(self._spec, self._opened_with, "logging in") from error


def host_key(text: str) -> tuple[str, bytes]:
    """``ssh-ed25519 AAAA…`` (a line of known_hosts, with or without the host) as type and bytes."""
    words = text.split()
    for kind, key in itertools.pairwise(words):
        if kind.startswith(("ssh-", "ecdsa-")):
            try:
                return kind, base64.b64decode(key, validate=True)
            except binascii.Error:
                break
    raise Invalid("host_key: expected a line as ssh-keyscan prints it, such as ssh-ed25519 AAAA…")


def _first(transport: paramiko.Transport, wanted: str) -> tuple[str, ...]:
    """Ask for the key of the kind that is known; a host usually has several."""
    known = tuple(transport.get_security_options().key_types)
    same = tuple(kind for kind in known if kind == wanted or (wanted == "ssh-rsa" and kind.startswith("rsa-sha2")))
    if not same:
        raise Invalid(f"host_key: keys of type {wanted} are not used any more; give the host's ssh-ed25519 key")
    return same


def _private(credentials: Mapping[str, str]) -> paramiko.PKey:
    text, password = credentials["private_key"], credentials.get("passphrase") or None
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), password)
        except (paramiko.SSHException, ValueError):
            continue
    raise Invalid(
        "private_key: expected an OpenSSH or PEM key (Ed25519, ECDSA or RSA), with passphrase where it has one"
    )


def _make_folders(sftp: paramiko.SFTPClient, folder: str) -> None:
    if not folder or folder == "/":
        return
    try:
        sftp.stat(folder)
    except FileNotFoundError:
        _make_folders(sftp, posixpath.dirname(folder))
        try:
            sftp.mkdir(folder)
        except OSError:
            sftp.stat(folder)  # somebody else made it meanwhile, or it cannot be made


def _rename(sftp: paramiko.SFTPClient, draft: str, final: str) -> None:
    try:
        sftp.posix_rename(draft, final)
    except OSError:  # a server without that extension cannot replace
        _forget(sftp, final)
        sftp.rename(draft, final)


def _forget(sftp: paramiko.SFTPClient, path: str) -> None:
    try:
        sftp.remove(path)
    except OSError:
        return
