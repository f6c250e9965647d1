"""Files written range by range: whole when every byte has come, whatever the order, and never before."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from zaffre.control import ranges
from zaffre.control.ranges import KEPT_SECONDS, Ranges
from zaffre.core.errors import NotFound
from zaffre.testing.clock import ManualClock

PARTS = ((0, b"abc"), (3, b"de"), (5, b"fghij"))


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def kept(tmp_path: Path, clock):
    return Ranges(tmp_path / "ranges", clock)


async def content(pending):
    return b"".join([piece async for piece in ranges.content(pending)])


@pytest.mark.parametrize("order", list(itertools.permutations(PARTS)))
async def test_it_is_whole_with_its_last_range(kept, order):
    pending = kept.begin("a", 10, {"metadata": {"k": "v"}})
    assert [ranges.write(pending, start, part) for start, part in order] == [False, False, True]
    found = kept.find("a")
    assert (found.size, found.facts) == (10, {"metadata": {"k": "v"}})
    assert await content(found) == b"abcdefghij"


async def test_ranges_that_overlap_and_come_twice(kept):
    pending = kept.begin("a", 6, {})
    assert not ranges.write(pending, 0, b"xxxx")
    assert not ranges.write(pending, 0, b"ab")
    assert not ranges.write(pending, 5, b"f")
    assert ranges.write(pending, 2, b"cde")
    assert await content(pending) == b"abcdef"


def test_beginning_again_forgets_what_was_written(kept):
    ranges.write(kept.begin("a", 4, {}), 0, b"abc")
    pending = kept.begin("a", 4, {})
    assert not ranges.write(pending, 3, b"d")
    assert kept.find("b") is None


async def test_a_copy_is_whole_and_cut_or_filled_up(kept, tmp_path):
    (tmp_path / "file").write_bytes(b"abcdef")
    for size, expected in ((6, b"abcdef"), (3, b"abc"), (8, b"abcdef\0\0"), (0, b"")):
        descriptor = os.open(tmp_path / "file", os.O_RDONLY)
        try:
            pending = kept.reopen("a", descriptor, size)
        finally:
            os.close(descriptor)
        assert ranges.is_whole(pending)
        assert await content(pending) == expected
    assert (tmp_path / "file").read_bytes() == b"abcdef"


async def test_what_is_forgotten_is_written_no_more(kept):
    pending = kept.begin("a", 4, {})
    kept.forget("a")
    with pytest.raises(NotFound):
        ranges.write(pending, 0, b"abcd")
    with pytest.raises(NotFound):
        await content(pending)
    assert not ranges.is_whole(pending)


def test_what_nobody_completes_goes_after_a_day(kept, clock):
    folder = kept.begin("old", 4, {}).folder
    os.utime(folder, (clock.now(), clock.now()))
    clock.advance(KEPT_SECONDS + 1)
    kept.begin("new", 4, {})
    assert not folder.exists()
    assert kept.find("new") is not None
