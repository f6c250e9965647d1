"""Pipelines before, after and while they run: what would run, going on after a failure, approvals, a step by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from zaffre.sdk import names
from zaffre.sdk.resources import Resources, Which


def plan(jobs: Resources, document: dict[str, Any]) -> list[dict[str, Any]]:
    """For each step whether it would run, and why: ``step``, ``verdict``, ``job``, ``message``, ``differences``."""
    path = f"/api/v1/workspaces/{quote(jobs.workspace, safe='')}/jobs:plan"
    answer: dict[str, Any] = jobs.transport.call("POST", path, document, timeout=300)
    return answer["steps"]


def resume(jobs: Resources, name: str, new: str = "") -> dict[str, Any]:
    """Go on with a pipeline that failed or was canceled; the new job, with the steps that are ``taken_over``."""
    return jobs.act(Which(name), "resume", {"name": new or names.fresh()})


def approve(jobs: Resources, name: str, step: str, *, approved: bool = True, comment: str = "") -> dict[str, Any]:
    """Decide a step that waits for approval; the decision."""
    return jobs.act(Which(name), "approve", {"step": step, "approved": approved, "comment": comment})


def replay(jobs: Resources, name: str, step: str = "") -> dict[str, Any]:
    """A job's command laid out on the server's machine, to be run by hand there."""
    return jobs.act(Which(name), "replay", {"step": step}, key=names.fresh())
