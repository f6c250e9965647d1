"""Secrets at rest: each value under a key of its own, each of those under a key that is not in the database.

A copy of the database alone opens nothing; the key file alone opens nothing. Values are bound to their workspace and
name, so that a row moved to another name does not open either.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, insert, select, update

from zaffre.core.errors import Invalid, Unavailable
from zaffre.store.tables import secrets as table
from zaffre.store.transaction import Tx

_KEY_BITS = 256
_NONCE = 12


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of the key file by id; the last one seals, all of them open."""

    by_id: dict[str, bytes]

    @property
    def newest(self) -> str:
        return next(reversed(self.by_id))


class Vault:
    """Keeps secrets in the database, sealed with the keys in ``key_file`` (made, mode 0600, where it is missing)."""

    def __init__(self, key_file: Path) -> None:
        self._file = key_file
        if not key_file.exists():
            _create(key_file)
        self._keys = _load(key_file)

    def put(self, tx: Tx, workspace: str, name: str, value: str) -> None:
        """Keep ``value``, in place of what was kept under this name."""
        place = _place(workspace, name)
        key = AESGCM.generate_key(_KEY_BITS)
        row = {
            "key_id": self._keys.newest,
            "wrapped_key": _seal(self._keys.by_id[self._keys.newest], key, place),
            "sealed": _seal(key, value.encode("utf-8"), place),
            "created_at": tx.now,
        }
        if tx.connection.execute(_CHANGE, {"at_workspace": workspace, "at_name": name} | row).rowcount == 0:
            tx.connection.execute(_ADD, {"workspace": workspace, "name": name} | row)

    def get(self, tx: Tx, workspace: str, name: str) -> str | None:
        """The value, or None. Raises ``Unavailable`` where the key file does not fit the database."""
        row = tx.connection.execute(_GET, {"at_workspace": workspace, "at_name": name}).one_or_none()
        if row is None:
            return None
        place = _place(workspace, name)
        try:
            key = _open(self._key(row.key_id), row.wrapped_key, place)
            return _open(key, row.sealed, place).decode("utf-8")
        except InvalidTag as error:
            raise Unavailable(
                f'secret "{name}" does not open: its row or the key file {self._file} was changed'
            ) from error

    def delete(self, tx: Tx, workspace: str, name: str) -> bool:
        """Forget a value; False where there was none."""
        return tx.connection.execute(_DELETE, {"at_workspace": workspace, "at_name": name}).rowcount == 1

    def rotate(self, tx: Tx) -> str:
        """Seal every value's key anew under a key made now; returns its id.

        Older keys stay in the file until the next rotation, because this one may yet be rolled back.
        """
        used = {row.key_id for row in tx.connection.execute(_USED)}
        by_id = {id_: key for id_, key in _load(self._file).by_id.items() if id_ in used}
        id_, key = _fresh()
        keys = _Keys(by_id | {id_: key})
        _save(self._file, keys)
        self._keys = keys
        for row in tx.connection.execute(_ALL).all():
            place = _place(row.workspace, row.name)
            inner = _open(self._key(row.key_id), row.wrapped_key, place)
            at = {"at_workspace": row.workspace, "at_name": row.name}
            tx.connection.execute(_CHANGE, at | {"key_id": id_, "wrapped_key": _seal(key, inner, place)})
        return id_

    def _key(self, id_: str) -> bytes:
        if id_ not in self._keys.by_id:
            self._keys = _load(self._file)  # another server may have rotated
        if id_ not in self._keys.by_id:
            raise Unavailable(f"key {id_} is not in {self._file}; restore the key file that belongs to this database")
        return self._keys.by_id[id_]


def _place(workspace: str, name: str) -> bytes:
    return f"{workspace}\0{name}".encode()


def _seal(key: bytes, value: bytes, place: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, place)


def _open(key: bytes, sealed: bytes, place: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place)


def _fresh() -> tuple[str, bytes]:
    return secrets.token_hex(8), AESGCM.generate_key(_KEY_BITS)


def _load(file: Path) -> _Keys:
    if file.stat().st_mode & 0o077:
        raise Invalid(f"{file} can be read by others; expected mode 0600: chmod 600 {file}")
    try:
        stored: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))["keys"]
        keys = {id_: base64.b64decode(key, validate=True) for id_, key in stored.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(f"{file} is not a key file; restore the one that belongs to this database") from error
    if not keys or any(len(key) * 8 != _KEY_BITS for key in keys.values()):
        raise Invalid(f"{file} holds no key of {_KEY_BITS} bits; restore the one that belongs to this database")
    return _Keys(keys)


def _create(file: Path) -> None:
    """Of two processes that start at once one makes the file and the other finds it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    id_, key = _fresh()
    temporary = _write(file, _Keys({id_: key}))
    try:
        os.link(temporary, file)
    except FileExistsError:
        return
    finally:
        temporary.unlink()
    _sync(file.parent)


def _save(file: Path, keys: _Keys) -> None:
    _write(file, keys).replace(file)
    _sync(file.parent)


def _write(file: Path, keys: _Keys) -> Path:
    text = json.dumps({"keys": {id_: base64.b64encode(key).decode() for id_, key in keys.by_id.items()}})
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return temporary


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_HERE = (table.c.workspace == bindparam("at_workspace"), table.c.name == bindparam("at_name"))
_GET = select(table.c.key_id, table.c.wrapped_key, table.c.sealed).where(*_HERE)
_ADD = insert(table)
_CHANGE = update(table).where(*_HERE)
_DELETE = delete(table).where(*_HERE)
_USED = select(table.c.key_id).distinct()
_ALL = select(table.c.workspace, table.c.name, table.c.key_id, table.c.wrapped_key)
