"""Which keys come twice, exactly and in bounded memory: hashes go to files by their first bits, each looked at alone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from zaffre.tables.libraries import np, pd
from zaffre.tables.notes import FEW

_FILES = 64
_HELD = 200_000
_ENTRY = np.dtype([("first", "<u8"), ("second", "<u8"), ("row", "<i8")])
_SALT = "zaffre-tables-ky"
"""Sixteen characters, as pandas' hash wants them: the second 64 bits of a key's 128."""


class Keys:
    """The values of one or several columns together; a row with a null in it has no key."""

    def __init__(self, columns: list[str]) -> None:
        self.columns = columns
        self._held: list[Any] = []
        self._count = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def add(self, frame: Any, first_row: int) -> None:
        """The keys of some rows; ``first_row`` is the number of the first of them."""
        mine = frame[self.columns]
        whole = mine.notna().all(axis=1).to_numpy()
        entries = np.empty(int(whole.sum()), _ENTRY)
        kept = mine[whole]
        entries["first"] = pd.util.hash_pandas_object(kept, index=False).to_numpy()
        entries["second"] = pd.util.hash_pandas_object(kept, index=False, hash_key=_SALT).to_numpy()
        entries["row"] = np.nonzero(whole)[0] + first_row
        self._held.append(entries)
        self._count += len(entries)
        if self._count >= _HELD:
            self._spill()

    def repeated(self) -> tuple[int, list[tuple[int, int]]]:
        """How many rows have the key of an earlier one, and the first few: (row, the row it repeats)."""
        if self._folder is None:
            count, pairs = _repeated(np.concatenate(self._held) if self._held else np.empty(0, _ENTRY))
            return count, sorted(pairs)[:FEW]
        self._spill()
        total, found = 0, list[tuple[int, int]]()
        for path in sorted(Path(self._folder.name).iterdir()):
            count, pairs = _repeated(np.fromfile(path, _ENTRY))
            total += count
            found = sorted([*found, *pairs])[:FEW]
        self._folder.cleanup()
        return total, found

    def _spill(self) -> None:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="zaffre-keys-")
        if not self._held:
            return
        entries = np.concatenate(self._held)
        buckets = (entries["first"] >> np.uint64(58)).astype(np.int64) % _FILES
        for bucket in np.unique(buckets):
            with (Path(self._folder.name) / f"{bucket:02}").open("ab") as file:
                entries[buckets == bucket].tofile(file)
        self._held, self._count = [], 0


def _repeated(entries: Any) -> tuple[int, list[tuple[int, int]]]:
    if len(entries) < 2:
        return 0, []
    entries = np.sort(entries, order=["first", "second", "row"])
    same = (entries["first"][1:] == entries["first"][:-1]) & (entries["second"][1:] == entries["second"][:-1])
    positions = np.nonzero(same)[0] + 1
    order = positions[np.argsort(entries["row"][positions])][:FEW]
    pairs: list[tuple[int, int]] = []
    for position in order:
        start = position
        while start and same[start - 1]:
            start -= 1
        pairs.append((int(entries["row"][position]), int(entries["row"][start])))
    return int(same.sum()), pairs
