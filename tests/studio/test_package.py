"""What is installed from a wheel or from the source archive shows Studio without Node."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
def test_wheel_and_source_archive_hold_the_built_pages(built: None, tmp_path: Path) -> None:
    words = [Path(sys.executable).with_name("uv"), "build", "--quiet", "--sdist", "--wheel", "--out-dir", tmp_path]
    subprocess.run(words, cwd=ROOT, check=True, timeout=280)
    (wheel,), (archive,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    inside = zipfile.ZipFile(wheel).namelist()
    assert "zaffre/studio/index.html" in inside
    assert any(name.startswith("zaffre/studio/assets/") and name.endswith(".js.br") for name in inside)
    with tarfile.open(archive) as opened:
        packed = {name.partition("/")[2] for name in opened.getnames()}
    assert {"src/zaffre/studio/index.html", "studio/package-lock.json", "studio/src/main.tsx"} <= packed
    assert not [name for name in packed if "node_modules" in name]


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "studio" / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "://registry" not in lock
