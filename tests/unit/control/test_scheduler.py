"""Placing: first come, first served within the order given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zaffre.control.scheduler import Waiting, place

LINE = st.lists(st.integers(1, 5), max_size=20).map(
    lambda sizes: [Waiting(f"r{n}", size) for n, size in enumerate(sizes)]
)


def test_a_large_run_holds_back_smaller_ones_behind_it():
    assert place([Waiting("big", 4), Waiting("small", 1)], free=3) == []


def test_as_many_as_fit_start_in_order():
    assert place([Waiting("a", 1), Waiting("b", 2), Waiting("c", 1)], free=3) == ["a", "b"]


@given(LINE, st.integers(-3, 12))
def test_never_more_than_is_free_and_always_a_prefix(line: list[Waiting], free: int):
    chosen = place(line, free)
    assert chosen == [run.run for run in line[: len(chosen)]]
    assert sum(run.slots for run in line[: len(chosen)]) <= max(0, free)
    if len(chosen) < len(line):
        assert sum(run.slots for run in line[: len(chosen) + 1]) > free, "the next one did not fit"
