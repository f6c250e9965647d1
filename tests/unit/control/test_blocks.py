"""Blocks wait for their list, and not for ever."""

import os

import pytest

from zaffre.control.blocks import KEPT_SECONDS, Blocks
from zaffre.control.filing import Filing
from zaffre.core.errors import Invalid, NotFound
from zaffre.testing.clock import ManualClock


async def pieces(*parts):
    for part in parts:
        yield part


@pytest.fixture
def clock():
    import time

    return ManualClock(at=time.time())


@pytest.fixture
def blocks(tmp_path, clock):
    return Blocks(tmp_path / "blocks", Filing(clock), clock)


async def read(blocks, blob, ids):
    return b"".join([piece async for piece in blocks.content(blob, ids)])


async def test_in_the_order_that_is_asked(blocks):
    await blocks.put("c\0x", b"1", pieces(b"on", b"e"))
    await blocks.put("c\0x", b"2", pieces(b"two"))
    await blocks.put("c\0x", b"1", pieces(b"ONE"))
    assert blocks.size("c\0x", [b"2", b"1", b"2"]) == 9
    assert await read(blocks, "c\0x", [b"2", b"1", b"2"]) == b"twoONEtwo"
    with pytest.raises(Invalid):
        blocks.size("c\0x", [b"3"])
    with pytest.raises(Invalid):
        blocks.size("c\0y", [b"1"])
    blocks.forget("c\0x")
    with pytest.raises(NotFound):
        await read(blocks, "c\0x", [b"1"])


async def test_what_nobody_commits_is_thrown_away(blocks, clock, tmp_path):
    await blocks.put("old", b"1", pieces(b"x"))
    (folder,) = [one for one in (tmp_path / "blocks").iterdir() if one.name[0] != "."]
    long_ago = clock.now() - KEPT_SECONDS - 1
    os.utime(folder, (long_ago, long_ago))
    await blocks.put("new", b"1", pieces(b"x"))
    assert not folder.exists()
    assert blocks.size("new", [b"1"]) == 1


async def test_a_block_that_breaks_off_is_not_there(blocks):
    async def broken():
        yield b"half"
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await blocks.put("x", b"1", broken())
    with pytest.raises(Invalid):
        blocks.size("x", [b"1"])
