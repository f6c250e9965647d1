"""Registered models: create, find, rename, delete, search; their tags and aliases.

The rows here mirror Zaffre's model assets (``assets.py`` says how); stages and aliases are MLflow's own and live here only.
"""

from __future__ import annotations

from typing import Any

from zaffre.tracking import access, dialect, filters
from zaffre.tracking.call import Call
from zaffre.tracking.errors import Code, Refusal, missing
from zaffre.tracking.limits import (
    check_alias,
    check_model_name,
    check_name,
    check_new_alias,
    check_registry_tag,
    model_version,
)
from zaffre.tracking.wire import OBJECTS, REQUIRED, STRING, STRINGS, Body, Field, Fields, offset_of, paged

CREATE: Fields = {"name": REQUIRED, "tags": OBJECTS, "description": STRING}
ONE: Fields = {"name": REQUIRED}
RENAME: Fields = {"name": REQUIRED, "new_name": REQUIRED}
UPDATE: Fields = {"name": REQUIRED, "description": STRING}
LATEST: Fields = {"name": REQUIRED, "stages": STRINGS}
SET_TAG: Fields = {"name": REQUIRED, "key": REQUIRED, "value": STRING}
DELETE_TAG: Fields = {"name": REQUIRED, "key": REQUIRED}
SET_ALIAS: Fields = {"name": REQUIRED, "alias": REQUIRED, "version": REQUIRED}
ALIAS: Fields = {"name": REQUIRED, "alias": REQUIRED}
_MAX_PAGE = 1000
SEARCH: Fields = {
    "filter": STRING,
    "max_results": Field("int", most=_MAX_PAGE),
    "order_by": STRINGS,
    "page_token": STRING,
}

PROMPT_TAG = "mlflow.prompt.is_prompt"
DELETED = "Deleted_Internal"
STAGES = ("None", "Staging", "Production", "Archived")
VERSION_COLUMNS = (
    "name, version, creation_time, last_updated_time, description, user_id, current_stage, source, run_id, status,"
    " status_message, run_link, storage_location"
)
_MODEL = "SELECT name, creation_time, last_updated_time, description FROM registered_models WHERE workspace = ?"


def stage_named(stage: str) -> str:
    """A stage in its proper spelling."""
    for known in STAGES:
        if known.lower() == stage.lower():
            return known
    raise Refusal(f"Invalid Model Version stage: {stage}. Value must be one of {', '.join(STAGES)}.")


def fetch(call: Call, name: str) -> tuple[Any, ...]:
    """A registered model's row, or the refusal."""
    row = call.conn.execute(f"{_MODEL} AND name = ?", (call.workspace, check_model_name(name))).fetchone()
    if row is None:
        raise missing(f"Registered Model with name={name} not found")
    return row


def check_new(call: Call, name: str, tags: dict[str, str]) -> None:
    """Refuse a name that is not allowed or taken, and tags that are not allowed."""
    check_model_name(name)
    for key, value in tags.items():
        check_registry_tag(key, value)
    if call.conn.execute(f"{_MODEL} AND name = ?", (call.workspace, name)).fetchone() is None:
        return
    before = "Prompt" if is_prompt(call, name) else "Registered Model"
    after = "Prompt" if tags.get(PROMPT_TAG, "").lower() == "true" else "Registered Model"
    if before != after:
        raise Refusal(
            f"Tried to create a {after.lower()} with name {name!r}, but the name is already taken by a"
            f" {before.lower()}. MLflow does not allow creating a model and a prompt with the same name.",
            Code.EXISTS,
        )
    raise Refusal(f"{after} (name={name}) already exists.", Code.EXISTS)


def is_prompt(call: Call, name: str) -> bool:
    """True for MLflow's prompts, which live in the same table."""
    row = call.conn.execute(
        "SELECT value FROM registered_model_tags WHERE workspace = ? AND name = ? AND key = ?",
        (call.workspace, name, PROMPT_TAG),
    ).fetchone()
    return row is not None and str(row[0]).lower() == "true"


