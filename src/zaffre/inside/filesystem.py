"""``azureml://`` for fsspec, and by it for pandas, pyarrow, dask: datastores, data assets and job outputs as files.

``pd.read_csv("azureml://datastores/workspaceblobstore/paths/a.csv")`` in a job and on a user's machine. Reading fetches the
ranges that are asked for; a file that is written appears whole when it is closed, or not at all.
"""

# fsspec has no types; what it hands us is checked by use.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportIncompatibleMethodOverride=false

from __future__ import annotations

import os
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional, Union, cast
from urllib.parse import quote

from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

from zaffre.inside import surroundings
from zaffre.inside.line import Line
from zaffre.inside.spots import SCHEME, Finder, Spot

Info = Dict[str, Any]
_PAGE = 1000
_IN_MEMORY = 16 * 1024 * 1024


class AzureMachineLearningFileSystem(AbstractFileSystem):
    """Files behind ``azureml://``. Given a ``uri`` of a datastore, paths are those on it, as with ``azureml-fsspec``."""

    protocol = SCHEME
    root_marker = ""

    def __init__(self, uri: str = "", **options: Any) -> None:
        super().__init__(**options)
        self._line = Line(surroundings.found())
        self._finder = Finder(self._line)
        self._start = self._finder.find(_bare(uri)) if uri else None

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        if isinstance(path, list):
            return [cls._strip_protocol(one) for one in cast("List[Any]", path)]
        return _bare(os.fspath(path))

    def ls(self, path: str = "", detail: Optional[bool] = None, **options: Any) -> List[Any]:
        """What lies in a folder, or the one file; names alone by default where paths are relative to a datastore."""
        spot = self._spot(path)
        found = [self._told(spot, item) for item in self._items(spot)]
        wanted = self._start is None if detail is None else detail
        return found if wanted else [one["name"] for one in found]

    def info(self, path: str, **options: Any) -> Info:
        """Name, size, kind and time of one file or folder."""
        spot = self._spot(path)
        items = self._items(spot, top=1)
        if items and items[0]["kind"] == "file" and items[0]["path"] == spot.path:
            return self._told(spot, items[0])
        return {"name": self._spelt(spot, spot.path), "size": 0, "type": "directory"}

    def created(self, path: str) -> Any:
        """Datastores keep the time of the last change only."""
        return self.modified(path)

    def modified(self, path: str) -> Any:
        """When a file was last written."""
        return datetime.fromtimestamp(self.info(path)["mtime"], timezone.utc)

    def rm_file(self, path: str) -> None:
        """Delete a file; a job's token may not."""
        spot = self._spot(path)
        self._line.ask("DELETE", _file(spot))

    _rm = rm_file

    def mkdir(self, path: str, create_parents: bool = True, **options: Any) -> None:
        """Folders are there when something lies in them."""

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        """Folders are there when something lies in them."""

    def rmdir(self, path: str) -> None:
        """Folders are there while something lies in them."""

    def cp_file(self, path1: str, path2: str, **options: Any) -> None:
        """Copy by reading and writing."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as held:
            size, at = int(self.info(path1)["size"]), 0
            while at < size:
                held.write(self.cat_file(path1, at, min(size, at + _IN_MEMORY)))
                at += _IN_MEMORY
            self.send(path2, held)

    def upload(self, lpath: Any, rpath: Any, recursive: bool = False, **options: Any) -> None:
        """Send files there. ``overwrite`` may be ``FAIL_ON_FILE_CONFLICT``, ``MERGE_WITH_OVERWRITE`` or ``APPEND``."""
        mode = str(options.pop("overwrite", "") or "").rpartition(".")[2].upper()
        if mode == "FAIL_ON_FILE_CONFLICT":
            options["replace"] = False
        self.put(lpath, rpath, recursive=recursive, **options)

    def put_file(self, lpath: Any, rpath: str, **options: Any) -> None:
        """Send one file, as a stream."""
        if os.path.isdir(lpath):
            return
        with open(lpath, "rb") as source:
            self.send(rpath, source, bool(options.get("replace", True)))

    def download(self, rpath: Any, lpath: Any, recursive: bool = False, **options: Any) -> Any:
        """Fetch files from there."""
        options.pop("overwrite", None)
        return self.get(rpath, lpath, recursive=recursive, **options)

    def _open(self, path: str, mode: str = "rb", block_size: Any = None, **options: Any) -> Any:
        if mode == "rb":
            return _Reading(self, path, mode, block_size or "default", **options)
        if mode in ("wb", "xb"):
            return _Writing(self, path, replace=mode == "wb")
        raise ValueError("azureml:// opens files to be read (r), written (w) or made (x), found %r" % mode)

    def cat_file(self, path: str, start: Optional[int] = None, end: Optional[int] = None, **options: Any) -> bytes:
        """A file's bytes, or a range of them."""
        spot = self._spot(path)
        if (start is not None and start < 0) or (end is not None and end < 0):
            size = int(self.info(path)["size"])
            start, end = _from_front(start, size), _from_front(end, size)
        if end is not None and end <= (start or 0):
            return b""
        headers = (
            {}
            if start is None and end is None
            else {"Range": "bytes=%d-%s" % (start or 0, "" if end is None else end - 1)}
        )
        answer = self._line.ask("GET", _file(spot), headers=headers)
        whole = answer.status == 200 and bool(headers)
        return answer.content[start or 0 : end] if whole else answer.content

    def send(self, path: str, content: Any, replace: bool = True) -> None:
        """Write the whole of an open file there, in one step."""
        spot = self._spot(path)
        self._line.ask("PUT", _file(spot), {} if replace else {"replace": 0}, content)

    def _items(self, spot: Spot, top: int = _PAGE) -> List[Info]:
        found: List[Info] = []
        while True:
            query = {"path": spot.path, "top": top, "skip": len(found)}
            page = self._line.json("GET", spot.address, query=query)
            found += page["value"]
            if not page.get("next") or top < _PAGE:
                return found

    def _told(self, spot: Spot, item: Info) -> Info:
        folder = item["kind"] == "folder"
        return {
            "name": self._spelt(spot, item["path"]),
            "size": item["size"],
            "type": "directory" if folder else "file",
            "mtime": _moment(item["modified_at"]).timestamp(),
        }

    def _spot(self, path: Union[str, "os.PathLike[str]"]) -> Spot:
        bare = _bare(os.fspath(path))
        start = self._start
        if start is None or _absolute(bare):
            return self._finder.find(bare)
        below = "" if bare in ("", ".") else bare[2:] if bare.startswith("./") else bare
        return start._replace(path=below.strip("/") or start.path)

    def _spelt(self, spot: Spot, path: str) -> str:
        start = self._start
        same = start is not None and (start.workspace, start.datastore) == (spot.workspace, spot.datastore)
        return path if same and spot.spelt == (start.spelt if start else "") else spot.spell(path)


