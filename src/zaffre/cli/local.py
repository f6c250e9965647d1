"""``--local``: endpoints and deployments on the user's own machine, with the verbs of those that the server keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from zaffre.cli import crud, documents
from zaffre.cli.session import Session
from zaffre.core.errors import Invalid
from zaffre.sdk.local_parts import Wanted
from zaffre.sdk.local_scoring import Local, Way

_DEPLOYMENT = "online-deployment"


def create(session: Session) -> Any:
    """An endpoint on record, or a deployment started."""
    written = documents.written(session)
    if session.command.group != _DEPLOYMENT:
        return _local(session).create_endpoint(written.data)
    way = Way(bool(session.options.in_front), bool(session.options.vscode_debug))
    session.terminal.status(f"starting {written.data.get('name', '')}")
    with written.blamed():
        made = _local(session).create(_wanted(session, written), way)
    if "debug_port" in made:
        attach = {"type": "debugpy", "request": "attach", "connect": {"host": "127.0.0.1", "port": made["debug_port"]}}
        session.terminal.note(f"Attach a debugger, for example with this in launch.json: {json.dumps(attach)}")
    return made


def update(session: Session) -> Any:
    """The same as creating it again: it is stopped and started."""
    if session.option("file"):
        return create(session)
    local = _local(session)
    if session.command.group != _DEPLOYMENT:
        known = local.endpoint(session.option("name"))
        return local.create_endpoint(documents.edited(_said(known), session))
    known = local.deployment(session.option("endpoint_name"), session.option("name"))
    raise Invalid(
        f"Deployment {known['name']} is made of files on this machine: change them (it starts again by itself), "
        "or give the document with --file."
    )


def show(session: Session) -> Any:
    """One of them."""
    if session.command.group == _DEPLOYMENT:
        return _local(session).deployment(session.option("endpoint_name"), session.option("name"))
    return _local(session).endpoint(session.option("name"))


def list(session: Session) -> Any:
    """All of them."""
    if session.command.group == _DEPLOYMENT:
        return _local(session).deployments(session.option("endpoint_name"))
    return _local(session).endpoints()


def delete(session: Session) -> None:
    """End and forget."""
    name = session.option("name")
    crud.confirmed(session, f"Delete the local {session.command.group} {name}?")
    if session.command.group == _DEPLOYMENT:
        _local(session).delete(session.option("endpoint_name"), name)
    else:
        _local(session).delete_endpoint(name)


def get_logs(session: Session) -> None:
    """The last lines of a deployment's log."""
    text = _local(session).logs(session.option("endpoint_name"), session.option("name"), session.options.lines)
    session.terminal.write(text)


def invoke(session: Session) -> Any:
    """Ask it."""
    request = Path(session.option("request_file")).read_bytes()
    answer = _local(session).invoke(session.option("name"), request, session.option("deployment_name"))
    try:
        return json.loads(answer)
    except ValueError:
        session.terminal.write(answer.decode(errors="replace"))
        return None


def _local(session: Session) -> Local:
    return Local(session.settings.home)


def _wanted(session: Session, written: documents.Written) -> Wanted:
    def settle(part: dict[str, Any]) -> dict[str, Any]:
        fields = documents.local_fields(_DEPLOYMENT, part)
        return session.uploads.settle(part, fields, written.origin)

    folder = written.origin.folder
    return Wanted(written.data, folder, lambda registry: session.of("model", registry), settle)


def _said(known: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in known.items() if name not in ("provisioning_state", "local", "scoring_uri")}
