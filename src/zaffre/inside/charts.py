"""What the first SDK's log calls mean as MLflow metrics and artifacts: values only, nothing is sent here."""

from __future__ import annotations

import io
import json
import numbers
from typing import Any, Dict, List, Optional, cast

Point = Dict[str, Any]


def number(value: Any) -> Optional[float]:
    """``value`` as a metric has it; None for what is no number. numpy's and torch's scalars are."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, (str, bytes, dict, list, tuple)) or value is None:
        return None
    try:
        return float(value.item() if hasattr(value, "item") else value)
    except (TypeError, ValueError):
        return None


def points(name: str, values: Any, first: int = 0) -> List[Point]:
    """A metric with a step for each value that is a number."""
    found = [(step, number(value)) for step, value in enumerate(values, first)]
    return [{"key": name, "value": value, "step": step} for step, value in found if value is not None]


def row_points(name: str, row: Dict[str, Any], step: int) -> List[Point]:
    """A row's numbers, each column a metric of its own."""
    found = [("%s/%s" % (name, column), number(value)) for column, value in row.items()]
    return [{"key": key, "value": value, "step": step} for key, value in found if value is not None]


def table(columns: Dict[str, Any]) -> bytes:
    """Columns (a value, or a list) as the JSON that MLflow shows as a table."""
    lists = {name: _listed(value) for name, value in columns.items()}
    longest = max((len(values) for values in lists.values()), default=0)
    rows = [[values[at] if at < len(values) else None for values in lists.values()] for at in range(longest)]
    return document({"columns": list(lists), "data": rows})


def document(value: Any) -> bytes:
    """JSON, whatever scalars are in it."""
    return json.dumps(value, default=_plain).encode()


def picture(plot: Any) -> bytes:
    """A matplotlib figure (or pyplot itself) as PNG."""
    held = io.BytesIO()
    plot.savefig(held, format="png")
    return held.getvalue()


def _listed(value: Any) -> List[Any]:
    if hasattr(value, "tolist"):
        value = value.tolist()
    return list(cast("List[Any]", value)) if isinstance(value, (list, tuple)) else [value]


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    found = number(value)
    return str(value) if found is None else found
