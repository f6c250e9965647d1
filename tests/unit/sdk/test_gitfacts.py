from __future__ import annotations

import subprocess
from pathlib import Path

from zaffre.sdk import gitfacts


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_says_what_git_says_loose_and_packed(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "remote", "add", "origin", "https://me:secret@example.org/a/b.git")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    told = gitfacts.properties(tmp_path / "deep" / "er")
    assert told["mlflow.source.git.commit"] == git(tmp_path, "rev-parse", "HEAD")
    assert told["mlflow.source.git.branch"] == "main"
    assert told["mlflow.source.git.repoURL"] == "https://example.org/a/b.git"
    git(tmp_path, "pack-refs", "--all")
    assert gitfacts.properties(tmp_path) == told


def test_a_worktree_has_its_own_branch(tmp_path: Path) -> None:
    main = tmp_path / "main"
    main.mkdir()
    git(main, "init", "-q")
    git(main, "commit", "-q", "--allow-empty", "-m", "x")
    git(main, "worktree", "add", "-q", "../other", "-b", "feature/x")
    assert gitfacts.properties(tmp_path / "other")["azureml.git.branch"] == "feature/x"
    assert gitfacts.properties(tmp_path / "other")["azureml.git.commit"] == git(main, "rev-parse", "HEAD")


def test_nothing_outside_a_repository(tmp_path: Path) -> None:
    assert gitfacts.properties(tmp_path) == {}
