"""Model versions in MLflow's tables: write, read, change, stage, delete, search; tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zaffre.tracking import access, filters, registry
from zaffre.tracking.call import Call
from zaffre.tracking.errors import Refusal
from zaffre.tracking.limits import check_name, check_registry_tag
from zaffre.tracking.wire import BOOL, OBJECTS, REQUIRED, STRING, STRINGS, Body, Field, Fields, offset_of, paged

CREATE: Fields = {
    "name": REQUIRED,
    "source": REQUIRED,
    "run_id": STRING,
    "tags": OBJECTS,
    "run_link": STRING,
    "description": STRING,
    "model_id": STRING,
}
ONE: Fields = {"name": REQUIRED, "version": REQUIRED}
UPDATE: Fields = {**ONE, "description": STRING}
STAGE: Fields = {**ONE, "stage": REQUIRED, "archive_existing_versions": BOOL}
SET_TAG: Fields = {**ONE, "key": REQUIRED, "value": STRING}
DELETE_TAG: Fields = {**ONE, "key": REQUIRED}
_MAX_PAGE = 200_000
SEARCH: Fields = {
    "filter": STRING,
    "max_results": Field("int", most=_MAX_PAGE),
    "order_by": STRINGS,
    "page_token": STRING,
}
_ACTIVE = ("Staging", "Production")
_ORDER = {
    "version_number": "v.version",
    "creation_timestamp": "v.creation_time",
    "last_updated_timestamp": "v.last_updated_time",
    "name": "v.name",
}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A model version to be written."""

    name: str
    version: int
    source: str
    location: str
    run: str = ""
    run_link: str = ""
    description: str = ""
    user: str = ""
    created_at: int = 0
    """Milliseconds; 0 means now."""
    tags: dict[str, str] = field(default_factory=dict[str, str])


def next_number(call: Call, name: str) -> int:
    """The version after the newest, deleted ones counted."""
    row = call.conn.execute(
        "SELECT max(version) FROM model_versions WHERE workspace = ? AND name = ?", (call.workspace, name)
    ).fetchone()
    return ((row[0] if row else 0) or 0) + 1


def put(call: Call, row: VersionRow) -> None:
    """Write a version over whatever is there; its stage and its own tags of MLflow's stay."""
    created = row.created_at or call.now
    call.conn.execute(
        "INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, user_id,"
        " current_stage, source, run_id, status, run_link, storage_location, workspace)"
        " VALUES (?, ?, ?, ?, ?, ?, 'None', ?, ?, 'READY', ?, ?, ?) ON CONFLICT (workspace, name, version) DO UPDATE"
        " SET description = excluded.description, source = excluded.source, run_id = excluded.run_id,"
        " storage_location = excluded.storage_location, current_stage ="
        f" CASE WHEN model_versions.current_stage = '{registry.DELETED}' THEN 'None' ELSE model_versions.current_stage END",
        (
            row.name,
            row.version,
            created,
            created,
            row.description,
            row.user or None,
            row.source,
            row.run,
            row.run_link,
            row.location,
            call.workspace,
        ),
    )
    put_tags(call, row.name, row.version, row.tags)


def put_tags(call: Call, name: str, version: int, tags: dict[str, str]) -> None:
    """Write tags over whatever is there."""
    call.conn.executemany(
        "INSERT INTO model_version_tags (key, value, name, version, workspace) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (workspace, key, name, version) DO UPDATE SET value = excluded.value",
        [(key, value, name, version, call.workspace) for key, value in tags.items()],
    )


def touch(call: Call, name: str) -> None:
    """Note that a registered model changed."""
    call.conn.execute(
        "UPDATE registered_models SET last_updated_time = ? WHERE workspace = ? AND name = ?",
        (call.now, call.workspace, name),
    )


def get(call: Call, body: Body) -> dict[str, Any]:
    """``GET model-versions/get``."""
    row = registry.fetch_version(call, body["name"], body["version"])
    return {"model_version": registry.versions_described(call, [row])[0]}


def download_uri(call: Call, body: Body) -> dict[str, Any]:
    """``GET model-versions/get-download-uri``."""
    row = registry.fetch_version(call, body["name"], body["version"])
    return {"artifact_uri": row[12] or row[7]}


def update(call: Call, body: Body) -> dict[str, Any]:
    """``PATCH model-versions/update``: the description."""
    row = registry.fetch_version(call, body["name"], body["version"])
    _change(call, row, "description = ?", body.get("description"))
    return get(call, body)


