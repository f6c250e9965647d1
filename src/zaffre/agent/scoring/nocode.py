"""A deployed MLflow model without a scoring script: Azure's no-code payloads in, a plain JSON prediction out.

Answers on ``/score`` as Azure does, and on ``/invocations`` as MLflow's own server does. Wrong input is the caller's
fault and answers 400 with the column's name; the traceback of a model that fails goes to the log alone.
"""

from __future__ import annotations

import importlib
import json
import os
import traceback
from io import StringIO
from typing import Any, Dict, List, Tuple

from zaffre.agent.scoring import collecting, monitoring, signature, swagger
from zaffre.agent.scoring.answers import JSON, TEXT, Answer, as_json, message
from zaffre.agent.scoring.bare import Bare
from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.script import FAILED, SUCCEEDED, USER_ERROR, BadScript
from zaffre.agent.scoring.wire import Request

KEYS = ("input_data", "dataframe_split", "dataframe_records", "instances", "inputs")

_CHATS = ("messages", "prompt", "input")
"""Keys of MLflow's own form for language models: the whole object is the input."""
_ROUTES = ("/score", "/invocations", "/ping", "/health", "/version")


class BadInput(ValueError):
    """The caller's payload; the message is for the caller."""


class MlflowModel:
    """A pyfunc model, ready."""

    def __init__(self, config: Config) -> None:
        self.routes = frozenset((*_ROUTES, config.score_path))
        pyfunc: Any = importlib.import_module("mlflow.pyfunc")
        self._json: Any = importlib.import_module("mlflow.utils.proto_json_utils")
        self._failure: Any = importlib.import_module("mlflow.exceptions").MlflowException
        self._version = str(importlib.import_module("mlflow").__version__)
        self._pandas: Any = importlib.import_module("pandas")
        folder = find(config.model_dir)
        self._model = pyfunc.load_model(folder)
        metadata = self._model.metadata
        self._schema = metadata.get_input_schema() if metadata else None
        get_params = getattr(metadata, "get_params_schema", None)
        params = get_params() if get_params is not None else None
        known: List[Any] = getattr(params, "params", None) or []
        self._params = {str(one.name) for one in known}
        hinted: Any = getattr(metadata, "_is_signature_from_type_hint", None)
        self._hinted = bool(hinted is not None and hinted())
        self._bare = Bare.of(self._model, self._schema) if not _keeps() else None
        self._keep = {name: _collector(name) for name in _keeps()}
        schemas = signature.describe(self._schema, metadata.get_output_schema() if metadata else None, params)
        self._swagger = swagger.Description(schemas, {})

    def swagger(self, version: str) -> bytes:
        """The API description, with the signature's columns; raises ``NoVersion``."""
        return self._swagger.get(version)

    def answer(self, request: Request) -> Answer:
        """Score one request."""
        if request.path in ("/ping", "/health"):
            return Answer(200, b"\n", TEXT)
        if request.path == "/version":
            return Answer(200, self._version.encode(), TEXT)
        if request.method != "POST":
            return message(405, "Send the input with POST.", SUCCEEDED)
        try:
            predictions = self._answered(request)
        except BadInput as bad:
            return message(400, str(bad), SUCCEEDED)
        except TimeoutError:
            raise
        except Exception:  # noqa: BLE001 - whatever a user's model raises is an answer, not our end
            traceback.print_exc()
            return message(500, USER_ERROR, FAILED)
        shown = {"predictions": predictions} if request.path == "/invocations" else predictions
        return Answer(200, as_json(shown), JSON, SUCCEEDED, True)

    def _answered(self, request: Request) -> Any:
        kind = request.header("content-type").split(";")[0].strip().lower()
        if kind == "text/csv":
            return self._predict("frame", self._from_csv(request), None)
        document = _document(request)
        if self._bare is not None:
            quick = self._bare.predict(document)
            if quick is not None:
                return quick
        if not any(key in document for key in KEYS) and any(key in document for key in _CHATS):
            params = {key: value for key, value in document.items() if key in self._params}
            told = {key: value for key, value in document.items() if key not in self._params}
            return self._predict("chat", told, params)
        key = _key_of(document)
        return self._predict(key, document[key], document.get("params"))

    def _predict(self, key: str, value: Any, params: Any) -> Any:
        given = self._given(params)
        data = value
        try:
            data = self._checked(self._read(key, value))
            context = self._collect("model_inputs", data, None)
            found = self._model.predict(data, params=given) if given else self._model.predict(data)
        except self._failure as error:
            if getattr(error, "error_code", "") not in ("BAD_REQUEST", "INVALID_PARAMETER_VALUE"):
                raise
            raise BadInput(signature.mistakes(self._schema, key, value) or _refusal(str(error))) from None
        self._collect("model_outputs", found, context)
        return self._plain(found)

    def _given(self, params: Any) -> Dict[str, Any]:
        """The parameters of inference; those that the model does not know are refused, where it says which it knows."""
        if params is None:
            return {}
        if not _is_object(params):
            raise BadInput("params must be an object of names and values.")
        unknown = sorted(str(name) for name in params if name not in self._params)
        if unknown and self._params:
            told = "The model has no parameter {}; it has {}."
            raise BadInput(told.format(", ".join(unknown), ", ".join(sorted(self._params))))
        return params if self._params else {}

    def _collect(self, name: str, data: Any, context: Any) -> Any:
        collector = self._keep.get(name)
        if collector is None:
            return context
        frame = data if hasattr(data, "to_json") and hasattr(data, "columns") else self._pandas.DataFrame(data)
        return collector.collect(frame, context)

    def _from_csv(self, request: Request) -> Any:
        cast: Any = getattr(self._json, "cast_df_types_according_to_schema", None)
        try:
            table = self._pandas.read_csv(StringIO(request.body.decode("utf-8")))
            if self._schema is not None and cast is not None:
                table = cast(table, self._schema)
        except (ValueError, self._failure) as error:
            raise BadInput("The request body is not a CSV table that fits the model: {}".format(error)) from None
        return table

    def _read(self, key: str, value: Any) -> Any:
        if key == "input_data":
            key, value = self._unwrap(value)
        if key in ("frame", "chat") or (self._hinted and key in ("inputs", "input_data")):
            return value
        if key == "dataframe_split":
            return self._json.dataframe_from_parsed_json(value, pandas_orient="split", schema=self._schema)
        if key == "dataframe_records":
            return self._json.dataframe_from_parsed_json(value, pandas_orient="records", schema=self._schema)
        return self._json.parse_tf_serving_input({key: value}, schema=self._schema)

    def _unwrap(self, value: Any) -> Tuple[str, Any]:
        """Azure's ``input_data``: a split table, a list of records, rows, or named tensors."""
        if _is_object(value) and "data" in value and set(value) <= {"columns", "index", "data"}:
            return "dataframe_split", self._with_columns(value)
        if _rows_of(dict, value):
            return "dataframe_records", value
        if self._columns() and _rows_of(list, value):
            return "dataframe_split", self._with_columns({"data": value})
        if self._schema is None and _is_list(value):
            numpy: Any = importlib.import_module("numpy")
            return "frame", numpy.array(value)
        return "inputs", value

    def _with_columns(self, split: Dict[str, Any]) -> Dict[str, Any]:
        """Rows without column names are in the signature's order."""
        names = self._columns()
        if split.get("columns") is not None or not names or not _rows_of(list, split["data"]):
            return split
        widths = {len(row) for row in split["data"]}
        if widths and widths != {len(names)}:
            text = "Each row must have {} values, in this order: {}; found {}."
            raise BadInput(text.format(len(names), ", ".join(names), " and ".join(str(one) for one in sorted(widths))))
        return dict(split, columns=names)

    def _columns(self) -> List[str]:
        if self._schema is None or self._schema.is_tensor_spec():
            return []
        return [str(name) for name in self._schema.input_names()] if self._schema.has_input_names() else []

    def _checked(self, data: Any) -> Any:
        """Missing columns named before MLflow's own check, whose message holds the whole table."""
        if self._schema is None or not hasattr(data, "columns"):
            return data
        missing = [name for name in self._required() if name not in data.columns]
        if missing and self._columns():
            given = ", ".join(str(one) for one in data.columns)
            raise BadInput(
                "Missing column{}: {}. Found: {}.".format("s" * (len(missing) > 1), ", ".join(missing), given)
            )
        return data

    def _required(self) -> List[str]:
        inputs = self._schema.inputs  # type: ignore[union-attr]
        return [
            one.name for one in inputs if not (getattr(one, "optional", False) or not getattr(one, "required", True))
        ]

    def _plain(self, found: Any) -> Any:
        pandas = self._pandas
        if isinstance(found, pandas.Series):
            return pandas.DataFrame(found).to_dict(orient="records")
        if isinstance(found, pandas.DataFrame):
            return found.to_dict(orient="records")
        return found


