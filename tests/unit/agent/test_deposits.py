import os
import shutil
import tempfile
from pathlib import Path

import pytest

from zaffre.agent import deposits
from zaffre.agent.order import Deposit


def beat():
    pass


@pytest.fixture
def staging(tmp_path):
    folder = tmp_path / "staging"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").write_text("new")
    (folder / "link").symlink_to("deep/file")
    return folder


@pytest.fixture(params=["same", "other"])
def place(request, tmp_path):
    """A folder on the staging's file system, and one on another, where renames become copies."""
    if request.param == "same":
        yield tmp_path / "data"
        return
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("one file system only")
    folder = Path(tempfile.mkdtemp(dir=memory))
    yield folder
    shutil.rmtree(folder)


def deposit(staging, final, **changes):
    fields = {"kind": "folder", "merge": False, "always": False, **changes}
    return Deposit("out", str(staging), str(final), **fields)


def test_a_folder_appears_whole(staging, place):
    saved, trouble = deposits.save([deposit(staging, place / "out")], True, beat)
    assert (saved, trouble) == (["out"], None)
    assert (place / "out" / "deep" / "file").read_text() == "new"
    assert os.readlink(place / "out" / "link") == "deep/file"
    assert os.listdir(place) == ["out"]


def test_a_folder_replaces_an_earlier_one(staging, place):
    (place / "out").mkdir(parents=True)
    (place / "out" / "old").write_text("old")
    deposits.save([deposit(staging, place / "out")], True, beat)
    assert sorted(os.listdir(place / "out")) == ["deep", "link"]
    assert os.listdir(place) == ["out"]


def test_a_merge_keeps_what_else_is_there(staging, place):
    (place / "deep").mkdir(parents=True)
    (place / "deep" / "old").write_text("old")
    (place / "deep" / "file").write_text("old")
    _, trouble = deposits.save([deposit(staging, place, merge=True)], True, beat)
    assert trouble is None
    assert (place / "deep" / "file").read_text() == "new"
    assert (place / "deep" / "old").read_text() == "old"
    assert os.readlink(place / "link") == "deep/file"
    assert sorted(os.listdir(place)) == ["deep", "link"]


def test_a_merge_into_nothing_is_one_rename(tmp_path):
    staging = tmp_path / "staging"
    staging.mkdir()
    before = staging.stat().st_ino
    saved, trouble = deposits.save([deposit(staging, tmp_path / "final", merge=True)], True, beat)
    assert (saved, trouble) == (["out"], None)
    assert (tmp_path / "final").stat().st_ino == before


def test_nothing_left_is_nothing_saved(tmp_path):
    assert deposits.save([deposit(tmp_path / "none", tmp_path / "out")], True, beat) == ([], None)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_the_wrong_kind_is_refused_in_words(tmp_path, kind):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    found = "file" if kind == "folder" else "folder"
    saved, trouble = deposits.save([deposit(tmp_path / found, tmp_path / "out", kind=kind)], True, beat)
    assert saved == []
    assert trouble.facts == {"name": "out", "message": f"a {kind} was expected, a {found} was found"}


def test_a_link_in_place_of_an_output_is_refused(tmp_path):
    (tmp_path / "link").symlink_to("/etc")
    saved, trouble = deposits.save([deposit(tmp_path / "link", tmp_path / "out")], True, beat)
    assert (saved, trouble.cause) == ([], "OutputFailed")
    assert not (tmp_path / "out").exists()


def test_a_final_place_that_is_a_link_is_not_followed_by_a_merge(staging, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "final").symlink_to(tmp_path / "outside")
    _, trouble = deposits.save([deposit(staging, tmp_path / "final", merge=True)], True, beat)
    assert trouble is not None
    assert os.listdir(tmp_path / "outside") == []


def test_one_that_fails_does_not_cost_the_others(staging, tmp_path):
    (tmp_path / "file").write_text("x")
    wrong = deposit(staging, tmp_path / "file" / "below")
    right = deposit(tmp_path / "file2", tmp_path / "kept", kind="file")
    (tmp_path / "file2").write_text("y")
    saved, trouble = deposits.save([wrong, right], True, beat)
    assert (saved, trouble.cause) == (["out"], "OutputFailed")
    assert (tmp_path / "kept").read_text() == "y"
