from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from zaffre.api import uploads
from zaffre.core.errors import Invalid, TooLarge
from zaffre.sdk import digests

OLD = 1_700_000_000


def tree(root: Path) -> Path:
    (root / "sub").mkdir(parents=True)
    (root / "B.py").write_text("b")
    (root / "a.py").write_text("a")
    (root / "sub" / "c.sh").write_text("c")
    (root / "sub" / "c.sh").chmod(0o755)
    return root


def test_lists_every_file_in_the_order_of_azures_hash(tmp_path: Path) -> None:
    entries = digests.of(tree(tmp_path / "code"), tmp_path / "cache")
    assert [entry.path for entry in entries] == ["a.py", "B.py", "sub/c.sh"]
    assert entries[0].sha256 == hashlib.sha256(b"a").hexdigest()
    assert [entry.executable for entry in entries] == [False, False, True]


def test_an_unchanged_tree_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree(tmp_path / "code")
    monkeypatch.setattr(digests, "_RACY", -(10**18))  # the files are old enough, as they are a moment later
    first = digests.of(root, tmp_path / "cache")

    def unread(source: str) -> str:
        raise AssertionError(f"{source} was read again")

    monkeypatch.setattr(digests, "_digest", unread)
    assert digests.of(root, tmp_path / "cache") == first


def test_a_file_changed_in_place_with_its_old_time_is_noticed(tmp_path: Path) -> None:
    root = tree(tmp_path / "code")
    os.utime(root / "a.py", (OLD, OLD))
    before = digests.of(root, tmp_path / "cache")
    (root / "a.py").write_text("A")
    os.utime(root / "a.py", (OLD, OLD))
    after = digests.of(root, tmp_path / "cache")
    assert before[0].sha256 != after[0].sha256 == hashlib.sha256(b"A").hexdigest()


def test_a_file_hashed_in_the_moment_it_was_written_is_read_again(tmp_path: Path) -> None:
    root = tree(tmp_path / "code")
    digests.of(root, tmp_path / "cache")
    assert digests._recall(root, tmp_path / "cache") == {}


def test_linked_folders_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    root = tree(tmp_path / "code")
    outside = tree(tmp_path / "outside")
    (root / "loop").symlink_to(root)
    (root / "linked").symlink_to(outside)
    (outside / "back").symlink_to(root)
    paths = [entry.path for entry in digests.of(root, tmp_path / "cache")]
    assert "linked/sub/c.sh" in paths
    assert not [path for path in paths if path.startswith(("loop/", "linked/back/"))]


def test_one_file_is_listed_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1")
    assert [entry.path for entry in digests.of(tmp_path / "x.csv", tmp_path / "cache")] == ["x.csv"]


def test_a_cache_that_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert len(digests.of(tree(tmp_path / "code"), tmp_path / "cache")) == 3
    shutil.rmtree(tmp_path / "code")


def test_links_that_lead_nowhere_or_to_themselves_stay_behind(tmp_path: Path) -> None:
    root = tree(tmp_path / "code")
    before = digests.of(root, tmp_path / "cache")
    for link, target in (("self", "self"), ("one", "other"), ("other", "one"), ("dangling", "nowhere")):
        (root / link).symlink_to(target)
    assert digests.of(root, tmp_path / "cache") == before


def test_a_name_that_is_not_utf8_is_told_and_can_be_left_out(tmp_path: Path) -> None:
    root = tree(tmp_path / "code")
    (root / "sub" / os.fsdecode(b"bad\xff.csv")).write_text("1")
    with pytest.raises(Invalid, match=r"sub/bad\\xff\.csv' has a name that is not UTF-8; rename it"):
        digests.of(root, tmp_path / "cache")
    (root / ".amlignore").write_text("bad*\n")
    assert "sub/c.sh" in [entry.path for entry in digests.of(root, tmp_path / "cache")]


def test_more_files_than_an_upload_holds_are_refused_before_any_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "MOST_FILES", 2)
    monkeypatch.setattr(digests, "_digest", lambda source: pytest.fail("read"))
    with pytest.raises(TooLarge, match=r"holds more than 2 files, .*\. Pack them"):
        digests.of(tree(tmp_path / "code"), tmp_path / "cache")


def test_of_a_million_files_no_more_are_looked_for_than_it_takes_to_refuse_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "many"
    for number in range(50):
        (root / f"{number:02}").mkdir(parents=True)
        for file in range(10):
            (root / f"{number:02}" / f"{file}.txt").touch()
    looked: list[object] = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda place: (looked.append(place), scandir(place))[1])
    monkeypatch.setattr(digests, "MOST_FILES", 35)
    for context in (False, True):
        looked.clear()
        with pytest.raises(TooLarge, match="holds more than 35 files"):
            digests.of(root, tmp_path / "cache", context=context)
        assert len(looked) <= 5
    (root / ".dockerignore").write_text("*/[1-9].txt\n")
    (root / ".amlignore").write_text("[2-9]?\n")
    assert len(digests.of(root, tmp_path / "cache", context=True)) == 22


def test_the_server_takes_as_many() -> None:
    assert uploads.MOST_FILES == digests.MOST_FILES
