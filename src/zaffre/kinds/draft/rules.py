"""When a draft may be saved: whoever saves has seen what is there."""

from __future__ import annotations

from zaffre.core.draft import Draft, Lookup, Prepared
from zaffre.core.errors import Overtaken
from zaffre.core.times import iso


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """The next revision, and no other."""
    del lookup
    there = draft.existing
    following = 1 if there is None else int(there.spec.get("revision") or 0) + 1
    said = draft.spec.revision
    if said is not None and said != following:
        if there is None:
            raise Overtaken(
                f"Draft {draft.key.name!r} is gone, and this would have been its revision {said}; save it as a new one.",
                target=draft.key.name,
            )
        raise Overtaken(
            f"Draft {draft.key.name!r} was saved by {there.modified_by} at {iso(there.modified_at)} as revision "
            f"{following - 1}, and this was made of revision {said - 1}. Load theirs, or save yours as a copy.",
            target=draft.key.name,
        )
    return Prepared(draft.spec.model_copy(update={"revision": following}))
