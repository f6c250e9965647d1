"""Where the lines of a conda file stood before it became part of a document: the client tells, errors of builds quote.

It travels as one property of the environment, which the server takes out again: the same packages written on other
lines are the same environment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from zaffre.core import problems
from zaffre.core.document import Document
from zaffre.core.plain import mapping_of

PROPERTY = "zaffre.conda_file"
_MOST = 2_000


def told(file: str, document: Document) -> str:
    """The property's value for a conda file that was read."""
    lines = {
        problems.dotted(path): place[2] for path, place in document.places.items() if path[:1] == ("dependencies",)
    }
    return json.dumps({"file": file, "lines": dict(list(lines.items())[:_MOST])}, separators=(",", ":"))


def places(properties: Mapping[str, Any] | None) -> dict[str, str]:
    """Path in the conda file → ``conda.yml:9``; empty when nobody told."""
    value = (properties or {}).get(PROPERTY)
    if not isinstance(value, str):
        return {}
    try:
        found: Any = json.loads(value)
    except ValueError:
        return {}
    file, lines = str(mapping_of(found).get("file", "")), mapping_of(mapping_of(found).get("lines"))
    return {path: f"{file}:{line}" for path, line in lines.items() if isinstance(line, int)} if file else {}


def without(properties: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The user's own properties."""
    rest = {name: value for name, value in (properties or {}).items() if name != PROPERTY}
    return rest or None
