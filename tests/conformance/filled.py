"""A document with its placeholders filled in, in a folder that otherwise looks like the one it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_PLACEHOLDER = re.compile(r"(?<!\$)\{\{\s*([\w.-]+)\s*\}\}|<([A-Za-z_][\w-]*)>")


def placeholders(text: str) -> list[str]:
    """The names of what is to be filled in, in the order they first come."""
    return list(dict.fromkeys(one or other for one, other in _PLACEHOLDER.findall(text)))


def filled(text: str, values: Mapping[str, str], otherwise: str = "") -> str:
    """``text`` with ``values`` in the place of placeholders; those without a value become ``otherwise``, if that is given."""

    def put(found: re.Match[str]) -> str:
        return values.get(found[1] or found[2]) or otherwise or found[0]

    return _PLACEHOLDER.sub(put, text)


def beside(path: Path, examples: Path, text: str, folder: Path) -> Path:
    """``path`` with other content: every other file is a link, so that relative paths lead where they led."""
    here, there = examples, folder
    for part in path.relative_to(examples).parts:
        there.mkdir(parents=True, exist_ok=True)
        for sibling in here.iterdir():
            link = there / sibling.name
            if sibling.name != part and not link.exists():
                link.symlink_to(sibling)
        here, there = here / part, there / part
        if there.is_symlink():
            there.unlink()
    there.write_text(text, encoding="utf-8")
    return there
