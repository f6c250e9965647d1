"""Files taken in whole or not at all."""

import os
import time

import pytest

from zaffre.control import filing
from zaffre.control.filing import DRAFTS, Filing
from zaffre.core.errors import Conflict, Invalid, NotFound
from zaffre.testing.clock import ManualClock


async def pieces(*parts):
    for part in parts:
        yield part


@pytest.fixture
def clock():
    return ManualClock(at=time.time())


async def test_written_replaced_and_removed(tmp_path, clock):
    root = tmp_path / "not-there-yet"
    assert await Filing(clock).put(root, "a/b.txt", pieces(b"one", b"", b"two")) == 6
    assert (root / "a/b.txt").read_text() == "onetwo"
    await Filing(clock).put(root, "a/b.txt", pieces(b"new"))
    assert (root / "a/b.txt").read_text() == "new"
    with pytest.raises(Conflict):
        await Filing(clock).put(root, "a/b.txt", pieces(b"x"), replace=False)
    await Filing(clock).put(root, "a/c.txt", pieces(b"x"), replace=False)
    assert [one.name for one in filing.entries(root, "a")] == ["b.txt", "c.txt"]
    assert [one.name for one in filing.entries(root, "")] == ["a"]
    filing.remove(root, "a/b.txt")
    with pytest.raises(NotFound):
        filing.remove(root, "a/b.txt")


async def test_what_breaks_off_leaves_nothing(tmp_path, clock):
    async def broken():
        yield b"half"
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError):
        await Filing(clock).put(tmp_path, "a", broken())
    assert [path.name for path in tmp_path.rglob("*")] == [DRAFTS]


async def test_a_race_for_a_new_name_has_one_winner(tmp_path, clock):
    filer = Filing(clock)

    async def late():
        yield b"late"
        (tmp_path / "a").write_text("first")

    with pytest.raises(Conflict):
        await filer.put(tmp_path, "a", late(), replace=False)
    assert (tmp_path / "a").read_text() == "first"
    assert list((tmp_path / DRAFTS).iterdir()) == []


async def test_drafts_of_who_was_killed_are_removed_a_day_later(tmp_path, clock):
    await Filing(clock).put(tmp_path, "a", pieces(b"x"))
    left = tmp_path / DRAFTS / "left"
    left.write_text("half")
    os.utime(left, (clock.now() - 3600, clock.now() - 3600))
    await Filing(clock).put(tmp_path, "b", pieces(b"x"))
    assert left.exists()
    os.utime(left, (clock.now() - 90_000, clock.now() - 90_000))
    await Filing(clock).put(tmp_path, "c", pieces(b"x"))
    assert not left.exists()


@pytest.mark.parametrize("path", ["", "/a", "../a", "a/../b", "a\x00"])
async def test_names_that_lead_out(tmp_path, clock, path):
    with pytest.raises(Invalid):
        await Filing(clock).put(tmp_path / "root", path, pieces(b"x"))


async def test_no_link_is_followed(tmp_path, clock):
    (tmp_path / "root").mkdir()
    (tmp_path / "root/out").symlink_to(tmp_path)
    with pytest.raises(NotFound):
        await Filing(clock).put(tmp_path / "root", "out/x", pieces(b"x"))
    assert not (tmp_path / "x").exists()
    assert filing.look(tmp_path / "root", "out") is None


async def test_what_is_named_by_its_content_is_written_once(tmp_path, clock):
    filer = Filing(clock)
    for _ in range(2):
        assert await filer.put_same(tmp_path, "LocalUpload/x", pieces(b"same", b" content")) == 12
    first = (tmp_path / "LocalUpload/x").stat().st_ino
    for other in (b"same contend", b"same", b"same content and more", b""):
        with pytest.raises(Conflict):
            await filer.put_same(tmp_path, "LocalUpload/x", pieces(other))
    assert (tmp_path / "LocalUpload/x").read_text() == "same content"
    assert (tmp_path / "LocalUpload/x").stat().st_ino == first
    assert list((tmp_path / DRAFTS).iterdir()) == []
    (tmp_path / "LocalUpload/folder").mkdir()
    with pytest.raises(Conflict):
        await filer.put_same(tmp_path, "LocalUpload/folder", pieces(b"x"))


def test_folders_are_made_and_removed(tmp_path):
    assert filing.make_folder(tmp_path / "root", "a/b")
    assert not filing.make_folder(tmp_path / "root", "a/b")
    (tmp_path / "root/a/b/file").write_text("x")
    (tmp_path / "root/a/link").symlink_to(tmp_path)
    (tmp_path / "kept").write_text("kept")
    with pytest.raises(Conflict):
        filing.make_folder(tmp_path / "root", "a/b/file")
    with pytest.raises(Conflict):
        filing.remove_folder(tmp_path / "root", "a", whole=False)
    assert sorted(filing.remove_folder(tmp_path / "root", "a", whole=True)) == ["a", "a/b"]
    assert (tmp_path / "kept").read_text() == "kept", "a link was followed"
    for path in ("a", "", "kept"):
        with pytest.raises(NotFound):
            filing.remove_folder(tmp_path / "root", path, whole=True)
    for path in ("../x", "a//b", "/x"):
        with pytest.raises(Invalid):
            filing.make_folder(tmp_path / "root", path)


def test_files_and_folders_get_other_names(tmp_path):
    for path in ("a/file", "b/file", "c"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(path)
    filing.move(tmp_path, "a", "new/place")
    assert (tmp_path / "new/place/file").read_text() == "a/file"
    filing.move(tmp_path, "c", "b/file")
    assert (tmp_path / "b/file").read_text() == "c" and not (tmp_path / "c").exists()
    for source, target in (("b", "b/inner"), ("b/file", "new"), ("new", "b"), ("b", "b")):
        with pytest.raises(Conflict):
            filing.move(tmp_path, source, target)
    with pytest.raises(NotFound):
        filing.move(tmp_path, "nothing", "x")
    with pytest.raises(Invalid):
        filing.move(tmp_path, "b/file", "../out")
