"""``runs/search``: MLflow's filter and order over runs, as one query on its tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zaffre.tracking import access, dialect, filters, runs
from zaffre.tracking.call import Call
from zaffre.tracking.errors import Refusal
from zaffre.tracking.experiments import STAGES
from zaffre.tracking.wire import STRING, STRINGS, Body, Field, Fields, offset_of, paged

_MAX_PAGE = 50_000
SEARCH: Fields = {
    "experiment_ids": STRINGS,
    "filter": STRING,
    "run_view_type": Field("any"),
    "max_results": Field("int", most=_MAX_PAGE),
    "order_by": STRINGS,
    "page_token": STRING,
}
_COLUMN = {"run_id": "run_uuid", "run_name": "name"}
_TABLE = {"metric": "latest_metrics", "parameter": "params", "tag": "tags"}


@dataclass(slots=True)
class _Query:
    """The pieces of the statement, with their parameters in the order of the text."""

    joins: list[str] = field(default_factory=list[str])
    joined: list[Any] = field(default_factory=list[Any])
    wheres: list[str] = field(default_factory=list[str])
    bound: list[Any] = field(default_factory=list[Any])
    orders: list[str] = field(default_factory=list[str])


def search(call: Call, body: Body) -> dict[str, Any]:
    """``POST runs/search``."""
    limit = filters.check_limit(body.get("max_results", 1000))
    offset = offset_of(body.get("page_token"))
    clauses = filters.parse(body.get("filter"), filters.RUNS)
    orders = [filters.parse_order(text, filters.RUNS) for text in body.get("order_by", [])]
    numbers = access.experiments(call, body.get("experiment_ids", []))
    if not numbers:
        return {}
    query = _Query()
    _scope(call, query, numbers, body.get("run_view_type"))
    for index, clause in enumerate(clauses):
        _add_clause(query, clause, index)
    _add_orders(query, orders, body.get("order_by", []))
    rows = call.conn.execute(
        f"SELECT {', '.join(f'r.{name}' for name in runs.COLUMNS)} FROM runs r {' '.join(query.joins)}"
        f" WHERE {' AND '.join(query.wheres)} ORDER BY {', '.join(query.orders)} LIMIT ? OFFSET ?",
        (*query.joined, *query.bound, limit + 1, offset),
    ).fetchall()
    page, token = paged(rows, limit, offset)
    answer: dict[str, Any] = {"runs": runs.described(call, page)} if page else {}
    return {**answer, "next_page_token": token} if token else answer


def _scope(call: Call, query: _Query, numbers: list[int], view: Any) -> None:
    stages = STAGES.get(int(view) if str(view).isdigit() else view, ("active",)) if view is not None else ("active",)
    query.wheres.append(f"r.experiment_id IN ({', '.join(str(number) for number in numbers)})")
    query.wheres.append(f"r.lifecycle_stage IN ({dialect.marks(stages)})")
    query.bound += stages
    if call.run is not None:
        query.wheres.append(access.FAMILY)
        query.bound += [call.run, call.run]


def _add_clause(query: _Query, clause: filters.Clause, index: int) -> None:
    if clause.entity == "attribute":
        column = _COLUMN.get(clause.key, clause.key)
        where, bound = dialect.compare(f"r.{column}", clause.operator, clause.value)
        query.wheres.append(where)
        query.bound += bound
    elif clause.entity == "dataset":
        where, bound = _dataset(clause)
        query.wheres.append(where)
        query.bound += bound
    elif clause.operator in filters.NULLNESS:
        negation = "NOT " if clause.operator == "IS NULL" else ""
        table = _TABLE[clause.entity]
        query.wheres.append(f"{negation}EXISTS (SELECT 1 FROM {table} x WHERE x.run_uuid = r.run_uuid AND x.key = ?)")
        query.bound.append(clause.key)
    else:
        _join(query, clause, f"c{index}")


def _join(query: _Query, clause: filters.Clause, alias: str) -> None:
    where, bound = dialect.compare(f"{alias}.value", clause.operator, clause.value)
    if clause.entity == "metric":  # a NaN is kept as 0 beside a flag; it equals nothing
        where = f"({where} OR {alias}.is_nan)" if clause.operator == "!=" else f"{where} AND NOT {alias}.is_nan"
    query.joins.append(
        f"JOIN {_TABLE[clause.entity]} {alias} ON {alias}.run_uuid = r.run_uuid AND {alias}.key = ? AND {where}"
    )
    query.joined += [clause.key, *bound]


def _dataset(clause: filters.Clause) -> tuple[str, list[Any]]:
    tables = (
        "EXISTS (SELECT 1 FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id"
        "{tag} WHERE i.destination_id = r.run_uuid AND i.destination_type = 'RUN' AND {where})"
    )
    if clause.key == "context":
        where, bound = dialect.compare("t.value", clause.operator, clause.value)
        tag = " JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'"
        return tables.format(tag=tag, where=where), bound
    where, bound = dialect.compare(f"d.{clause.key}", clause.operator, clause.value)
    return tables.format(tag="", where=where), bound


def _add_orders(query: _Query, orders: list[filters.Order], texts: list[str]) -> None:
    seen: set[tuple[str, str]] = set()
    for index, order in enumerate(orders):
        if (order.entity, order.key) in seen:
            raise Refusal(f"`order_by` contains duplicate fields: {texts}")
        seen.add((order.entity, order.key))
        direction = "ASC" if order.ascending else "DESC"
        if order.entity == "attribute":
            column = f"r.{_COLUMN.get(order.key, order.key)}"
            absent = f"CASE WHEN {column} IS NULL THEN 1 ELSE 0 END, " if order.key != "start_time" else ""
            query.orders.append(f"{absent}{column} {direction}")
            continue
        if order.entity not in _TABLE:
            raise Refusal(f"Invalid identifier type '{order.entity}'")
        query.orders.append(_outer(query, order, f"o{index}", direction))
    if ("attribute", "start_time") not in seen:
        query.orders.append("r.start_time DESC")
    query.orders.append("r.run_uuid")


def _outer(query: _Query, order: filters.Order, alias: str, direction: str) -> str:
    query.joins.append(f"LEFT JOIN {_TABLE[order.entity]} {alias} ON {alias}.run_uuid = r.run_uuid AND {alias}.key = ?")
    query.joined.append(order.key)
    nan = f"WHEN {alias}.is_nan THEN 1 " if order.entity == "metric" else ""
    return f"CASE {nan}WHEN {alias}.value IS NULL THEN 2 ELSE 0 END, {alias}.value {direction}"
