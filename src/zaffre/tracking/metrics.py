"""Metrics: one, a batch, and their history. The busiest routes there are, so points stay tuples and answers stay text."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, cast

from zaffre.tracking import access, dialect, runs
from zaffre.tracking.call import Call
from zaffre.tracking.errors import Refusal
from zaffre.tracking.limits import check_batch, check_length, check_metric_key, check_param, check_run_id, check_tag
from zaffre.tracking.wire import (
    INT,
    OBJECTS,
    PAIR,
    REQUIRED,
    STRING,
    STRINGS,
    Body,
    Field,
    Fields,
    double,
    invalid_value,
    missing_value,
    page_token,
    read,
    read_each,
    read_token,
)

ONE: Fields = {
    "run_id": REQUIRED,
    "key": REQUIRED,
    "value": Field("double", required=True),
    "timestamp": Field("int", required=True),
    "step": INT,
    "model_id": STRING,
    "dataset_name": STRING,
    "dataset_digest": STRING,
}
BATCH: Fields = {"run_id": REQUIRED, "metrics": OBJECTS, "params": OBJECTS, "tags": OBJECTS}
HISTORY: Fields = {"run_id": REQUIRED, "metric_key": REQUIRED, "page_token": STRING, "max_results": INT}
BULK: Fields = {"run_id": STRINGS, "metric_key": STRING, "max_results": INT}
_MAX_RUNS = 100
_MAX_SAMPLE = 2500
_MAX_BULK = 25_000
INTERVAL: Fields = {
    "run_ids": Field(
        "strings",
        required=True,
        most=_MAX_RUNS,
        message=f"GetMetricHistoryBulkInterval request must specify at most {_MAX_RUNS} run_ids. Received {{size}} run_ids.",
    ),
    "metric_key": REQUIRED,
    "start_step": INT,
    "end_step": INT,
    "max_results": Field("int", least=1, most=_MAX_SAMPLE, message=f"max_results must be between 1 and {_MAX_SAMPLE}."),
}
_POINT: Fields = {
    "key": REQUIRED,
    "value": Field("double", required=True),
    "timestamp": Field("int", required=True),
    "step": INT,
    "model_id": STRING,
    "dataset_name": STRING,
    "dataset_digest": STRING,
}
_PAIR: Fields = {**PAIR, "key": REQUIRED}

_HUGE = 1.7976931348623157e308
Point = tuple[str, float, int, str, int, bool]
"""A row of ``metrics``: key, value, timestamp, run, step, is_nan."""

_ROWS = 250
_INSERT = (
    "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?){more}"
    " ON CONFLICT DO NOTHING"
)
_INSERT_ONE = _INSERT.format(more="")
_INSERT_MANY = _INSERT.format(more=", (?, ?, ?, ?, ?, ?)" * (_ROWS - 1))
"""So many rows a statement take less than a third of the time of as many statements."""
_LATEST = (
    "INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value, timestamp = excluded.timestamp,"
    " step = excluded.step, is_nan = excluded.is_nan WHERE (excluded.step, excluded.timestamp, excluded.value)"
    " > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)"
)
_MODEL_METRIC = (
    "INSERT INTO logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, metric_value,"
    " experiment_id, run_id, dataset_uuid, dataset_name, dataset_digest) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)"
    " ON CONFLICT DO NOTHING"
)


def log(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/log-metric``."""
    row = access.active_run(call, body["run_id"])
    point = _point(body, row[0], "")
    call.conn.execute(_INSERT_ONE, point)
    call.conn.execute(_LATEST, point)
    if body.get("model_id"):
        _log_of_models(call, row, [body])
    return {}


def _point(body: Body, run: str, path: str) -> Point:
    timestamp = body["timestamp"]
    if timestamp < 0:
        raise invalid_value(
            f"{path}.timestamp" if path else "timestamp",
            timestamp,
            f"metric '{body['key']}' (value={body['value']}). Timestamp must be a nonnegative long (64-bit integer) ",
        )
    key = check_metric_key(body["key"], f"{path}.name" if path else "name")
    value = body["value"]
    if value - value == 0.0:  # finite: the common case, without a call
        return (key, value, timestamp, run, body.get("step", 0), False)
    is_nan = math.isnan(value)
    stored = 0.0 if is_nan else math.copysign(_HUGE, value)  # SQL has no infinities; MLflow keeps them so
    return (key, stored, timestamp, run, body.get("step", 0), is_nan)


