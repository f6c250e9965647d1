"""What is checked when an environment is registered: that it says what to build, and whether it can be built here."""

from __future__ import annotations

from typing import Any

from zaffre.assets.environment.parts.resolve import resolve
from zaffre.core import written
from zaffre.core.draft import Draft, Lookup, Prepared
from zaffre.core.errors import Invalid


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Register anything well-formed; what cannot be built on this machine is said now, and refused when a job needs it."""
    state: dict[str, Any] = {}
    try:
        resolved = resolve(draft.key.workspace, draft.spec, lookup)
        state["fingerprint"] = lookup.fingerprint(resolved.definition)
    except Invalid as error:
        state["cannot_build"] = error.message
    spec = draft.spec
    own: dict[str, Any] = spec.properties or {}
    if written.PROPERTY in own:
        state[written.PROPERTY] = own[written.PROPERTY]
        spec = spec.model_copy(update={"properties": written.without(own)})
    return Prepared(spec, state)
