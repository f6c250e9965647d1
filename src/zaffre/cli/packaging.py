"""``zaffre model package``: the folder, and the environment it is registered as."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from zaffre.cli import documents
from zaffre.cli.session import Session
from zaffre.sdk import packaging
from zaffre.sdk.load import load
from zaffre.sdk.packaging import Order
from zaffre.sdk.resources import Which, flat
from zaffre.sdk.upload import Origin

_KIND = "model-package"


def package(session: Session) -> Any:
    """Write it (to stay where ``--download-path`` says) and register it; the environment."""
    file = Path(session.option("file"))
    which = Which(session.option("name"), version=session.option("version"))
    order = Order(session.resources, which, load(_KIND, file), file.absolute().parent)
    kept = session.option("keep_in")
    with tempfile.TemporaryDirectory(prefix="zaffre-package-") as draft:
        folder = Path(kept).absolute() if kept else Path(draft) / "package"
        session.terminal.status(f"packaging {which.name}:{which.version}")
        packaging.write(order, folder)
        if kept:
            session.terminal.note(f"The package is in {folder}: pip install -r requirements.txt, then python serve.py.")
        return flat(_registered(session, packaging.environment(order.request.target_environment, folder)))


def _registered(session: Session, described: dict[str, Any]) -> dict[str, Any]:
    fields = documents.local_fields("environment", described)
    settled = session.uploads.settle(described, fields, Origin(Path.cwd()))
    which = Which(str(described["name"]), version=str(described.get("version") or ""))
    return session.of("environment", session.option("registry_name")).put(settled, which, key=os.urandom(16).hex())
