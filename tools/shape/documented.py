"""Documentation as something that can fail: what a user can meet has a line in docs/."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path


def undocumented(names: Iterable[str], page: Path) -> list[str]:
    """Names that the page does not have as code (between backquotes)."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    written = set(re.findall(r"`([^`\n]+)`", text))
    return [f"{page.name}: `{name}` is not documented" for name in sorted(names) if name not in written]


def outdated(names: Iterable[str], page: Path) -> list[str]:
    """First cells of the page's table rows that name nothing that exists any more."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    rows = re.findall(r"^\| `([^`\n]+)` \|", text, flags=re.MULTILINE)
    return [f"{page.name}: `{name}` does not exist" for name in sorted(set(rows) - set(names))]


def dead_links(root: Path) -> list[str]:
    """Relative links in our pages that lead nowhere."""
    folders = (root, *(root / name for name in ("docs", "examples", "benchmarks")))
    pages = [
        page
        for folder in folders
        for page in folder.glob("*.md" if folder == root else "**/*.md")
        if not any(part.startswith(".") for part in page.relative_to(root).parts)  # others' pages, installed here
    ]
    found: list[str] = []
    for page in sorted(pages):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                found.append(f"{page.relative_to(root)}: link to {target} leads nowhere")
    return found
