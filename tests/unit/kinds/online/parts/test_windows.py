"""Counts that only grow, and windows between them: nothing is lost when whoever counts begins anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.kinds.online.parts import windows
from zaffre.kinds.online.parts.windows import BOUNDS, Reading, Window

COUNTS = {
    "statuses": {"200": 8, "424": 2}, "buckets": [0] * 3 + [10] + [0] * 13, "seconds": 0.05, "busy": 1, "queued": 2,
    "held": 1, "replicas_up": 2, "busy_seconds": 4.0, "mirror_statuses": {"200": 5, "500": 5},
    "mirror_buckets": [0] * 4 + [10] + [0] * 12,
    "replicas": {
        "1-1": {"pid": 7, "cpu_seconds": 1.5, "memory_bytes": 100}, "1-2": {"pid": 8, "cpu_seconds": 0.5, "memory_bytes": 50},
    },
}  # fmt: skip


def reading(at, requests, **more):
    return Reading(at, {"200": requests}, tuple([requests] + [0] * len(BOUNDS)), seconds=requests * 0.001, **more)


def test_what_the_router_says_becomes_a_reading_and_comes_back_from_disk():
    found = windows.reading(COUNTS, 10.0)
    assert (found.memory, found.replicas, found.held) == (150, 2, 1)
    assert found.cpu_seconds == {"1-1@7": 1.5, "1-2@8": 0.5}
    assert Reading.from_json(found.to_json()) == found


def test_a_window_counts_copies_too_and_knows_errors_from_callers_own_mistakes():
    nothing = windows.reading({"buckets": [0] * 17, "mirror_buckets": [0] * 17}, 0.0)
    seen = windows.between([nothing, windows.reading(COUNTS, 10.0)])
    assert (seen.requests, seen.mirrored, seen.errors) == (20, 10, 7)
    assert seen.error_rate == 35.0
    assert seen.rate == 2.0
    assert seen.cpu == 0.0  # the processes began before they were first seen
    assert [windows.is_error(status) for status in (200, 400, 401, 404, 408, 413, 424, 429, 500, 503)] == [
        False, False, False, False, True, False, True, True, True, True,
    ]  # fmt: skip


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_counts_that_begin_anew_lose_nothing_that_was_read(counts):
    readings = [reading(0.0, 0)]
    readings += [reading(at + 1.0, count) for at, count in enumerate(counts)]
    expected = sum(
        later - earlier if later >= earlier else later for earlier, later in zip([0, *counts], counts, strict=False)
    )
    assert windows.between(readings).requests == expected
    assert sum(windows.between(readings).buckets) == expected


@given(st.lists(st.integers(0, 50), min_size=17, max_size=17), st.floats(0.1, 99.9), st.floats(0, 50))
def test_percentiles_lie_in_their_bucket_and_grow(buckets, percent, more):
    seen = Window(buckets=tuple(buckets))
    found = seen.latency(percent)
    if not sum(buckets):
        assert found is None
        return
    assert 0 <= found <= BOUNDS[-1]
    assert found <= seen.latency(min(100.0, percent + more)) + 1e-9


def test_a_percentile_is_as_near_as_the_histogram():
    buckets = [0] * 17
    buckets[4] = 100  # 5 to 10 ms
    assert Window(buckets=tuple(buckets)).latency(50) == pytest.approx(0.0075)


def test_windows_begin_with_the_last_reading_before_them():
    readings = [reading(float(at), at) for at in range(10)]
    assert [one.at for one in windows.since(readings, 6.5)] == [6.0, 7.0, 8.0, 9.0]
    assert [one.at for one in windows.until(readings, 2.0)] == [0.0, 1.0, 2.0]
    assert windows.since([], 1.0) == []


def test_one_reading_is_no_window_but_tells_what_is_now():
    seen = windows.between([reading(5.0, 7, queued=2, held=1, replicas=3, memory=9)])
    assert (seen.requests, seen.queued, seen.replicas, seen.memory) == (0, 3, 3, 9)
    assert windows.between([]).to_json()["requests"] == 0


def test_processor_time_is_of_the_processes_that_go_on():
    first = reading(0.0, 0, cpu_seconds={"a": 1.0, "b": 5.0})
    then = reading(10.0, 0, cpu_seconds={"a": 6.0, "c": 2.0})
    assert windows.between([first, then]).cpu == 50.0
