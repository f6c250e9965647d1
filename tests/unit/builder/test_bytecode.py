"""Compiled files: made once per package, shared by hard link, right about what they were made from."""

import subprocess
import sys
import zipfile

import pytest

from zaffre.builder import bytecode
from zaffre.builder.interpreters import Installed
from zaffre.testing.index import Wheel

PYTHON = Installed(sys.version_info.minor, sys.executable)
TAG = sys.implementation.cache_tag
LOCK = "alpha==1.0 \\\n    --hash=sha256:00\nbeta==1.0 \\\n    --hash=sha256:11\n"


@pytest.fixture
def install(tmp_path):
    def install(name, *wheels):
        site = tmp_path / name
        for wheel in wheels:
            archive = tmp_path / wheel.filename
            archive.write_bytes(wheel.content())
            with zipfile.ZipFile(archive) as content:
                content.extractall(site)
        return site

    return install


def fill(site, tmp_path, lock=LOCK):
    return bytecode.fill(site, tmp_path / "store", PYTHON, lock)


def test_the_second_environment_is_linked(install, tmp_path):
    wheels = (Wheel("alpha", "1.0"), Wheel("beta", "1.0", extra={"beta/part.py": "X = 1\n", "top.py": ""}))
    one, two = install("one", *wheels), install("two", *wheels)
    assert fill(one, tmp_path) == bytecode.Compiled(linked=0, compiled=4)
    assert fill(two, tmp_path) == bytecode.Compiled(linked=2, compiled=0)
    for cached in (f"beta/__pycache__/part.{TAG}.pyc", f"__pycache__/top.{TAG}.pyc"):
        assert (one / cached).samefile(two / cached)


def test_a_wheel_that_brings_compiled_files_is_linked_over_them(install, tmp_path):
    brought = f"alpha/__pycache__/part.{TAG}.pyc"
    wheel = Wheel("alpha", "1.0", extra={"alpha/part.py": "X = 1\n", brought: "stale"})
    one, two = install("one", wheel), install("two", wheel)
    fill(one, tmp_path)
    assert fill(two, tmp_path) == bytecode.Compiled(linked=1, compiled=0)
    assert (two / brought).samefile(one / brought)
    assert (two / brought).read_bytes() != b"stale"


def test_other_content_under_the_same_name_is_compiled_anew(install, tmp_path):
    one = install("one", Wheel("alpha", "1.0", extra={"alpha/part.py": "X = 'one'\n"}))
    two = install("two", Wheel("alpha", "1.0", extra={"alpha/part.py": "X = 'two'\n"}))
    fill(one, tmp_path)
    assert fill(two, tmp_path).linked == 0
    done = subprocess.run(
        [sys.executable, "-c", "import alpha.part; print(alpha.part.X)"],
        cwd=two,
        env={"PYTHONPATH": str(two)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "two\n"


def test_a_package_of_another_index_never_gives_its_files_to_this_one(install, tmp_path):
    """Its record may claim the same digests; the lock's hashes say what it is."""
    one, two = install("one", Wheel("alpha", "1.0")), install("two", Wheel("alpha", "1.0"))
    fill(one, tmp_path, LOCK.replace("00", "66"))
    assert fill(two, tmp_path).linked == 0


def test_what_no_hash_pins_is_not_shared(install, tmp_path):
    one = install("one", Wheel("alpha", "1.0"))
    fill(one, tmp_path, "alpha @ git+https://example.com/alpha\n")
    assert not (tmp_path / "store").exists()
    assert (one / f"alpha/__pycache__/__init__.{TAG}.pyc").exists()


def test_a_file_that_does_not_compile_is_left(install, tmp_path):
    broken = Wheel("alpha", "1.0", extra={"alpha/old.py": "print 'two'\n", "alpha/data.py": "\0"})
    assert fill(install("one", broken), tmp_path).compiled == 1
    assert fill(install("two", broken), tmp_path).linked == 1