def put(call: Call, name: str, description: str | None, tags: dict[str, str]) -> None:
    """Write a registered model over whatever is there; what is equal already stays as it is."""
    call.conn.execute(
        "INSERT INTO registered_models (name, creation_time, last_updated_time, description, workspace)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (workspace, name) DO UPDATE SET description = excluded.description,"
        " last_updated_time = excluded.last_updated_time"
        " WHERE coalesce(registered_models.description, '') != coalesce(excluded.description, '')",
        (name, call.now, call.now, description, call.workspace),
    )
    put_tags(call, name, tags)


def put_tags(call: Call, name: str, tags: dict[str, str]) -> None:
    """Write tags over whatever is there."""
    call.conn.executemany(
        "INSERT INTO registered_model_tags (key, value, name, workspace) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (workspace, key, name) DO UPDATE SET value = excluded.value",
        [(key, value, name, call.workspace) for key, value in tags.items()],
    )


def get(call: Call, body: Body) -> dict[str, Any]:
    """``GET registered-models/get``."""
    return {"registered_model": described(call, [fetch(call, body["name"])])[0]}


def described(call: Call, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Registered models as MLflow's JSON, with the newest version of each stage."""
    found: dict[str, dict[str, Any]] = {}
    for name, created, updated, description in rows:
        found[name] = {"name": name, "creation_timestamp": created, "last_updated_timestamp": updated}
        if description:
            found[name]["description"] = description
    for chunk in dialect.chunks(list(found)):
        where = f"workspace = ? AND name IN ({dialect.marks(chunk)})"
        bound = (call.workspace, *chunk)
        for row in newest_versions(call, where, bound):
            found[row["name"]].setdefault("latest_versions", []).append(row)
        for key, value, name in call.conn.execute(
            f"SELECT key, value, name FROM registered_model_tags WHERE {where}", bound
        ).fetchall():
            found[name].setdefault("tags", []).append({"key": key, "value": value or ""})
        for alias, version, name in call.conn.execute(
            f"SELECT alias, version, name FROM registered_model_aliases WHERE {where}", bound
        ).fetchall():
            found[name].setdefault("aliases", []).append({"alias": alias, "version": str(version)})
    return list(found.values())


def newest_versions(call: Call, where: str, bound: tuple[Any, ...]) -> list[dict[str, Any]]:
    """The newest version of each stage of the models that ``where`` picks."""
    rows = call.conn.execute(
        f"SELECT {VERSION_COLUMNS} FROM (SELECT {VERSION_COLUMNS}, row_number() OVER (PARTITION BY name, current_stage"
        f" ORDER BY version DESC) AS place FROM model_versions WHERE {where} AND current_stage != '{DELETED}') v"
        " WHERE place = 1 ORDER BY name, version",
        bound,
    ).fetchall()
    return versions_described(call, rows, aliases=False)


def versions_described(call: Call, rows: list[tuple[Any, ...]], *, aliases: bool = True) -> list[dict[str, Any]]:
    """Model versions as MLflow's JSON."""
    found = {(row[0], row[1]): _version(row) for row in rows}
    names = sorted({name for name, _ in found})
    for chunk in dialect.chunks(names):
        where = f"workspace = ? AND name IN ({dialect.marks(chunk)})"
        for key, value, name, number in call.conn.execute(
            f"SELECT key, value, name, version FROM model_version_tags WHERE {where}",
            (call.workspace, *chunk),
        ).fetchall():
            if (name, number) in found:
                found[name, number].setdefault("tags", []).append({"key": key, "value": value or ""})
        for alias, number, name in call.conn.execute(
            f"SELECT alias, version, name FROM registered_model_aliases WHERE {where}",
            (call.workspace, *chunk),
        ).fetchall():
            if aliases and (name, number) in found:
                found[name, number].setdefault("aliases", []).append(alias)
    return list(found.values())


_VERSION_KEYS = (
    ("description", 4),
    ("user_id", 5),
    ("current_stage", 6),
    ("source", 7),
    ("run_id", 8),
    ("status", 9),
    ("run_link", 11),
)


def _version(row: tuple[Any, ...]) -> dict[str, Any]:
    version = {
        "name": row[0],
        "version": str(row[1]),
        "creation_timestamp": row[2],
        "last_updated_timestamp": row[3],
    }
    version |= {key: row[place] for key, place in _VERSION_KEYS if row[place] is not None}
    return {**version, "status_message": row[10]} if row[10] else version


def update(call: Call, body: Body) -> dict[str, Any]:
    """``PATCH registered-models/update``: the description."""
    name = fetch(call, body["name"])[0]
    call.conn.execute(
        "UPDATE registered_models SET description = ?, last_updated_time = ? WHERE workspace = ? AND name = ?",
        (body.get("description", ""), call.now, call.workspace, name),
    )
    return get(call, body)


def rename(call: Call, body: Body) -> dict[str, Any]:
    """``POST registered-models/rename``; the versions follow by their foreign key."""
    access.users_only(call, "rename registered models")
    name, renamed = fetch(call, body["name"])[0], check_model_name(body["new_name"], "new_name")
    if name != renamed and call.conn.execute(f"{_MODEL} AND name = ?", (call.workspace, renamed)).fetchone():
        raise Refusal(f"Registered Model (name={renamed}) already exists.", Code.EXISTS)
    call.conn.execute(
        "UPDATE registered_models SET name = ?, last_updated_time = ? WHERE workspace = ? AND name = ?",
        (renamed, call.now, call.workspace, name),
    )
    call.conn.execute(
        "UPDATE model_versions SET last_updated_time = ? WHERE workspace = ? AND name = ?",
        (call.now, call.workspace, renamed),
    )
    return get(call, {"name": renamed})


def delete(call: Call, body: Body) -> dict[str, Any]:
    """``DELETE registered-models/delete``: with all that hangs on it."""
    access.users_only(call, "delete registered models")
    name = fetch(call, body["name"])[0]
    for table in (
        "registered_model_aliases",
        "model_version_tags",
        "model_versions",
        "registered_model_tags",
        "registered_models",
    ):
        call.conn.execute(f"DELETE FROM {table} WHERE workspace = ? AND name = ?", (call.workspace, name))
    return {}


def search(call: Call, body: Body) -> dict[str, Any]:
    """``GET registered-models/search``; prompts only when they are asked for."""
    limit = filters.check_limit(body.get("max_results", 100), _MAX_PAGE)
    offset = offset_of(body.get("page_token"))
    clauses = filters.parse(body.get("filter"), filters.MODELS)
    wheres, bound = conditions(clauses, "m", "registered_model_tags")
    rows = call.conn.execute(
        "SELECT m.name, m.creation_time, m.last_updated_time, m.description FROM registered_models m"
        f" WHERE m.workspace = ? AND {' AND '.join(wheres)} ORDER BY {_order(body.get('order_by', []))} LIMIT ? OFFSET ?",
        (call.workspace, *bound, limit + 1, offset),
    ).fetchall()
    page, token = paged(rows, limit, offset)
    answer: dict[str, Any] = {"registered_models": described(call, page)} if page else {}
    return {**answer, "next_page_token": token} if token else answer


def conditions(clauses: list[filters.Clause], alias: str, tags: str) -> tuple[list[str], list[Any]]:
    """What a search over models or versions must hold, prompts left out unless asked for."""
    prompts = any(_asks_for_prompts(clause) for clause in clauses)
    exists = f"EXISTS (SELECT 1 FROM {tags} t WHERE t.workspace = {alias}.workspace AND t.name = {alias}.name"
    own = exists + (f" AND t.version = {alias}.version" if tags == "model_version_tags" else "")
    wheres, bound = list[str](), list[Any]()
    if not prompts:
        wheres.append(f"NOT {exists} AND t.key = '{PROMPT_TAG}' AND t.value = 'true')")
    for clause in clauses:
        if clause.entity == "tag":
            if clause.key == PROMPT_TAG and not prompts:
                continue
            where, values = dialect.compare("t.value", clause.operator, clause.value)
            wheres.append(f"{own} AND t.key = ? AND {where})")
            bound += [clause.key, *values]
        else:
            column = {"version_number": "version", "source_path": "source"}.get(clause.key, clause.key)
            where, values = dialect.compare(f"{alias}.{column}", clause.operator, clause.value)
            wheres.append(where)
            bound += values
    return wheres or ["1 = 1"], bound


def _asks_for_prompts(clause: filters.Clause) -> bool:
    wanted = {"=": "true", "!=": "false"}.get(clause.operator)
    return clause.entity == "tag" and clause.key == PROMPT_TAG and str(clause.value).lower() == wanted


def _order(order_by: list[str]) -> str:
    written: dict[str, str] = {}
    for text in order_by:
        term = filters.parse_order(text, filters.MODELS)
        column = "m.name" if term.key == "name" else "m.last_updated_time"
        if column in written:
            raise Refusal(f"`order_by` contains duplicate fields: {order_by}")
        written[column] = "ASC" if term.ascending else "DESC"
    written.setdefault("m.name", "ASC")
    return ", ".join(f"{column} {direction}" for column, direction in written.items())


def latest_versions(call: Call, body: Body) -> dict[str, Any]:
    """``GET|POST registered-models/get-latest-versions``."""
    name = fetch(call, body["name"])[0]
    wanted = {stage_named(stage) for stage in body.get("stages", ())} or set(STAGES)
    rows = newest_versions(call, "workspace = ? AND name = ?", (call.workspace, name))
    kept = [row for row in rows if row.get("current_stage") in wanted]
    for row in kept:
        if aliases := aliases_of(call, name, int(row["version"])):
            row["aliases"] = aliases
    return {"model_versions": kept} if kept else {}


def aliases_of(call: Call, name: str, version: int) -> list[str]:
    """A version's aliases."""
    rows = call.conn.execute(
        "SELECT alias FROM registered_model_aliases WHERE workspace = ? AND name = ? AND version = ?",
        (call.workspace, name, version),
    ).fetchall()
    return [row[0] for row in rows]


def set_tag(call: Call, body: Body) -> dict[str, Any]:
    """``POST registered-models/set-tag``."""
    check_registry_tag(body["key"], body.get("value", ""))
    put_tags(call, fetch(call, body["name"])[0], {body["key"]: body.get("value", "")})
    return {}


def delete_tag(call: Call, body: Body) -> dict[str, Any]:
    """``DELETE registered-models/delete-tag``."""
    name, key = fetch(call, body["name"])[0], check_name(body["key"])
    call.conn.execute(
        "DELETE FROM registered_model_tags WHERE workspace = ? AND name = ? AND key = ?", (call.workspace, name, key)
    )
    return {}


def fetch_version(call: Call, name: str, version: str) -> tuple[Any, ...]:
    """A model version's row, or the refusal."""
    check_model_name(name)
    row = call.conn.execute(
        f"SELECT {VERSION_COLUMNS} FROM model_versions WHERE workspace = ? AND name = ? AND version = ?"
        f" AND current_stage != '{DELETED}'",
        (call.workspace, name, model_version(version)),
    ).fetchone()
    if row is None:
        raise missing(f"Model Version (name={name}, version={version}) not found")
    return row


def set_alias(call: Call, body: Body) -> dict[str, Any]:
    """``POST registered-models/alias``."""
    check_model_name(body["name"])
    alias = check_new_alias(body["alias"])
    row = fetch_version(call, body["name"], body["version"])
    call.conn.execute(
        "INSERT INTO registered_model_aliases (alias, version, name, workspace) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (workspace, name, alias) DO UPDATE SET version = excluded.version",
        (alias, row[1], row[0], call.workspace),
    )
    return {}


def delete_alias(call: Call, body: Body) -> dict[str, Any]:
    """``DELETE registered-models/alias``."""
    name, alias = fetch(call, body["name"])[0], check_alias(body["alias"])
    call.conn.execute(
        "DELETE FROM registered_model_aliases WHERE workspace = ? AND name = ? AND alias = ?",
        (call.workspace, name, alias),
    )
    return {}


def by_alias(call: Call, body: Body) -> dict[str, Any]:
    """``GET registered-models/alias``; ``latest`` is computed."""
    name, alias = body["name"], check_alias(body["alias"])
    fetch(call, name)
    if alias.lower() == "latest":
        rows = newest_versions(call, "workspace = ? AND name = ?", (call.workspace, name))
        if not rows:
            raise missing(f"Latest version not found for model {name}.")
        version = max(rows, key=lambda row: int(row["version"]))["version"]
    else:
        found = call.conn.execute(
            "SELECT version FROM registered_model_aliases WHERE workspace = ? AND name = ? AND alias = ?",
            (call.workspace, name, alias),
        ).fetchone()
        if found is None:
            raise Refusal(f"Registered model alias {alias} not found.")
        version = str(found[0])
    return {"model_version": versions_described(call, [fetch_version(call, name, version)])[0]}
