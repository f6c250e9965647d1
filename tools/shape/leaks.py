"""Nothing of one machine in what is committed: no path of it, no registry it happens to reach."""

from __future__ import annotations

import re
from pathlib import Path

from shape.files import place, tracked

_SKIP = frozenset({"uv.lock"})  # written by uv, which records where each wheel lies
_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "deb" + ".debian.org", "npm" + "js.com")
_FOLDERS = (
    r"(?<![\w./~-])/(?:work|farm)/[a-z]",
    r"(?<![\w.~-])/roo" + "t/",
    "/opt/py" + "pi",
    "/opt/whe" + "els",
)
_LEAK = re.compile("|".join([*_FOLDERS, *(re.escape(host) for host in _HOSTS)]))


def leaks(root: Path) -> list[str]:
    """Lines of tracked text files that name a place on one machine or a package registry."""
    found: list[str] = []
    for path in tracked(root):
        if path.name in _SKIP:
            continue
        for number, line in enumerate(_text(path).splitlines(), 1):
            match = _LEAK.search(line)
            if match:
                found.append(f"{place(root, path, number)}: {match.group()} means nothing on another machine")
    return found


def _text(path: Path) -> str:
    data = path.read_bytes()
    return "" if b"\0" in data[:1024] else data.decode("utf-8", errors="replace")
