"""Create, read, list, archive and delete of any kind: the one path behind the native, the ARM and the MLflow spelling.

The kind's ``rules`` decide (``prepare``, ``remove``, ``describe``, all optional and pure); this writes what they decided, in
one transaction: resource, run, work and event together, or nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from zaffre.control.sealed import Sealed
from zaffre.core import filters, names, refs
from zaffre.core.asset import spec_hash
from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Invalid, NotBuilt, Problem
from zaffre.core.filters import Term
from zaffre.core.ports import Clock
from zaffre.core.reasons import Reason
from zaffre.core.registry import Kind
from zaffre.core.resource import Content, Key, Resource, absent
from zaffre.core.status import Provisioning
from zaffre.store import Store, Tx, assets, leases, repeats, resources, runs

Describe = Callable[[Resource, Lookup], dict[str, Any]]
Inspect = Callable[["Target", Any, str], Awaitable[None]]
"""(target, specification, actor): looks at what no transaction can wait for, and raises what is wrong with it."""


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

    @property
    def is_container(self) -> bool:
        """An asset's name, with all its versions."""
        return self.kind.versioned and not self.version


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
    tag: str | None = None
    """``key`` or ``key=value``."""
    parent_run: str | None = None
    """Only what runs below this job."""
    filter: str = ""
    """See ``core.filters``."""
    cursor: int | None = None
    """Where the page before ended, as that page said."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page, and whether another follows."""

    views: list[View]
    more: bool
    cursor: int | None = None
    """Where the next page begins, where that is a place in the list and not a number of rows."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A request that may come twice: whose key it is, and what was asked with it."""

    scope: str
    key: str
    asked: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """About something to be written: what is there already, the hash of what was submitted, whose it is."""

    found: Resource | None
    submitted: str
    actor: str
    over: Reason | None = None


def _later(tx: Tx, key: str) -> None:
    """The control loop finds it: it is due."""


