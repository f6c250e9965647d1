"""What is known of a stream of values in little memory: how many differ, how they are spread, which are frequent."""

from __future__ import annotations

import math
from typing import Any

from zaffre.tables.libraries import np, pa, pc, pd

_EXACT = 20_000
_BITS = 14
_KEPT = 100_000
_TRACKED = 1_000
_MANY = 20_000


def hashes(column: Any) -> Any:
    """64 bits for each value; equal values have equal ones."""
    series: Any = column.to_pandas()
    return pd.util.hash_pandas_object(series, index=False).to_numpy()


class Distinct:
    """How many values differ: exactly up to some number, by HyperLogLog (within one in a hundred) beyond."""

    def __init__(self) -> None:
        self._seen: Any = np.empty(0, np.uint64)
        self._ranks: Any = None

    @property
    def is_exact(self) -> bool:
        """Whether ``count`` is not estimated."""
        return self._ranks is None

    def add(self, column: Any) -> None:
        """More values; nulls are none."""
        found: Any = np.unique(hashes(column))
        if self._ranks is None:
            self._seen = np.union1d(self._seen, found)
            if len(self._seen) <= _EXACT:
                return
            self._ranks = np.zeros(1 << _BITS, np.uint8)
            found, self._seen = self._seen, np.empty(0, np.uint64)
        self._rank(found)

    def count(self) -> int:
        """How many."""
        if self._ranks is None:
            return len(self._seen)
        size = 1 << _BITS
        estimate = 0.7213 / (1 + 1.079 / size) * size * size / float(np.sum(2.0 ** -self._ranks.astype(np.float64)))
        empty = int(np.sum(self._ranks == 0))
        return round(size * math.log(size / empty)) if estimate < 2.5 * size and empty else round(estimate)

    def _rank(self, found: Any) -> None:
        buckets = (found >> np.uint64(64 - _BITS)).astype(np.int64)
        rest: Any = (found << np.uint64(_BITS)) | np.uint64(1 << (_BITS - 1))
        leading: Any = 63 - np.floor(np.log2(rest.astype(np.float64))).astype(np.int64)
        np.maximum.at(self._ranks, buckets, np.clip(leading + 1, 1, 64 - _BITS + 1).astype(np.uint8))


class Moments:
    """Mean and standard deviation, batch by batch (Chan's way of joining them)."""

    def __init__(self) -> None:
        self._count = 0
        self._mean = 0.0
        self._squares = 0.0

    def add(self, values: Any) -> None:
        """More finite numbers."""
        if not len(values):
            return
        mean, count = float(np.mean(values)), len(values)
        apart, total = mean - self._mean, self._count + count
        self._squares += float(np.sum((values - mean) ** 2)) + apart * apart * self._count * count / total
        self._mean += apart * count / total
        self._count = total

    def mean(self) -> float | None:
        """The mean; None of nothing."""
        return self._mean if self._count else None

    def deviation(self) -> float | None:
        """The sample's standard deviation; None of fewer than two."""
        return math.sqrt(self._squares / (self._count - 1)) if self._count > 1 else None


class Spread:
    """Quantiles and a histogram from a sample in which every value has the same chance to be; all of them, if few."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = np.random.default_rng(seed)
        self._keys: Any = np.empty(0)
        self._values: Any = np.empty(0)
        self._count = 0

    @property
    def is_exact(self) -> bool:
        """Whether the sample is everything."""
        return self._count <= _KEPT

    def add(self, values: Any) -> None:
        """More finite numbers."""
        self._count += len(values)
        keys = np.concatenate([self._keys, self._chance.random(len(values))])
        both = np.concatenate([self._values, values])
        if len(both) > _KEPT:
            kept = np.argpartition(keys, _KEPT)[:_KEPT]
            keys, both = keys[kept], both[kept]
        self._keys, self._values = keys, both

    def quantiles(self, at: tuple[float, ...]) -> list[float]:
        """The values below which these parts lie."""
        return [float(value) for value in np.quantile(self._values, at)] if len(self._values) else []

    def histogram(self, bins: int = 20) -> dict[str, list[float]]:
        """Edges, and how many values lie between them (scaled up from the sample)."""
        if not len(self._values):
            return {"edges": [], "counts": []}
        counts, edges = np.histogram(self._values, bins=bins)
        scale = self._count / len(self._values)
        return {"edges": [float(edge) for edge in edges], "counts": [round(float(count) * scale) for count in counts]}


class Frequent:
    """The most frequent values: exactly where few differ, by lossy counting where many do."""

    def __init__(self) -> None:
        self._counts: dict[Any, int] = {}
        self.is_exact = True

    def add(self, column: Any) -> None:
        """More values; nulls are none."""
        counted = pc.value_counts(column)
        if len(counted) > _MANY:  # next to all differ: the rare ones are not worth remembering
            self.is_exact = False
            counted = counted.filter(pc.greater(counted.field("counts"), 1))
        for value, count in zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True):
            self._counts[value] = self._counts.get(value, 0) + count
        if len(self._counts) > _MANY:
            self.is_exact = False
            self._counts = dict(sorted(self._counts.items(), key=lambda pair: -pair[1])[:_TRACKED])

    def top(self, count: int) -> list[tuple[Any, int]]:
        """The most frequent, and how often they were seen."""
        return sorted(self._counts.items(), key=lambda pair: (-pair[1], str(pair[0])))[:count]


def finite(column: Any) -> Any:
    """The finite numbers of a column."""
    values: Any = column.drop_null().cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return values[np.isfinite(values)]
