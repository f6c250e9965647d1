"""What a data asset must be: a place of the type it says, with something there, and an MLTable that can be read."""

from __future__ import annotations

from typing import Any

from zaffre.assets.data.parts import lifetime
from zaffre.core import mltable, places
from zaffre.core.draft import Draft, Lookup, Prepared
from zaffre.core.errors import Invalid, Problem
from zaffre.core.resource import Resource
from zaffre.core.times import iso


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Refuse a place where nothing is, and a table whose description cannot be followed."""
    spec, workspace = draft.spec, draft.key.workspace
    path = places.check(workspace, spec.path, spec.type, lookup, "path")
    if spec.type == "mltable" and path is not None:
        _check_table(path, lookup)
    work: tuple[str, ...] = ()
    if spec.auto_delete_setting is not None:
        lifetime.seconds(spec.auto_delete_setting)
        work = (f"data-expiry:{workspace}/{draft.key.name}",)
    changes: dict[str, Any] = {"path": lookup.pinned(workspace, spec.path)}
    return Prepared(spec.model_copy(update=changes), work=work)


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """When it goes by itself, where that is set."""
    del lookup
    expires = lifetime.expires_at(resource)
    return {**resource.state, **({"expires_at": iso(expires)} if expires is not None else {})}


def _check_table(path: str, lookup: Lookup) -> None:
    text = lookup.text(f"{path}/{mltable.FILE_NAME}")
    if text is None:
        told = f"a table is a folder with a file named {mltable.FILE_NAME} in it; this one has none"
        raise Invalid([Problem(told, "path", hint="say type: uri_folder for a folder without one")])
    mltable.check_asset(mltable.read(text))
