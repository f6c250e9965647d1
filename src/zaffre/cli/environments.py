"""What only environments have: what they are made of, their lock, how two differ, and another try."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from zaffre.cli import documents
from zaffre.cli.session import Session
from zaffre.core import document
from zaffre.core.errors import Invalid
from zaffre.sdk.environments import Asked, named, subject
from zaffre.sdk.resources import flat


def show(session: Session) -> Any:
    """The environment, and under ``built`` what this machine made of it."""
    found = flat(session.resources.get(session.which))
    return {**found, "built": _asked(session).inspect(_subject(session))}


def lock(session: Session) -> Any:
    """The lock as it lies in the environment; with ``-o`` or ``--query`` the whole answer."""
    told = _asked(session).lock(_subject(session))
    if session.options.output or session.options.query:
        return told
    if told.get("made_as") == "image":
        session.terminal.note("This environment is an image: an engine built it, and it has no lock.")
    sys.stdout.write(told["lock"])
    return None


def diff(session: Session) -> Any:
    """What was added, removed and changed; line by line unless ``-o`` asks for the whole."""
    left, right = (_side(session, str(session.option(side))) for side in ("from", "to"))
    told = _asked(session).diff(left, right)
    if session.options.output or session.options.query:
        return told
    for line in _lines(told):
        sys.stdout.write(f"{line}\n")
    return None


def forget(session: Session) -> Any:
    """Let what could not be built be tried again."""
    fingerprint = session.option("fingerprint")
    return _asked(session).forget({"fingerprint": fingerprint} if fingerprint else _subject(session))


def _asked(session: Session) -> Asked:
    return Asked(session.transport, session.workspace)


def _subject(session: Session) -> dict[str, Any]:
    """By ``-f``, ``--job`` or ``--name``."""
    if session.option("file"):
        return _of_file(session, Path(session.option("file")))
    if session.option("job"):
        return {"job": session.option("job")}
    if not session.option("name"):
        raise Invalid("expected --name, --job or --file, found none of them")
    told = (session.option("name"), session.option("version"), session.option("label"))
    return subject(*told, registry=session.option("registry_name") or "")


def _side(session: Session, text: str) -> dict[str, Any]:
    file = Path(text)
    return _of_file(session, file) if file.suffix in (".yml", ".yaml") and file.is_file() else named(text)


def _of_file(session: Session, file: Path) -> dict[str, Any]:
    """An environment that is written down, with what it names uploaded."""
    written = documents.Written(document.load(file.read_text(encoding="utf-8"), file=str(file)))
    with written.blamed():
        fields = documents.local_fields("environment", written.data)
        return {"environment": session.uploads.settle(written.data, fields, written.origin)}


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [f"+ {each['name']} {each['version']}  ({each['asked_by']})" for each in told["added"]]
    lines += [f"- {each['name']} {each['version']}  ({each['asked_by']})" for each in told["removed"]]
    lines += [f"~ {each['name']} {each['from']} -> {each['to']}  ({each['asked_by']})" for each in told["changed"]]
    return sorted(lines, key=lambda line: line[2:]) or ["the same packages in the same versions"]
