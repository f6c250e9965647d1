"""Choosing among the Pythons of a machine."""

import os
import sys

import pytest

from zaffre.builder.interpreters import Installed, choose, discover


def machine(*minors):
    return tuple(Installed(minor, f"/opt/python3.{minor}") for minor in minors)


@pytest.mark.parametrize(
    ("wish", "minors", "chosen"),
    [
        ("", (8, 9, 10, 11, 12, 13), [11, 10, 12, 13, 9, 8]),
        ("", (12, 13), [12, 13]),
        ("==3.8.*", (8, 10, 11), [8]),
        ("==3.8.5.*", (8, 10, 11), [8]),
        ("==3.8.5", (8, 10, 11), [8]),
        ("==3.8.*", (10, 11, 12), [10, 11, 12]),
        ("==3.8.*", (9, 11), [11]),
        ("==3.12.*", (10, 11, 12), [12]),
        (">=3.8,<3.11", (8, 9, 10, 11), [10, 9, 8]),
        (">=3.8", (11, 12), [11, 12]),
        ("<=3.10", (10, 11), [10]),
        (">=3.6,<3.9", (10, 11), [10, 11]),
        ("==3.14.*", (10, 11), [11, 10]),
        ("==3.8.*", (), []),
    ],
)
def test_choice(wish, minors, chosen):
    assert [one.minor for one in choose(wish, machine(*minors)).candidates] == chosen


def test_a_relaxed_python_is_told():
    assert choose("==3.8.*", machine(10, 11)).note == "Python 3.8 is not available here; 3.10 is used instead."
    assert choose("==3.10.*", machine(10, 11)).note == ""
    assert choose("", machine(10, 11)).note == ""


def test_discovery_starts_nothing_and_skips_scripts(tmp_path):
    real = os.path.realpath(sys.executable)
    shims, versions = tmp_path / "shims", tmp_path / "versions"
    for folder in (shims, versions):
        folder.mkdir()
    (shims / "python3.11").write_text("#!/bin/sh\nexit 1\n")
    (versions / "python3.11").symlink_to(real)
    (versions / "python3.7").symlink_to(real)
    (versions / "python3.12").symlink_to("/nowhere")
    (versions / "python3.13t").symlink_to(real)
    (versions / "python3.10-config").symlink_to(real)
    assert discover([str(tmp_path / "missing"), str(shims), str(versions)]) == (Installed(11, real),)


def test_the_first_folder_wins(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "program").write_bytes(b"\x7fELF")
        (tmp_path / name / "python3.11").symlink_to(tmp_path / name / "program")
    [found] = discover([str(tmp_path / "one"), str(tmp_path / "two")])
    assert found.path == str(tmp_path / "one" / "program")
