"""Planted: paths of one machine and registry hosts in files that would be committed."""

import subprocess

import pytest

from shape import leaks


@pytest.fixture
def clone(tmp_path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("ignored/\n")
    return tmp_path


@pytest.mark.parametrize(
    "line",
    ["cd /wor" + "k/main", "HOME=/roo" + "t/x", "--index https://py" + "pi.org/simple"],
)
def test_caught(clone, line):
    (clone / "notes.md").write_text(f"first\n{line}\n")
    (finding,) = leaks.leaks(clone)
    assert finding.startswith("notes.md:2: ")


@pytest.mark.parametrize(
    "line", ["/api/v1/workspaces/x", "a/work/b", "~/work/x", "./roots/x", "mcr.microsoft.com/azureml"]
)
def test_let_through(clone, line):
    (clone / "notes.md").write_text(line)
    assert leaks.leaks(clone) == []


def test_ignored_and_binary_files_are_not_read(clone):
    (clone / "ignored").mkdir()
    (clone / "ignored/log").write_text("/roo" + "t/x")
    (clone / "model.bin").write_bytes(b"\0/roo" + b"t/x")
    assert leaks.leaks(clone) == []
