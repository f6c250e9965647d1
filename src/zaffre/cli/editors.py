"""JSON Schemas of documents for editors: one written out, or all of them into a folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from zaffre.cli.session import Session
from zaffre.core import schemas
from zaffre.core.errors import NotFound
from zaffre.core.problems import closest


def schema(session: Session) -> Any:
    """Without a name: which schemas there are; with ``--folder``: all of them as files."""
    name, folder = session.option("schema_name").removesuffix(schemas.SUFFIX), session.option("folder")
    known = schemas.names()
    if name and name not in known:
        raise NotFound(f"There is no schema {name!r}; {closest(name, known) or 'zaffre schema lists them'}")
    if folder:
        return _written(Path(folder), [name] if name else list(known))
    if name:
        sys.stdout.write(_text(name))
        return None
    return [{"name": each, "describes": sentence} for each, sentence in known.items()]


def _written(folder: Path, names: list[str]) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}{schemas.SUFFIX}").write_text(_text(name), encoding="utf-8")
    return {"folder": str(folder), "schemas": len(names)}


def _text(name: str) -> str:
    return json.dumps(schemas.document(name), indent=2, ensure_ascii=False) + "\n"
