"""The courses of metrics as charts draw them: of many runs and metrics at once, thinned so that no peak is lost.

MLflow has no such route; its even sample (``get-history-bulk-interval``) takes one metric and may miss an outlier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from zaffre.tracking import access
from zaffre.tracking.call import Call
from zaffre.tracking.errors import Refusal
from zaffre.tracking.limits import check_length
from zaffre.tracking.wire import INT, STRING, Body, Field, Fields, double

_MAX_RUNS = 200
_MAX_KEYS = 50
_MAX_SERIES = 2000
_USUAL_POINTS = 2000
_MAX_POINTS = 10_000
_ORDERS = {"step": "step, timestamp, value, is_nan", "time": "timestamp, step, value, is_nan"}
QUERY: Fields = {
    "run_ids": Field("strings", required=True, most=_MAX_RUNS),
    "metric_keys": Field("strings", required=True, most=_MAX_KEYS),
    "max_points": Field("int", least=4, most=_MAX_POINTS),
    "start_step": INT,
    "end_step": INT,
    "x": STRING,
}


def query(call: Call, body: Body) -> dict[str, Any]:
    """``POST metrics/query``: for each run and metric its lowest and highest points, bucket by bucket, as columns."""
    order = _ORDERS.get(body.get("x") or "step")
    if order is None:
        raise Refusal(f"x must be one of {', '.join(_ORDERS)}; found {body['x']!r}.")
    runs, keys = list(dict.fromkeys(body["run_ids"])), list(dict.fromkeys(body["metric_keys"]))
    if len(runs) * len(keys) > _MAX_SERIES:
        told = f"{len(runs)} runs of {len(keys)} metrics are {len(runs) * len(keys)} curves; ask for {_MAX_SERIES} at most."
        raise Refusal(told)
    for key in keys:
        check_length("metric_keys", 10_000, key)
    access.runs(call, runs)
    within, bound = _within(body)
    most = body.get("max_points", _USUAL_POINTS)
    series = [
        _columns(run, key, _thinned(call, (order, within, most), [run, key, *bound])) for run in runs for key in keys
    ]
    return {"series": [one for one in series if one["step"]]}


def _within(body: Body) -> tuple[str, list[int]]:
    """Which steps, as a condition and what is bound to it."""
    start, end = body.get("start_step"), body.get("end_step")
    asked = [(" AND step >= ?", start), (" AND step <= ?", end)]
    return "".join(text for text, said in asked if said is not None), [said for _, said in asked if said is not None]


def _thinned(call: Call, how: tuple[str, str, int], bound: list[Any]) -> list[tuple[Any, ...]]:
    """The first and the last point, and of each of as many buckets as fit the lowest and the highest; all where few."""
    order, within, most = how
    buckets = (most - 2) // 2
    return call.conn.execute(
        "SELECT step, timestamp, value, is_nan FROM (SELECT step, timestamp, value, is_nan, place, total,"
        " row_number() OVER (PARTITION BY bucket ORDER BY is_nan, value, place) AS low,"
        " row_number() OVER (PARTITION BY bucket ORDER BY is_nan, value DESC, place) AS high"
        f" FROM (SELECT step, timestamp, value, is_nan, ntile({int(buckets)}) OVER (ORDER BY {order}) AS bucket,"
        f" row_number() OVER (ORDER BY {order}) AS place, count(*) OVER () AS total"
        f" FROM metrics WHERE run_uuid = ? AND key = ?{within}) b) p"
        " WHERE low = 1 OR high = 1 OR place = 1 OR place = total ORDER BY place",
        bound,
    ).fetchall()


def _columns(run: str, key: str, rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    found: dict[str, list[Any]] = defaultdict(list)
    for step, timestamp, value, is_nan in rows:
        found["step"].append(step)
        found["timestamp"].append(timestamp)
        found["value"].append("NaN" if is_nan else double(value))
    return {"run_id": run, "key": key, **{name: found[name] for name in ("step", "timestamp", "value")}}