class Operations:
    """The verbs every kind has."""

    def __init__(
        self,
        store: Store,
        lookup: Callable[[Tx], Lookup],
        clock: Clock,
        begin: Callable[[Tx, str], None] = _later,
        sealed: Sealed | None = None,
    ) -> None:
        """``begin`` is told of every new run's work item, in the transaction that submits it; ``sealed`` keeps secrets."""
        self._store = store
        self._lookup = lookup
        self._clock = clock
        self._begin = begin
        self.inspect: dict[str, Inspect] = {}
        """By kind: what is asked before anything is written (data is held against its expectations)."""
        self._sealed = sealed

    async def put(self, target: Target, spec: Any, actor: str, repeat: Repeat | None = None) -> tuple[View, bool]:
        """Create or update; True when it is new. The same submission again changes nothing.

        With ``repeat`` (the server makes the name or the version) the same request again is answered with what it made
        the first time.
        """

        require_built(target.kind)

        def write(tx: Tx) -> tuple[View, bool]:
            _require_surroundings(tx, target)
            before = repeats.recall(tx, repeat.scope, repeat.key, repeat.asked) if repeat is not None else None
            if before is not None:
                made = resources.require(tx, replace(target.key, name=before["name"], version=before["version"]))
                return self._view(tx, target.kind, made), True
            stored, created = self._write(tx, target, spec, actor)
            if repeat is not None:
                told = {"name": stored.key.name, "version": stored.key.version}
                repeats.remember(tx, repeat.scope, repeat.key, repeat.asked, told)
            return self._view(tx, target.kind, stored), created

        inspect = self.inspect.get(target.kind.name)
        if inspect is not None:
            await inspect(target, spec, actor)
        return await self._store.write(write)

    def write_within(self, tx: Tx, target: Target, spec: Any, actor: str) -> tuple[Resource, bool]:
        """``put`` as a part of what the caller writes: the whole of it is kept, or nothing.

        For what is there already, in another shape, this raises before it has written anything.
        """
        require_built(target.kind)
        _require_surroundings(tx, target)
        return self._write(tx, target, spec, actor)

    async def check(self, target: Target, spec: Any, actor: str) -> Prepared:
        """What ``put`` would do, without doing it: raises what it would raise."""

        def look(tx: Tx) -> Prepared:
            _require_surroundings(tx, target)
            return _prepare(Draft(target.key, spec, None, actor, tx.now), target.kind, self._lookup(tx))

        return await self._store.read(look)

    async def get(self, target: Target, label: str = "") -> View:
        """One resource; of an asset the version asked for, the label's, or the latest."""

        def read(tx: Tx) -> View:
            if target.is_container:
                found = assets.resolve(tx, target.workspace, target.kind.name, target.name, None, label or "latest")
            else:
                found = resources.require(tx, target.key)
            return self._view(tx, target.kind, found)

        return await self._store.read(read)

    async def container(self, target: Target) -> assets.Container:
        """An asset's name: its latest version, the next number, whether it is archived."""
        where = (target.workspace, target.kind.name, target.name)
        found = await self._store.read(lambda tx: assets.container(tx, *where))
        if found is None:
            raise absent(target.kind.name, target.name, target.workspace)
        return found

    async def containers(self, target: Target, page: Page) -> tuple[list[assets.Container], bool]:
        """The names of an asset kind, newest first, and whether more follow."""
        query = resources.Query(target.workspace, target.kind.name, view=page.view, top=page.top + 1, skip=page.skip)

        def read(tx: Tx) -> list[assets.Container]:
            _require_surroundings(tx, target)
            return assets.containers(tx, query)

        found = await self._store.read(read)
        return found[: page.top], len(found) > page.top

    async def list(self, target: Target, page: Page) -> Listed:
        """Newest first; of an asset kind without a name, the latest version of each."""

        def read(tx: Tx) -> Listed:
            _require_surroundings(tx, target)
            query = resources.Query(
                target.workspace,
                target.kind.name,
                target.parent,
                target.name or None,
                page.view,
                page.top + 1,
                page.skip,
                page.cursor,
            )
            terms, cursor = filters.parse(page.filter, tx.now), None
            if terms and page.parent_run is not None:
                terms = (*terms, Term("parent", "=", page.parent_run))
            query = replace(query, tag=page.tag, terms=terms, top_level=_is_of_top(target.kind, terms))
            if page.parent_run is not None and not terms:
                found = _below(tx, query, page.parent_run)
                more = len(found) > page.top
            elif target.kind.versioned and not target.name and not (page.tag or terms):
                found, cursor = assets.newest(tx, query)
                more = cursor is not None
            else:
                is_of_names = target.kind.versioned and not target.name
                found = resources.newest_of_each(tx, query) if is_of_names else resources.list(tx, query)
                more = len(found) > page.top
                cursor = resources.place_of(tx, found[page.top - 1].key) if more else None
            return Listed([self._view(tx, target.kind, resource) for resource in found[: page.top]], more, cursor)

        return await self._store.read(read)

    async def archive(self, target: Target, archived: bool, actor: str) -> None:
        """Hide from, or bring back to, lists; of an asset without a version, the name as a whole."""

        def write(tx: Tx) -> None:
            if target.is_container:
                assets.set_archived(tx, target.key, archived, actor)
            else:
                resources.set_archived(tx, target.key, archived, actor)

        await self._store.write(write)

    async def delete(self, target: Target, actor: str) -> bool:
        """Delete, or begin to; True when it is gone at once. Of an asset without a version: all its versions."""

        def write(tx: Tx) -> bool:
            if target.is_container:
                assets.delete(tx, target.key, actor)
                return True
            found = resources.require(tx, target.key)
            remove = getattr(target.kind.part("rules"), "remove", None)
            removal: Removal = remove(found, self._lookup(tx)) if remove else Removal()
            for key in removal.along:
                self._forget(tx, key)
                assets.delete(tx, key, actor) if _is_name(tx, key) else resources.delete(tx, key, actor)
            _wake(tx, removal.work)
            if removal.at_once:
                self._forget(tx, target.key)
                resources.delete(tx, target.key, actor)
            else:
                resources.set_state(tx, target.key, removal.state)
            return removal.at_once

        return await self._store.write(write)

    def lookup(self, tx: Tx) -> Lookup:
        """The window of rules that make something to be written in this transaction."""
        return self._lookup(tx)

    def prepare(self, tx: Tx, target: Target, draft: Draft) -> Prepared:
        """What the kind's rules make of a draft."""
        return _prepare(draft, target.kind, self._lookup(tx))

    def keep(self, tx: Tx, target: Target, prepared: Prepared, submitted: str, over: Reason | None = None) -> Resource:
        """Write something new that was prepared in this transaction; with ``over`` its run is on record as ended so."""
        assert prepared.run is not None
        found = _Kept(None, submitted, prepared.run.actor, over)
        return self._keep(tx, target, prepared, found)[0]

    def _write(self, tx: Tx, target: Target, spec: Any, actor: str) -> tuple[Resource, bool]:
        found = None if target.is_container else resources.get(tx, target.key)
        submitted = spec_hash(spec.to_stored())
        if found is not None and found.spec_hash == submitted and not _failed(found) and not spec.sealed():
            return found, False
        prepared = _prepare(Draft(target.key, spec, found, actor, tx.now), target.kind, self._lookup(tx))
        return self._keep(tx, target, prepared, _Kept(found, submitted, actor))

    def _keep(self, tx: Tx, target: Target, prepared: Prepared, about: _Kept) -> tuple[Resource, bool]:
        content = Content(prepared.spec.to_stored(), about.submitted, prepared.state)
        stored, created = _store(tx, target, about.found, content, about.actor)
        if prepared.sealed is not None and self._sealed is not None:
            self._sealed.keep(tx, stored.key, prepared.sealed)
        for key, content in prepared.furnish:
            if resources.get(tx, key) is None:
                _furnish(tx, key, content, about.actor)
        if prepared.run is not None and created and about.over is not None:
            runs.record(tx, prepared.run, about.over)
        elif prepared.run is not None and created:
            runs.submit(tx, prepared.run)
            self._begin(tx, runs.key(prepared.run.name))
        _wake(tx, prepared.work)
        return stored, created

    def _forget(self, tx: Tx, key: Key) -> None:
        if self._sealed is not None:
            self._sealed.forget(tx, key)

    def _view(self, tx: Tx, kind: Kind, resource: Resource) -> View:
        describe: Describe | None = getattr(kind.part("rules"), "describe", None)
        return View(resource, describe(resource, self._lookup(tx)) if describe else resource.state)


