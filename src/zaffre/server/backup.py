"""``zaffre backup`` and ``zaffre restore``: one archive of everything that cannot be made again, and the way back.

In it: both databases as lines of text (so that SQLite's can be restored into PostgreSQL and the other way round), the
keys, the settings, and a list of all files of datastores and code, or with ``--files`` these files themselves. A backup is
made beside a running server and reads each database at a single moment. A restore fills an empty home.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from zaffre import __version__
from zaffre.core.errors import Conflict, Invalid, NotFound, ZaffreError
from zaffre.core.times import iso
from zaffre.server import database, home
from zaffre.server.clock import SystemClock
from zaffre.server.settings import Settings
from zaffre.store.blobs.paths import Tree
from zaffre.store.dump import Saved
from zaffre.tracking.saved import SavedTracking

FORMAT = 1
_MANIFEST = "manifest.json"
_OURS = "zaffre"
_MLFLOW = "mlflow"
_KEPT = ("token", "settings.toml", "server.id", "keys")
"""Files and folders of a home without which its databases cannot be read or reached."""
_FILES = ("data", "blobs")
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a backup or a restore."""

    rows: int
    files: int
    size: int
    held: bool
    """Whether the files themselves are in the archive."""
    missing: tuple[str, ...] = ()
    """Of a restore: files that the databases count on and that are not there."""


def create(settings: Settings, target: Path, *, files: bool, now: float) -> Told:
    """Write the archive, whole or not at all, for its owner alone."""
    if not (settings.home / "token").exists():
        raise NotFound(f"{settings.home} is no home of Zaffre yet: nothing has run in it (zaffre up)")
    if target.exists():
        raise Conflict(f"{target} exists; choose another name, or remove it first")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            told = _written(file, settings, files=files, now=now)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return told


def _written(file: IO[bytes], settings: Settings, *, files: bool, now: float) -> Told:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        rows: dict[str, int] = {}
        order: list[str] = []
        for kind, tables in (
            (_OURS, Saved(database.chosen(settings)).lines()),
            (_MLFLOW, SavedTracking(database.tracking(settings)).lines()),
        ):
            for table, found in tables:
                order.append(f"{kind}/{table}")
                rows[order[-1]] = _put_lines(archive, order[-1], found)
        for path in _below(settings.home, _KEPT):
            archive.write(settings.home / path, f"home/{path}")
        listed = [_listed(settings.home, path) for path in _below(settings.home, _FILES)]
        if files:
            for entry in listed:
                entry["sha256"] = _put_file(archive, settings.home, entry["path"])
        manifest = {"format": FORMAT, "zaffre": __version__, "made_at": iso(now), "home": str(settings.home)}
        manifest |= {"tables": order, "rows": rows, "files": listed, "files_inside": files}
        archive.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False))
    return Told(sum(rows.values()), len(listed), sum(entry["size"] for entry in listed), files)


def _put_lines(archive: zipfile.ZipFile, name: str, found: Iterator[str]) -> int:
    count = -1  # the first line names the columns
    with archive.open(f"{name}.jsonl", "w", force_zip64=True) as member:
        for line in found:
            member.write(line.encode())
            count += 1
    return count


def _put_file(archive: zipfile.ZipFile, root: Path, path: str) -> str:
    digest = hashlib.sha256()
    with (
        Tree(root) as tree,
        os.fdopen(tree.open(path), "rb") as source,
        archive.open(f"files/{path}", "w", force_zip64=True) as member,
    ):
        while piece := source.read(_CHUNK):
            digest.update(piece)
            member.write(piece)
    return digest.hexdigest()


def _below(root: Path, names: Iterable[str]) -> Iterator[str]:
    """Every plain file at or below ``names``; links are not followed, sockets and the like not counted."""
    for name in names:
        place = root / name
        if place.is_file() and not place.is_symlink():
            yield name
        for folder, _, found in os.walk(place):
            paths = (Path(folder, one) for one in sorted(found))
            yield from (str(path.relative_to(root)) for path in paths if path.is_file() and not path.is_symlink())


