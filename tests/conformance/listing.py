"""Which examples are judged: a list like ``open.json``, or every document of a clone whose kind can be told."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import wire_ours
import yaml

from zaffre.core.registry import job_types

Entry = dict[str, Any]
LEVELS = ("N0", "L0", "L1", "L2")
WAYS = ("as_is", "with_cli_override", "after_template_substitution")
_TYPES = {
    "container_registry": "connection",
    "git": "connection",
    "python_feed": "connection",
    "synapsespark": "compute",
    "virtualmachine": "compute",
}
"""Kinds of documents that name no ``$schema``, by their ``type``."""


def read(path: Path) -> list[Entry]:
    """The entries of a list; raises ``ValueError`` that says which entry is wrong, and how."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} is no list of examples: {error}") from None
    if not isinstance(entries, list):
        raise ValueError(f"{path} is no list of examples: it holds {type(entries).__name__}, expected a JSON list")
    for number, entry in enumerate(entries, 1):
        if wrong := _wrong(entry):
            raise ValueError(f"{path}, entry {number}: {wrong}")
    return entries


def _wrong(entry: Any) -> str:
    if not isinstance(entry, dict):
        return "expected an object"
    if missing := [key for key in ("path", "kind", "level") if not isinstance(entry.get(key), str)]:
        return f"lacks {', '.join(missing)}"
    if entry["level"] not in LEVELS:
        return f"level {entry['level']!r}, expected one of {', '.join(LEVELS)}"
    if entry.get("how", "as_is") not in WAYS:
        return f"how {entry['how']!r}, expected one of {', '.join(WAYS)}"
    return ""


def only(entries: Iterable[Entry], pattern: str) -> list[Entry]:
    """Those whose path matches a glob."""
    return [entry for entry in entries if fnmatch.fnmatch(entry["path"], pattern)]


def every(examples: Path) -> Iterator[tuple[Path, str]]:
    """Every document of a clone whose kind can be told, with the name of that kind or job type."""
    for path in sorted(examples.rglob("*.y*ml")):
        kind = wire_ours.kind_of(path) or _by_type(path)
        if kind:
            yield path, kind


def _by_type(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        read = {} if "$schema" in text else yaml.safe_load(text)
    except (UnicodeDecodeError, yaml.YAMLError):
        return ""
    said = read.get("type") if isinstance(read, dict) else None
    return said if said in job_types() else _TYPES.get(str(said), "")
