"""Whether a disk is full."""

from __future__ import annotations

import os
import types

import pytest

from zaffre.agent import disks


def facts(free=10_000, files=100, free_files=10, blocks=1_000_000):
    return types.SimpleNamespace(f_bavail=free, f_frsize=4096, f_files=files, f_favail=free_files, f_blocks=blocks)


@pytest.mark.parametrize(
    ("found", "full"),
    [
        (facts(), False),
        (facts(free=255), True),
        (facts(free_files=0), True),
        (facts(files=0, free_files=0), False),
        (facts(free=0, blocks=0), False),
    ],
)
def test_without_room_or_without_names_a_disk_is_full(monkeypatch, found, full):
    monkeypatch.setattr(os, "statvfs", lambda _: found)
    assert disks.first_full(["/a", "/b"]) == ("/a" if full else "")


def test_the_full_one_of_several_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "statvfs", lambda place: facts(free=0 if place == "/b" else 10_000))
    assert disks.first_full(["/a", "/b"]) == "/b"


def test_a_place_that_is_not_there_is_passed_over(tmp_path):
    assert disks.first_full([str(tmp_path / "absent")]) == ""
