"""What only datastores have: a look whether they open, and their secrets."""

from __future__ import annotations

from typing import Any

from zaffre.cli.session import Exit, Session
from zaffre.sdk import names
from zaffre.sdk.resources import flat


def check(session: Session) -> Any:
    """Whether it opens, with its first files; exit code 1 where it does not."""
    found: dict[str, Any] = session.resources.act(session.which, "check", key=names.fresh())
    if found["accessible"]:
        return found
    session.terminal.error(str(found["message"]))
    raise Exit(1, found)


def list_secrets(session: Session) -> Any:
    """The whole datastore."""
    return flat(session.resources.act(session.which, "secrets", key=names.fresh()))
