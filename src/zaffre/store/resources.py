"""Everything a user can name, as rows: identity, specification, server facts, history.

Versions of assets are rows too, but ``assets`` writes them. What ``put`` and ``set_state`` change is guarded by the
revision that was read, so of two servers that change one row at once one is told to read it again.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, select, update
from sqlalchemy import delete as delete_from

from zaffre.core.errors import Invalid, Overtaken
from zaffre.core.events import Event, EventType
from zaffre.core.filters import Term
from zaffre.core.resource import Content, Key, Resource, absent
from zaffre.store.filtering import condition, is_top_level
from zaffre.store.tables import resources
from zaffre.store.transaction import Found, Tx

__all__ = [
    "Content",
    "Key",
    "Query",
    "Resource",
    "View",
    "delete",
    "get",
    "list",
    "put",
    "put_over",
    "require",
    "set_archived",
    "set_state",
]


class View(StrEnum):
    """Which rows a list shows (Azure's ``listViewType``)."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Query:
    """Which resources of one kind, newest first."""

    workspace: str
    kind: str
    parent: str = ""
    name: str | None = None
    """All versions of this one."""
    view: str = View.ACTIVE
    top: int = 100
    skip: int = 0
    before: int | None = None
    """Only what stands after this place (``place_of``) in the list: where a page ended, however the list has grown."""
    tag: str | None = None
    """``key`` or ``key=value``."""
    terms: tuple[Term, ...] = ()
    """All of which must hold."""
    top_level: bool = False
    """Of jobs, only those that no other job has started."""


def get(tx: Tx, key: Key) -> Resource | None:
    """The resource at ``key``, or None."""
    row = tx.connection.execute(_GET, _place(key)).one_or_none()
    return None if row is None else read_row(row)


def require(tx: Tx, key: Key) -> Resource:
    """The resource at ``key``. Raises ``NotFound``."""
    found = get(tx, key)
    if found is None:
        name = f"{key.name}:{key.version}" if key.version else key.name
        raise absent(key.kind, name, key.workspace)
    return found


def put(tx: Tx, key: Key, content: Content, actor: str) -> tuple[Resource, bool]:
    """Create or update, and say whether it is new. Content of an equal hash changes nothing, its state included.

    An update merges the given state into the stored.
    """
    return put_over(tx, key, get(tx, key), content, actor)


def put_over(tx: Tx, key: Key, found: Resource | None, content: Content, actor: str) -> tuple[Resource, bool]:
    """``put`` where the caller has read, in this transaction, what is there."""
    if found is None:
        return insert_new(tx, key, content, actor), True
    if found.spec_hash == content.spec_hash:
        return found, False
    return replace_content(tx, found, content, actor), False


def set_state(tx: Tx, key: Key, changes: dict[str, Any], *, expect_revision: int | None = None) -> Resource:
    """Merge ``changes`` into the server facts. With ``expect_revision``: only if nothing changed since then."""
    found = require(tx, key)
    if expect_revision is not None and found.revision != expect_revision:
        raise _overtaken(key)
    return _change(tx, found, {"state": found.state | changes})


def list(tx: Tx, query: Query) -> builtins.list[Resource]:
    """The resources ``query`` asks for; of one moment and in one order, so that pages neither repeat nor skip."""
    chosen = selection(query).order_by(resources.c.id.desc()).limit(query.top).offset(query.skip)
    if query.before is not None:
        chosen = chosen.where(resources.c.id < query.before)
    return [read_row(row) for row in tx.connection.execute(chosen)]


def place_of(tx: Tx, key: Key) -> int:
    """Where something stands in the order of lists, which never changes."""
    return int(tx.connection.execute(_PLACE_OF, _place(key)).scalar_one())


def set_archived(tx: Tx, key: Key, archived: bool, actor: str) -> Resource:
    """Hide it from lists, or show it again; doing so twice is doing so once."""
    found = require(tx, key)
    if found.archived == archived:
        return found
    changed = _change(tx, found, {"archived": archived, "modified_at": tx.now, "modified_by": actor})
    tell(tx, key, EventType.RESOURCE_ARCHIVED if archived else EventType.RESOURCE_RESTORED, actor)
    return changed


def delete(tx: Tx, key: Key, actor: str) -> Resource:
    """Remove it for good; returns what it was. Raises ``NotFound``."""
    found = require(tx, key)
    tx.connection.execute(_DELETE, _place(key))
    tell(tx, key, EventType.RESOURCE_DELETED, actor)
    return found


def insert_new(tx: Tx, key: Key, content: Content, actor: str) -> Resource:
    """For ``assets`` and ``put``: a row that is known not to be there."""
    made = Resource(
        key, content.spec, content.spec_hash, content.state, 1, False, tx.now, actor, tx.now, actor
    )  # fmt: skip
    columns = {name: getattr(made, name) for name in Resource.__slots__ if name != "key"}
    row = {name: getattr(key, name) for name in Key.__slots__} | columns
    tx.connection.execute(_INSERT, row)
    tell(tx, key, EventType.RESOURCE_CREATED, actor)
    return made


def replace_content(tx: Tx, found: Resource, content: Content, actor: str) -> Resource:
    """For ``assets`` and ``put``: new content for what was read."""
    values = {
        "spec": content.spec,
        "spec_hash": content.spec_hash,
        "state": found.state | content.state,
        "modified_at": tx.now,
        "modified_by": actor,
    }
    changed = _change(tx, found, values)
    tell(tx, found.key, EventType.RESOURCE_UPDATED, actor)
    return changed


def selection(query: Query) -> Select[*tuple[Any, ...]]:
    """The SELECT of ``query``, without order and page."""
    chosen = select(*COLUMNS).where(
        resources.c.workspace == query.workspace,
        resources.c.kind == query.kind,
        resources.c.parent == query.parent,
    )
    if query.name is not None:
        chosen = chosen.where(resources.c.name == query.name)
    if View(query.view) is not View.ALL:
        chosen = chosen.where(resources.c.archived.is_(View(query.view) is View.ARCHIVED))
    if query.terms:
        chosen = chosen.where(condition(query.terms))
    if query.top_level:
        chosen = chosen.where(is_top_level())
    return chosen if query.tag is None else chosen.where(_tagged(query.tag))


def newest_of_each(tx: Tx, query: Query) -> builtins.list[Resource]:
    """Of every name its newest version among those that ``query`` asks for."""
    fits = selection(query).with_only_columns(func.max(resources.c.id)).group_by(resources.c.name)
    chosen = select(*COLUMNS).where(resources.c.id.in_(fits)).order_by(resources.c.id.desc())
    if query.before is not None:
        chosen = chosen.where(resources.c.id < query.before)
    page = chosen.limit(query.top).offset(query.skip)
    return [read_row(row) for row in tx.connection.execute(page)]


def read_row(row: Found) -> Resource:
    """A row of ``COLUMNS`` as a value."""
    return Resource(Key(*row[:5]), *row[5:])


def tell(tx: Tx, key: Key, type_: EventType, actor: str) -> None:
    """Record what happened to ``key``."""
    tx.emit(Event(type_, key.workspace, key.path, actor))


def _change(tx: Tx, found: Resource, values: dict[str, Any]) -> Resource:
    guard = _place(found.key) | {"at_revision": found.revision}
    row = tx.connection.execute(_CHANGE, guard | values).one_or_none()
    if row is None:
        raise _overtaken(found.key)
    return read_row(row)


def _overtaken(key: Key) -> Overtaken:
    return Overtaken(
        f"{key.path} was changed by somebody else in the meantime; read it again and retry", target=key.name
    )


def _tagged(tag: str) -> ColumnElement[bool]:
    name, separator, value = tag.partition("=")
    if not name or '"' in name:
        raise Invalid(f"tag: expected key or key=value, found {tag!r}", target="tag")
    held = resources.c.spec["tags", name].as_string()
    return held == value if separator else held.is_not(None)


def _place(key: Key) -> dict[str, str]:
    return {
        "at_workspace": key.workspace,
        "at_kind": key.kind,
        "at_parent": key.parent,
        "at_name": key.name,
        "at_version": key.version,
    }


_KEY = [resources.c[name] for name in Key.__slots__]
COLUMNS = [*_KEY, *(resources.c[name] for name in Resource.__slots__ if name != "key")]
_HERE = [column == bindparam(f"at_{column.name}") for column in _KEY]
_GET = select(*COLUMNS).where(*_HERE)
_PLACE_OF = select(resources.c.id).where(*_HERE)
_INSERT = insert(resources)
_CHANGE = (
    update(resources)
    .where(*_HERE, resources.c.revision == bindparam("at_revision"))
    .values(revision=resources.c.revision + 1)
    .returning(*COLUMNS)
)
_DELETE = delete_from(resources).where(*_HERE)
