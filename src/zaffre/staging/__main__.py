"""A staging process: ``python -m zaffre.staging``, with its order on standard input and its report in a file."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import itertools
import json
import os
import sys
import traceback
from collections.abc import Generator, Mapping
from dataclasses import asdict
from pathlib import Path

from zaffre.core.errors import NoSpace, NotFound, ZaffreError
from zaffre.staging.bringing import Bringing
from zaffre.staging.cache import Cache
from zaffre.staging.importing import copied, queried
from zaffre.staging.order import Item, Order, StoreSpec, Told
from zaffre.staging.sending import Sending
from zaffre.staging.store import Store
from zaffre.staging.stores import open_store

_PR_SET_DUMPABLE = 4
_MOST_LISTED = 200_000


class _Failed(Exception):
    """One input or output, and what is wrong with it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.told = Told(ok=False, name=name, message=message)


def main() -> int:
    """Do what the order says; 0 when it is done, 1 when the report says why it is not."""
    _keep_to_ourselves()
    order = Order.from_json(sys.stdin.read())
    try:
        told = _VERBS[order.verb](order)
    except _Failed as failed:
        sys.stdout.write(f"failed: {failed}\n")
        told = failed.told
    except Exception as error:  # noqa: BLE001 - a process main: the report must tell even this
        traceback.print_exc()
        told = Told(ok=False, message=f"the staging process made a mistake: {type(error).__name__}")
    _report(Path(order.report), told)
    return 0 if told.ok else 1


def _bring(order: Order) -> Told:
    cache = Cache(Path(order.cache), order.cache_bytes)
    for one in order.inputs:
        with _named(one.name, Path(order.cache)):
            Bringing(one, _opened(order, one.store, one.credentials), cache).bring()
    with contextlib.suppress(OSError):
        cache.sweep()
    return Told(ok=True)


def _send(order: Order) -> Told:
    for one in order.outputs:
        with _named(one.name, Path(one.source)):
            try:
                Sending(one, _opened(order, one.store, one.credentials)).send()
            except ZaffreError as error:
                raise _Failed(one.name, f"{error.message}. It is kept at {one.source}") from error
    return Told(ok=True)


def _list(order: Order) -> Told:
    """The files of one place with their sizes, for who shows or downloads them."""
    one = order.inputs[0]
    with _named(one.name, Path(order.cache)), contextlib.suppress(NotFound):
        store = _opened(order, one.store, one.credentials)
        single = store.look(one.path) if one.path.strip("/") and one.type != "uri_folder" else None
        if single is not None:
            return Told(ok=True, items=[(single.path.rpartition("/")[2], single.size)], facts=_versions([single]))
        cut = len(one.path.strip("/")) + 1 if one.path.strip("/") else 0
        found = list(itertools.islice(store.list(one.path), _MOST_LISTED))
        return Told(ok=True, items=[(item.path[cut:], item.size) for item in found], facts=_versions(found))
    return Told(ok=True)


def _versions(items: list[Item]) -> dict[str, str | int]:
    """The contents of all of them in one word; nothing where the store does not tell contents apart."""
    if not items or not all(item.version for item in items):
        return {}
    told = hashlib.sha256()
    for item in items:
        told.update(f"{item.path}\0{item.size}\0{item.version}\0".encode())
    return {"versions": told.hexdigest()}


def _check(order: Order) -> Told:
    """Whether the store opens: its first objects are asked for."""
    one = order.inputs[0]
    with _named(one.name, Path(order.cache)):
        store = _opened(order, one.store, one.credentials)
        if one.store.type == "http":
            store.look("")
            return Told(ok=True)
        return Told(ok=True, items=[(item.path, item.size) for item in itertools.islice(store.list(one.path), 5)])


def _query(order: Order) -> Told:
    """What a database answers, as files."""
    assert order.query is not None
    with _named("", Path(order.query.folder)):
        return Told(ok=True, facts=queried(order.query, order.policy))


def _copy(order: Order) -> Told:
    """What a bucket holds, as files of their own."""
    one = order.inputs[0]
    with _named("", Path(one.target)):
        return Told(ok=True, facts=copied(one, _opened(order, one.store, one.credentials)))


def _opened(order: Order, spec: StoreSpec, credentials: Mapping[str, str]) -> Store:
    return open_store(spec, credentials, order.policy, identity=order.identity and not credentials)


@contextlib.contextmanager
def _named(name: str, place: Path) -> Generator[None]:
    """Whatever fails inside is this input's or output's failure, in words."""
    try:
        yield
    except ZaffreError as error:
        raise _Failed(name, error.message) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _Failed(name, NoSpace(f"no space left on the disk of {place}").message) from error
        raise _Failed(name, f"{error.filename or place}: {error.strerror or type(error).__name__}") from error


def _report(path: Path, told: Told) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(asdict(told)), encoding="utf-8")
        draft.replace(path)
    except OSError:
        traceback.print_exc()


def _keep_to_ourselves() -> None:
    """Other processes of this user, jobs above all, cannot read this one's memory, where credentials are."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


_VERBS = {"bring": _bring, "send": _send, "list": _list, "check": _check, "query": _query, "copy": _copy}

if __name__ == "__main__":
    sys.exit(main())
