"""What schedules have beside the verbs of all: documents that name files, switches, one run at once, the history."""

from __future__ import annotations

from typing import Any

from zaffre.cli import documents, write
from zaffre.cli.documents import Written
from zaffre.cli.session import Session
from zaffre.sdk import schedules, scheduling
from zaffre.sdk.resources import Which, flat
from zaffre.sdk.upload import Origin


def create(session: Session) -> Any:
    """Create or update from a document, with the job it names, or holds, uploaded."""
    written = documents.written(session)

    def settle(job: dict[str, Any], origin: Origin) -> dict[str, Any]:
        return session.uploads.settle(job, documents.local_fields("job", job), origin.of(documents.part_fields))

    with written.blamed():
        settled = scheduling.settled(written.data, written.origin, settle)
    return flat(write.created(session, _with(written, settled)))


def update(session: Session) -> Any:
    """Change fields, or put a changed document."""
    return create(session) if session.option("file") else write.update(session)


def show_all(session: Session) -> Any:
    """Those that are enabled, unless others are asked for."""
    options = session.options
    view = "DisabledOnly" if options.disabled_only else "All" if options.include_disabled else "EnabledOnly"
    return [flat(each) for each in schedules.listed(session.resources, view, options.max_results)]


def switch(session: Session) -> Any:
    """Enable or disable."""
    return flat(session.resources.act(Which(session.which.name), session.command.verb))


def trigger(session: Session) -> Any:
    """The name of the job that was started."""
    return schedules.triggered(session.resources, session.which.name)


def history(session: Session) -> Any:
    """What it started, and what it left out and why."""
    return list(schedules.history(session.resources, session.which.name, session.options.max_results))


def _with(written: Written, data: dict[str, Any]) -> Written:
    written.data = data
    return written
