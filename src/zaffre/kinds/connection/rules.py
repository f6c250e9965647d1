"""What a connection must be before it is kept: whole, with its secrets, which go into the vault and nowhere else."""

from __future__ import annotations

from zaffre.core.draft import Draft, Lookup, Prepared
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import mapping_of


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Seal what is secret. A secret that is not said again stays as it is, while the type of credential does."""
    del lookup
    spec, said = draft.spec, draft.spec.sealed()
    held = spec.credential
    before = mapping_of(mapping_of(draft.existing.spec if draft.existing else None).get("credentials"))
    kept = before.get("type") == held.type
    missing = [name for name in held.secret if name not in said]
    if missing and not kept:
        field = "api_key" if spec.credentials is None and held.type == "api_key" else f"credentials.{missing[0]}"
        raise Invalid([Problem("required, but missing", field)])
    return Prepared(spec, sealed=said if said or not kept else None)
