"""What only data has: its first rows, its columns in numbers, and how it keeps to its expectations."""

from __future__ import annotations

from typing import Any

from zaffre.cli import documents, jobs
from zaffre.cli.output import Records
from zaffre.cli.session import Exit, Session
from zaffre.sdk import importing, looks
from zaffre.sdk.resources import flat


def preview(session: Session) -> Any:
    """The first rows, a mapping each; the types go to the terminal."""
    found = looks.preview(session.resources, session.which, session.options.rows)
    types = ", ".join(f"{column['name']} {column['type']}" for column in found["columns"])
    session.terminal.note(f"{types}{'; there are more rows' if found['more'] else ''}")
    _tell(session, found)
    return Records(looks.records(found))


def profile(session: Session) -> Any:
    """Every column, a mapping each."""
    found = looks.profile(session.resources, session.which)
    session.terminal.note(f"{found['rows']} rows")
    _tell(session, found)
    return found["columns"]


def verify(session: Session) -> Any:
    """The report; exit code 1 unless everything holds."""
    report = looks.verify(session.resources, session.which)
    if report["passed"]:
        session.terminal.note(report["text"])
        return report
    session.terminal.error(report["text"])
    raise Exit(1, report)


def import_data(session: Session) -> Any:
    """Submit the import; with ``--stream`` the command ends as its job does."""
    written = documents.written(session)
    with written.blamed():
        job = importing.submit(session.resources, written.data)
    if session.options.stream:
        jobs.followed(session, job)
    return flat(job)


def list_materialization_status(session: Session) -> Any:
    """A line an import."""
    options = session.options
    view = "archived" if options.archived_only else "all" if options.include_archived else "active"
    found = importing.of_asset(session.resources, session.which.name, view, options.max_results)
    return [flat(each) for each in found]


def _tell(session: Session, found: dict[str, Any]) -> None:
    """What the reader had to let pass."""
    notes: dict[str, Any] = found["notes"]
    for column, lost in notes["mismatched"].items():
        first = lost["first"][0]
        told = f"{first['file']}, row {first['row']}: {first['value']!r} is no {first['expected']}"
        session.terminal.note(f"{column}: {lost['count']} values became nothing; {told}")
    if notes["bad_lines"]["count"]:
        first = notes["bad_lines"]["first"][0]
        told = f"{first['file']}:{first['line']}: {first['text']}"
        session.terminal.note(f"{notes['bad_lines']['count']} lines were left out; {told}")
