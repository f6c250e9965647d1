"""Single files behind http and https URLs: read only, nothing can be listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from zaffre.core.errors import Invalid, NotFound
from zaffre.staging.egress import Answer, Egress
from zaffre.staging.order import Item, StoreSpec
from zaffre.staging.policy import shown
from zaffre.staging.store import Changed, joined
from zaffre.staging.stores import wording

_PIECE = 1024 * 1024
_GONE = (404, 410)


class WebStore:
    """A URL that paths are below; a single file is the path ''."""

    def __init__(self, spec: StoreSpec, credentials: Mapping[str, str], egress: Egress) -> None:
        self.shown = shown(spec.endpoint)
        self._spec = spec
        self._egress = egress
        self.at_once = 1
        """More once a server said that it gives ranges, and what tells one content from another."""
        self._opened_with = wording.used(credentials)
        self._headers = {"Authorization": f"Bearer {credentials['token']}"} if credentials.get("token") else {}

    def list(self, prefix: str) -> Iterator[Item]:
        """Only a file itself: the web has no folders."""
        found = self.look(prefix)
        if found is None:
            raise NotFound(f"{self._url(prefix)}: nothing is there")
        yield found

    def look(self, path: str) -> Item | None:
        """One file. Asked by GET, since signed URLs often allow nothing else."""
        with self._get(path, {}) as answer:
            if answer.status in _GONE:
                return None
            self._check(answer, path)
            if answer.header("Accept-Ranges") == "bytes" and _etag(answer):
                self.at_once = 8
            size = answer.header("Content-Length")
            return Item(path, int(size) if size.isdigit() else -1, _etag(answer), _modified(answer))

    def read(self, path: str, offset: int = 0, length: int | None = None, etag: str = "") -> bytes:
        """Bytes of a file; a server without ranges is read from the start."""
        if length == 0:
            return b""
        end = "" if length is None else str(offset + length - 1)
        with self._get(path, {"Range": f"bytes={offset}-{end}"} if offset or end else {}) as answer:
            self._check(answer, path)
            if etag and _etag(answer) != etag:
                raise Changed(f"{self._url(path)} was changed while it was read")
            skip = offset if answer.status == 200 else 0
            wanted = None if length is None else skip + length
            data = b"".join(_pieces(answer, wanted))
            return data[skip:wanted]

    def stream(self, item: Item) -> Iterator[bytes]:
        """All of a file."""
        with self._get(item.path, {}) as answer:
            self._check(answer, item.path)
            if item.etag and _etag(answer) != item.etag:
                raise Changed(f"{self._url(item.path)} was changed while it was read")
            yield from _pieces(answer, None)

    def write(self, path: str, file: Path) -> None:
        """Not to be done."""
        del file
        raise Invalid(f"{self._url(path)} cannot be written to; http datastores are read only")

    def remove(self, path: str) -> None:
        """Not to be done."""
        raise Invalid(f"{self._url(path)} cannot be removed; http datastores are read only")

    def close(self) -> None:
        """Each request has a connection of its own."""

    def _get(self, path: str, headers: dict[str, str]) -> Answer:
        address = self._spec.endpoint
        if path or self._spec.root:
            address = f"{address.rstrip('/')}/{quote(joined(self._spec.root, path))}"
        return self._egress.get(address, {**self._headers, **headers}, trusted=self._spec.trusted)

    def _check(self, answer: Answer, path: str) -> None:
        if answer.status in _GONE:
            raise NotFound(f"{self._url(path)}: nothing is there")
        if answer.status in (401, 403):
            raise wording.denied(self._spec, self._opened_with, self._url(path), f"{answer.status} {answer.reason}")
        if answer.status not in (200, 206):
            raise wording.unreachable(self._spec, self._url(path), f"it answered {answer.status} {answer.reason}")

    def _url(self, path: str) -> str:
        return f"{self.shown.rstrip('/')}/{path}" if path else self.shown


def _pieces(answer: Answer, most: int | None) -> Iterator[bytes]:
    seen = 0
    while (most is None or seen < most) and (piece := answer.read(_PIECE)):
        seen += len(piece)
        yield piece


def _etag(answer: Answer) -> str:
    """A weak one says nothing about bytes."""
    found = answer.header("ETag")
    return "" if found.startswith("W/") else found


def _modified(answer: Answer) -> float:
    with suppress(ValueError):
        return parsedate_to_datetime(answer.header("Last-Modified")).timestamp()
    return 0.0
