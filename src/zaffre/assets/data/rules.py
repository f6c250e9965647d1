"""What a data asset must be: a place of the type it says, with something there."""

from __future__ import annotations

from zaffre.core import places
from zaffre.core.draft import Draft, Lookup, Prepared


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Refuse a place where nothing is."""
    places.check(draft.key.workspace, draft.spec.path, draft.spec.type, lookup, "path")
    return Prepared(draft.spec.model_copy(update={"path": lookup.pinned(draft.key.workspace, draft.spec.path)}))
