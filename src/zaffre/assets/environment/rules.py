"""What is checked when an environment is registered: that it says what to build, and whether it can be built here."""

from __future__ import annotations

from zaffre.assets.environment.parts.resolve import definition_of
from zaffre.core.draft import Draft, Lookup, Prepared
from zaffre.core.errors import Invalid


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Register anything well-formed; what cannot be built on this machine is said now, and refused when a job needs it."""
    definition = definition_of(draft.spec, "")
    try:
        state = {"fingerprint": lookup.fingerprint(definition)}
    except Invalid as error:
        state = {"cannot_build": error.message}
    return Prepared(draft.spec, state)