class _Reading(AbstractBufferedFile):
    """A file read by ranges; fsspec keeps what was read ahead."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        filesystem = cast(AzureMachineLearningFileSystem, self.fs)
        return filesystem.cat_file(self.path, start, end)


class _Writing(tempfile.SpooledTemporaryFile):  # pyright: ignore[reportMissingTypeArgument]
    """What is written, kept here until it is closed, then sent at once; nothing is sent after an error."""

    def __init__(self, filesystem: AzureMachineLearningFileSystem, path: str, replace: bool) -> None:
        super().__init__(max_size=_IN_MEMORY, mode="w+b")
        self._filesystem = filesystem
        self._path = path
        self._replace = replace
        self._sent = False
        self._before = sys.exc_info()[1]

    def close(self) -> None:
        """Send it, unless an error is what closes it; the second time nothing happens."""
        failing = sys.exc_info()[1] is not self._before  # a wrapper around this file is told of it, and tells nobody
        if not self._sent and not failing:
            self._sent = True
            self._filesystem.send(self._path, self, self._replace)
        super().close()

    def discard(self) -> None:
        """Forget it."""
        self._sent = True
        super().close()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def readable(self) -> bool:
        """What is written is read by nobody before it is there."""
        return False

    def writable(self) -> bool:
        """It is."""
        return not self._sent

    def seekable(self) -> bool:
        """It is: formats that write their head last need it."""
        return True


def _bare(path: str) -> str:
    for start in (SCHEME + "://", SCHEME + ":"):
        if path.startswith(start):
            path = path[len(start) :]
            break
    return path.rstrip("/")


def _absolute(bare: str) -> bool:
    """Whether a path says itself where it begins."""
    parts = bare.split("/")
    first = parts[0].lower()
    return (first == "subscriptions" and len(parts) > 5) or (
        first == "datastores" and len(parts) > 1 and "paths" in parts[2:3]
    )


def _file(spot: Spot) -> str:
    if not spot.path:
        raise IsADirectoryError("%s is a datastore, not a file" % spot.datastore)
    return spot.address + "/" + quote(spot.path, safe="/")


def _moment(text: str) -> datetime:
    """A time as the server writes it, with or without a fraction."""
    whole, _, rest = text.rstrip("Z").partition(".")
    fraction = float("0.%s" % rest) if rest else 0.0
    found = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return found + timedelta(seconds=fraction)


def _from_front(at: Optional[int], size: int) -> Optional[int]:
    return at if at is None or at >= 0 else max(0, size + at)
