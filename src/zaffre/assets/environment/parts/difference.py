"""Two environments compared package by package, each with the line that asked for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zaffre.core.ports import BuildDetails

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?:==\s*([^\s;\\]+)|@\s*(\S+))", re.MULTILINE)
_OTHERS = "what other packages need"


def packages(details: BuildDetails) -> dict[str, str]:
    """Package → version (or address); R packages as ``R:name``."""
    found = {name.lower().replace("_", "-"): version or url for name, version, url in _PINNED.findall(details.lock)}
    return found | {f"R:{name}": version for name, version in details.r.items()}


def listed(details: BuildDetails) -> list[dict[str, Any]]:
    """Every package with its version and who asked for it."""
    return [
        {"name": name, "version": version, "asked_by": _asked(details.asked, name)}
        for name, version in sorted(packages(details).items())
    ]


def between(left: BuildDetails, right: BuildDetails) -> dict[str, list[dict[str, Any]]]:
    """What was added, removed and changed on the way from ``left`` to ``right``."""
    before, after = packages(left), packages(right)
    return {
        "added": [
            {"name": name, "version": after[name], "asked_by": _asked(right.asked, name)}
            for name in sorted(after.keys() - before.keys())
        ],
        "removed": [
            {"name": name, "version": before[name], "asked_by": _asked(left.asked, name)}
            for name in sorted(before.keys() - after.keys())
        ],
        "changed": [
            {"name": name, "from": before[name], "to": after[name], "asked_by": _asked(right.asked, name)}
            for name in sorted(before.keys() & after.keys())
            if before[name] != after[name]
        ],
    }


def _asked(asked: Mapping[str, str], name: str) -> str:
    return asked.get(name, _OTHERS)