def require_built(kind: Kind) -> None:
    """Refuse, by name, what is read and checked but not run yet."""
    if not kind.built:
        raise NotBuilt(f"Zaffre reads and checks a {kind.name}, and cannot keep or run one yet.", target=kind.name)


def _prepare(draft: Draft, kind: Kind, lookup: Lookup) -> Prepared:
    _check_name(draft.key)
    prepare = getattr(kind.part("rules"), "prepare", None)
    prepared: Prepared = prepare(draft, lookup) if prepare else Prepared(draft.spec)
    return prepared


def _check_name(key: Key) -> None:
    """One grammar for whatever came in an address, in whichever spelling."""
    sorts = (("name", key.kind, key.name), *((("version", "version", key.version),) if key.version else ()))
    wrong = [Problem(why, field=field) for field, sort, name in sorts if (why := names.problem(sort, name))]
    if wrong:
        raise Invalid(wrong)


def _store(tx: Tx, target: Target, found: Resource | None, content: Content, actor: str) -> tuple[Resource, bool]:
    if target.kind.versioned:
        return assets.add(tx, target.key, content, actor)
    stored, created = resources.put_over(tx, target.key, found, content, actor)
    if not created and _failed(stored):
        stored = resources.set_state(tx, target.key, content.state)
    return stored, created


def _furnish(tx: Tx, key: Key, content: Content, actor: str) -> None:
    """What something else cannot be without; an asset among it has no name of its own and shows in no list."""
    if not key.version:
        resources.put(tx, key, content, actor)
        return
    assets.add(tx, key, content, actor)
    assets.set_archived(tx, replace(key, version=""), True, actor)


def _wake(tx: Tx, work: tuple[str, ...]) -> None:
    for key in work:
        leases.add(tx, key, tx.now)
        tx.nudge(key)


def _is_of_top(kind: Kind, terms: Iterable[Term]) -> bool:
    """A list of jobs leaves out what jobs have started, unless it is asked for by its parent."""
    return kind.name == "job" and not any(term.field == "parent" for term in terms)


def _below(tx: Tx, query: resources.Query, parent: str) -> list[Resource]:
    """The jobs that are a job's children, newest first."""
    children = runs.list(tx, runs.RunQuery(query.workspace, parent=parent, top=query.top, skip=query.skip))
    found = (resources.get(tx, Key(query.workspace, query.kind, child.name)) for child in children)
    return [resource for resource in found if resource is not None]


def _is_name(tx: Tx, key: Key) -> bool:
    return not key.version and assets.container(tx, key.workspace, key.kind, key.name) is not None


def _require_surroundings(tx: Tx, target: Target) -> None:
    """The workspace or registry, and the parent, must be there before anything is put into them."""
    registry = refs.registry_of(target.workspace)
    if registry and resources.get(tx, Key("", "registry", registry)) is None:
        raise absent("registry", registry)
    if target.workspace and not registry and resources.get(tx, Key("", "workspace", target.workspace)) is None:
        raise absent("workspace", target.workspace)
    if target.kind.parent and resources.get(tx, Key(target.workspace, target.kind.parent, target.parent)) is None:
        raise absent(target.kind.parent, target.parent, target.workspace)


def _failed(resource: Resource) -> bool:
    """What failed to be provisioned is tried again when it is submitted again."""
    return resource.state.get("provisioning_state") == Provisioning.FAILED.value


__all__ = ["Listed", "Operations", "Page", "Repeat", "Target", "View", "require_built"]
