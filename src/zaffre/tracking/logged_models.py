"""Logged models (MLflow 3): create, finalize, find, params and tags, delete, search."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from zaffre.tracking import access, dialect, filters
from zaffre.tracking.call import ROOT_TAG, Call
from zaffre.tracking.errors import Refusal, missing
from zaffre.tracking.limits import check_logged_model_name, refuse_reserved
from zaffre.tracking.names import random_name
from zaffre.tracking.wire import BOOL, OBJECTS, REQUIRED, STRING, Body, Field, Fields, double, pairs, read

CREATE: Fields = {
    "experiment_id": REQUIRED,
    "name": STRING,
    "model_type": STRING,
    "source_run_id": STRING,
    "params": OBJECTS,
    "tags": OBJECTS,
}
ONE: Fields = {"model_id": REQUIRED, "allow_deleted": BOOL}
FINALIZE: Fields = {"model_id": REQUIRED, "status": Field("any", required=True)}
PARAMS: Fields = {"model_id": REQUIRED, "params": OBJECTS}
TAGS: Fields = {"model_id": REQUIRED, "tags": OBJECTS}
DELETE_TAG: Fields = {"model_id": REQUIRED, "tag_key": REQUIRED}
SEARCH: Fields = {
    "experiment_ids": Field("strings", required=True),
    "filter": STRING,
    "datasets": OBJECTS,
    "max_results": Field("int"),
    "order_by": OBJECTS,
    "page_token": STRING,
}
_ORDER: Fields = {"field_name": REQUIRED, "ascending": BOOL, "dataset_name": STRING, "dataset_digest": STRING}
_DATASET: Fields = {"dataset_name": STRING, "dataset_digest": STRING}

_STATUS = {
    0: "LOGGED_MODEL_STATUS_UNSPECIFIED",
    1: "LOGGED_MODEL_PENDING",
    2: "LOGGED_MODEL_READY",
    3: "LOGGED_MODEL_UPLOAD_FAILED",
}
_STATUS_NUMBER = {name: number for number, name in _STATUS.items()}
COLUMNS = (
    "model_id, experiment_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms, status,"
    " lifecycle_stage, model_type, source_run_id, status_message"
)
_DEFAULT_PAGE = 50
_MAX_PAGE = 10_000


def create(call: Call, body: Body) -> dict[str, Any]:
    """``POST logged-models``: pending until finalized."""
    name = body.get("name", "")
    if name:
        check_logged_model_name(name)
    experiment = access.active_experiment(call, body["experiment_id"])
    source = body.get("source_run_id", "")
    if source and call.run is not None:
        access.run(call, source)
    identity = call.new_id()
    model = f"m-{identity}"
    location = f"{experiment[2].rstrip('/')}/models/{model}/artifacts"
    call.conn.execute(
        f"INSERT INTO logged_models ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, 1, 'active', ?, ?, NULL)",
        (
            model,
            experiment[0],
            name or random_name(identity),
            location,
            call.now,
            call.now,
            body.get("model_type", ""),
            source,
        ),
    )
    _add_params(call, model, experiment[0], pairs(body.get("params", ())))
    tags = pairs(body.get("tags", ()))
    for key in tags:
        refuse_reserved(key)
    _put_tags(call, model, experiment[0], tags | ({ROOT_TAG: call.run} if call.run else {}))
    return {"model": described(call, [access.logged_model(call, model)])[0]}


def _add_params(call: Call, model: str, experiment: int, params: dict[str, str]) -> None:
    kept: dict[str, str] = dict(
        call.conn.execute(
            "SELECT param_key, param_value FROM logged_model_params WHERE model_id = ?", (model,)
        ).fetchall()
    )
    changed = sorted(key for key in params if key in kept and kept[key] != params[key])
    if changed:
        raise Refusal(f"Changing param values is not allowed. Params {changed} of model '{model}' were already logged.")
    call.conn.executemany(
        "INSERT INTO logged_model_params (model_id, experiment_id, param_key, param_value) VALUES (?, ?, ?, ?)",
        [(model, experiment, key, value) for key, value in params.items() if key not in kept],
    )


def _put_tags(call: Call, model: str, experiment: int, tags: dict[str, str]) -> None:
    call.conn.executemany(
        "INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (model_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value",
        [(model, experiment, key, value) for key, value in tags.items()],
    )


def get(call: Call, body: Body) -> dict[str, Any]:
    """``GET logged-models/{model_id}``."""
    row = access.logged_model(call, body["model_id"], deleted=body.get("allow_deleted", False))
    return {"model": described(call, [row])[0]}


def described(call: Call, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Logged models as MLflow's JSON."""
    found = {row[0]: {"info": _info(row), "data": {}} for row in rows}
    for chunk in dialect.chunks(list(found)):
        marks = dialect.marks(chunk)
        for key, value, model in call.conn.execute(
            f"SELECT tag_key, tag_value, model_id FROM logged_model_tags WHERE model_id IN ({marks})", chunk
        ).fetchall():
            if key != ROOT_TAG:
                found[model]["info"].setdefault("tags", []).append({"key": key, "value": value})
        for key, value, model in call.conn.execute(
            f"SELECT param_key, param_value, model_id FROM logged_model_params WHERE model_id IN ({marks})", chunk
        ).fetchall():
            found[model]["data"].setdefault("params", []).append({"key": key, "value": value})
        for row in call.conn.execute(
            "SELECT model_id, metric_name, metric_value, metric_timestamp_ms, metric_step, dataset_name,"
            f" dataset_digest, run_id FROM logged_model_metrics WHERE model_id IN ({marks})",
            chunk,
        ).fetchall():
            found[row[0]]["data"].setdefault("metrics", []).append(_metric(row))
    return list(found.values())


