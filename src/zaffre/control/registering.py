"""Puts what a run left on record as an asset, by the rules that an asset of a user's own goes through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zaffre.core.asset import spec_hash
from zaffre.core.draft import Draft, Lookup
from zaffre.core.registry import kinds
from zaffre.core.resource import Content, Key
from zaffre.store import Tx, assets

LookupIn = Callable[[Tx], Lookup]


def register(tx: Tx, lookup: LookupIn, key: Key, spec: Mapping[str, Any], actor: str) -> str:
    """Its pinned reference. A key without a version gets the next one; raises where its version is taken."""
    kind = kinds()[key.kind]
    rules = kind.part("rules")
    assert rules is not None
    prepared = rules.prepare(Draft(key, kind.model().from_yaml(spec), None, actor, tx.now), lookup(tx))
    stored = prepared.spec.to_stored()
    asset, _ = assets.add(tx, key, Content(stored, spec_hash(stored), prepared.state), actor)
    return f"azureml:{asset.key.name}:{asset.key.version}"
