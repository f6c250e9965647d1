"""Who may do what, and how much: people, their tokens, quotas, and the audit log."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from zaffre.cli.session import Session
from zaffre.core.errors import Invalid

_MOST = 200


def person(session: Session) -> Any:
    """``set``, ``list`` or ``remove``; a role holds in the workspace that is named with -w, else in all."""
    action = session.options.person_action
    if action == "list":
        return _listed(session, "people")
    where = f"/api/v1/people/{quote(_name(session), safe='')}"
    if action == "remove":
        session.transport.call("DELETE", where)
        return None
    if not session.option("role"):
        raise Invalid("Say which role: --role reader, contributor or owner.")
    body = {"role": session.option("role"), "workspace": session.options.workspace}
    return session.transport.call("PUT", where, body)


def token(session: Session) -> Any:
    """``create``, ``list`` or ``revoke``."""
    action = session.options.token_action
    if action == "list":
        return _listed(session, "tokens")
    name = _name(session)
    if action == "revoke":
        session.transport.call("DELETE", f"/api/v1/tokens/{quote(name, safe='')}")
        return None
    said = {"name": name, "days": session.options.days, "workspace": session.options.workspace}
    said |= {"person": session.option("person"), "role": session.option("role")}
    made = session.transport.call("POST", "/api/v1/tokens", {key: value for key, value in said.items() if value})
    session.terminal.note("The token is shown this once: ZAFFRE_TOKEN takes it, and so does the page to log in.")
    return made


def quota(session: Session) -> Any:
    """``set``, ``list`` or ``clear``."""
    action = session.options.quota_action
    if action == "list":
        return _listed(session, "quotas")
    where = f"/api/v1/quotas/{quote(session.workspace, safe='')}"
    if action == "clear":
        return session.transport.call("DELETE", where)
    return session.transport.call("PUT", where, {"nodes": session.options.nodes})


def audit(session: Session) -> Any:
    """The newest first."""
    asked = {"top": min(int(session.options.max_results or _MOST), _MOST), "before": session.options.before}
    asked["actor"] = f"user:{session.option('person')}" if session.option("person") else None
    query = {key: value for key, value in asked.items() if value}
    return session.transport.call("GET", "/api/v1/audit", query=query)["value"]


def _listed(session: Session, what: str) -> Any:
    return session.transport.call("GET", f"/api/v1/{what}")["value"]


def _name(session: Session) -> str:
    name = session.option("name")
    if not name:
        raise Invalid("Say which: -n NAME.")
    return name
