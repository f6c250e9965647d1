"""Virtual environments made by hand."""

import os
import subprocess
import sys

import pytest

from zaffre.builder import prefix

PYTHON = os.path.realpath(sys.executable)
MINOR = sys.version_info.minor


def test_python_takes_it_for_a_virtual_environment(tmp_path):
    site = prefix.create(str(tmp_path / "v"), PYTHON, MINOR)
    program = (
        "import sys, site, sysconfig; print(sys.prefix, sys.base_prefix != sys.prefix, sysconfig.get_path('purelib'))"
    )
    done = subprocess.run([tmp_path / "v/bin/python3", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(tmp_path / "v"), "True", site]
    assert prefix.minor_of(str(tmp_path / "v")) == MINOR


def test_made_again_over_another_python_it_points_to_that(tmp_path):
    prefix.create(str(tmp_path), "/opt/one/bin/python3.11", 11)
    (tmp_path / "lib/python3.11/site-packages/kept.py").touch()
    prefix.create(str(tmp_path), "/opt/two/bin/python3.11", 11)
    assert str((tmp_path / "bin/python").readlink()) == "/opt/two/bin/python3.11"
    assert "home = /opt/two/bin\n" in (tmp_path / "pyvenv.cfg").read_text()
    assert (tmp_path / "lib/python3.11/site-packages/kept.py").exists()


def test_links_are_shared_with_a_twin_that_has_the_same(tmp_path):
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    prefix.create(str(one), PYTHON, MINOR)
    prefix.create(str(two), PYTHON, MINOR, twin=str(one))
    prefix.create(str(three), "/opt/other/bin/python", MINOR, twin=str(one))
    for name in ("bin/python", "bin/python3", f"bin/python3.{MINOR}", "lib64"):
        assert (one / name).lstat().st_ino == (two / name).lstat().st_ino
    assert str((three / "bin/python").readlink()) == "/opt/other/bin/python"
    (two / "bin/python").unlink()
    (two / "bin/python").symlink_to("/elsewhere")
    assert str((one / "bin/python").readlink()) == PYTHON
    assert (one / "pyvenv.cfg").stat().st_ino != (two / "pyvenv.cfg").stat().st_ino  # what can be written is its own


def test_what_is_no_environment(tmp_path):
    (tmp_path / "lib").mkdir()
    with pytest.raises(ValueError, match="not a virtual environment"):
        prefix.minor_of(str(tmp_path))


@pytest.mark.parametrize("name", ["plain", "with space", "quote'd", "dollar$(id)"])
def test_programs_run_from_any_folder_name(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    prefix.write_program(str(folder / "say"), ["-c", "import sys; print(sys.argv[1:])"])
    done = subprocess.run([folder / "say", "a b", "$x"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['a b', '$x']"


@pytest.mark.parametrize("long", [False, True])
def test_scripts_are_loosened_and_nothing_else_is(tmp_path, long):
    building, final = tmp_path / "building", tmp_path / "final"
    cached = tmp_path / "cached"
    (building / "bin").mkdir(parents=True)
    python = building / "bin/python"
    head = f"#!/bin/sh\n'''exec' '{python}' \"$0\" \"$@\"\n' '''\n" if long else f"#!{python}\n"
    cached.write_text(f"{head}import sys\nprint('body', sys.argv[1])\n")
    cached.chmod(0o755)
    os.link(cached, building / "bin/tool")
    (building / "bin/other").write_text("#!/usr/bin/env bash\necho\n")
    (building / "bin/binary").write_bytes(b"\x7fELF" + str(building).encode())
    before = cached.read_bytes()
    assert prefix.loosen_scripts(building, final) == 1
    assert cached.read_bytes() == before, "the installer's cache was written through the hard link"
    assert (building / "bin/other").read_text() == "#!/usr/bin/env bash\necho\n"
    building.rename(final)
    (final / "bin/python").symlink_to(sys.executable)
    for extra in ({}, {"ZAFFRE_PREFIX": str(final)}):
        done = subprocess.run([final / "bin/tool", "x"], env=extra, capture_output=True, text=True, check=True)
        assert done.stdout == "body x\n"
    assert (final / "bin/tool").read_text().count("exec") == 1


def test_sealed_folders_can_be_removed(tmp_path):
    (tmp_path / "x/y").mkdir(parents=True)
    (tmp_path / "x/y/file").write_text("")
    prefix.seal(tmp_path / "x")
    assert (tmp_path / "x/y").stat().st_mode & 0o222 == 0
    prefix.remove(tmp_path / "x")
    assert not (tmp_path / "x").exists()
    prefix.remove(tmp_path / "x")
