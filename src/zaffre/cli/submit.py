"""Submitting a job, and asking what the server would say to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zaffre.cli import browser, documents, jobs
from zaffre.cli.documents import Written
from zaffre.cli.session import Session
from zaffre.core import document
from zaffre.core.errors import Invalid, Problem
from zaffre.sdk import gitfacts, names
from zaffre.sdk.resources import Which, flat


def create(session: Session) -> Any:
    """Submit; with ``--stream`` the command ends as the job does."""
    written = documents.written(session)
    job = submitted(session, written)
    browser.page(session, job)
    if session.option("save_as"):
        Path(session.option("save_as")).write_text(document.dump(job["spec"]), encoding="utf-8")
    if session.options.stream:
        jobs.followed(session, job)
    return flat(job)


def submitted(session: Session, written: Written) -> dict[str, Any]:
    """Upload what is local and submit; returns the job as the server took it."""
    data = written.data
    data["name"] = name = str(data.get("name") or names.fresh())
    facts = gitfacts.properties(written.origin.folder) if data.get("code") else {}
    with written.blamed():
        settled = session.uploads.settle(data, documents.local_fields("job", data), written.origin)
        if facts:
            settled["properties"] = {**facts, **(settled.get("properties") or {})}
        return session.resources.put(settled, Which(name))


def validate(session: Session) -> Any:
    """What the server would say to the document; exit code 1 when it would refuse."""
    written = documents.written(session)
    path = f"/api/v1/workspaces/{session.workspace}/jobs:validate"
    with written.blamed():
        settled = session.uploads.settle(written.data, documents.local_fields("job", written.data), written.origin)
        answer: dict[str, Any] = session.transport.call("POST", path, settled)
        problems: list[dict[str, str]] = answer["problems"]
        if problems:
            raise Invalid([Problem(told["message"], told["field"], hint=told["hint"]) for told in problems])
    return {"result": "Succeeded", "errors": []}
