"""What runs read and made: datasets in, logged models in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaffre.tracking import access, dialect
from zaffre.tracking.call import Call
from zaffre.tracking.errors import Code, Refusal
from zaffre.tracking.limits import check_length, check_run_id
from zaffre.tracking.wire import INT, OBJECTS, REQUIRED, STRING, STRINGS, Body, Field, Fields, pairs, read

LOG: Fields = {"run_id": REQUIRED, "datasets": OBJECTS, "models": OBJECTS}
OUTPUTS: Fields = {"run_id": REQUIRED, "models": Field("objects", required=True)}
SEARCH: Fields = {"experiment_ids": STRINGS}
_DATASET: Fields = {
    "name": STRING,
    "digest": STRING,
    "source_type": STRING,
    "source": STRING,
    "schema": STRING,
    "profile": STRING,
}
_OUTPUT: Fields = {"model_id": REQUIRED, "step": INT}
_SIZES = {"name": 500, "digest": 36, "source": 65_535, "schema": 1_048_575, "profile": 16_777_215}
_TAG_KEY, _TAG_VALUE = 255, 500
_MAX_EXPERIMENTS = 20
_MAX_SUMMARIES = 1000


def log(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/log-inputs``."""
    check_run_id(body["run_id"])
    datasets = [_read(item) for item in body.get("datasets", ())]
    row = access.active_run(call, body["run_id"])
    kept: set[tuple[str, str]] = set()
    for dataset, tags in datasets:
        name, digest = dataset["name"], dataset["digest"]
        if (name, digest) not in kept:
            kept.add((name, digest))
            _link(call, row[0], _dataset_id(call, row[8], dataset), tags)
    for model in body.get("models", ()):
        link_model(call, row[0], read(_OUTPUT, model), "INPUT")
    return {}


def _read(item: Mapping[str, Any]) -> tuple[Body, dict[str, str]]:
    raw = item.get("dataset")
    if not isinstance(raw, Mapping):
        raise Refusal("Dataset input must have a dataset associated with it.", Code.INTERNAL)
    dataset = {**dict.fromkeys(("name", "digest", "source_type", "source"), ""), **read(_DATASET, raw)}  # pyright: ignore[reportUnknownArgumentType]
    for name, size in _SIZES.items():
        check_length(name, size, dataset.get(name, ""))
    tags = pairs(item.get("tags") or ())
    for key, value in tags.items():
        check_length("key", _TAG_KEY, key)
        check_length("value", _TAG_VALUE, value)
    return dataset, tags


def _dataset_id(call: Call, experiment: int, dataset: Body) -> str:
    found = call.conn.execute(
        "SELECT dataset_uuid FROM datasets WHERE experiment_id = ? AND name = ? AND digest = ?",
        (experiment, dataset["name"], dataset["digest"]),
    ).fetchone()
    if found is not None:
        return found[0]
    identity = call.new_id()
    call.conn.execute(
        "INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source,"
        " dataset_schema, dataset_profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (identity, experiment, *(dataset.get(name) for name in _DATASET)),
    )
    return identity


def _link(call: Call, run: str, dataset: str, tags: dict[str, str]) -> None:
    identity = call.new_id()
    made = call.conn.execute(
        "INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id)"
        " VALUES (?, 'DATASET', ?, 'RUN', ?) ON CONFLICT DO NOTHING",
        (identity, dataset, run),
    ).rowcount
    if made:
        call.conn.executemany(
            "INSERT INTO input_tags (input_uuid, name, value) VALUES (?, ?, ?)",
            [(identity, key, value) for key, value in tags.items()],
        )


def log_outputs(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/outputs``."""
    row = access.active_run(call, body["run_id"])
    for model in body["models"]:
        link_model(call, row[0], read(_OUTPUT, model), "OUTPUT")
    return {}


def link_model(call: Call, run: str, model: Body, direction: str) -> None:
    """Say that ``run`` read (INPUT) or made (OUTPUT) a logged model."""
    call.conn.execute(
        "INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (call.new_id(), f"RUN_{direction}", run, f"MODEL_{direction}", model["model_id"], model.get("step", 0)),
    )


def search_datasets(call: Call, body: Body) -> dict[str, Any]:
    """``POST experiments/search-datasets``: summaries."""
    wanted = body.get("experiment_ids", [])
    if not wanted:
        raise Refusal("SearchDatasets request must specify at least one experiment_id.")
    if len(wanted) > _MAX_EXPERIMENTS:
        raise Refusal(
            f"SearchDatasets request cannot specify more than {_MAX_EXPERIMENTS} experiment_ids. Received"
            f" {len(wanted)} experiment_ids."
        )
    numbers = access.experiments(call, wanted)
    rows = call.conn.execute(
        "SELECT DISTINCT d.experiment_id, d.name, d.digest, t.value FROM datasets d"
        " JOIN inputs i ON i.source_id = d.dataset_uuid"
        " LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'"
        f" WHERE d.experiment_id IN ({dialect.marks(numbers)}) LIMIT ?",
        (*numbers, _MAX_SUMMARIES),
    ).fetchall()
    summaries: list[dict[str, str]] = []
    for number, name, digest, context in rows:
        summary = {"experiment_id": str(number), "name": name, "digest": digest}
        summaries.append({**summary, "context": context} if context else summary)
    return {"dataset_summaries": summaries} if summaries else {}
