"""Studio in a browser, logged in by a link that works once."""

from __future__ import annotations

import webbrowser
from typing import Any
from urllib.parse import urlsplit

from zaffre.cli.session import Session
from zaffre.sdk.stream import web_view


def pages(session: Session) -> Any:
    """Make the link, open it where there is a browser, and print it."""
    url = link(session)
    was_opened = not session.options.no_browser and webbrowser.open(url)
    session.terminal.note(
        "The browser was asked to open it." if was_opened else "Open it within five minutes; it works once."
    )
    return {"url": url}


def page(session: Session, found: dict[str, Any]) -> None:
    """With ``--web``: open the page of what was found or made; where no browser takes it, the link is told."""
    options = session.options
    if not (getattr(options, "web", False) or getattr(options, "page", False)):
        return
    address = web_view(found)
    if not address:
        session.terminal.note(f"There is no page yet for what az calls {session.command.group}.")
        return
    url = link(session, urlsplit(address).path)
    if not webbrowser.open(url):
        session.terminal.note(f"Open it within five minutes; it works once: {url}")


def link(session: Session, path: str = "") -> str:
    """A log-in for a browser that works once and leads to ``path``."""
    told: dict[str, Any] = session.transport.call("POST", "/api/v1/login-links", {"next": path} if path else {})
    return str(told["url"])
