"""The courses of metrics as charts draw them: of many runs and metrics at once, thinned so that no peak is lost.

MLflow has no such route; its even sample (``get-history-bulk-interval``) takes one metric and may miss an outlier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from typing import Any, cast

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
_VALUE = itemgetter(2)
Row = tuple[int, int, float, bool]
"""Step, timestamp, value, is_nan."""
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


def _thinned(call: Call, how: tuple[str, str, int], bound: list[Any]) -> list[Row]:
    """The first and the last point, and of each of as many buckets as fit the lowest and the highest; all where few.

    Read in order and thinned here: as window functions the same takes several times as long.
    """
    order, within, most = how
    where = f"FROM metrics WHERE run_uuid = ? AND key = ?{within}"
    (total,) = call.conn.execute(f"SELECT count(*) {where}", bound).fetchone() or (0,)
    size = max(1, -(-total // ((most - 2) // 2)))
    rows = call.conn.execute(f"SELECT step, timestamp, value, is_nan {where} ORDER BY {order}", bound)
    kept: list[Row] = []
    last: Row | None = None
    while part := cast(list[Row], rows.fetchmany(size)):
        kept += _ends(part) if last is not None else [part[0], *_ends(part[1:])]
        last = part[-1]
    return [*kept, last] if last is not None and kept[-1] is not last else kept


def _ends(part: list[Row]) -> list[Row]:
    """The lowest and the highest, in their order; what is no number only where nothing else is."""
    if len(part) <= 2:
        return part
    numbers = [row for row in part if not row[3]] or part
    low, high = min(numbers, key=_VALUE), max(numbers, key=_VALUE)
    return [row for row in part if row is low or row is high]


def _columns(run: str, key: str, rows: Iterable[Row]) -> dict[str, Any]:
    found: dict[str, list[Any]] = defaultdict(list)
    for step, timestamp, value, is_nan in rows:
        found["step"].append(step)
        found["timestamp"].append(timestamp)
        found["value"].append("NaN" if is_nan else double(value))
    return {"run_id": run, "key": key, **{name: found[name] for name in ("step", "timestamp", "value")}}
