from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

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


def test_what_is_not_committed_is_said(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.py").write_text("one")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "x")
    assert gitfacts.properties(tmp_path / "deep")["azureml.git.dirty"] == "False"
    (tmp_path / "new.py").write_text("not followed")
    assert gitfacts.properties(tmp_path)["azureml.git.dirty"] == "False"
    (tmp_path / "deep" / "a.py").write_text("two")
    assert gitfacts.properties(tmp_path / "deep")["azureml.git.dirty"] == "True"


def test_without_the_program_the_rest_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    told = gitfacts.properties(tmp_path)
    assert told["mlflow.source.git.branch"] == "main"
    assert "azureml.git.dirty" not in told


def test_a_program_that_a_repository_names_is_not_started(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(trap))
    gitfacts.properties(tmp_path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("remote", "told"),
    [
        ("https://user:secret@example.org:8443/a.git?token=secret", "https://example.org:8443/a.git"),
        ("https://secret@example.org/a.git", "https://example.org/a.git"),
        ("ssh://git@example.org/a.git", "ssh://example.org/a.git"),
        ("git@example.org:a/b.git", "git@example.org:a/b.git"),
        ("../elsewhere", "../elsewhere"),
    ],
)
def test_a_remote_keeps_no_secret(tmp_path: Path, remote: str, told: str) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    git(tmp_path, "remote", "add", "origin", remote)
    assert gitfacts.properties(tmp_path)["azureml.git.repository_uri"] == told


def test_a_submodule_is_a_repository_of_its_own(tmp_path: Path) -> None:
    inner, outer = tmp_path / "inner", tmp_path / "outer"
    for folder in (inner, outer):
        folder.mkdir()
        git(folder, "init", "-q")
        git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "sub")
    assert gitfacts.properties(outer / "sub")["azureml.git.commit"] == git(inner, "rev-parse", "HEAD")
