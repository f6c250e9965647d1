"""Looking into data assets: preview, profile and verification, which the server answers from a process of its own."""

from __future__ import annotations

from typing import Any

from zaffre.sdk.resources import Resources, Which

PATIENCE = 3600.0
"""Seconds; the server's own bound (``tables.seconds``) is met long before."""


def preview(resources: Resources, which: Which, rows: int) -> dict[str, Any]:
    """``columns`` (name, type), ``rows`` as lists, ``more``."""
    return _get(resources, which, "preview", {"rows": rows})


def profile(resources: Resources, which: Which) -> dict[str, Any]:
    """``rows``, and ``columns`` with an entry each."""
    return _get(resources, which, "profile", {})


def verify(resources: Resources, which: Which) -> dict[str, Any]:
    """The report of the expectations; ``passed`` says whether all hold, ``text`` is for people."""
    path = resources.path(_version(resources, which), "verify")
    return resources.transport.call("POST", path, {}, timeout=PATIENCE)


def records(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a preview as mappings."""
    names = [column["name"] for column in found["columns"]]
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


def _get(resources: Resources, which: Which, what: str, query: dict[str, Any]) -> dict[str, Any]:
    path = resources.path(_version(resources, which), what)
    return resources.transport.call("GET", path, query=query, timeout=PATIENCE)


def _version(resources: Resources, which: Which) -> Which:
    """The version that is meant; without one, the labelled or the latest."""
    if which.version:
        return which
    found = resources.get(which)
    return Which(str(found["name"]), version=str(found["version"]))
