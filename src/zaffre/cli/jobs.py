"""A job's own verbs that read no document: watch, stop, addresses."""

from __future__ import annotations

from typing import Any, NoReturn
from urllib.parse import quote

from zaffre.cli.session import Exit, Session
from zaffre.sdk import stream as streams
from zaffre.sdk.resources import flat, status_of
from zaffre.sdk.services import instances


def stream(session: Session) -> None:
    """Show the log of a job until it ends."""
    followed(session, session.resources.get(session.which))


def cancel(session: Session) -> None:
    """Ask a job to stop; what has ended stays as it ended."""
    session.resources.act(session.which, "cancel")


def show_services(session: Session) -> Any:
    """The services of a job: name → type, status, endpoint and port."""
    return instances(session.resources.ask(f"jobs/{quote(session.which.name, safe='')}/services"))


def why(session: Session) -> Any:
    """What a job waits for, or why it ended."""
    return session.resources.ask(f"jobs/{quote(session.which.name, safe='')}/why")


def followed(session: Session, job: dict[str, Any]) -> NoReturn:
    """Show a job's log; the command ends as the job does."""
    terminal = session.terminal
    try:
        ended = streams.follow(session.of("job"), job, streams.Output(terminal.write, terminal.note, terminal.status))
    except KeyboardInterrupt:
        name = job["name"]
        terminal.error("\nDetached; the job goes on.")
        terminal.error(f"zaffre job stream -n {name} looks again, zaffre job cancel -n {name} stops it.")
        raise Exit(130) from None
    answer = flat(ended) if session.options.output or session.options.query else None
    raise Exit(0 if status_of(ended) == "Completed" else 1, answer)
