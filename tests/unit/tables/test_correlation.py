"""Correlations of a stream, against pandas on the whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from zaffre.tables.correlation import MOST, Correlation


def streamed(frame: pd.DataFrame, step: int) -> Any:
    found = Correlation([str(name) for name in frame.columns])
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for batch in table.to_batches(max_chunksize=step):
        found.add([batch.column(name) for name in found.names])
    return found.told()


@pytest.mark.parametrize("step", [1, 7, 64, 5000])
def test_batches_make_no_difference(step: int) -> None:
    chance = np.random.default_rng(3)
    frame = pd.DataFrame(chance.normal(size=(400, 4)), columns=list("abcd"))
    frame["b"] += frame["a"]
    frame.loc[chance.random(400) < 0.2, "b"] = np.nan
    frame.loc[chance.random(400) < 0.5, "c"] = np.nan
    assert np.array(streamed(frame, step)["values"]) == pytest.approx(frame.corr().to_numpy())


def test_a_large_offset_costs_no_digits() -> None:
    chance = np.random.default_rng(5)
    frame = pd.DataFrame(chance.normal(size=(3000, 2)), columns=["a", "b"])
    frame["b"] += frame["a"]
    assert np.array(streamed(frame + 1e9, 100)["values"]) == pytest.approx(frame.corr().to_numpy(), abs=1e-5)


def test_what_has_no_correlation_has_none() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0], "constant": [4.0, 4.0, 4.0], "apart": [None, None, 1.0]})
    values = streamed(frame, 2)["values"]
    assert values[0] == [pytest.approx(1.0), None, None]
    assert values[1] == [None, None, None]


def test_infinite_numbers_are_left_out() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, float("inf")], "b": [1.0, 2.0, 3.5, 4.0]})
    assert streamed(frame, 2)["values"][0][1] == pytest.approx(frame[:3].corr().to_numpy()[0, 1])


def test_one_column_has_nothing_to_go_with() -> None:
    assert streamed(pd.DataFrame({"a": [1.0, 2.0]}), 10) is None


def test_of_many_columns_the_first_are_compared() -> None:
    frame = pd.DataFrame({f"c{n}": [1.0 * n, 2.0, 3.0] for n in range(MOST + 5)})
    assert len(streamed(frame, 10)["columns"]) == MOST
