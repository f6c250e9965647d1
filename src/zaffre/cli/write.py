"""The verbs that write a document: create and update."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from zaffre.cli import browser, documents
from zaffre.cli.crud import settle
from zaffre.cli.documents import Written
from zaffre.cli.session import Exit, Session
from zaffre.core.errors import Invalid
from zaffre.sdk import includes
from zaffre.sdk.resources import Which, flat, is_final


def create(session: Session) -> Any:
    """Create or update from a document; waits until it is ready unless told not to."""
    return flat(created(session, documents.written(session)))


def created(session: Session, written: Written) -> dict[str, Any]:
    """Upload what is local, put the document, wait; returns the resource."""
    data = written.data
    which = _identity(session, data)
    if not which.name:
        raise Invalid([written.problem("name", "required, but missing; it may also be given with --name")])
    if session.command.group == "component" and session.option("file"):
        includes.read_beside(data, Path(session.option("file")))
    uploads = session.uploads
    uploads.only_look = getattr(session.options, "diff", False)
    with written.blamed():
        settled = uploads.settle(data, documents.local_fields(session.command.group, data), written.origin)
        _compared(session, settled, which)
        made = session.resources.put(settled, which, key=os.urandom(16).hex())
    browser.page(session, made)
    return settle(session, session.resources, made)


def update(session: Session) -> Any:
    """Change fields of what is there (``--set``, ``--add``, ``--remove``), or put a changed document (``-f``)."""
    if session.option("file"):
        return create(session)
    which = session.which
    if not which.name:
        raise Invalid("expected --name, or a document in --file, found neither")
    found = session.resources.get(which)
    changed: dict[str, Any] = {**found["spec"], **_shares(session)}
    for name in ("min_instances", "max_instances", "instance_count", "description", "display_name"):
        value = getattr(session.options, name, None)
        if value is not None:
            changed[name] = value
    changed = documents.edited(changed, session)
    place = Which(str(found["name"]), which.parent, str(found.get("version") or ""))
    _compared(session, changed, place)
    return flat(settle(session, session.resources, session.resources.put(changed, place)))


def create_deployment(session: Session) -> Any:
    """Deploy, wait until it is ready, and with ``--all-traffic`` send it everything."""
    made = created(session, documents.written(session))
    if session.options.all_traffic and is_final(made):
        session.terminal.status(f"sending all traffic to {made['name']}")
        endpoints = session.of("online-endpoint")
        endpoint = endpoints.get(Which(str(made["parent"])))
        changed = {**endpoint["spec"], "traffic": {str(made["name"]): 100}}
        settle(session, endpoints, endpoints.put(changed, Which(str(made["parent"]))))
    return flat(made)


def _compared(session: Session, document: dict[str, Any], which: Which) -> None:
    """With ``--diff``: what would change is the answer, and the command ends before it does."""
    if getattr(session.options, "diff", False):
        raise Exit(0, session.resources.act(which, "diff", document, key=os.urandom(16).hex()))


def _identity(session: Session, data: dict[str, Any]) -> Which:
    parent = str(data.get("endpoint_name") or "") if session.resources.group.parent else ""
    return Which(str(data.get("name") or ""), parent, str(data.get("version") or ""))


def _shares(session: Session) -> dict[str, Any]:
    """``--traffic "blue=90 green=10"`` as a mapping."""
    told: dict[str, Any] = {}
    for name in ("traffic", "mirror_traffic"):
        text = session.option(name)
        if text:
            pairs = dict(documents.split(pair) for pair in text.replace(",", " ").split())
            told[name] = {deployment: _percent(share) for deployment, share in pairs.items()}
    return told


def _percent(share: str) -> int:
    try:
        return int(share)
    except ValueError:
        raise Invalid(f"--traffic: expected a whole number of percent, found {share!r}") from None