def _metric(row: tuple[Any, ...]) -> dict[str, Any]:
    model, key, value, timestamp, step, dataset, digest, run = row
    metric = {"key": key, "value": double(value), "timestamp": timestamp, "step": step, "model_id": model}
    extras = (("dataset_name", dataset), ("dataset_digest", digest), ("run_id", run))
    return metric | {name: extra for name, extra in extras if extra}


def _info(row: tuple[Any, ...]) -> dict[str, Any]:
    info = {
        "experiment_id": str(row[1]),
        "model_id": row[0],
        "name": row[2],
        "artifact_uri": row[3],
        "creation_timestamp_ms": row[4],
        "last_updated_timestamp_ms": row[5],
        "status": _STATUS.get(row[6], _STATUS[0]),
    }
    extras = (("model_type", row[8]), ("source_run_id", row[9]), ("status_message", row[10]))
    return info | {name: value for name, value in extras if value is not None}


def finalize(call: Call, body: Body) -> dict[str, Any]:
    """``PATCH logged-models/{model_id}``: ready, or failed."""
    status = body["status"]
    number = int(status) if str(status).isdigit() else _STATUS_NUMBER.get(status, -1)
    if number not in _STATUS:
        raise Refusal(f"Invalid model status: {status}. Expected statuses are: {sorted(_STATUS_NUMBER)}")
    row = access.logged_model(call, body["model_id"])
    call.conn.execute(
        "UPDATE logged_models SET status = ?, last_updated_timestamp_ms = ? WHERE model_id = ?",
        (number, call.now, row[0]),
    )
    return get(call, {"model_id": row[0], "allow_deleted": True})


def delete(call: Call, body: Body) -> dict[str, Any]:
    """``DELETE logged-models/{model_id}``: marked, its artifacts kept."""
    row = access.logged_model(call, body["model_id"])
    call.conn.execute(
        "UPDATE logged_models SET lifecycle_stage = 'deleted', last_updated_timestamp_ms = ? WHERE model_id = ?",
        (call.now, row[0]),
    )
    return {}


def log_params(call: Call, body: Body) -> dict[str, Any]:
    """``POST logged-models/{model_id}/params``."""
    row = access.logged_model(call, body["model_id"])
    _add_params(call, row[0], row[1], pairs(body.get("params", ())))
    return {}


