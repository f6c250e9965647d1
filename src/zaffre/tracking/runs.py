"""Runs: create, read, change, delete and restore; params and tags."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

from zaffre.tracking import access, dialect
from zaffre.tracking.call import ROOT_TAG, Call
from zaffre.tracking.errors import Refusal, missing
from zaffre.tracking.limits import check_param, check_tag
from zaffre.tracking.names import random_name
from zaffre.tracking.wire import (
    INT,
    OBJECTS,
    REQUIRED,
    STRING,
    Body,
    Field,
    Fields,
    double,
    invalid_value,
    listed,
    pairs,
)

COLUMNS = (
    "run_uuid",
    "name",
    "user_id",
    "status",
    "start_time",
    "end_time",
    "lifecycle_stage",
    "artifact_uri",
    "experiment_id",
)
NAME_TAG = "mlflow.runName"
PARENT_TAG = "mlflow.parentRunId"
MODELS_TAG = "mlflow.log-model.history"

CREATE: Fields = {
    "experiment_id": STRING,
    "user_id": STRING,
    "run_name": STRING,
    "start_time": INT,
    "tags": OBJECTS,
}
UPDATE: Fields = {"run_id": REQUIRED, "status": Field("any"), "end_time": INT, "run_name": STRING}
ONE: Fields = {"run_id": REQUIRED}
PARAM: Fields = {"run_id": REQUIRED, "key": REQUIRED, "value": STRING}
TAG = PARAM
DELETE_TAG: Fields = {"run_id": REQUIRED, "key": REQUIRED}
MODEL: Fields = {"run_id": REQUIRED, "model_json": REQUIRED}

_STATUSES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
_MODEL_KEYS = {"artifact_path", "flavors", "utc_time_created", "run_id"}


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to be written."""

    run: str
    experiment: int
    artifact_uri: str
    name: str
    user: str
    started_at: int
    status: str = "RUNNING"
    tags: dict[str, str] = field(default_factory=dict[str, str])


