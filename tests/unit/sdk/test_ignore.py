"""Held against git itself: what ``git check-ignore`` says is what is left out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from zaffre.sdk.ignore import Ignored

FILES = (
    "a.log", "keep.log", "b.py", "build/out.bin", "build/deep/x.py", "src/build/y.py", "src/a.log", "src/keep.log",
    "docs/a.txt", "docs/deep/b.txt", "docs/deep/more/c.txt", "!odd.txt", "#odd.txt", "sp ace.txt ", "x1.txt", "xa.txt",
    "data/raw/1.csv", "data/clean/1.csv", "foo/bar/baz/q.c", "foo/q.c", "Temp/t", "temp/t", "a]b.txt", "star*.txt",
)  # fmt: skip
CASES = (
    "*.log\n!keep.log\n",
    "build/\n",
    "/build\n",
    "build\n!build/deep\n",
    "docs/*.txt\n",
    "docs/**\n!docs/a.txt\n",
    "docs/**/b.txt\n**/c.txt\n",
    "\\!odd.txt\n\\#odd.txt\n# *.py\n",
    "sp ace.txt\\ \n",
    "x[0-9].txt\n",
    "x[!0-9].txt\n",
    "x[[:alpha:]].txt\n",
    "data/*\n!data/clean\n",
    "foo/**/q.c\n",
    "src/\n!src/keep.log\n",
    "?emp/\n",
    "a]b.txt\nstar\\*.txt\n",
    "*\n!*/\n!*.py\n",
    "**/build\n",
    "a**g\n",
)


@pytest.mark.parametrize("rules", CASES)
def test_says_what_git_says(tmp_path: Path, rules: str) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("")
    (tmp_path / ".gitignore").write_text(rules)
    assert left_out(tmp_path, FILES) == git(tmp_path, FILES)


def test_a_nearer_file_wins_and_folders_above_count(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    root = tmp_path / "project"
    (root / "sub").mkdir(parents=True)
    (tmp_path / ".gitignore").write_text("*.csv\nproject/top.txt\n")
    (root / ".gitignore").write_text("!good.csv\n")
    (root / "sub" / ".gitignore").write_text("good.csv\n")
    files = ("good.csv", "bad.csv", "sub/good.csv", "sub/bad.csv", "top.txt", "sub/top.txt")
    for file in files:
        (root / file).write_text("")
    assert left_out(root, files) == git(root, files) == {"bad.csv", "sub/good.csv", "sub/bad.csv", "top.txt"}


def test_amlignore_replaces_gitignore(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.py\n")
    (tmp_path / ".amlignore").write_text("*.csv\n")
    assert left_out(tmp_path, ("a.py", "a.csv")) == {"a.csv"}


def test_the_repository_itself_is_never_uploaded(tmp_path: Path) -> None:
    assert Ignored(tmp_path).leaves_out(".git", True)


def left_out(root: Path, files: tuple[str, ...]) -> set[str]:
    ignored = Ignored(root)
    for folder in sorted({part for file in files for part in Path(file).parents if part != Path()}):
        ignored.enter(root / folder, f"{folder.as_posix()}/")
    return {file for file in files if any(ignored.leaves_out(*step) for step in steps(file))}


def steps(file: str) -> list[tuple[str, bool]]:
    parts = file.split("/")
    return [("/".join(parts[: count + 1]), count + 1 < len(parts)) for count in range(len(parts))]


def git(root: Path, files: tuple[str, ...]) -> set[str]:
    asked = "\0".join(files) + "\0"
    command = ["git", "check-ignore", "-z", "--stdin", "--no-index"]
    told = subprocess.run(command, cwd=root, input=asked, capture_output=True, text=True, check=False)
    assert told.returncode in (0, 1), told.stderr
    return {file for file in told.stdout.split("\0") if file}
