"""Experiments: create, find, rename, delete and restore, tags, search."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from zaffre.tracking import access, dialect, filters
from zaffre.tracking.call import Call
from zaffre.tracking.errors import Code, Refusal, missing
from zaffre.tracking.limits import (
    MAX_LOCATION,
    check_experiment_name,
    check_experiment_tag,
    check_length,
    experiment_number,
)
from zaffre.tracking.wire import (
    OBJECTS,
    REQUIRED,
    STRING,
    STRINGS,
    Body,
    Field,
    Fields,
    listed,
    offset_of,
    paged,
    pairs,
)

COLUMNS = ("experiment_id", "name", "artifact_location", "lifecycle_stage", "creation_time", "last_update_time")

CREATE: Fields = {"name": REQUIRED, "artifact_location": STRING, "tags": OBJECTS}
ONE: Fields = {"experiment_id": REQUIRED}
NAMED: Fields = {"experiment_name": REQUIRED}
UPDATE: Fields = {"experiment_id": REQUIRED, "new_name": REQUIRED}
SET_TAG: Fields = {"experiment_id": REQUIRED, "key": REQUIRED, "value": STRING}
DELETE_TAG: Fields = {"experiment_id": REQUIRED, "key": REQUIRED}
SEARCH: Fields = {
    "max_results": Field("int"),
    "page_token": STRING,
    "filter": STRING,
    "order_by": STRINGS,
    "view_type": Field("any"),
}

STAGES = {
    "ACTIVE_ONLY": ("active",),
    "DELETED_ONLY": ("deleted",),
    "ALL": ("active", "deleted"),
    1: ("active",),
    2: ("deleted",),
    3: ("active", "deleted"),
}
_MAX_PAGE = 50_000
_MAX_VIEWS = 50
_VIEW_TAG = "mlflow.customView.view"


def create(call: Call, body: Body) -> dict[str, Any]:
    """``POST experiments/create``."""
    access.users_only(call, "create experiments")
    name = check_experiment_name(body["name"])
    location = check_location(body.get("artifact_location", ""))
    tags = pairs(body.get("tags", []))
    for key, value in tags.items():
        check_experiment_tag(key, value)
    if access.experiment_named(call, name) is not None:
        raise Refusal(f"Experiment(name={name}) already exists.", Code.EXISTS)
    return {"experiment_id": str(insert(call, name, location, tags))}


def insert(call: Call, name: str, location: str, tags: dict[str, str]) -> int:
    """A new experiment's id; its name must be free."""
    number = call.conn.execute(
        "INSERT INTO experiments (name, artifact_location, lifecycle_stage, creation_time, last_update_time, workspace)"
        " VALUES (?, ?, 'active', ?, ?, ?) RETURNING experiment_id",
        (name, location or None, call.now, call.now, call.workspace),
    ).fetchone()
    assert number is not None
    if not location:
        call.conn.execute(
            "UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?",
            (f"mlflow-artifacts:/{number[0]}", number[0]),
        )
    call.conn.executemany(
        "INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)",
        [(key, value, number[0]) for key, value in tags.items()],
    )
    return number[0]


def check_location(location: str) -> str:
    """An artifact location that a client asks for: inside our own artifacts, or refused."""
    if not location:
        return location
    check_length("artifact_location", MAX_LOCATION, location)
    parts = urlsplit(location)
    if parts.fragment or ";" in parts.path:
        raise Refusal("'artifact_location' URL can't include fragments or params.")
    path = unquote(unquote(parts.path))
    if (
        parts.scheme != "mlflow-artifacts"
        or parts.netloc
        or parts.query
        or re.search(r"[\x00-\x1f\\%?#]", path)
        or not path.strip("/")
        or any(segment in (".", "..") for segment in path.split("/"))
    ):
        raise Refusal(
            f"Invalid artifact_location '{location}': artifacts of this workspace lie under mlflow-artifacts:/<path>."
            " Leave artifact_location out to have the place chosen."
        )
    return f"mlflow-artifacts:/{path.strip('/')}"


