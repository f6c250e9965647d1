"""Places: found and read by descriptor, links neither listed nor followed."""

import os
from pathlib import Path

import pytest

from zaffre.control.files import Place
from zaffre.core.errors import Invalid, NotFound


@pytest.fixture
def place(tmp_path):
    root = tmp_path / "root" / "below"
    (root / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    for name in ("b.txt", "a.txt", "deep/c.txt", "deep/deeper/d.txt"):
        (root / name).write_text(name)
    (root / "link").symlink_to(tmp_path / "outside" / "secret")
    (root / "deep" / "linked").symlink_to(tmp_path / "outside")
    os.mkfifo(root / "pipe")
    (root / "odd\nname").mkdir()
    (root / "odd\nname" / "hidden.txt").touch()
    return Place(tmp_path / "root", "below")


def test_listing_is_sorted_and_plain(place):
    assert [(item.path, item.size) for item in place.listing()] == [
        ("a.txt", 5), ("b.txt", 5), ("deep/c.txt", 10), ("deep/deeper/d.txt", 17),
    ]  # fmt: skip


@pytest.mark.parametrize(("prefix", "found"), [
    ("deep/", ["deep/c.txt", "deep/deeper/d.txt"]), ("deep/d", ["deep/deeper/d.txt"]), ("a", ["a.txt"]), ("x", []),
    ("deep/deeper/d.txt", ["deep/deeper/d.txt"]),
])  # fmt: skip
def test_listing_by_prefix(place, prefix, found):
    assert [item.path for item in place.listing(prefix)] == found


def test_nothing_there(tmp_path):
    for place in (Place(tmp_path / "none"), Place(tmp_path, "none")):
        assert place.listing() == []
        assert not place.is_folder()
        with pytest.raises(NotFound):
            place.open()


def test_a_file_is_read_where_it_is_asked(place):
    with (place / "deep/c.txt").open() as opened:
        assert (opened.name, opened.size, opened.read(5, 100), opened.read(100, 5)) == ("c.txt", 10, b"c.txt", b"")


@pytest.mark.parametrize("path", ["link", "deep/linked/secret", "pipe", "deep", "none", "a.txt/x"])
def test_what_is_no_plain_file_is_not_there(place, path):
    with pytest.raises(NotFound):
        (place / path).open()


@pytest.mark.parametrize(
    "path", ["..", "../outside/secret", "/etc/passwd", "deep/../../x", "a\x00b", "a\\b", "./a.txt"]
)
def test_paths_stay_below(place, path):
    with pytest.raises(Invalid):
        place / path


def test_a_folder_swapped_for_a_link_is_not_entered(place, tmp_path):
    (tmp_path / "root" / "below").rename(tmp_path / "root" / "gone")
    (tmp_path / "root" / "below").symlink_to(tmp_path / "outside")
    assert place.listing() == []
    with pytest.raises(NotFound):
        (place / "secret").open()


def test_descriptors_are_given_back(place):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        place.listing()
        with (place / "a.txt").open():
            pass
        with pytest.raises(NotFound):
            (place / "link").open()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