def log_batch(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/log-batch``: all of it, or nothing."""
    raw = body.get("metrics", ())
    check_run_id(body["run_id"])
    params, tags = read_each(_PAIR, body.get("params", ()), "params"), read_each(_PAIR, body.get("tags", ()), "tags")
    points, modelled = _points(raw, body["run_id"])
    check_batch(len(points), len(params), len(tags))
    checked = [check_param(p["key"], p.get("value", ""), f"params[{i}].key") for i, p in enumerate(params)]
    _refuse_twins([key for key, _ in checked])
    marked = dict(check_tag(t["key"], t.get("value", ""), f"tags[{i}]") for i, t in enumerate(tags))
    row = access.active_run(call, body["run_id"])
    if checked:
        runs.put_params(call, row[0], dict(checked))
    if points:
        _insert(call, points)
        call.conn.executemany(_LATEST, _newest(points))
    if modelled:
        _log_of_models(call, row, modelled)
    if marked:
        runs.set_tags(call, row[0], marked)
    return {}


def _insert(call: Call, points: list[Point]) -> None:
    whole = len(points) - len(points) % _ROWS
    for first in range(0, whole, _ROWS):
        call.conn.execute(_INSERT_MANY, tuple(chain.from_iterable(points[first : first + _ROWS])))
    call.conn.executemany(_INSERT_ONE, points[whole:])


def _points(raw: Sequence[dict[str, Any]], run: str) -> tuple[list[Point], list[Body]]:
    points: list[Point] = []
    modelled: list[Body] = []
    known = set[str]()
    for index, item in enumerate(raw):
        key, value, timestamp, step = item.get("key"), item.get("value"), item.get("timestamp"), item.get("step", 0)
        if (
            type(value) is float
            and type(timestamp) is int
            and type(step) is int
            and type(key) is str
            and key in known
            and value - value == 0.0
            and not (timestamp >> 63 or step >> 63 or "model_id" in item)
        ):  # needs no second look: a finite metric whose key this batch has had before
            points.append((key, value, timestamp, run, step, False))
            continue
        careful = _read_at(item, index)
        points.append(_point(careful, run, f"metrics[{index}]"))
        known.add(careful["key"])
        modelled += [careful] if careful.get("model_id") else []
    return points, modelled


def _read_at(item: dict[str, Any], index: int) -> Body:
    """One metric of a batch, read with every check; what is missing is named by its place."""
    for name, field in _POINT.items():
        if field.required and item.get(name) in (None, ""):
            raise missing_value(f"metrics[{index}].{name}")
    return read(_POINT, item)


def _refuse_twins(keys: list[str]) -> None:
    twins = sorted({key for key in keys if keys.count(key) > 1})
    if twins:
        raise Refusal(
            f"Duplicate parameter keys have been submitted: {twins}. Please ensure the request contains only one"
            " param value per param key."
        )


def _newest(points: Iterable[Point]) -> list[Point]:
    newest: dict[str, Point] = {}
    for point in points:
        held = newest.get(point[0])
        if held is None or (point[4], point[2], point[1]) > (held[4], held[2], held[1]):
            newest[point[0]] = point
    return list(newest.values())


def _log_of_models(call: Call, run: tuple[Any, ...], bodies: Iterable[Body]) -> None:
    rows: list[tuple[Any, ...]] = []
    for body in bodies:
        access.logged_model(call, body["model_id"])
        key, value, timestamp, _, step, _ = _point(body, run[0], "")
        dataset = (body.get("dataset_name") or None, body.get("dataset_digest") or None)
        rows.append((body["model_id"], key, timestamp, step, value, run[8], run[0], *dataset))
    call.conn.executemany(_MODEL_METRIC, rows)


def history(call: Call, body: Body) -> bytes:
    """``GET metrics/get-history``: by time, a page at a time when ``max_results`` is given."""
    limit = body.get("max_results")
    if limit is not None and limit <= 0:
        raise Refusal(f"Invalid value {limit} for parameter 'max_results' supplied. It must be a positive integer.")
    run, key = access.run(call, body["run_id"])[0], body["metric_key"]
    place, bound = _after(body.get("page_token"))
    cut = [] if limit is None else [min(limit, 2**31) + 1]
    rows = call.conn.execute(
        "SELECT value, timestamp, step, is_nan FROM metrics WHERE run_uuid = ? AND key = ?"
        f"{place} ORDER BY timestamp, step, value, is_nan{' LIMIT ?' if cut else ''}",
        (run, key, *bound, *cut),
    ).fetchall()
    token = ""
    if limit is not None and len(rows) > limit:
        rows = rows[:limit]
        last = rows[-1]
        token = page_token({"after": [last[1], last[2], last[0], bool(last[3])]})
    return _written(key, rows, token)


def _after(token: str | None) -> tuple[str, list[Any]]:
    state = read_token(token).get("after") if token else None
    if not token:
        return "", []
    bound = cast(list[Any], state) if isinstance(state, list) else []
    if len(bound) != 4 or not all(type(part) in (int, float, bool) for part in bound):
        raise Refusal(f"Invalid page token, parsed value={read_token(token)}")
    return " AND (timestamp, step, value, is_nan) > (?, ?, ?, ?)", bound


def _written(key: str, rows: Iterable[tuple[Any, ...]], token: str) -> bytes:
    head = f'{{"key":{json.dumps(key)},"value":'
    points = ",".join(
        [
            f'{head}{value!r},"timestamp":{timestamp},"step":{step}}}'
            if not is_nan
            else f'{head}"NaN","timestamp":{timestamp},"step":{step}}}'
            for value, timestamp, step, is_nan in rows
        ]
    )
    tail = f',"next_page_token":"{token}"' if token else ""
    return f'{{"metrics":[{points}]{tail}}}'.encode() if points else b"{}"


def history_bulk(call: Call, body: Body) -> dict[str, Any]:
    """``GET metrics/get-history-bulk``: one metric of many runs."""
    run_ids: list[str] = body.get("run_id", [])
    if not run_ids:
        raise Refusal("GetMetricHistoryBulk request must specify at least one run_id.")
    if len(run_ids) > _MAX_RUNS:
        raise Refusal(
            f"GetMetricHistoryBulk request cannot specify more than {_MAX_RUNS} run_ids. Received {len(run_ids)} run_ids."
        )
    if "metric_key" not in body:
        raise Refusal("GetMetricHistoryBulk request must specify a metric_key.")
    access.runs(call, run_ids)
    rows = call.conn.execute(
        "SELECT run_uuid, value, timestamp, step, is_nan FROM metrics"
        f" WHERE key = ? AND run_uuid IN ({dialect.marks(run_ids)})"
        " ORDER BY run_uuid, timestamp, step, value LIMIT ?",
        (body["metric_key"], *run_ids, max(0, min(body.get("max_results", _MAX_BULK), _MAX_BULK))),
    ).fetchall()
    return {"metrics": [_with_run(body["metric_key"], row[0], row[1:]) for row in rows]}


def _with_run(key: str, run: str, row: tuple[Any, ...]) -> dict[str, Any]:
    value, timestamp, step, is_nan = row
    shown = "NaN" if is_nan else double(value)
    return {"key": key, "value": shown, "timestamp": timestamp, "step": step, "run_id": run}


def history_interval(call: Call, body: Body) -> dict[str, Any]:
    """``GET metrics/get-history-bulk-interval``: an even sample of each run's points, first and last among them."""
    start, end = body.get("start_step"), body.get("end_step")
    if (start is None) != (end is None):
        raise Refusal("If either start step or end step are specified, both must be specified.")
    if start is not None and end is not None and start > end:
        raise Refusal(f"end_step must be greater than start_step. Found start_step={start} and end_step={end}.")
    key = check_length("metric_key", 10_000, body["metric_key"])
    access.runs(call, body["run_ids"])
    steps = [] if start is None else [start, end]
    most = body.get("max_results", _MAX_SAMPLE)
    found: list[dict[str, Any]] = []
    for run in body["run_ids"]:
        found += [_with_run(key, run, row) for row in _sample(call, [run, key, *steps], most)]
    return {"metrics": found} if found else {}


def _sample(call: Call, bound: list[Any], most: int) -> list[tuple[Any, ...]]:
    where = "run_uuid = ? AND key = ?" + (" AND step >= ? AND step <= ?" if len(bound) > 2 else "")
    order = "step, timestamp, value, is_nan"
    rows = call.conn.execute(
        f"SELECT value, timestamp, step, is_nan FROM (SELECT value, timestamp, step, is_nan, bucket, row_number() OVER"
        f" (PARTITION BY bucket ORDER BY {order}) AS place FROM (SELECT value, timestamp, step, is_nan,"
        f" ntile({int(most)}) OVER (ORDER BY {order}) AS bucket FROM metrics WHERE {where}) s) p"
        f" WHERE place = 1 ORDER BY {order}",
        bound,
    ).fetchall()
    last = call.conn.execute(
        f"SELECT value, timestamp, step, is_nan FROM metrics WHERE {where}"
        " ORDER BY step DESC, timestamp DESC, value DESC, is_nan DESC LIMIT 1",
        bound,
    ).fetchone()
    if last is not None and rows[-1] != last:
        rows[-1:] = [last] if len(rows) >= most else [rows[-1], last]
    return rows