def _change(call: Call, row: tuple[Any, ...], assignment: str, value: Any) -> None:
    call.conn.execute(
        f"UPDATE model_versions SET {assignment}, last_updated_time = ? WHERE workspace = ? AND name = ? AND version = ?",
        (value, call.now, call.workspace, row[0], row[1]),
    )


def transition(call: Call, body: Body) -> dict[str, Any]:
    """``POST model-versions/transition-stage``."""
    stage = registry.stage_named(body["stage"])
    archive = body.get("archive_existing_versions", False)
    if archive and stage not in _ACTIVE:
        raise Refusal(
            "Model version transition cannot archive existing model versions because"
            f" '{body['stage']}' is not an Active stage. Valid stages are {list(_ACTIVE)}"
        )
    row = registry.fetch_version(call, body["name"], body["version"])
    if archive:
        call.conn.execute(
            "UPDATE model_versions SET current_stage = 'Archived', last_updated_time = ? WHERE workspace = ? AND name = ?"
            " AND version != ? AND current_stage = ?",
            (call.now, call.workspace, row[0], row[1], stage),
        )
    _change(call, row, "current_stage = ?", stage)
    touch(call, row[0])
    return get(call, body)


def delete(call: Call, body: Body) -> dict[str, Any]:
    """``DELETE model-versions/delete``: the row stays, emptied, so that its number is never used again."""
    access.users_only(call, "delete model versions")
    row = registry.fetch_version(call, body["name"], body["version"])
    call.conn.execute(
        "DELETE FROM registered_model_aliases WHERE workspace = ? AND name = ? AND version = ?",
        (call.workspace, row[0], row[1]),
    )
    call.conn.execute(
        f"UPDATE model_versions SET current_stage = '{registry.DELETED}', last_updated_time = ?, description = NULL,"
        " user_id = NULL, source = 'REDACTED-SOURCE-PATH', run_id = 'REDACTED-RUN-ID', run_link = 'REDACTED-RUN-LINK',"
        " storage_location = NULL, status_message = NULL WHERE workspace = ? AND name = ? AND version = ?",
        (call.now, call.workspace, row[0], row[1]),
    )
    touch(call, row[0])
    return {}


def search(call: Call, body: Body) -> dict[str, Any]:
    """``GET model-versions/search``."""
    limit = filters.check_limit(body.get("max_results", _MAX_PAGE), _MAX_PAGE)
    offset = offset_of(body.get("page_token"))
    clauses = filters.parse(body.get("filter"), filters.VERSIONS)
    wheres, bound = registry.conditions(clauses, "v", "model_version_tags")
    order = _order(body.get("order_by") or ["last_updated_timestamp DESC", "name ASC", "version_number DESC"])
    rows = call.conn.execute(
        f"SELECT {registry.VERSION_COLUMNS} FROM model_versions v WHERE v.workspace = ?"
        f" AND v.current_stage != '{registry.DELETED}' AND {' AND '.join(wheres)} ORDER BY {order} LIMIT ? OFFSET ?",
        (call.workspace, *bound, limit + 1, offset),
    ).fetchall()
    page, token = paged(rows, limit, offset)
    answer: dict[str, Any] = {"model_versions": registry.versions_described(call, page, aliases=False)} if page else {}
    return {**answer, "next_page_token": token} if token else answer


def _order(order_by: list[str]) -> str:
    written: dict[str, str] = {}
    for text in order_by:
        term = filters.parse_order(text, filters.VERSIONS)
        column = _ORDER[term.key]
        if column in written:
            raise Refusal(f"`order_by` contains duplicate fields: {order_by}")
        written[column] = "ASC" if term.ascending else "DESC"
    written.setdefault("v.name", "ASC")
    written.setdefault("v.version", "DESC")
    return ", ".join(f"{column} {direction}" for column, direction in written.items())


def set_tag(call: Call, body: Body) -> dict[str, Any]:
    """``POST model-versions/set-tag``."""
    check_registry_tag(body["key"], body.get("value", ""))
    row = registry.fetch_version(call, body["name"], body["version"])
    put_tags(call, row[0], row[1], {body["key"]: body.get("value", "")})
    return {}


def delete_tag(call: Call, body: Body) -> dict[str, Any]:
    """``DELETE model-versions/delete-tag``."""
    row, key = registry.fetch_version(call, body["name"], body["version"]), check_name(body["key"])
    call.conn.execute(
        "DELETE FROM model_version_tags WHERE workspace = ? AND name = ? AND version = ? AND key = ?",
        (call.workspace, row[0], row[1], key),
    )
    return {}
