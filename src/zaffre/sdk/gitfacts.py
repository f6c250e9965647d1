"""Where code came from: the ``mlflow.source.git.*`` properties, read from ``.git`` itself.

Only whether something is not committed is asked of ``git``, where there is one and it answers at once.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

_PATIENCE = 1.0


def properties(folder: Path) -> dict[str, str]:
    """Repository, branch and commit of the working tree that ``folder`` lies in; empty outside one."""
    git = _git_folder(folder)
    if git is None:
        return {}
    shared = git / (_text(git / "commondir") or ".")
    head = _text(git / "HEAD")
    branch = head.removeprefix("ref: refs/heads/") if head.startswith("ref: ") else ""
    commit = _commit(git, shared, head.removeprefix("ref: ")) if head.startswith("ref: ") else head
    remote = _remote(shared)
    told = {
        "azureml.git.repository_uri": remote,
        "mlflow.source.git.repoURL": remote,
        "azureml.git.branch": branch,
        "mlflow.source.git.branch": branch,
        "azureml.git.commit": commit,
        "mlflow.source.git.commit": commit,
        "azureml.git.dirty": _dirty(folder) if commit else "",
    }
    return {name: value for name, value in told.items() if value}


def _git_folder(folder: Path) -> Path | None:
    """The ``.git`` folder; a worktree or submodule has a file there that points to it."""
    for place in (folder, *folder.parents):
        git = place / ".git"
        if git.is_dir():
            return git
        if git.is_file():
            pointed = _text(git).removeprefix("gitdir: ")
            return place / pointed if pointed else None
    return None


def _commit(git: Path, shared: Path, reference: str) -> str:
    for root in (git, shared):
        loose = _text(root / reference)
        if loose:
            return loose
    packed = re.search(rf"^([0-9a-f]{{40,64}}) {re.escape(reference)}$", _text(shared / "packed-refs"), re.MULTILINE)
    return packed[1] if packed else ""


def _remote(shared: Path) -> str:
    """The URL of ``origin``, without a password that somebody may have put into it."""
    section = re.search(r'^\[remote "origin"\]\s*$(.*?)(?=^\[|\Z)', _text(shared / "config"), re.MULTILINE | re.DOTALL)
    found = re.search(r"^\s*url\s*=\s*(.+?)\s*$", section[1], re.MULTILINE) if section else None
    if not found:
        return ""
    parts = urlsplit(found[1])
    if parts.scheme and parts.netloc:
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))
    return found[1]


def _dirty(folder: Path) -> str:
    """``True`` where something that git follows is changed and not committed; empty where git does not say."""
    import subprocess  # noqa: PLC0415 - weight: only where there is a repository

    words = ["git", "-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=no"]
    null = subprocess.DEVNULL
    try:
        done = subprocess.run(
            words, cwd=folder, stdin=null, stdout=subprocess.PIPE, stderr=null, timeout=_PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return str(bool(done.stdout.strip()))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
