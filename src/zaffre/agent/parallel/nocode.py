"""An MLflow model in the place of a script: it is given the files, or the rows, of a mini-batch.

What it predicts becomes lines of comma-separated text, as Azure's own no-code batch deployments write them: the row's number
(of tables), the prediction, the name of the file. A prediction that is more than one value is one cell of JSON.
"""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple, cast

from zaffre.agent.parallel import plan
from zaffre.agent.parallel.settings import Settings

TABLES = (".csv", ".parquet", ".pqt")
IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif")


class BadScript(Exception):
    """No mini-batch can be served; the text is for whoever wrote the script, or deployed the model."""


class Model:
    """What a script's module has, of a model."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pandas = _library("pandas")
        self._model: Any = _library("mlflow.pyfunc").load_model(settings.model)
        metadata = self._model.metadata
        self._schema: Any = metadata.get_input_schema() if metadata else None
        self._begins: List[int] = []

    def run(self, mini_batch: Any, mini_batch_context: Any) -> List[str]:
        """A line for each row of a table, or for each other file."""
        if isinstance(mini_batch, list):
            paths = cast("List[str]", mini_batch)
            return [line for path in paths for line in self._of_file(path)]
        found = self._predicted(self._typed(mini_batch))
        begin = self._begin(mini_batch_context.minibatch_index)
        return [_line(begin + number, value, self._settings.name) for number, value in enumerate(found)]

    def _of_file(self, path: str) -> Iterable[str]:
        name, ending = os.path.basename(path), os.path.splitext(path)[1].lower()
        if ending not in TABLES + IMAGES:
            told = "Error processing input file: %s. File type %s is not supported; a model without a script takes %s"
            raise BadScript(told % (name, ending or "(none)", ", ".join(TABLES + IMAGES)))
        try:
            if ending in TABLES:
                return self._of_table(path, name, ending)
            found = self._predicted(self._image(path))
            return [_line(None, found[0] if len(found) == 1 else found, name)]
        except (BadScript, MemoryError):
            raise
        except Exception as error:
            raise ValueError("Error processing input file: %s. %s: %s" % (name, type(error).__name__, error)) from error

    def _of_table(self, path: str, name: str, ending: str) -> List[str]:
        data = self._csv(path) if ending == ".csv" else self._pandas.read_parquet(path)
        if not len(data):
            return []
        found = self._predicted(self._typed(data))
        if len(found) != len(data):
            raise ValueError("the model predicted %d values for %d rows" % (len(found), len(data)))
        return [_line(number, value, name) for number, value in enumerate(found)]

    def _csv(self, path: str) -> Any:
        """What is a text by the signature is read as it is written: ``007`` stays ``007``."""
        texts = {name: str for name, type_ in self._columns().items() if type_ == "string"}
        return self._pandas.read_csv(path, dtype=texts or None)

    def _typed(self, data: Any) -> Any:
        """The columns in the types that the signature names; what cannot be converted is told by the column's name."""
        made = data
        for name, type_ in self._columns().items():
            wanted: Optional[str] = _KINDS.get(type_)
            if wanted is None or name not in data.columns or str(data[name].dtype) == wanted:
                continue
            if data[name].isna().any() and wanted.startswith("int"):
                continue  # the model's own check says what it makes of that
            try:
                made = made.assign(**{name: data[name].astype(wanted)})
            except (ValueError, TypeError) as error:
                raise ValueError("column %s: expected %s: %s" % (name, type_, error)) from None
        return made

    def _columns(self) -> Dict[str, str]:
        if self._schema is None or self._schema.is_tensor_spec() or not self._schema.has_input_names():
            return {}
        return {str(one.name): getattr(getattr(one, "type", None), "name", "") for one in self._schema.inputs}

    def _image(self, path: str) -> Any:
        numpy: Any = _library("numpy")
        with _library("PIL.Image", "pillow").open(path) as image:
            pixels = numpy.asarray(image)
        if self._schema is None or not self._schema.is_tensor_spec():
            return numpy.expand_dims(pixels.astype(numpy.uint8), 0)
        tensor = self._schema.inputs[0]
        shape: Tuple[int, ...] = tuple(tensor.shape)
        pixels = pixels.astype(tensor.type)
        made = numpy.expand_dims(pixels, 0) if len(shape) == pixels.ndim + 1 else pixels
        if not _fits(made.shape, shape):
            made = pixels.reshape([1 if at == 0 and size == -1 else size for at, size in enumerate(shape)])
        return {tensor.name: made} if tensor.name else made

    def _predicted(self, data: Any) -> List[Any]:
        found = self._model.predict(data)
        if hasattr(found, "to_dict") and hasattr(found, "columns"):
            if len(found.columns) == 1:
                return list(found.iloc[:, 0].tolist())
            return list(found.to_dict(orient="records"))
        named = cast("Dict[str, Any]", found) if isinstance(found, dict) else {}
        plain = _plain(next(iter(named.values())) if len(named) == 1 else found)
        return cast("List[Any]", plain) if isinstance(plain, list) else [plain]

    def _begin(self, index: int) -> int:
        """The number of a mini-batch's first row in the whole table."""
        if not self._begins:
            found, total = plan.Plan(self._settings.kept), 0
            for at in range(len(found)):
                self._begins.append(total)
                total += int(found[at]["items"])
        return self._begins[index]


_KINDS = {
    "boolean": "bool",
    "integer": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
    "string": "object",
    "datetime": "datetime64[ns]",
}
"""MLflow's types of columns, and pandas'."""


def _fits(found: Tuple[int, ...], wanted: Tuple[int, ...]) -> bool:
    return len(found) == len(wanted) and all(size in (-1, has) for has, size in zip(found, wanted))  # noqa: B905 - Python 3.7


def _library(name: str, package: str = "") -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = package or name.partition(".")[0]
        told = "a model without a script needs %s, which its environment lacks (%s); name an environment that has it"
        raise BadScript(told % (package, error)) from None


def _line(row: Optional[int], value: Any, name: str) -> str:
    stream = io.StringIO()
    cells = [_cell(value), name]
    csv.writer(stream, lineterminator="").writerow(cells if row is None else [row, *cells])
    return stream.getvalue()


def _cell(value: Any) -> str:
    plain = _plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain, default=str)


def _plain(value: Any) -> Any:
    """numpy's and pandas' own values as Python's."""
    to_list: Optional[Callable[[], Any]] = getattr(value, "tolist", None)
    return to_list() if to_list is not None else value
