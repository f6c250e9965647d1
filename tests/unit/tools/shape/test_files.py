"""Which files the rules look at."""

import subprocess

from shape import files


def test_sources_are_sorted_and_leave_caches_out(tmp_path):
    for name in ("src/b.py", "src/a.py", "src/__pycache__/c.py", "src/.venv/f.py", "src/d.txt", "tests/e.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [path.name for path in files.sources(tmp_path, "src")] == ["a.py", "b.py"]


def test_tracked_is_what_git_does_not_ignore(tmp_path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("*.log\n")
    (tmp_path / "a.log").write_text("")
    (tmp_path / "käse.md").write_text("")
    assert [path.name for path in files.tracked(tmp_path)] == [".gitignore", "käse.md"]
