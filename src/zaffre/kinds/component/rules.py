"""What a component must be before it is registered: what it names is there, and what may move is pinned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zaffre.assets.environment.parts.resolve import resolve
from zaffre.core import assets, refs
from zaffre.core.draft import Draft, Lookup, Prepared
from zaffre.core.errors import Invalid, Problem


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Check code and environment; a component of several steps has each of its steps checked when it is used."""
    spec = draft.spec
    changed: dict[str, Any] = {}
    if isinstance(getattr(spec, "environment", None), str):
        changed["environment"] = resolve(draft.key.workspace, spec.environment, lookup).reference
    if getattr(spec, "code", None):
        changed["code"] = _code(draft, lookup)
    return Prepared(spec.model_copy(update=changed) if changed else spec)


def _code(draft: Draft, lookup: Lookup) -> str:
    """The pinned reference of its code, which must have been uploaded."""
    told = draft.spec.code
    found = refs.parse(told)
    if isinstance(found, refs.Remote):
        return told
    if not isinstance(found, refs.Asset):
        raise Invalid(
            [Problem(f"{told!r} has not been uploaded; the zaffre client does that before it registers", field="code")]
        )
    stored = assets.find(draft.key.workspace, "code", found, lookup, "code")
    return str(replace(found, version=stored.key.version, label=""))
