"""Sketches against the whole truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from zaffre.tables import sketches


def batches(values: list[object], size: int = 5000) -> list[pa.Array]:
    return [pa.array(values[start : start + size]) for start in range(0, len(values), size)]


@pytest.mark.parametrize("count", [0, 1, 500, 20_000, 300_000])
def test_distinct(count: int) -> None:
    sketch = sketches.Distinct()
    for batch in batches([f"value {n}" for n in range(count)] * (2 if count < 100_000 else 1)):
        sketch.add(batch)
    assert sketch.is_exact is (count <= 20_000)
    assert sketch.count() == pytest.approx(count, rel=0 if sketch.is_exact else 0.02)


def test_moments_are_pandas_own() -> None:
    values = np.random.default_rng(1).normal(1e6, 3, 50_000)
    sketch = sketches.Moments()
    for batch in np.array_split(values, 17):
        sketch.add(batch)
    series = pd.Series(values)
    assert sketch.mean() == pytest.approx(series.mean(), rel=1e-12)
    assert sketch.deviation() == pytest.approx(series.std(), rel=1e-9)


def test_moments_of_little() -> None:
    sketch = sketches.Moments()
    assert (sketch.mean(), sketch.deviation()) == (None, None)
    sketch.add(np.array([3.0]))
    assert (sketch.mean(), sketch.deviation()) == (3.0, None)


def test_quantiles_of_few_are_exact() -> None:
    values = np.random.default_rng(2).exponential(1, 9_999)
    sketch = sketches.Spread()
    for batch in np.array_split(values, 9):
        sketch.add(batch)
    assert sketch.is_exact
    assert sketch.quantiles((0.1, 0.5, 0.9)) == pytest.approx(list(np.quantile(values, (0.1, 0.5, 0.9))))
    counts, edges = np.histogram(values, 20)
    assert sketch.histogram() == {"edges": edges.tolist(), "counts": counts.tolist()}


def test_quantiles_of_many_are_near() -> None:
    values = np.random.default_rng(3).uniform(0, 1, 600_000)
    sketch = sketches.Spread()
    for batch in np.array_split(np.sort(values), 60):  # sorted: the worst order for a sample
        sketch.add(batch)
    assert not sketch.is_exact
    assert sketch.quantiles((0.05, 0.5, 0.95)) == pytest.approx([0.05, 0.5, 0.95], abs=0.01)
    assert sum(sketch.histogram()["counts"]) == pytest.approx(600_000, rel=0.001)


def test_frequent_values_of_few_are_exact() -> None:
    values = ["a"] * 50 + ["b"] * 30 + ["c"] * 30 + ["d"]
    sketch = sketches.Frequent()
    for batch in batches(values, 7):
        sketch.add(batch)
    assert sketch.is_exact
    assert sketch.top(3) == [("a", 50), ("b", 30), ("c", 30)]


def test_frequent_values_are_found_among_many_rare_ones() -> None:
    sketch = sketches.Frequent()
    for number in range(6):
        sketch.add(pa.array([f"{number} {n}" for n in range(30_000)] + ["often"] * 900 + ["seldom"] * 300))
    assert not sketch.is_exact
    assert sketch.top(2) == [("often", 5400), ("seldom", 1800)]


def test_equal_values_hash_alike_and_others_do_not() -> None:
    found = sketches.hashes(pa.array(["a", "b", "a"]))
    assert found[0] == found[2] != found[1]
