"""The command table: which groups there are and what the client must know of each, generated from the registry.

``table.json`` is made by ``tools/command_table.py``; with it, help and submitting need neither pydantic nor a kind.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("table.json")


def load() -> dict[str, Any]:
    """``{"groups": {name: {…}}, "job_types": {name: {…}}}``."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