def find(folder: str) -> str:
    """The MLflow model in AZUREML_MODEL_DIR: the folder itself or the only one below it with an MLmodel file."""
    for root, folders, files in os.walk(folder, followlinks=True):
        if "MLmodel" in files:
            return root
        folders.sort()
        if root.count(os.sep) - folder.count(os.sep) >= 3:
            folders[:] = []
    raise BadScript("no MLmodel file in {}; is the model of type mlflow_model?".format(os.path.basename(folder)))


def _document(request: Request) -> Dict[str, Any]:
    try:
        document: Any = json.loads(request.body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadInput("The request body is not JSON: {}".format(error)) from error
    if not _is_object(document):
        raise BadInput('The request must be an object with the key "input_data".')
    return document


def _rows_of(kind: type, value: Any) -> bool:
    """True for a list, not empty, of lists or of objects."""
    return _is_list(value) and bool(value) and all(isinstance(row, kind) for row in value)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _refusal(text: str) -> str:
    """MLflow's sentence about the signature, without the data it quotes; any other failure is the model's own."""
    _, marker, sentence = text.rpartition("Error: ")
    return sentence if marker and "Failed to enforce schema" in text else text


def _key_of(document: Dict[str, Any]) -> str:
    found = [key for key in KEYS if key in document]
    if len(found) == 1:
        return found[0]
    given = ", ".join(str(key)[:100] for key in list(document)[:20]) or "nothing"
    text = (
        "The request must have one top-level key named 'input_data' "
        "(or dataframe_split, dataframe_records, instances, inputs); found: {}."
    )
    raise BadInput(text.format(given))


def _keeps() -> List[str]:
    """Of ``model_inputs`` and ``model_outputs``, what the deployment collects: Azure adds that to a model without code."""
    sink = collecting.present()
    return [name for name in ("model_inputs", "model_outputs") if sink is not None and sink.wants(name)]


def _collector(name: str) -> monitoring.Collector:
    return monitoring.Collector(name=name, on_error=_forgiven)


def _forgiven(_error: Exception) -> None:
    """Data that cannot be kept is no reason to fail a request."""