def set_tags(call: Call, body: Body) -> dict[str, Any]:
    """``PATCH logged-models/{model_id}/tags``."""
    row = access.logged_model(call, body["model_id"])
    tags = pairs(body.get("tags", ()))
    for key in tags:
        refuse_reserved(key)
    _put_tags(call, row[0], row[1], tags)
    return {}


def delete_tag(call: Call, body: Body) -> dict[str, Any]:
    """``DELETE logged-models/{model_id}/tags/{tag_key}``."""
    row, key = access.logged_model(call, body["model_id"]), body["tag_key"]
    refuse_reserved(key)
    gone = call.conn.execute("DELETE FROM logged_model_tags WHERE model_id = ? AND tag_key = ?", (row[0], key)).rowcount
    if not gone:
        raise missing(f"No tag with key {key!r} found for model with ID {row[0]!r}.")
    return {}


def note_version(call: Call, model: str, name: str, version: int) -> None:
    """Note on a logged model that a version of a registered model was made from it."""
    row = access.logged_model(call, model)
    before = call.conn.execute(
        "SELECT tag_value FROM logged_model_tags WHERE model_id = ? AND tag_key = 'mlflow.modelVersions'", (model,)
    ).fetchone()
    noted: list[dict[str, Any]] = json.loads(before[0]) if before else []
    entry = {"name": name, "version": version}
    if entry not in noted:
        _put_tags(call, row[0], row[1], {"mlflow.modelVersions": json.dumps([*noted, entry])})


def search(call: Call, body: Body) -> dict[str, Any]:
    """``POST logged-models/search``."""
    limit = filters.check_limit(body.get("max_results") or _DEFAULT_PAGE, _MAX_PAGE)
    offset = _offset(body)
    numbers = access.experiments(call, body["experiment_ids"])
    wheres = [f"m.experiment_id IN ({', '.join(map(str, numbers)) or 'NULL'})", "m.lifecycle_stage != 'deleted'"]
    bound: list[Any] = []
    if call.run is not None:
        wheres.append(f"(m.source_run_id IN (SELECT r.run_uuid FROM runs r WHERE {access.FAMILY}))")
        bound += [call.run, call.run]
    _add_filters(body, wheres, bound)
    joins, joined, order = _order(body.get("order_by", []))
    rows = call.conn.execute(
        f"SELECT {', '.join(f'm.{name.strip()}' for name in COLUMNS.split(','))} FROM logged_models m {joins}"
        f" WHERE {' AND '.join(wheres)} ORDER BY {order} LIMIT ? OFFSET ?",
        (*joined, *bound, limit + 1, offset),
    ).fetchall()
    answer: dict[str, Any] = {"models": described(call, rows[:limit])} if rows else {}
    return {**answer, "next_page_token": _token(body, offset + limit)} if len(rows) > limit else answer


def _token(body: Body, offset: int) -> str:
    state = {"experiment_ids": body["experiment_ids"], "filter_string": body.get("filter"), "offset": offset}
    return base64.b64encode(json.dumps({**state, "order_by": body.get("order_by")}).encode()).decode()


def _offset(body: Body) -> int:
    token = body.get("page_token")
    if not token:
        return 0
    try:
        state = json.loads(base64.b64decode(token))
        offset = int(state["offset"])
    except (ValueError, TypeError, KeyError, binascii.Error):
        raise Refusal(f"Invalid page token: {token}") from None
    for name, key, shown in (
        ("experiment_ids", "experiment_ids", "Experiment IDs"),
        ("filter_string", "filter", "Filter string"),
        ("order_by", "order_by", "Order by"),
    ):
        if (state.get(name) or None) != (body.get(key) or None):
            raise Refusal(
                f"{shown} in the page token does not match the requested {shown.lower()}."
                f" Expected: {body.get(key)}. Found: {state.get(name)}"
            )
    return offset


