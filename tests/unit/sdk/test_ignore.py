"""Held against git itself: what ``git check-ignore`` says is what is left out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from zaffre.sdk import digests
from zaffre.sdk.ignore import DockerIgnored, Ignored

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


DOCKER_RULES = """
# a comment
*.bin
temp?
**/cache
docs/*.md
!docs/keep.md
/rooted
node_modules/
"""


@pytest.fixture
def docker_root(tmp_path):
    (tmp_path / ".dockerignore").write_text(DOCKER_RULES)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        ("a.bin", True),
        ("sub/a.bin", False),
        ("temp1", True),
        ("temp12", False),
        ("temp1/inside/it", True),
        ("cache", True),
        ("a/b/cache/x", True),
        ("docs/a.md", True),
        ("docs/keep.md", False),
        ("docs/sub/a.md", False),
        ("rooted", True),
        ("sub/rooted", False),
        ("node_modules/x/y.js", True),
        ("Dockerfile", False),
        (".dockerignore", False),
        ("src/main.py", False),
    ],
)
def test_patterns_of_dockerignore(docker_root, path, left_out):
    assert DockerIgnored(docker_root).leaves_out(path, is_folder=False) is left_out


def test_everything_but_what_dockerignore_takes_back(tmp_path):
    (tmp_path / ".dockerignore").write_text("**\n!requirements.txt\n!src\n")
    ignored = DockerIgnored(tmp_path)
    assert ignored.leaves_out("data/big", is_folder=False)
    assert not ignored.leaves_out("src/a/b.py", is_folder=False)
    assert not ignored.leaves_out("requirements.txt", is_folder=False)
    assert not ignored.leaves_out("Dockerfile", is_folder=False), "what says how to build is always sent"


def test_dockerignore_holds_for_contexts_beside_the_other_files(tmp_path):
    root = tmp_path / "context"
    root.mkdir()
    for name in ("Dockerfile", "a.bin", "b.tmp", "c.txt"):
        (root / name).write_text("x")
    (root / ".dockerignore").write_text("*.bin\n")
    (root / ".amlignore").write_text("*.tmp\n")
    as_context = {entry.path for entry in digests.of(root, tmp_path / "cache", context=True)}
    as_data = {entry.path for entry in digests.of(root, tmp_path / "cache")}
    assert {"Dockerfile", "c.txt"} <= as_context
    assert not as_context & {"a.bin", "b.tmp"}
    assert "a.bin" in as_data
