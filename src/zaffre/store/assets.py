"""Data, models, environments, code: one mechanism of immutable versions under a name.

A version is a resource with ``version`` set. Beside the versions of a name stands its container, which knows the next
number to give and whether the name as a whole is archived. A number is not given twice while its name exists.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Integer, bindparam, case, exists, insert, select, update
from sqlalchemy import delete as delete_from

from zaffre.core.errors import Conflict, NotFound
from zaffre.core.events import EventType
from zaffre.core.resource import Content, Key, Resource, absent
from zaffre.store import resources as rows
from zaffre.store.resources import Query, View
from zaffre.store.tables import containers as table
from zaffre.store.tables import resources
from zaffre.store.transaction import Found, Tx

MUTABLE = frozenset({"tags", "description"})
"""What may change in a version after it was made."""
IDENTITY = frozenset({"name", "version"})
"""Part of the key already; a document may leave them out."""
LATEST = "latest"
_MOST_TOLD = 20
_LONGEST_NUMBER = 18
"""Digits of a version that counts as a number; longer ones are just names."""


@dataclass(frozen=True, slots=True)
class Container:
    """A name and what holds for all its versions."""

    name: str
    latest_version: str
    """The newest that is not archived; empty when all are."""
    next_version: str
    archived: bool
    created_at: float
    created_by: str
    modified_at: float
    modified_by: str


def add(tx: Tx, key: Key, content: Content, actor: str) -> tuple[Resource, bool]:
    """Register a version, the next number where ``key`` names none, and say whether it is new.

    A version that exists is answered with itself, its tags and description brought up to date; where anything else
    differs, ``Conflict`` names it.
    """
    container = _container_row(tx, key)
    if not key.version:
        key = replace(key, version=str(1 if container is None else container.next_version))
    found = rows.get(tx, key)
    if found is not None:
        return _again(tx, found, content, actor), False
    _count(tx, key, actor, new=container is None)
    return rows.insert_new(tx, key, content, actor), True


def version(tx: Tx, key: Key) -> Resource | None:
    """The version that ``key`` names, or None."""
    return rows.get(tx, key)


def versions(tx: Tx, key: Key) -> list[str]:
    """The versions of a name, newest first."""
    query = Query(key.workspace, key.kind, name=key.name, view=View.ALL, top=_MOST_TOLD)
    return [found.key.version for found in rows.list(tx, query)]


def copy(tx: Tx, source: Key, target: Key, actor: str) -> Resource:
    """Another entry for the same content; the same again changes nothing. Raises ``NotFound``."""
    found = rows.require(tx, source)
    return add(tx, target, Content(found.spec, found.spec_hash, found.state), actor)[0]


def latest(tx: Tx, workspace: str, kind: str, name: str) -> Resource | None:
    """The version made last that is not archived; not the one with the highest number."""
    row = tx.connection.execute(_LATEST, _named(workspace, kind, name)).first()
    return None if row is None else rows.read_row(row)


def resolve(  # noqa: PLR0913, PLR0917  a reference has these five parts
    tx: Tx, workspace: str, kind: str, name: str, version: str | None = None, label: str | None = None
) -> Resource:
    """The version a reference means, ``@latest`` where it names neither version nor label. Raises ``NotFound``."""
    if version is not None:
        return rows.require(tx, Key(workspace, kind, name, version=version))
    if label not in (None, LATEST):
        raise NotFound(f'{kind} "{name}" has no label "{label}"; expected @{LATEST} or a version', target=name)
    found = latest(tx, workspace, kind, name)
    if found is None:
        raise absent(kind, name, workspace)
    return found


def by_hash(tx: Tx, workspace: str, kind: str, spec_hash: str) -> Resource | None:
    """The version made last of exactly this content, whatever its name."""
    values = {"at_workspace": workspace, "at_kind": kind, "at_hash": spec_hash}
    row = tx.connection.execute(_BY_HASH, values).first()
    return None if row is None else rows.read_row(row)


def containers(tx: Tx, query: Query) -> list[Container]:
    """The names of a kind that have versions, newest first."""
    chosen = _CONTAINERS.where(table.c.workspace == query.workspace, table.c.kind == query.kind)
    if query.name is not None:
        chosen = chosen.where(table.c.name == query.name)
    if View(query.view) is not View.ALL:
        chosen = chosen.where(table.c.archived.is_(View(query.view) is View.ARCHIVED))
    if query.before is not None:
        chosen = chosen.where(table.c.id < query.before)
    page = chosen.order_by(table.c.id.desc()).limit(query.top).offset(query.skip)
    return [_container(row) for row in tx.connection.execute(page)]


def newest(tx: Tx, query: Query) -> tuple[list[Resource], int | None]:
    """Of every name of a kind its latest version, in the order of ``containers``; one name fewer than ``query.top``.

    Where there are as many, also where the next page begins, for ``query.before``.
    """
    named = containers(tx, query)
    shown = named[: query.top - 1]
    found = (
        latest(tx, query.workspace, query.kind, each.name) or _newest_archived(tx, query, each.name) for each in shown
    )
    value = [resource for resource in found if resource is not None]
    if len(named) < query.top:
        return value, None
    place = tx.connection.execute(_PLACE_OF, _named(query.workspace, query.kind, shown[-1].name)).scalar_one()
    return value, int(place)


def container(tx: Tx, workspace: str, kind: str, name: str) -> Container | None:
    """The container ``name``, or None where it has no version."""
    found = containers(tx, Query(workspace, kind, name=name, view=View.ALL, top=1))
    return found[0] if found else None


def set_archived(tx: Tx, key: Key, archived: bool, actor: str) -> None:
    """Hide a version, or without a version the whole name, from lists, or show it again. Raises ``NotFound``."""
    if key.version:
        rows.set_archived(tx, key, archived, actor)
        return
    found = _container_row(tx, key)
    if found is None:
        raise absent(key.kind, key.name, key.workspace)
    if found.archived != archived:
        values = {"archived": archived, "modified_at": tx.now, "modified_by": actor}
        tx.connection.execute(_ARCHIVE, _named(key.workspace, key.kind, key.name) | values)
        rows.tell(tx, key, EventType.RESOURCE_ARCHIVED if archived else EventType.RESOURCE_RESTORED, actor)


def delete(tx: Tx, key: Key, actor: str) -> None:
    """Remove a version for good, or without a version the name with all of them. Raises ``NotFound``."""
    if key.version:
        rows.delete(tx, key, actor)
        return
    place = _named(key.workspace, key.kind, key.name)
    if tx.connection.execute(_DELETE_CONTAINER, place).rowcount == 0:
        raise absent(key.kind, key.name, key.workspace)
    tx.connection.execute(_DELETE_VERSIONS, place)
    rows.tell(tx, key, EventType.RESOURCE_DELETED, actor)


def _newest_archived(tx: Tx, query: Query, name: str) -> Resource | None:
    if View(query.view) is View.ACTIVE:
        return None
    found = rows.list(tx, replace(query, name=name, view=View.ALL, top=1, skip=0))
    return found[0] if found else None


def _again(tx: Tx, found: Resource, content: Content, actor: str) -> Resource:
    """The same version asked for once more."""
    differing = {
        field
        for field in (found.spec.keys() | content.spec.keys()) - IDENTITY
        if found.spec.get(field) != content.spec.get(field)
    }  # fmt: skip
    if found.spec_hash == content.spec_hash:
        # What the store itself pinned in the stored spec is no difference to the user.
        differing &= MUTABLE
    if fixed := sorted(differing - MUTABLE):
        raise Conflict(
            f'{found.key.kind} "{found.key.name}:{found.key.version}" exists with another {", ".join(fixed)}; '
            "a version never changes: leave out the version to register the next one",
            target=fixed[0],
        )
    if not differing:
        return found
    kept = {field: value for field, value in found.spec.items() if field not in MUTABLE}
    brought = {field: value for field, value in content.spec.items() if field in MUTABLE}
    return rows.replace_content(tx, found, replace(content, spec=kept | brought), actor)


def _count(tx: Tx, key: Key, actor: str, *, new: bool) -> None:
    """Keep the container's next number above every number given."""
    number = int(key.version) if key.version.isdecimal() and len(key.version) <= _LONGEST_NUMBER else 0
    stamp = {"modified_at": tx.now, "modified_by": actor}
    if not new:
        place = _named(key.workspace, key.kind, key.name)
        tx.connection.execute(_COUNT, place | stamp | {"at_following": number + 1})
        return
    place = {"workspace": key.workspace, "kind": key.kind, "name": key.name, "archived": False}
    made = {"next_version": number + 1, "created_at": tx.now, "created_by": actor}
    tx.connection.execute(_NEW, place | made | stamp)


