"""Placing and making room: strict order, never more than there is, nobody starved, nobody interrupted for nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zaffre.control.scheduler import Holding, Waiting, make_room, place

SIZES = st.integers(1, 5)
LINE = st.lists(st.tuples(SIZES, st.sampled_from("abc")), max_size=20).map(
    lambda found: [Waiting(f"r{number}", size, workspace) for number, (size, workspace) in enumerate(found)]
)
QUOTA = st.dictionaries(st.sampled_from("abc"), st.integers(-1, 6))
SPOT = st.lists(SIZES, max_size=8).map(lambda sizes: [Holding(f"s{n}", size, n) for n, size in enumerate(sizes)])


def test_a_large_run_holds_back_smaller_ones_behind_it():
    assert place([Waiting("big", 4), Waiting("small", 1)], free=3).start == ()


def test_as_many_as_fit_start_in_order():
    assert place([Waiting("a", 1), Waiting("b", 2), Waiting("c", 1)], free=3).start == ("a", "b")


def test_a_workspace_without_quota_holds_back_its_own_runs_only():
    line = [Waiting("a1", 1, "a"), Waiting("a2", 2, "a"), Waiting("a3", 1, "a"), Waiting("b1", 1, "b")]
    verdict = place(line, 4, {"a": 2})
    assert verdict.start == ("a1", "b1")
    assert verdict.held == {"a"}


@given(LINE, st.integers(-3, 12))
def test_never_more_than_is_free_and_always_a_prefix(line: list[Waiting], free: int):
    chosen = place(line, free).start
    assert list(chosen) == [run.run for run in line[: len(chosen)]]
    assert sum(run.slots for run in line[: len(chosen)]) <= max(0, free)
    if len(chosen) < len(line):
        assert sum(run.slots for run in line[: len(chosen) + 1]) > free, "the next one did not fit"


@given(LINE, st.integers(0, 12), QUOTA)
def test_no_workspace_gets_more_than_its_quota_and_each_keeps_its_order(
    line: list[Waiting], free: int, quota: dict[str, int]
):
    verdict = place(line, free, quota)
    started = [run for run in line if run.run in verdict.start]
    assert sum(run.slots for run in started) <= free
    for workspace in "abc":
        own = [run for run in line if run.workspace == workspace]
        chosen = [run for run in started if run.workspace == workspace]
        assert chosen == own[: len(chosen)], "nobody of a workspace passes another of it"
        assert not chosen or sum(run.slots for run in chosen) <= quota.get(workspace, 99)


@given(LINE, st.integers(5, 8))
def test_everybody_starts_in_the_end(line: list[Waiting], nodes: int):
    """Whoever runs ends: with nothing else free all of the line starts, in its order, in as many rounds as it has runs."""
    started: list[str] = []
    left = line
    for _ in range(len(line)):
        chosen = place(left, nodes).start
        started += chosen
        left = [run for run in left if run.run not in chosen]
    assert started == [run.run for run in line]


@given(SIZES, st.integers(0, 5), SPOT)
def test_no_more_is_interrupted_than_is_needed_and_nobody_for_nothing(slots: int, free: int, spot: list[Holding]):
    chosen = make_room(slots, free, spot)
    sizes = {run.run: run.slots for run in spot}
    freed = free + sum(sizes[name] for name in chosen)
    if not chosen:
        assert slots <= free or free + sum(sizes.values()) < slots
        return
    assert freed >= slots
    assert all(freed - sizes[name] < slots for name in chosen), "each of them is needed"


def test_the_youngest_is_interrupted_first():
    spot = [Holding("old", 1, 1), Holding("young", 1, 2)]
    assert make_room(1, 0, spot) == ["young"]
