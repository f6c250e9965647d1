"""The short way to a plain scikit-learn estimator: rows straight into a numpy array, no table in between.

Taken only where it provably gives the same: every column of the signature is a required number, no step of the
estimator looks at column names, and a trial prediction of both ways agrees before the first request. Any request
that is not plain rows of finite numbers goes the long way. As they are known to be finite, scikit-learn need not look
again; and callers repeat the names of the columns, byte for byte, so that mostly the rows alone are parsed.
"""

from __future__ import annotations

import importlib
import json
import warnings
from typing import Any, Dict, List, Optional, Tuple

from zaffre.agent.scoring.answers import as_json

_ROWS, _ENDS = b'"data":', b"}}"
_MOST_REMEMBERED = 64 * 1024
_NAMED = ("ColumnTransformer", "FunctionTransformer", "FeatureUnion", "TransformedTargetRegressor")


class Bare:
    """A scikit-learn estimator called without pandas."""

    def __init__(self, predict: Any, columns: List[str]) -> None:
        self._predict = predict
        self._columns = columns
        self._numpy: Any = importlib.import_module("numpy")
        self._configure: Any = importlib.import_module("sklearn").set_config
        self._checks = True
        """Whether scikit-learn looks for numbers that are not finite."""
        self._begins = b""
        """How the last request began, up to its rows, which ended it."""

    @classmethod
    def of(cls, model: Any, schema: Any) -> Optional[Bare]:
        """The short way for ``model``, or None where there is none."""
        columns = _numbers(schema)
        wrapper = getattr(model, "_model_impl", None)
        estimator = getattr(wrapper, "sklearn_model", wrapper)
        if not columns or not _plain(estimator):
            return None
        predict = getattr(estimator, str(getattr(wrapper, "predict_fn", "predict")), None)
        if predict is None:
            return None
        warnings.filterwarnings("ignore", message="X does not have valid feature names")
        found = cls(predict, columns)
        return found if found._agrees(model) else None

    def again(self, body: bytes) -> Optional[List[Any]]:
        """The prediction for a body that begins as the last one did; None where it must be read as a whole."""
        begins = self._begins
        if not begins or not body.startswith(begins) or not body.endswith(_ENDS):
            return None
        try:
            data: Any = json.loads(body[len(begins) : -len(_ENDS)].decode("utf-8"))
        except (ValueError, RecursionError):
            return None
        return self._of(data)

    def predict(self, document: Dict[str, Any], body: bytes = b"") -> Optional[List[Any]]:
        """The prediction, or None where this request must go the long way; ``body`` is what the document was read from."""
        if len(document) != 1:
            return None
        table: Any = document.get("input_data") or document.get("dataframe_split")
        if not _is_object(table) or not _in_order(table, self._columns):
            return None
        found = self._of(table.get("data"))
        if found is not None and body:
            self._begins = _beginning(document, table, body)
        return found

    def leave(self) -> None:
        """What follows goes the long way: scikit-learn looks at every number again."""
        self._check(True)

    def _of(self, data: Any) -> Optional[List[Any]]:
        rows = self._rows(data)
        if rows is None:
            return None
        self._check(False)
        return self._predict(rows).tolist()

    def _check(self, on: bool) -> None:
        if on is not self._checks:
            self._checks = on
            self._configure(assume_finite=not on)

    def _rows(self, data: Any) -> Any:
        if not isinstance(data, list) or not data:
            return None
        try:
            rows = self._numpy.array(data)
        except ValueError:
            return None
        if rows.ndim != 2 or rows.shape[1] != len(self._columns) or rows.dtype.kind not in "fiu":
            return None
        rows = rows.astype(self._numpy.float64, copy=False)
        return rows if self._numpy.isfinite(rows).all() else None

    def _agrees(self, model: Any) -> bool:
        """Both ways, on a few rows, to the last digit."""
        width = len(self._columns)
        rows = [[0.0] * width, [1.0] * width, [float(i % 7) * 0.37 - 1 for i in range(width)]]
        pandas: Any = importlib.import_module("pandas")
        try:
            long = model.predict(pandas.DataFrame(rows, columns=self._columns))
            if not hasattr(long, "tolist") or hasattr(long, "columns") or hasattr(long, "index"):
                return False
            short = self.predict({"input_data": {"columns": self._columns, "data": rows}})
            return short is not None and json.loads(as_json(long)) == json.loads(as_json(short))
        except Exception:  # noqa: BLE001 - a model that dislikes the trial rows is simply served the long way
            return False


def _beginning(document: Dict[str, Any], table: Dict[str, Any], body: bytes) -> bytes:
    """All before the rows, where they are the last thing in the body; empty where they are not.

    Whatever single value stands there instead of the rows, the rest of the document is the same.
    """
    at = body.find(_ROWS)
    begins = body[: at + len(_ROWS)] if at > 0 and len(body) < _MOST_REMEMBERED else b""
    try:
        other: Any = json.loads((begins + b"0" + _ENDS).decode("utf-8")) if begins else None
    except (ValueError, RecursionError):
        return b""
    return begins if other == {name: {**table, "data": 0} for name in document} else b""


def _numbers(schema: Any) -> List[str]:
    if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
        return []
    for one in schema.inputs:
        name = str(getattr(one.type, "name", "")).lower()
        if name != "double" or getattr(one, "optional", False) or not getattr(one, "required", True):
            return []
    return [str(name) for name in schema.input_names()]


def _plain(estimator: Any) -> bool:
    """True when it and all its steps are scikit-learn's own and none of them looks at column names."""
    kind: Any = getattr(estimator, "__class__", object)
    if not kind.__module__.startswith("sklearn.") or kind.__name__ in _NAMED:
        return False
    steps: Optional[List[Tuple[str, Any]]] = getattr(estimator, "steps", None)
    return all(_plain(step) for _, step in steps if step != "passthrough") if steps is not None else True


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _in_order(table: Dict[str, Any], columns: List[str]) -> bool:
    return table.get("columns", columns) == columns and set(table) <= {"columns", "index", "data"}