def _container_row(tx: Tx, key: Key) -> Found | None:
    return tx.connection.execute(_CONTAINER, _named(key.workspace, key.kind, key.name)).one_or_none()


def _container(row: Found) -> Container:
    return Container(row[0], row[1] or "", str(row[2]), *row[3:])


def _named(workspace: str, kind: str, name: str) -> dict[str, Any]:
    return {"at_workspace": workspace, "at_kind": kind, "at_name": name}


_FOLLOWING = bindparam("at_following", type_=Integer())
_THIS = (
    table.c.workspace == bindparam("at_workspace"),
    table.c.kind == bindparam("at_kind"),
    table.c.name == bindparam("at_name"),
)
_ITS = (
    resources.c.workspace == bindparam("at_workspace"),
    resources.c.kind == bindparam("at_kind"),
    resources.c.parent == "",
    resources.c.name == bindparam("at_name"),
)
_OF_CONTAINER = (
    resources.c.workspace == table.c.workspace,
    resources.c.kind == table.c.kind,
    resources.c.parent == "",
    resources.c.name == table.c.name,
)
_LATEST = select(*rows.COLUMNS).where(*_ITS, resources.c.archived.is_(False)).order_by(resources.c.id.desc()).limit(1)
_BY_HASH = (
    select(*rows.COLUMNS)
    .where(
        resources.c.workspace == bindparam("at_workspace"),
        resources.c.kind == bindparam("at_kind"),
        resources.c.spec_hash == bindparam("at_hash"),
        resources.c.archived.is_(False),
    )
    .order_by(resources.c.id.desc())
    .limit(1)
)
_CONTAINER = select(table.c.next_version, table.c.archived).where(*_THIS)
_PLACE_OF = select(table.c.id).where(*_THIS)
_CONTAINERS = select(
    table.c.name,
    select(resources.c.version)
    .where(*_OF_CONTAINER, resources.c.archived.is_(False))
    .order_by(resources.c.id.desc())
    .limit(1)
    .scalar_subquery(),
    table.c.next_version,
    table.c.archived,
    table.c.created_at,
    table.c.created_by,
    table.c.modified_at,
    table.c.modified_by,
).where(exists().where(*_OF_CONTAINER))
_NEW = insert(table)
_COUNT = (
    update(table)
    .where(*_THIS)
    .values(next_version=case((table.c.next_version < _FOLLOWING, _FOLLOWING), else_=table.c.next_version))
)
_ARCHIVE = update(table).where(*_THIS)
_DELETE_CONTAINER = delete_from(table).where(*_THIS)
_DELETE_VERSIONS = delete_from(resources).where(*_ITS)
