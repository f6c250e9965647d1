"""Where the server of a home directory listens: what it wrote into ``server.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from zaffre.sdk.parsed import mapping
from zaffre.sdk.transport import Address


def known(home: Path) -> dict[str, Any]:
    """What the last server of ``home`` left in ``server.json``; empty before the first start."""
    try:
        found = json.loads((home / "server.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return mapping(found)


def read(home: Path) -> Address | None:
    """Where the server of ``home`` listens, by its own word; it may have died since."""
    told = known(home)
    try:
        token = (home / "token").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    if not told.get("server_url"):
        return None
    return Address(str(told["server_url"]).rstrip("/"), token, str(told.get("router_url") or ""), local=True)
