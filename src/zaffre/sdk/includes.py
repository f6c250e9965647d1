"""What ``additional_includes`` puts beside a component's code before it is uploaded, as azure-ai-ml merges it.

Each entry is a file or a folder, relative to the document, that comes to lie in the code's root under its own name. An
entry ``x.zip`` where there is no such file, but a folder ``x``, is that folder, zipped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaffre.core.errors import Invalid, Problem, TooLarge
from zaffre.sdk import digests
from zaffre.sdk.digests import Entry
from zaffre.sdk.ignore import Ignored
from zaffre.sdk.parsed import is_list, is_mapping

if TYPE_CHECKING:
    from zipfile import ZipInfo

FIELD = "additional_includes"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of everything in a zip: equal content is an equal file, and is not sent again."""


@dataclass(frozen=True, slots=True)
class Include:
    """One entry."""

    source: Path
    name: str
    """What it is called in the code's root."""
    zipped: bool = False


def of(holder: Mapping[str, Any], folder: Path) -> tuple[Include, ...]:
    """The entries of what says ``code``, if it says any."""
    said = holder.get(FIELD)
    return tuple(_include(folder / each) for each in said if isinstance(each, str)) if is_list(said) else ()


def _include(said: Path) -> Include:
    path = said.resolve()
    zipped = path.suffix == ".zip" and not path.exists() and path.with_suffix("").is_dir()
    return Include(path.with_suffix("") if zipped else path, path.name, zipped)


def read_beside(document: dict[str, Any], file: Path) -> None:
    """Take up ``<document>.additional_includes``: the list as YAML, or a path a line."""
    beside = file.with_suffix(f".{FIELD}")
    if not beside.is_file():
        return
    if document.get(FIELD) is not None:
        told = f"{beside.name} beside the document says it as well; keep one of the two"
        raise Invalid([Problem(told, field=FIELD, file=str(file))])
    document[FIELD] = _listed(beside)


def _listed(file: Path) -> list[Any]:
    import yaml  # noqa: PLC0415 - weight: only components with such a file need it

    try:
        text = file.read_text(encoding="utf-8")
        read = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid([Problem(f"it cannot be read: {error}", file=str(file))]) from error
    found = read.get(FIELD) if is_mapping(read) else read
    return found if is_list(found) else [line.strip() for line in text.splitlines() if line.strip()]


def wrong(include: Include, code: Path | None) -> str:
    """Why an entry cannot be put beside ``code``; empty where it can."""
    if not include.source.exists():
        return f"{include.source} does not exist"
    if not include.name:
        return "the root of a file system cannot be included"
    there = None if code is None else code if code.is_file() and code.name == include.name else code / include.name
    if there is not None and there.exists() and there.resolve() != include.source:
        return f"{there} has this name already; rename one of them"
    return ""


def merged(code: Path | None, includes: Sequence[Include], cache: Path, made: Path) -> list[Entry]:
    """The files of both, in the order of ``digests.of``; zips are written into ``made``, a folder for this alone.

    The code's ignore file holds for all of them, a folder's own for that folder.
    """
    found = {entry.path: entry for entry in digests.of(code, cache)} if code is not None else {}
    ignored = Ignored(code) if code is not None and code.is_dir() else None
    left_out: Callable[[str], bool] = lambda path: ignored is not None and _is_left_out(ignored, path)  # noqa: E731
    for include in includes:
        entries = [entry for entry in _entries(include, cache) if not left_out(entry.path)]
        if include.zipped:
            entries = [_zip(include, entries, made)]
        found |= {entry.path: entry for entry in entries}
    if len(found) > digests.MOST_FILES:
        raise TooLarge(
            f"the code with its {FIELD} has {len(found):,} files; it may have at most {digests.MOST_FILES:,}"
        )
    return sorted(found.values(), key=lambda entry: (entry.path.lower(), entry.path))


def _entries(include: Include, cache: Path) -> Iterator[Entry]:
    if include.source.is_file():
        yield from digests.of(include.source, cache)
        return
    for entry in digests.of(include.source, cache):
        yield replace(entry, path=f"{include.source.name}/{entry.path}")


def _is_left_out(ignored: Ignored, path: str) -> bool:
    parts = path.split("/")
    return any(ignored.leaves_out("/".join(parts[:end]), end < len(parts)) for end in range(1, len(parts) + 1))


def _zip(include: Include, entries: list[Entry], made: Path) -> Entry:
    import zipfile  # noqa: PLC0415 - weight: only zips need it

    target = made / include.name
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(_info(f"{include.source.name}/", 0o40755), b"")
        for entry in entries:
            with archive.open(_info(entry.path, 0o100755 if entry.executable else 0o100644), "w") as file:
                for piece in _pieces(Path(entry.source)):
                    file.write(piece)
    with target.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    return Entry(include.name, str(target), target.stat().st_size, digest, executable=False)


def _info(name: str, mode: int) -> ZipInfo:
    import zipfile  # noqa: PLC0415 - weight

    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = mode << 16
    return info


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1024 * 1024):
            yield piece
