"""The verbs that every kind has and that read no document: show, list, delete, archive, restore, start, stop."""

from __future__ import annotations

import sys
from typing import Any

from zaffre.cli import browser
from zaffre.cli.session import Exit, Session
from zaffre.core.errors import Invalid, NotFound
from zaffre.sdk.parsed import mapping
from zaffre.sdk.resources import Resources, Which, flat, is_final, reason_of, status_of


def show(session: Session) -> Any:
    """One resource; with ``--web`` its page too."""
    found = session.resources.get(session.which)
    browser.page(session, found)
    return flat(found)


def show_all(session: Session) -> Any:
    """All resources, or the versions of one."""
    options = session.options
    view = "archived" if getattr(options, "archived_only", False) else ""
    view = view or ("all" if getattr(options, "include_archived", False) else "active")
    which = Which(session.option("name"), parent=session.option("endpoint_name"))
    told = {"parent_job_name": session.option("parent_job_name"), "filter": _filter(session)}
    filters = {name: value for name, value in told.items() if value}
    found = session.resources.list(which, view, getattr(options, "max_results", None), filters)
    return [one for one in map(flat, found) if _is_of(one, session.option("type"))]


def _is_of(found: dict[str, Any], wanted: str) -> bool:
    """Whether it is of the ``--type`` that was asked for, in whichever spelling: ``AmlCompute``, ``amlcompute``."""
    return not wanted or str(found.get("type") or "").replace("_", "").lower() == wanted.replace("_", "").lower()


def _filter(session: Session) -> str:
    """The flags that narrow a list, as the one filter that the server reads."""
    terms = [session.option("filter")] if session.option("filter") else []
    for flag, field in _NARROWS.items():
        if value := session.option(flag):
            terms.append(f"{field} {_quoted(value)}")
    for tag in getattr(session.options, "tag", ()):
        key, said, value = tag.partition("=")
        terms.append(f'tags."{key}" = {_quoted(value)}' if said else f'tags."{key}" != ""')
    return " and ".join(terms)


def _quoted(value: str) -> str:
    mark = "'" if '"' in value else '"'
    if mark in value:
        raise Invalid(f"expected a text without both kinds of quotes, found {value}")
    return f"{mark}{value}{mark}"


_NARROWS = {
    "status": "status =",
    "experiment_name": "experiment =",
    "created_after": "created >",
    "search": "text ~",
    "schedule": 'properties."zaffre.schedule" =',
}


def delete(session: Session) -> None:
    """Delete after asking; ``--yes`` and a pipe do not ask."""
    which = session.which
    confirmed(session, f"Delete {session.command.group} {which.name}?")
    session.resources.delete(which)
    if not getattr(session.options, "no_wait", False):
        _gone(session, which)


def archive(session: Session) -> None:
    """Hide from lists."""
    session.resources.act(session.which, "archive")


def restore(session: Session) -> None:
    """Show in lists again."""
    session.resources.act(session.which, "restore")


def operate(session: Session) -> None:
    """A verb that is an action of the same name on the server: start, stop, restart."""
    session.resources.act(session.which, session.command.verb)
    if not session.options.no_wait:
        settle(session, session.resources, session.resources.get(session.which))


def settle(session: Session, resources: Resources, made: dict[str, Any]) -> dict[str, Any]:
    """Wait until nothing is under way; a failure ends the command with its reason."""
    if getattr(session.options, "no_wait", False) or is_final(made):
        return checked(session, made)
    which = Which(str(made["name"]), str(made.get("parent") or ""), str(made.get("version") or ""))
    for found in resources.wait(which):
        made = found
        if not is_final(found):
            state: dict[str, Any] = found.get("state") or {}
            waits = state.get("waiting_for") or state.get("message")
            session.terminal.status(f"{which.name}: {status_of(found)}" + (f": {waits}" if waits else ""))
    return checked(session, made)


def checked(session: Session, made: dict[str, Any]) -> dict[str, Any]:
    """``made``, unless its provisioning failed."""
    if mapping(made.get("state")).get("provisioning_state") == "Failed":
        session.terminal.error(f"{session.command.group} {made['name']}: {reason_of(made) or 'provisioning failed'}")
        raise Exit(1, flat(made))
    return made


def confirmed(session: Session, question: str) -> None:
    """Ask; anything but yes ends the command. ``--yes`` answers, and so does a pipe, where nobody could."""
    if getattr(session.options, "yes", False) or not sys.stdin.isatty():
        return
    sys.stderr.write(f"{question} (y/n): ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        session.terminal.error("Nothing was changed.")
        raise Exit(1)


def _gone(session: Session, which: Which) -> None:
    """Wait until a deletion that takes time is done."""
    try:
        for found in session.resources.wait(which):
            session.terminal.status(f"{which.name}: {status_of(found)}")
            if status_of(found) != "Deleting":
                return
    except NotFound:
        return
