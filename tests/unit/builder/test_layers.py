"""A layer is given to another run only as it was made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zaffre.builder import Layers, prefix
from zaffre.core.ports import Interpreter

MINOR = sys.version_info.minor


@pytest.fixture
def shared(tmp_path: Path) -> Interpreter:
    place = tmp_path / "environments/one"
    prefix.create(str(place), os.path.realpath(sys.executable), MINOR)
    return Interpreter(str(place), f"{place}/bin/python", (f"{place}/bin",), {})


@pytest.fixture
def layers(tmp_path: Path) -> Layers:
    return Layers(tmp_path / "layers", str(tmp_path / "inside"))


def test_one_that_was_not_touched_is_given_to_the_next(tmp_path: Path, layers: Layers, shared: Interpreter) -> None:
    one, two = str(tmp_path / "one/layer"), str(tmp_path / "two/layer")
    first = layers(shared, one)
    inode = Path(one).stat().st_ino
    subprocess.run([first.python, "-c", "pass"], check=True)
    layers.take_back(one)
    assert not Path(one).exists()
    second = layers(shared, two)
    assert Path(two).stat().st_ino == inode
    asked = [second.python, "-c", "import sys; print(sys.prefix, sys.path[-1])"]
    told = subprocess.run(asked, check=True, capture_output=True, text=True)
    assert told.stdout.split() == [two, str(tmp_path / "inside")]
    assert (second.prefix, second.environ["VIRTUAL_ENV"]) == (two, two)
    layers.take_back(two)
    assert not Path(two).exists()


@pytest.mark.parametrize(
    "touch",
    [
        lambda site, _: (site / "new.py").write_text("x = 1"),
        lambda site, _: (site / "zaffre-shared.pth").write_text("import os"),
        lambda site, _: (site / "zaffre-shared.pth").open("a").write("import os"),
        lambda _, layer: (layer / "bin/tool").touch(),
        lambda _, layer: (layer / "bin/pip").write_text("#!/bin/sh"),
        lambda _, layer: (layer / "pyvenv.cfg").write_text("home = /"),
        lambda _, layer: (layer / "share").mkdir(),
        lambda _, layer: (layer / "lib/more").mkdir(),
        lambda site, layer: ((site / "x").touch(), (site / "x").unlink()),
    ],
)
def test_one_that_was_touched_stays_with_its_run(tmp_path, layers, shared, touch) -> None:
    one, two = tmp_path / "one/layer", tmp_path / "two/layer"
    layers(shared, str(one))
    inode = one.stat().st_ino
    touch(one / f"lib/python3.{MINOR}/site-packages", one)
    layers.take_back(str(one))
    assert one.is_dir()
    layers(shared, str(two))
    assert two.stat().st_ino != inode


def test_one_whose_run_failed_stays(tmp_path: Path, layers: Layers, shared: Interpreter) -> None:
    one = str(tmp_path / "one/layer")
    layers(shared, one)
    layers.forget(one)
    layers.take_back(one)
    assert Path(one).is_dir()


def test_an_attempt_launched_again_keeps_its_own(tmp_path: Path, layers: Layers, shared: Interpreter) -> None:
    one, two = str(tmp_path / "one/layer"), str(tmp_path / "two/layer")
    layers(shared, one)
    layers(shared, two)
    layers.take_back(two)
    assert layers(shared, one).prefix == one
    layers.take_back(one)  # its run may have been at it before it was launched again
    assert Path(one).is_dir()
    assert len([*(tmp_path / "layers").iterdir()]) == 1


def test_an_environment_over_another_python_gets_none_of_the_old(tmp_path, layers, shared) -> None:
    one, two = str(tmp_path / "one/layer"), str(tmp_path / "two/layer")
    layers(shared, one)
    layers.take_back(one)
    python = Path(shared.python)
    other = tmp_path / "another/python3"
    other.parent.mkdir()
    other.write_text("")
    python.unlink()
    python.symlink_to(other)
    assert Path(layers(shared, two).python).readlink() == other


def test_what_an_earlier_server_left_is_removed(tmp_path: Path, layers: Layers, shared: Interpreter) -> None:
    one = str(tmp_path / "one/layer")
    layers(shared, one)
    layers.take_back(one)
    assert len([*(tmp_path / "layers").iterdir()]) == 1
    Layers(tmp_path / "layers", "")
    assert [*(tmp_path / "layers").iterdir()] == []