def get(call: Call, body: Body) -> dict[str, Any]:
    """``GET experiments/get``."""
    return {"experiment": described(call, [access.experiment(call, body["experiment_id"])])[0]}


def get_by_name(call: Call, body: Body) -> dict[str, Any]:
    """``GET experiments/get-by-name``."""
    row = access.experiment_named(call, body["experiment_name"])
    if row is None:
        raise missing(f"Could not find experiment with name '{body['experiment_name']}'")
    access.own_experiment(call, row[0])
    return {"experiment": described(call, [row])[0]}


def described(call: Call, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Experiments as MLflow's JSON."""
    tags: dict[int, list[tuple[str, str]]] = {row[0]: [] for row in rows}
    for chunk in dialect.chunks([str(number) for number in tags]):
        for key, value, number in call.conn.execute(
            f"SELECT key, value, experiment_id FROM experiment_tags WHERE experiment_id IN ({dialect.marks(chunk)})",
            [int(number) for number in chunk],
        ).fetchall():
            tags[number].append((key, value))
    found: list[dict[str, Any]] = []
    for row in rows:
        experiment = {name: value for name, value in zip(COLUMNS, row, strict=True) if value is not None}
        experiment["experiment_id"] = str(row[0])
        if tags[row[0]]:
            experiment["tags"] = listed(tags[row[0]])
        found.append(experiment)
    return found


def delete(call: Call, body: Body) -> dict[str, Any]:
    """``POST experiments/delete``: with its runs, until restored."""
    return _move(call, body, "active", "deleted")


def restore(call: Call, body: Body) -> dict[str, Any]:
    """``POST experiments/restore``."""
    return _move(call, body, "deleted", "active")


def _move(call: Call, body: Body, before: str, after: str) -> dict[str, Any]:
    access.users_only(call, "delete or restore experiments")
    row = access.experiment(call, body["experiment_id"])
    if row[3] != before:
        raise missing(f"No Experiment with id={row[0]} exists")
    call.conn.execute(
        "UPDATE experiments SET lifecycle_stage = ?, last_update_time = ? WHERE experiment_id = ?",
        (after, call.now, row[0]),
    )
    call.conn.execute(
        "UPDATE runs SET lifecycle_stage = ?, deleted_time = ? WHERE experiment_id = ?",
        (after, call.now if after == "deleted" else None, row[0]),
    )
    return {}


def update(call: Call, body: Body) -> dict[str, Any]:
    """``POST experiments/update``: a new name."""
    access.users_only(call, "rename experiments")
    name = check_experiment_name(body["new_name"])
    row = access.experiment(call, body["experiment_id"])
    if row[3] != "active":
        raise Refusal("Cannot rename a non-active experiment.", Code.STATE)
    taken = access.experiment_named(call, name)
    if taken is not None and taken[0] != row[0]:
        raise Refusal(f"Experiment(name={name}) already exists.", Code.EXISTS)
    call.conn.execute(
        "UPDATE experiments SET name = ?, last_update_time = ? WHERE experiment_id = ?", (name, call.now, row[0])
    )
    return {}


def set_tag(call: Call, body: Body) -> dict[str, Any]:
    """``POST experiments/set-experiment-tag``."""
    key, value = body["key"], body.get("value", "")
    check_experiment_tag(key, value)
    row = access.active_experiment(call, body["experiment_id"])
    if key.startswith(_VIEW_TAG):
        _check_views(call, row[0], key)
    call.conn.execute(
        "INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)"
        " ON CONFLICT (key, experiment_id) DO UPDATE SET value = excluded.value",
        (key, value, row[0]),
    )
    return {}


def _check_views(call: Call, number: int, key: str) -> None:
    views = {
        row[0]
        for row in call.conn.execute(
            "SELECT key FROM experiment_tags WHERE experiment_id = ? AND key LIKE ?", (number, f"{_VIEW_TAG}%")
        ).fetchall()
    }
    if key not in views and len(views) >= _MAX_VIEWS:
        raise Refusal(
            f"Unable to create another custom view for experiment {number}; the maximum number of custom views per"
            f" experiment is {_MAX_VIEWS}. Delete an existing custom view before creating a new one."
        )


def delete_tag(call: Call, body: Body) -> dict[str, Any]:
    """``POST experiments/delete-experiment-tag``."""
    row = access.active_experiment(call, body["experiment_id"])
    gone = call.conn.execute(
        "DELETE FROM experiment_tags WHERE experiment_id = ? AND key = ?", (row[0], body["key"])
    ).rowcount
    if not gone:
        raise missing(f"No tag with name: {body['key']} in experiment with id {body['experiment_id']}")
    return {}


def search(call: Call, body: Body) -> dict[str, Any]:
    """``GET|POST experiments/search``."""
    limit = filters.check_limit(body.get("max_results", 0) or 0, _MAX_PAGE)
    stages = STAGES.get(_view(body.get("view_type")), ("active",))
    offset = offset_of(body.get("page_token"))
    wheres, values = ["e.workspace = ?", f"e.lifecycle_stage IN ({dialect.marks(stages)})"], [call.workspace, *stages]
    if call.run is not None:
        wheres.append("e.experiment_id = ?")
        values.append(access.job_experiment(call))  # pyright: ignore[reportArgumentType]
    for clause in filters.parse(body.get("filter"), filters.EXPERIMENTS):
        where, bound = _condition(clause)
        wheres.append(where)
        values += bound
    order = _order(body.get("order_by") or ["creation_time DESC", "experiment_id ASC"])
    rows = call.conn.execute(
        f"SELECT {', '.join(f'e.{name}' for name in COLUMNS)} FROM experiments e WHERE {' AND '.join(wheres)}"
        f" ORDER BY {order} LIMIT ? OFFSET ?",
        (*values, limit + 1, offset),
    ).fetchall()
    page, token = paged(rows, limit, offset)
    answer: dict[str, Any] = {"experiments": described(call, page)} if page else {}
    return {**answer, "next_page_token": token} if token else answer


def _view(given: Any) -> str | int:
    if isinstance(given, str):
        return int(given) if given.isdigit() else given
    return given if isinstance(given, int) else 1


def _condition(clause: filters.Clause) -> tuple[str, list[Any]]:
    if clause.entity == "tag":
        exists = "EXISTS (SELECT 1 FROM experiment_tags t WHERE t.experiment_id = e.experiment_id AND t.key = ?"
        if clause.operator in filters.NULLNESS:
            return ("NOT " if clause.operator == "IS NULL" else "") + exists + ")", [clause.key]
        compared, values = dialect.compare("t.value", clause.operator, clause.value)
        return f"{exists} AND {compared})", [clause.key, *values]
    value = clause.value
    if clause.key == "experiment_id":
        if clause.operator not in ("=", "!=", "IN", "NOT IN"):
            raise Refusal(f"Invalid comparator for experiment_id: {clause.operator}")
        numbers = tuple(experiment_number(str(text)) for text in clause.values)
        value = numbers if clause.lists else numbers[0]
    return dialect.compare(f"e.{clause.key}", clause.operator, value)


def _order(order_by: list[str]) -> str:
    terms = [filters.parse_order(text, filters.EXPERIMENTS) for text in order_by]
    for term in terms:
        if term.entity != "attribute":
            raise Refusal(f"Invalid order_by entity: {term.entity}")
    written = [f"e.{term.key} {'ASC' if term.ascending else 'DESC'}" for term in terms]
    if not any(term.key == "experiment_id" for term in terms):
        written.append("e.experiment_id DESC")
    return ", ".join(written)