def _listed(root: Path, path: str) -> dict[str, Any]:
    facts = (root / path).stat()
    return {"path": path, "size": facts.st_size, "modified": facts.st_mtime}


def restore(settings: Settings, source: Path) -> Told:
    """Fill an empty home and empty databases from an archive; nothing is begun before all of it has been looked at."""
    with _opened(source) as archive:
        manifest = _manifest(archive, source)
        if (settings.home / "token").exists():
            raise Conflict(f"{settings.home} is in use; restore into another home: ZAFFRE_HOME=… zaffre restore")
        _check(archive, source)
        home.prepare(settings.home)
        lock = home.hold(settings.home)
        try:
            ours, tracking = Saved(database.chosen(settings)), SavedTracking(database.tracking(settings))
            ours.make()
            tracking.make(sys.executable)
            tables = [name.partition("/") for name in manifest["tables"]]
            rows = sum(
                ours.fill(table, _lines(archive, f"{_OURS}/{table}")) for name, _, table in tables if name == _OURS
            )
            rows += tracking.fill(
                (table, _lines(archive, f"{_MLFLOW}/{table}")) for name, _, table in tables if name == _MLFLOW
            )
            database.remember(settings)
            _take_out(archive, settings.home, "files/")
            _take_out(archive, settings.home, "home/")  # the token is among them: what has one is whole
        finally:
            os.close(lock)
    listed = manifest["files"]
    missing = tuple(entry["path"] for entry in listed if not _is_there(settings.home, entry))
    return Told(rows, len(listed), sum(entry["size"] for entry in listed), manifest["files_inside"], missing)


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {source}") from error
    except (zipfile.BadZipFile, OSError) as error:
        raise Invalid(f"{source} is not a backup of Zaffre: {error}") from error


def _manifest(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(archive.read(_MANIFEST))
    except (KeyError, ValueError) as error:
        raise Invalid(f"{source} is not a backup of Zaffre: it has no {_MANIFEST}") from error
    if found.get("format") != FORMAT:
        raise Invalid(f"{source} was made by Zaffre {found.get('zaffre')}, in a form this version does not know")
    return found


def _check(archive: zipfile.ZipFile, source: Path) -> None:
    """Every byte against its checksum."""
    try:
        broken = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise Invalid(f"{source} is damaged: {error}") from error
    if broken is not None:
        raise Invalid(f"{source} is damaged at {broken}; nothing was restored")


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    with archive.open(f"{name}.jsonl") as member:
        for line in member:
            yield line.decode()


def _take_out(archive: zipfile.ZipFile, root: Path, prefix: str) -> None:
    """Write the members below ``prefix`` to where they were, through the one resolver of paths."""
    for member in archive.infolist():
        if not member.filename.startswith(prefix):
            continue
        with (
            Tree(root) as tree,
            archive.open(member) as source,
            os.fdopen(tree.create(member.filename.removeprefix(prefix)), "wb") as file,
        ):
            shutil.copyfileobj(source, file, _CHUNK)


def _is_there(root: Path, entry: dict[str, Any]) -> bool:
    place = root / entry["path"]
    return place.is_file() and place.stat().st_size == entry["size"]


def main() -> int:
    """``python -m zaffre.server.backup create|restore ARCHIVE [--files]`` on ZAFFRE_HOME; prints what became of it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("create", "restore"))
    parser.add_argument("archive", type=Path)
    parser.add_argument("--files", action="store_true")
    given = parser.parse_args()
    try:
        settings = Settings.load()
        if given.what == "create":
            told = create(settings, given.archive.absolute(), files=given.files, now=SystemClock().now())
        else:
            told = restore(settings, given.archive.absolute())
    except ZaffreError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    answer = {"archive": str(given.archive), "rows": told.rows, "files": told.files, "bytes": told.size}
    sys.stdout.write(json.dumps({**answer, "files_inside": told.held, "missing": list(told.missing)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
