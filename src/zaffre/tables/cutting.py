"""A stream of rows cut into mini-batches: by number or by size, never across files, as Azure cuts them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zaffre.tables.libraries import pa
from zaffre.tables.reading import Piece


def rows_of_size(size: int, rows: int, memory: int) -> int:
    """How many of ``rows`` that take ``memory`` bytes together make a mini-batch of about ``size`` bytes; at least one."""
    return max(1, size * rows // max(memory, 1))


class Cutter:
    """Cuts at ``rows`` rows, or at about ``size`` bytes as they are in memory."""

    def __init__(self, size: int, rows: int) -> None:
        self._size = size
        self._rows = rows

    def cut(self, pieces: Iterator[Piece]) -> Iterator[Any]:
        """A ``pyarrow.RecordBatch`` each."""
        held: list[Any] = []
        room = 0
        place = None
        for piece in pieces:
            if held and piece.source.path != place:
                yield _joined(held)
                held = []
            place, rest = piece.source.path, piece.batch
            most = self._rows or rows_of_size(self._size, len(rest), rest.nbytes)
            while len(rest):
                room = most - sum(len(one) for one in held)
                if room <= 0:
                    yield _joined(held)
                    held = []
                    continue
                held.append(rest.slice(0, room))
                rest = rest.slice(room)
        if held:
            yield _joined(held)


def _joined(batches: list[Any]) -> Any:
    """Several record batches as one."""
    if len(batches) == 1:
        return batches[0]
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]
