"""Create, read, list, archive and delete of any kind: the one path behind the native, the ARM and the MLflow spelling.

The kind's ``rules`` decide (``prepare``, ``remove``, ``describe``, all optional and pure); this writes what they decided, in
one transaction: resource, run, work and event together, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zaffre.core.asset import spec_hash
from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.ports import Clock
from zaffre.core.registry import Kind
from zaffre.core.resource import Content, Key, Resource, absent
from zaffre.core.status import Provisioning
from zaffre.store import Store, Tx, assets, leases, resources, runs

Describe = Callable[[Resource, Lookup], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Target:
    """Which kind, where, and (as far as the request says) which one."""

    kind: Kind
    workspace: str
    name: str = ""
    parent: str = ""
    version: str = ""

    @property
    def key(self) -> Key:
        """The resource's identity."""
        return Key(self.workspace, self.kind.name, self.name, self.parent, self.version)


@dataclass(frozen=True, slots=True)
class View:
    """A resource and the state that answers show: as stored, or as the kind's ``describe`` tells it (a job's status)."""

    resource: Resource
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list."""

    view: str = "active"
    """``active``, ``archived`` or ``all``."""
    top: int = 100
    skip: int = 0


class Operations:
    """The verbs every kind has."""

    def __init__(self, store: Store, lookup: Callable[[Tx], Lookup], clock: Clock) -> None:
        self._store = store
        self._lookup = lookup
        self._clock = clock

    async def put(self, target: Target, spec: Any, actor: str) -> tuple[View, bool]:
        """Create or update; True when it is new. The same submission again changes nothing."""

        def write(tx: Tx) -> tuple[View, bool]:
            _require_surroundings(tx, target)
            found = resources.get(tx, target.key) if target.version or not target.kind.versioned else None
            submitted = spec_hash(spec.to_stored())
            if found is not None and found.spec_hash == submitted and not _failed(found):
                return self._view(tx, target.kind, found), False
            lookup = self._lookup(tx)
            prepared = _prepare(Draft(target.key, spec, found, actor, tx.now), target.kind, lookup)
            stored, created = _store(tx, target, Content(prepared.spec.to_stored(), submitted, prepared.state), actor)
            if prepared.run is not None and created:
                runs.submit(tx, prepared.run)
            for key in prepared.work:
                leases.add(tx, key, tx.now)
                tx.nudge(key)
            return self._view(tx, target.kind, stored), created

        return await self._store.write(write)

    async def check(self, target: Target, spec: Any, actor: str) -> Prepared:
        """What ``put`` would do, without doing it: raises what it would raise."""

        def look(tx: Tx) -> Prepared:
            _require_surroundings(tx, target)
            return _prepare(Draft(target.key, spec, None, actor, tx.now), target.kind, self._lookup(tx))

        return await self._store.read(look)

    async def get(self, target: Target, label: str = "") -> View:
        """One resource; of an asset the version asked for, the label's, or the latest."""

        def read(tx: Tx) -> View:
            if target.kind.versioned and not target.version:
                found = assets.resolve(tx, target.workspace, target.kind.name, target.name, None, label or "latest")
            else:
                found = resources.get(tx, target.key)
            if found is None:
                raise absent(target.kind.name, target.name, target.workspace)
            return self._view(tx, target.kind, found)

        return await self._store.read(read)

    async def list(self, target: Target, page: Page) -> list[View]:
        """Newest first; of an asset kind without a name, the latest version of each."""

        def read(tx: Tx) -> list[View]:
            query = resources.Query(
                target.workspace, target.kind.name, target.parent, target.name or None, page.view, page.top, page.skip
            )
            unnamed_asset = target.kind.versioned and not target.name
            found = _newest(tx, query) if unnamed_asset else resources.list(tx, query)
            return [self._view(tx, target.kind, resource) for resource in found]

        return await self._store.read(read)

    async def archive(self, target: Target, archived: bool, actor: str) -> None:
        """Hide from, or bring back to, lists; of an asset without a version, all its versions."""

        def write(tx: Tx) -> None:
            if target.kind.versioned and not target.version:
                assets.set_archived(tx, target.key, archived, actor)
            else:
                resources.set_archived(tx, target.key, archived, actor)

        await self._store.write(write)

    async def delete(self, target: Target, actor: str) -> bool:
        """Delete, or begin to; True when it is gone at once."""

        def write(tx: Tx) -> bool:
            found = resources.get(tx, target.key)
            if found is None:
                raise absent(target.kind.name, target.name, target.workspace)
            rules = target.kind.part("rules")
            remove = getattr(rules, "remove", None)
            removal: Removal = remove(found, self._lookup(tx)) if remove else Removal()
            for key in removal.work:
                leases.add(tx, key, tx.now)
                tx.nudge(key)
            if removal.at_once:
                resources.delete(tx, target.key, actor)
            else:
                resources.set_state(tx, target.key, removal.state)
            return removal.at_once

        return await self._store.write(write)

    def _view(self, tx: Tx, kind: Kind, resource: Resource) -> View:
        describe: Describe | None = getattr(kind.part("rules"), "describe", None)
        return View(resource, describe(resource, self._lookup(tx)) if describe else resource.state)


def _prepare(draft: Draft, kind: Kind, lookup: Lookup) -> Prepared:
    prepare = getattr(kind.part("rules"), "prepare", None)
    prepared: Prepared = prepare(draft, lookup) if prepare else Prepared(draft.spec)
    return prepared


def _store(tx: Tx, target: Target, content: Content, actor: str) -> tuple[Resource, bool]:
    if target.kind.versioned:
        return assets.add(tx, target.key, content, actor)
    stored, created = resources.put(tx, target.key, content, actor)
    if not created and _failed(stored):
        stored = resources.set_state(tx, target.key, content.state)
    return stored, created


def _require_surroundings(tx: Tx, target: Target) -> None:
    """The workspace and the parent must be there before anything is put into them."""
    if target.workspace and resources.get(tx, Key("", "workspace", target.workspace)) is None:
        raise absent("workspace", target.workspace)
    if target.kind.parent and resources.get(tx, Key(target.workspace, target.kind.parent, target.parent)) is None:
        raise absent(target.kind.parent, target.parent, target.workspace)


def _failed(resource: Resource) -> bool:
    """What failed to be provisioned is tried again when it is submitted again."""
    return resource.state.get("provisioning_state") == Provisioning.FAILED.value


def _newest(tx: Tx, query: resources.Query) -> list[Resource]:
    """The latest version of each asset of a page."""
    named = [container.name for container in assets.containers(tx, query)]
    found = (assets.latest(tx, query.workspace, query.kind, name) for name in named)
    return [resource for resource in found if resource is not None]


__all__ = ["Operations", "Page", "Target", "View"]
