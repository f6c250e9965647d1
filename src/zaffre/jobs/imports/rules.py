"""What an import must be before it is accepted: its connection leads somewhere, and the version it makes is not taken."""

from __future__ import annotations

from typing import Any

from zaffre.core import assets, targets
from zaffre.core.draft import Draft, Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.core.imports import Database, connection_name
from zaffre.core.plain import mapping_of
from zaffre.core.resource import Key, Resource

_LOGINS = ("username_password", "none")
_KEYS = ("access_key", "account_key", "sas", "service_principal", "aad", "none")


def check(draft: Draft, lookup: Lookup) -> None:
    """Raise ``Invalid`` with everything that would fail later."""
    source = draft.spec.source
    name = connection_name(source.connection)
    connection = lookup.resource(Key(draft.key.workspace, "connection", name))
    if connection is None:
        told = f"there is no connection {name!r} in workspace {draft.key.workspace}"
        raise Invalid([Problem(told, "source.connection", hint="zaffre connection list shows what is there")])
    wrong = _target(connection, source, draft.key.workspace, lookup) + _login(connection, source)
    for output, one in draft.spec.outputs.items():
        if one.name and one.version:
            wrong += _taken(Key(draft.key.workspace, "data", one.name, "", str(one.version)), output, lookup)
    if wrong:
        raise Invalid(wrong)


def _target(connection: Resource, source: Any, workspace: str, lookup: Lookup) -> list[Problem]:
    try:
        if not isinstance(source, Database):
            targets.bucket_of(connection.spec)
            return []
        database = targets.database_of(connection.spec)
    except Invalid as error:
        return [Problem(f"connection {connection.key.name}: {error.problems[0].message}", "source.connection")]
    return _file(database.name, workspace, lookup) if database.dialect == "sqlite" else []


def _file(uri: str, workspace: str, lookup: Lookup) -> list[Problem]:
    path = lookup.local_path(workspace, uri)
    if path is None:
        told = f"{uri} lies outside this machine; a SQLite file is read from a datastore of this machine"
        return [Problem(told, "source.connection")]
    if lookup.path_kind(path) != "file":
        return [Problem(f"there is no file at {uri}", "source.connection")]
    return []


def _login(connection: Resource, source: Any) -> list[Problem]:
    held = str(mapping_of(connection.spec.get("credentials")).get("type") or "none")
    known = _LOGINS if isinstance(source, Database) else _KEYS
    if held in known:
        return []
    told = f"connection {connection.key.name} has credentials of type {held}; expected {', '.join(known)}"
    return [Problem(told, "source.connection")]


def _taken(key: Key, output: str, lookup: Lookup) -> list[Problem]:
    if lookup.asset(key) is None:
        return []
    hint = assets.instead(lookup, key.workspace, "data", key.name)
    return [Problem(f"data {key.name}:{key.version} is there already", f"outputs.{output}.version", hint=hint)]
