"""Where a datastore's files lie: the default four, and folders of this machine; cloud stores are kept, not opened."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict, Invalid, NotBuilt, Problem
from zaffre.core.resource import Resource

DEFAULTS = ("workspaceblobstore", "workspaceartifactstore", "workspacefilestore", "workspaceworkingdirectory")


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Refuse what could not be read, and a root that is no absolute folder."""
    spec = draft.spec
    if draft.key.name in DEFAULTS and draft.existing is not None and spec.to_stored() != draft.existing.spec:
        raise Conflict(f"Datastore {draft.key.name!r} comes with the workspace and cannot be changed.")
    if spec.root is None:
        if draft.key.name in DEFAULTS:
            return Prepared(spec)
        raise NotBuilt(f"Zaffre cannot open datastores of type {spec.type} yet; give root: a folder of the server.")
    if spec.credentials is not None:
        told = "a folder of the server is opened without credentials, and none are kept"
        raise Invalid([Problem(told, field="credentials", hint="leave out credentials")])
    if not PurePosixPath(spec.root).is_absolute() or lookup.path_kind(spec.root) != "folder":
        told = f"expected an existing folder of the server by its absolute path, found {spec.root!r}"
        raise Invalid([Problem(told, field="root")])
    return Prepared(spec)


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """Which one is the default."""
    del lookup
    return {"is_default": resource.key.name == DEFAULTS[0]}


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """The default four stay."""
    del lookup
    if resource.key.name in DEFAULTS:
        raise Conflict(f"Datastore {resource.key.name!r} comes with the workspace and cannot be deleted.")
    return Removal()
