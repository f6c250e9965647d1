"""Which server to speak to: the one that ``ZAFFRE_URL`` names, else the one of the home directory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zaffre.core.errors import Unavailable
from zaffre.sdk.settings import Settings
from zaffre.sdk.transport import Address


def locate(settings: Settings, told: Callable[[str], None] | None = None) -> Callable[[bool], Address]:
    """How a transport finds its server; asked again with True when nobody answers, it starts the local one."""

    def find(absent: bool) -> Address:
        if settings.url:
            if absent:
                where = f"No Zaffre server answers at {settings.url}, which ZAFFRE_URL names"
                raise Unavailable(f"{where}; check the address and the network.")
            return Address(settings.url, settings.token)
        return (None if absent else read(settings.home)) or _started(settings.home, told)

    return find


def known(home: Path) -> dict[str, Any]:
    """What the last server of ``home`` left in ``server.json``; empty before the first start."""
    try:
        found = json.loads((home / "server.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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


def _started(home: Path, told: Callable[[str], None] | None) -> Address:
    # weight: processes and locks are needed only when no server runs
    from zaffre.sdk.local_server import LocalServer  # noqa: PLC0415

    return LocalServer(home).ensure(told=told)