def create(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/create``."""
    experiment = access.active_experiment(call, body.get("experiment_id", ""))
    tags: dict[str, str] = {}
    for key, value in pairs(body.get("tags", [])).items():
        check_tag(key, value)
        tags[key] = value
    _check_parent(call, tags)
    name, tagged = body.get("run_name", ""), tags.get(NAME_TAG, "")
    if name and tagged and name != tagged:
        raise Refusal(
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values"
            f" (run_name='{name}', mlflow.runName='{tagged}')."
        )
    run = call.new_id()
    tags.setdefault(NAME_TAG, name or tagged or random_name(run))
    if call.run is not None:
        tags[ROOT_TAG] = call.run
    location = f"{experiment[2].rstrip('/')}/{run}/artifacts"
    new = NewRun(
        run, experiment[0], location, tags[NAME_TAG], body.get("user_id", ""), body.get("start_time", 0), tags=tags
    )
    insert(call, new)
    info = (run, new.name, new.user, new.status, new.started_at, None, "active", location, experiment[0])
    return {"run": {"info": info_of(info), "data": {"tags": listed(_visible(tags).items())}, "inputs": {}}}


def _check_parent(call: Call, tags: dict[str, str]) -> None:
    parent = tags.get(PARENT_TAG)
    if call.run is not None and parent:
        access.run(call, parent)


def _visible(tags: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if key != ROOT_TAG}


def insert(call: Call, new: NewRun) -> None:
    """Write a run and its tags."""
    call.conn.execute(
        "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time,"
        " source_version, lifecycle_stage, artifact_uri, experiment_id)"
        " VALUES (?, ?, 'UNKNOWN', '', '', ?, ?, ?, '', 'active', ?, ?)",
        (new.run, new.name, new.user, new.status, new.started_at, new.artifact_uri, new.experiment),
    )
    call.conn.executemany(
        "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)",
        [(key, value, new.run) for key, value in new.tags.items()],
    )


def info_of(row: tuple[Any, ...]) -> dict[str, Any]:
    """A run's info as MLflow's JSON."""
    run, name, user, status, started, ended, stage, location, experiment = row
    info: dict[str, Any] = {"run_uuid": run, "run_id": run, "experiment_id": str(experiment), "user_id": user or ""}
    if name is not None:
        info["run_name"] = name
    info["status"] = status
    info["start_time"] = started or 0
    if ended:
        info["end_time"] = ended
    if location:
        info["artifact_uri"] = location
    info["lifecycle_stage"] = stage
    return info


def get(call: Call, body: Body) -> dict[str, Any]:
    """``GET runs/get``."""
    row = access.run(call, body["run_id"])
    found = described(call, [row])[0]
    models = call.conn.execute(
        "SELECT destination_id FROM inputs WHERE source_type = 'RUN_INPUT' AND source_id = ?"
        " AND destination_type = 'MODEL_INPUT'",
        (row[0],),
    ).fetchall()
    if models:
        found["inputs"]["model_inputs"] = [{"model_id": model[0]} for model in models]
    return {"run": found}


def described(call: Call, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Runs with their data, inputs and outputs, read with five queries however many runs there are."""
    found = {row[0]: {"info": info_of(row), "data": {}, "inputs": {}, "outputs": {}} for row in rows}
    for chunk in dialect.chunks(list(found)):
        marks = dialect.marks(chunk)
        _add_metrics(call, found, chunk, marks)
        for table in ("params", "tags"):
            for key, value, run in call.conn.execute(
                f"SELECT key, value, run_uuid FROM {table} WHERE run_uuid IN ({marks})", chunk
            ).fetchall():
                if key != ROOT_TAG:
                    found[run]["data"].setdefault(table, []).append({"key": key, "value": value or ""})
        _add_datasets(call, found, chunk, marks)
        for run, model, step in call.conn.execute(
            "SELECT source_id, destination_id, step FROM inputs WHERE source_type = 'RUN_OUTPUT'"
            f" AND destination_type = 'MODEL_OUTPUT' AND source_id IN ({marks})",
            chunk,
        ).fetchall():
            found[run]["outputs"].setdefault("model_outputs", []).append({"model_id": model, "step": step})
    return list(found.values())


Found = dict[str, dict[str, Any]]


def _add_metrics(call: Call, found: Found, chunk: Any, marks: str) -> None:
    for key, value, timestamp, step, is_nan, run in call.conn.execute(
        f"SELECT key, value, timestamp, step, is_nan, run_uuid FROM latest_metrics WHERE run_uuid IN ({marks})",
        chunk,
    ).fetchall():
        metric = {"key": key, "value": "NaN" if is_nan else double(value), "timestamp": timestamp, "step": step}
        found[run]["data"].setdefault("metrics", []).append(metric)


def _add_datasets(call: Call, found: Found, chunk: Any, marks: str) -> None:
    datasets: dict[tuple[str, str], dict[str, Any]] = {}
    for run, uuid, name, digest, kind, source, schema, profile, key, value in call.conn.execute(
        "SELECT i.destination_id, d.dataset_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source,"
        " d.dataset_schema, d.dataset_profile, t.name, t.value FROM inputs i"
        " JOIN datasets d ON d.dataset_uuid = i.source_id LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid"
        f" WHERE i.destination_type = 'RUN' AND i.destination_id IN ({marks})"
        " ORDER BY i.destination_id, d.name, d.digest, t.name",
        chunk,
    ).fetchall():
        entry = datasets.get((run, uuid))
        if entry is None:
            dataset = {"name": name, "digest": digest, "source_type": kind, "source": source}
            dataset |= {key: value for key, value in (("schema", schema), ("profile", profile)) if value}
            entry = datasets[run, uuid] = {"dataset": dataset}
            found[run]["inputs"].setdefault("dataset_inputs", []).append(entry)
        if key is not None:
            entry.setdefault("tags", []).append({"key": key, "value": value})


def update(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/update``: status, end and name. It never moves a job."""
    row = list(access.active_run(call, body["run_id"]))
    if (status := body.get("status")) is not None:
        row[3] = _status(status)
    if (ended := body.get("end_time")) is not None:
        row[5] = ended
    call.conn.execute("UPDATE runs SET status = ?, end_time = ? WHERE run_uuid = ?", (row[3], row[5], row[0]))
    if name := body.get("run_name"):
        row[1] = name
        _rename(call, row[0], name)
    return {"run_info": info_of(tuple(row))}


def _status(given: Any) -> str:
    status = _STATUSES.get(int(given)) if str(given).isdigit() else given
    if status not in _STATUSES.values():
        raise invalid_value("status", given, f"one of {sorted(_STATUSES.values())} is expected.")
    return str(status)


def _rename(call: Call, run: str, name: str) -> None:
    call.conn.execute("UPDATE runs SET name = ? WHERE run_uuid = ?", (name, run))
    put_tags(call, run, {NAME_TAG: name})


def put_tags(call: Call, run: str, tags: dict[str, str]) -> None:
    """Write tags over whatever is there."""
    call.conn.executemany(
        "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)"
        " ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value",
        [(key, value, run) for key, value in tags.items()],
    )


def delete(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/delete``: until restored. Assessments that the run made go with it, as in MLflow."""
    run = access.run(call, body["run_id"])[0]
    call.conn.execute(
        "DELETE FROM assessments WHERE assessment_metadata LIKE ?",
        (f'%"mlflow.assessment.sourceRunId": "{run}"%',),
    )
    call.conn.execute(
        "UPDATE runs SET lifecycle_stage = 'deleted', deleted_time = ? WHERE run_uuid = ?", (call.now, run)
    )
    return {}


def restore(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/restore``."""
    run = access.run(call, body["run_id"])[0]
    call.conn.execute("UPDATE runs SET lifecycle_stage = 'active', deleted_time = NULL WHERE run_uuid = ?", (run,))
    return {}


def log_param(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/log-parameter``: written once, then only the same again."""
    key, value = check_param(body["key"], body.get("value", ""))
    run = access.active_run(call, body["run_id"])[0]
    before = call.conn.execute("SELECT value FROM params WHERE run_uuid = ? AND key = ?", (run, key)).fetchone()
    if before is None:
        call.conn.execute("INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)", (key, value, run))
    elif before[0] != value:
        raise Refusal(
            f"Changing param values is not allowed. Param with key='{key}' was already logged with"
            f" value='{before[0]}' for run ID='{run}'. Attempted logging new value '{value}'."
        )
    return {}


def put_params(call: Call, run: str, params: dict[str, str]) -> None:
    """Write params, refusing the whole where one would change."""
    changed: list[dict[str, str]] = []
    kept: dict[str, str] = dict(
        call.conn.execute(
            f"SELECT key, value FROM params WHERE run_uuid = ? AND key IN ({dialect.marks(list(params))})",
            (run, *params),
        ).fetchall()
    )
    for key, value in params.items():
        if key in kept and kept[key] != value:
            changed.append({"key": key, "old_value": kept[key], "new_value": value})
    if changed:
        raise Refusal(
            f"Changing param values is not allowed. Params were already logged='{changed}' for run ID='{run}'."
        )
    call.conn.executemany(
        "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)",
        [(key, value, run) for key, value in params.items() if key not in kept],
    )


def set_tag(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/set-tag``."""
    key, value = check_tag(body["key"], body.get("value", ""))
    run = access.active_run(call, body["run_id"])[0]
    if key == NAME_TAG and value:
        _rename(call, run, value)
    else:
        put_tags(call, run, {key: value})
    return {}


def set_tags(call: Call, run: str, tags: dict[str, str]) -> None:
    """Checked tags of a batch; the name tag renames."""
    if name := tags.pop(NAME_TAG, ""):
        _rename(call, run, name)
    put_tags(call, run, tags)


def delete_tag(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/delete-tag``."""
    run = access.active_run(call, body["run_id"])[0]
    check_tag(body["key"], "")
    gone = call.conn.execute("DELETE FROM tags WHERE run_uuid = ? AND key = ?", (run, body["key"])).rowcount
    if not gone:
        raise missing(f"No tag with name: {body['key']} in run with id {run}")
    return {}


def log_model(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/log-model``: MLflow 2's record of a model, kept as a tag."""
    try:
        model: Any = json.loads(body["model_json"])
    except (ValueError, RecursionError):
        raise Refusal(f"Malformed model info. \n {body['model_json']} \n is not a valid JSON.") from None
    summary: dict[str, Any] = cast(dict[str, Any], model) if isinstance(model, dict) else {}
    absent = _MODEL_KEYS - set(summary)
    if absent:
        raise Refusal(f"Model json is missing mandatory fields: {absent}")
    run = access.active_run(call, body["run_id"])[0]
    before = call.conn.execute("SELECT value FROM tags WHERE run_uuid = ? AND key = ?", (run, MODELS_TAG)).fetchone()
    put_tags(call, run, {MODELS_TAG: json.dumps([*(json.loads(before[0]) if before else []), _summary(summary)])})
    return {}


def _summary(model: dict[str, Any]) -> dict[str, Any]:
    kept = {
        name: model[name] for name in ("run_id", "utc_time_created", "artifact_path", "model_uuid") if name in model
    }
    given = cast(dict[str, Any], model["flavors"]) if isinstance(model["flavors"], dict) else {}
    flavors = {name: _without_config(flavor) for name, flavor in given.items()}
    return {**kept, "flavors": flavors}


def _without_config(flavor: Any) -> Any:
    if not isinstance(flavor, dict):
        return flavor
    return {key: value for key, value in cast(dict[str, Any], flavor).items() if key != "config"}
