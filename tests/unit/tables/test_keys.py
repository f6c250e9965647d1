"""Keys that come twice: every one is found, in memory and on disk."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaffre.tables import keys
from zaffre.tables.keys import Keys


def repeated(frame: pd.DataFrame, columns: list[str], size: int) -> tuple[int, list[tuple[int, int]]]:
    found = Keys(columns)
    for start in range(0, len(frame), size):
        found.add(frame.iloc[start : start + size], start + 1)
    return found.repeated()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["a", "b", None])), max_size=40), st.integers(1, 15))
def test_as_pandas_finds_them(pairs: list[tuple[int, str | None]], size: int) -> None:
    frame = pd.DataFrame(pairs, columns=["n", "s"])
    whole = frame.dropna()
    truth = whole[whole.duplicated(keep="first")].index + 1
    count, first = repeated(frame, ["n", "s"], size)
    assert count == len(truth)
    assert [row for row, _ in first] == list(truth[:5])
    for row, before in first:
        assert frame.iloc[row - 1].tolist() == frame.iloc[before - 1].tolist()
        assert before < row


def test_what_does_not_fit_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_HELD", 1000)
    frame = pd.DataFrame({"n": [*range(20_000), 7, 19_000, 7]})
    assert repeated(frame, ["n"], 900) == (3, [(20_001, 8), (20_002, 19_001), (20_003, 8)])


def test_nothing_is_never_twice() -> None:
    assert repeated(pd.DataFrame({"n": [None, None, 1.0]}), ["n"], 2) == (0, [])
    assert Keys(["n"]).repeated() == (0, [])
