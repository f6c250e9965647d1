"""Code is kept by content: what a code asset names must have been uploaded before."""

from __future__ import annotations

from typing import Any

from zaffre.core import refs
from zaffre.core.draft import Draft, Lookup, Prepared
from zaffre.core.errors import Invalid, Problem
from zaffre.core.resource import Key, Resource


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Another name for uploaded code: it has that code's files."""
    path = draft.spec.path
    found = refs.parse(path) if path else None
    if not isinstance(found, refs.Asset):
        told = "expected code that was uploaded (azureml:NAME:VERSION), " + (
            f"found {path!r}" if path else "found nothing"
        )
        raise Invalid([Problem(told, field="path", hint="the zaffre client uploads a folder before it registers it")])
    code = lookup.asset(Key(draft.key.workspace, "code", found.name, "", found.version), found.label)
    if code is None:
        raise Invalid([Problem(f"there is no code {found.short!r} in workspace {draft.key.workspace}", field="path")])
    return Prepared(draft.spec, {"files": code.state["files"]})


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """How much there is, not every file of it."""
    del lookup
    files: list[list[Any]] = resource.state.get("files", [])
    return {"files": len(files), "bytes": sum(int(file[2]) for file in files)}
