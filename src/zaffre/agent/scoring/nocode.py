"""A deployed MLflow model without a scoring script: Azure's no-code payloads in, a plain JSON prediction out.

Answers on ``/score`` as Azure does, and on ``/invocations`` as MLflow's own server does. Wrong input is the caller's
fault and answers 400 with the column's name; the traceback of a model that fails goes to the log alone.
"""

from __future__ import annotations

import importlib
import json
import os
import traceback
from typing import Any, Dict, List, Optional, Tuple

from zaffre.agent.scoring import swagger
from zaffre.agent.scoring.answers import JSON, TEXT, Answer, as_json, message
from zaffre.agent.scoring.bare import Bare
from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.script import FAILED, SUCCEEDED, USER_ERROR, BadScript
from zaffre.agent.scoring.wire import Request

KEYS = ("input_data", "dataframe_split", "dataframe_records", "instances", "inputs")

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
        self._takes_params = get_params is not None and get_params() is not None
        self._bare = Bare.of(self._model, self._schema)
        schemas = _schemas(self._schema, metadata.get_output_schema() if metadata else None)
        self._swagger = swagger.document(schemas, {})

    def swagger(self, version: str) -> Optional[bytes]:
        """The API description, with the signature's columns."""
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
            predictions = self._predict(_document(request))
        except BadInput as bad:
            return message(400, str(bad), SUCCEEDED)
        except TimeoutError:
            raise
        except Exception:  # noqa: BLE001 - whatever a user's model raises is an answer, not our end
            traceback.print_exc()
            return message(500, USER_ERROR, FAILED)
        shown = {"predictions": predictions} if request.path == "/invocations" else predictions
        return Answer(200, as_json(shown), JSON, SUCCEEDED)

    def _predict(self, document: Dict[str, Any]) -> Any:
        if self._bare is not None:
            quick = self._bare.predict(document)
            if quick is not None:
                return quick
        key = _key_of(document)
        params = document.get("params")
        if params is not None and not _is_object(params):
            raise BadInput("params must be an object of names and values.")
        try:
            data = self._checked(self._read(key, document[key]))
            takes = bool(params) and self._takes_params
            found = self._model.predict(data, params=params) if takes else self._model.predict(data)
        except self._failure as error:
            if getattr(error, "error_code", "") not in ("BAD_REQUEST", "INVALID_PARAMETER_VALUE"):
                raise
            raise BadInput(_refusal(str(error))) from None
        return self._plain(found)

    def _read(self, key: str, value: Any) -> Any:
        if key == "input_data":
            key, value = self._unwrap(value)
        if key == "frame":
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


def _schemas(inputs: Any, outputs: Any) -> swagger.Schemas:
    """The signature as JSON Schema, as far as names and types go."""
    properties: Dict[str, Any] = {}
    if inputs is not None:
        for one in inputs.inputs:
            properties[str(one.name or "input")] = {"x-mlflow-type": str(getattr(one, "type", ""))}
    rows = {"type": "array", "items": {"type": "array"}}
    table = {"type": "object", "properties": {"columns": {"type": "array"}, "index": {"type": "array"}, "data": rows}}
    body = {"type": "object", "required": ["input_data"], "properties": {"input_data": table}, "x-columns": properties}
    answer = {"type": "array", "x-mlflow-signature": str(outputs)} if outputs is not None else {"type": "array"}
    return swagger.Schemas(body, answer)
