"""Assets given to a registry, taken from one, or from another workspace; and connections with their secrets."""

from __future__ import annotations

from typing import Any

from zaffre.cli.session import Session
from zaffre.sdk import sharing
from zaffre.sdk.resources import flat


def share(session: Session) -> Any:
    """From the workspace into a registry."""
    name, version = session.option("name"), session.option("version")
    order = {
        "source": f"azureml:{name}:{version}",
        "name": session.option("share_with_name"),
        "version": session.option("share_with_version"),
    }
    own = session.of(session.command.group)
    return flat(sharing.into_registry(own, session.option("registry_name"), order))


def copy(session: Session) -> Any:
    """From a registry, or another workspace, into the workspace."""
    order = {"source": session.option("source"), "name": session.option("name"), "version": session.option("version")}
    return flat(sharing.into_workspace(session.of(session.command.group), order))


def connection(session: Session) -> Any:
    """A connection; with its secrets where they are asked for, and whoever asks may know them."""
    if session.options.populate_secrets:
        return flat(session.resources.act(session.which, "secrets"))
    return flat(session.resources.get(session.which))
