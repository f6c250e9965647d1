"""A compute's own verbs: attach, nodes, sizes, usage."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from zaffre.cli import write
from zaffre.cli.session import Session


def attach(session: Session) -> Any:
    """Keep what runs elsewhere under a name; the document or the flags say what it is."""
    return write.create(session)


def list_nodes(session: Session) -> Any:
    """The nodes there are now."""
    return session.resources.ask(f"computes/{quote(session.which.name, safe='')}/nodes")["value"]


def list_usage(session: Session) -> Any:
    """Nodes in use, beside how many there may be."""
    return session.resources.ask("compute-usage")["value"]


def list_sizes(session: Session) -> Any:
    """The sizes whose processors and memory are known."""
    wanted = session.option("type").lower()
    found: list[dict[str, Any]] = session.resources.ask("compute-sizes")["value"]
    return [one for one in found if not wanted or wanted in map(str.lower, one["supported_compute_types"])]
