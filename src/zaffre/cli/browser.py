"""MLflow's pages in a browser, logged in by a link that works once."""

from __future__ import annotations

import webbrowser
from typing import Any

from zaffre.cli.session import Session


def pages(session: Session) -> Any:
    """Make the link, open it where there is a browser, and print it."""
    told: dict[str, Any] = session.transport.call("POST", "/api/v1/login-links", {})
    url = str(told["url"])
    opened = not session.options.no_browser and webbrowser.open(url)
    session.terminal.note(
        "The browser was asked to open it." if opened else "Open it within five minutes; it works once."
    )
    return {"url": url}
