"""How numeric columns go together: Pearson's correlation of every pair, batch by batch, in memory by columns and not by rows.

Of each pair those rows count in which both have a finite number, as in pandas' ``corr``. Batches are joined by their
means and co-moments (Chan's way), so that large offsets cost no digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zaffre.tables.libraries import np, pa

MOST = 60
"""Columns that are compared, the first of a table: pairs grow with their square."""


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Of every pair of columns, over the rows that both have; ``[i, j]`` of the first three is about column i."""

    count: Any
    mean: Any
    squares: Any
    products: Any
    """Of both columns' distances from their means."""

    def joined(self, other: _Pairs) -> _Pairs:
        """Both as one."""
        count = self.count + other.count
        share = np.divide(other.count, count, out=np.zeros_like(count), where=count > 0)
        apart = other.mean - self.mean
        weight = self.count * share
        return _Pairs(
            count,
            self.mean + apart * share,
            self.squares + other.squares + apart**2 * weight,
            self.products + other.products + apart * apart.T * weight,
        )


class Correlation:
    """Takes batches, tells a matrix."""

    def __init__(self, names: list[str]) -> None:
        """``names`` of the numeric columns; those beyond ``MOST`` are left out."""
        self.names = names[:MOST]
        self._pairs: _Pairs | None = None

    def add(self, columns: list[Any]) -> None:
        """The next rows: an Arrow column for each name."""
        if not columns or not len(columns[0]):
            return
        values = np.column_stack([_numbers(column) for column in columns])
        found = _pairs_of(values)
        self._pairs = found if self._pairs is None else self._pairs.joined(found)

    def told(self) -> dict[str, Any] | None:
        """``columns`` and ``values``, a row each; None for a pair that has no correlation (a constant, no common rows)."""
        if len(self.names) < 2 or self._pairs is None:
            return None
        pairs = self._pairs
        below = np.sqrt(pairs.squares * pairs.squares.T)
        is_known = (pairs.count > 1) & (below > 0)
        values = np.divide(pairs.products, below, out=np.full_like(below, np.nan), where=is_known)
        rows = np.clip(values, -1, 1).tolist()
        return {"columns": self.names, "values": [[None if value != value else value for value in row] for row in rows]}  # noqa: PLR0124


def _pairs_of(values: Any) -> _Pairs:
    is_there = np.isfinite(values)
    if is_there.all():
        means = values.mean(axis=0)
        apart = values - means
        products = apart.T @ apart
        shape = products.shape
        squares = np.broadcast_to(np.diag(products)[:, None], shape)
        return _Pairs(np.full(shape, float(len(values))), np.broadcast_to(means[:, None], shape), squares, products)
    there = is_there.astype(np.float64)
    kept = np.where(is_there, values, 0.0)
    counts = there.sum(axis=0)
    means = np.divide(kept.sum(axis=0), counts, out=np.zeros(len(counts)), where=counts > 0)
    apart = np.where(is_there, values - means, 0.0)
    count = there.T @ there
    share = np.divide(1.0, count, out=np.zeros_like(count), where=count > 0)
    sums = apart.T @ there
    squares = np.maximum((apart**2).T @ there - sums**2 * share, 0.0)
    return _Pairs(count, means[:, None] + sums * share, squares, apart.T @ apart - sums * sums.T * share)


def _numbers(column: Any) -> Any:
    return column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