def _add_filters(body: Body, wheres: list[str], bound: list[Any]) -> None:
    on, values = _on_datasets([read(_DATASET, item) for item in body.get("datasets", ())])
    metrics = False
    for clause in filters.parse(body.get("filter"), filters.LOGGED_MODELS):
        if clause.entity == "attribute":
            where, given = dialect.compare(f"m.{clause.key}", clause.operator, _status_value(clause))
        else:
            where, given = _exists(clause, on, values)
            metrics = metrics or clause.entity == "metric"
        wheres.append(where)
        bound += given
    if on and not metrics:
        wheres.append(f"EXISTS (SELECT 1 FROM logged_model_metrics x WHERE x.model_id = m.model_id{on})")
        bound += values


def _status_value(clause: filters.Clause) -> Any:
    if clause.key != "status":
        return clause.value
    numbers = {name.removeprefix("LOGGED_MODEL_"): number for number, name in _STATUS.items()}
    one = tuple(numbers.get(str(value), -1) for value in clause.values)
    return one if clause.lists else one[0]


def _exists(clause: filters.Clause, on: str, values: list[Any]) -> tuple[str, list[Any]]:
    table, key, value = {
        "metric": ("logged_model_metrics", "metric_name", "metric_value"),
        "parameter": ("logged_model_params", "param_key", "param_value"),
        "tag": ("logged_model_tags", "tag_key", "tag_value"),
    }[clause.entity]
    where, given = dialect.compare(f"x.{value}", clause.operator, clause.value)
    extra, more = (on, values) if clause.entity == "metric" else ("", [])
    exists = f"EXISTS (SELECT 1 FROM {table} x WHERE x.model_id = m.model_id AND x.{key} = ? AND {where}{extra})"
    return exists, [clause.key, *given, *more]


def _on_datasets(datasets: list[Body]) -> tuple[str, list[Any]]:
    if not datasets:
        return "", []
    terms: list[str] = []
    values: list[Any] = []
    for dataset in datasets:
        if not dataset.get("dataset_name"):
            raise Refusal("`dataset_name` in the `datasets` clause must be specified.")
        digest = dataset.get("dataset_digest")
        terms.append("(x.dataset_name = ?" + (" AND x.dataset_digest = ?)" if digest else ")"))
        values += [dataset["dataset_name"], digest] if digest else [dataset["dataset_name"]]
    return f" AND ({' OR '.join(terms)})", values


def _order(terms: list[dict[str, Any]]) -> tuple[str, list[Any], str]:
    joins, joined, written, seen = "", list[Any](), list[str](), set[str]()
    for index, term in enumerate(read(_ORDER, item) for item in terms):
        name, direction = term["field_name"], "ASC" if term.get("ascending", True) else "DESC"
        entity, dot, key = name.partition(".")
        if dot and entity == "metrics":
            alias = f"o{index}"
            joins += _latest_metric(alias, term)
            joined += [key, *(term[part] for part in ("dataset_name", "dataset_digest") if term.get(part))]
            column = f"{alias}.metric_value"
        elif dot:
            raise Refusal(f"Invalid order by field name: {name}. Only metrics are supported.")
        else:
            attribute = filters.LOGGED_MODELS.aliases.get(name, name)
            if attribute not in filters.LOGGED_MODELS.order:
                raise Refusal(f"Invalid order by field name: {name}")
            seen.add(attribute)
            column = f"m.{attribute}"
        written += [f"CASE WHEN {column} IS NULL THEN 1 ELSE 0 END", f"{column} {direction}"]
    written += [] if "creation_timestamp_ms" in seen else ["m.creation_timestamp_ms DESC"]
    written += [] if "model_id" in seen else ["m.model_id ASC"]
    return joins, joined, ", ".join(written)


def _latest_metric(alias: str, term: Body) -> str:
    on = "".join(f" AND {part} = ?" for part in ("dataset_name", "dataset_digest") if term.get(part))
    return (
        " LEFT JOIN (SELECT model_id, metric_value, row_number() OVER (PARTITION BY model_id ORDER BY"
        f" metric_timestamp_ms DESC, metric_step DESC, run_id) AS place FROM logged_model_metrics WHERE metric_name = ?{on})"
        f" {alias} ON {alias}.model_id = m.model_id AND {alias}.place = 1"
    )
