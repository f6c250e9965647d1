"""The steps of a pipeline that was run: how they ended, and what they left."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from installation import Installation
from observing import Look

_OUTPUTS = "named-outputs"
_ANY_TEXT = "*.txt"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


class Family:
    """Everything below one job, fetched once."""

    def __init__(self, site: Installation, name: str, folder: Path) -> None:
        self._site = site
        self.children: list[dict[str, Any]] = site.tell("job", "list", "-p", name, "--all-results")
        self.all = list(self.children)
        for child in self.all:
            if child.get("type") == "pipeline":
                self.all += site.tell("job", "list", "-p", child["name"], "--all-results")
            site.say("job", "download", "-n", child["name"], "--all", "-p", str(folder / child["name"]))

    def unmet(self, look: Look, files: list[Path]) -> str:
        """What an observation finds wrong; empty where it is as the note says."""
        return getattr(self, f"_{look.at}")(look, files)

    def _children(self, look: Look, files: list[Path]) -> str:
        """Every one has ended well, and there are as many as promised."""
        open_ = [f"{child['name']} is {child['status']}" for child in self.all if child["status"] != "Completed"]
        if not self.children:
            return "it has no children"
        if look.value is not None and look.value != len(self.children):
            return f"it has {len(self.children)} steps, expected {look.value}"
        return "; ".join(open_)

    def _left(self, look: Look, files: list[Path]) -> str:
        """An output holds a file of this name."""
        if look.name == _ANY_TEXT and not any(child.get("outputs") for child in self.all):
            return ""  # a note on all examples of a folder, some of which leave nothing
        wanted = Path(look.name).parts
        below = [path for path in files if _OUTPUTS in path.parts]
        if any(_fits(path, wanted) for path in below):
            return ""
        return f"no output holds {look.name}"

    def _models(self, look: Look, files: list[Path]) -> str:
        """So many models lie in one output."""
        models = [path.parts for path in files if path.name == "MLmodel" and _OUTPUTS in path.parts]
        found = max(Counter(parts[: parts.index(_OUTPUTS) + 2] for parts in models).values(), default=0)
        return "" if found == look.value else f"{found} models were left, expected {look.value}"

    def _said(self, look: Look, files: list[Path]) -> str:
        """A file that was left holds a number between two."""
        least, most = look.value
        texts = [path.read_text(errors="replace") for path in files if path.name == look.name]
        numbers = [float(found) for text in texts for found in _NUMBER.findall(text)]
        if any(least <= number <= most for number in numbers):
            return ""
        return f"{look.name} holds {numbers[:6]}, expected {least:g} to {most:g}"

    def _registered(self, look: Look, files: list[Path]) -> str:
        return "" if self._site.has("model", look.name) else f"there is no model {look.name}"


def _fits(path: Path, wanted: tuple[str, ...]) -> bool:
    """Whether these names follow each other somewhere in the path."""
    parts = path.parts[path.parts.index(_OUTPUTS) :]
    spans = (parts[start : start + len(wanted)] for start in range(len(parts) - len(wanted) + 1))
    return any(all(Path(part).match(name) for part, name in zip(span, wanted, strict=True)) for span in spans)
