"""Copies are whole or not there, and follow no link."""

from __future__ import annotations

import pytest

from zaffre.control.copies import copied
from zaffre.control.files import Place
from zaffre.core.errors import NotFound


def test_a_folder(tmp_path):
    source = tmp_path / "source"
    (source / "in" / "deep").mkdir(parents=True)
    (source / "in" / "deep" / "ü b.txt").write_bytes(b"x" * 3_000_000)
    (source / "in" / "empty").touch()
    final = tmp_path / "store" / "shared" / "1"
    assert copied(Place(source, "in"), final) == ""
    assert (final / "deep" / "ü b.txt").read_bytes() == b"x" * 3_000_000
    assert (final / "empty").read_bytes() == b""
    assert [path.name for path in final.parent.iterdir()] == ["1"]


def test_a_file_lies_in_the_folder_under_its_name(tmp_path):
    (tmp_path / "t.csv").write_text("a\n")
    assert copied(Place(tmp_path, "t.csv"), tmp_path / "out") == "t.csv"
    assert (tmp_path / "out" / "t.csv").read_text() == "a\n"


def test_what_is_changed_afterwards_does_not_change_the_copy(tmp_path):
    (tmp_path / "t.csv").write_text("a\n")
    copied(Place(tmp_path, "t.csv"), tmp_path / "out")
    (tmp_path / "t.csv").write_text("b\n")
    assert (tmp_path / "out" / "t.csv").read_text() == "a\n"


def test_links_are_not_followed(tmp_path):
    (tmp_path / "secret").write_text("s")
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "plain").write_text("p")
    (folder / "link").symlink_to(tmp_path / "secret")
    copied(Place(folder, ""), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["plain"]


def test_what_was_broken_off_before_is_replaced(tmp_path):
    (tmp_path / "t.csv").write_text("a\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "half").touch()
    copied(Place(tmp_path, "t.csv"), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["t.csv"]


def test_nothing_is_left_where_nothing_was(tmp_path):
    with pytest.raises(NotFound):
        copied(Place(tmp_path, "absent"), tmp_path / "to" / "out")
    assert list((tmp_path / "to").iterdir()) == []
