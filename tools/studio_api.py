"""Writes studio/openapi.json, of which Studio's types are made: the part of the server's OpenAPI that pages ask for.

``--check`` only says whether it is current. Types follow with ``npm run types`` in ``studio/``, which a test there repeats.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

from zaffre import __version__
from zaffre.api import openapi
from zaffre.server import home as homes
from zaffre.server.app import Server
from zaffre.server.home import Ports
from zaffre.server.settings import Settings

FILE = Path(__file__).parents[1] / "studio" / "openapi.json"
PREFIX = "/api/v1/workspaces"
ASKED = (
    "",
    "/{ws}/jobs",
    "/{ws}/jobs:counts",
    "/{ws}/jobs/{name}",
    "/{ws}/jobs/{name}/why",
    "/{ws}/jobs/{name}/cancel",
    "/{ws}/jobs/{name}/archive",
    "/{ws}/jobs/{name}/restore",
    "/{ws}/jobs/{name}/logs",
    "/{ws}/jobs/{name}/files",
    "/{ws}/codes/{name}/versions/{version}/files",
    "/{ws}/events",
)
"""What pages ask for; a new page adds its own."""
_SCHEMAS = re.compile(r"#/components/schemas/(\w+)")


def needed(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what no page asks for, and without the schemas that only the rest of it names."""
    paths = {PREFIX + path: _reading(document["paths"][PREFIX + path]) for path in ASKED}
    schemas: dict[str, Any] = document["components"]["schemas"]
    wanted: dict[str, Any] = {}
    open_ = set(_SCHEMAS.findall(json.dumps(paths)))
    while open_:
        name = open_.pop()
        wanted[name] = schemas[name]
        open_ |= set(_SCHEMAS.findall(json.dumps(schemas[name]))) - wanted.keys()
    return {
        "openapi": document["openapi"],
        "info": {"title": document["info"]["title"], "version": "0"},
        "paths": paths,
        "components": {"schemas": dict(sorted(wanted.items()))},
    }


def text(document: dict[str, Any]) -> str:
    """The file's content for what a server describes."""
    return json.dumps(needed(document), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write, or with ``--check`` compare."""
    wanted = text(asyncio.run(_described()))
    if "--check" in sys.argv[1:]:
        current = FILE.exists() and FILE.read_text(encoding="utf-8") == wanted
        sys.stdout.write("" if current else f"{FILE.name} is not current; run python tools/studio_api.py\n")
        return 0 if current else 1
    FILE.write_text(wanted, encoding="utf-8")
    return 0


def _reading(operations: dict[str, Any]) -> dict[str, Any]:
    """Without the bodies of requests that submit: the forms that make them come with their pages."""
    shown = {method: dict(operation) for method, operation in operations.items() if method != "put"}
    for operation in shown.values():
        operation.pop("requestBody", None)
    return cast(dict[str, Any], shown)


async def _described() -> dict[str, Any]:
    """As a server says it that has nothing in it and listens nowhere."""
    with tempfile.TemporaryDirectory(prefix="zaffre-") as folder:
        settings = Settings.load({"ZAFFRE_HOME": f"{folder}/home"})
        homes.prepare(settings.home)
        server = await Server.open(settings, Ports(1, 2))
        try:
            return openapi.document(server.routes(), __version__)
        finally:
            await server.close()


if __name__ == "__main__":
    sys.exit(main())
