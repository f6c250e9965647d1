"""The rows of a mini-batch of a table, as the pandas DataFrame that ``run()`` gets.

``zaffre.tables.minibatches`` writes them under Zaffre's interpreter, and whichever pandas the user's environment has makes
them here: plain columns as their bytes, everything else as Python's own values, so that no version meets another's objects.
"""

from __future__ import annotations

import importlib
import pickle
from typing import Any, List

NEEDED = (
    "the mini-batches of a table are pandas DataFrames, and the job's environment has no pandas; "
    "add pandas to its conda file or requirements"
)


def library() -> Any:
    """The user's pandas, or None."""
    try:
        return importlib.import_module("pandas")
    except ImportError:
        return None


def read(path: str) -> Any:
    """The DataFrame behind a file of the platform's own."""
    numpy: Any = importlib.import_module("numpy")
    pandas: Any = importlib.import_module("pandas")
    with open(path, "rb") as stream:
        stored = pickle.load(stream)  # noqa: S301 - written by the step before this command, of builtins alone
    columns: List[Any] = []
    for column in stored["columns"]:
        if column["dtype"] is None:
            columns.append(pandas.Series(column["values"], dtype=object))
            continue
        columns.append(pandas.Series(numpy.frombuffer(column["values"], dtype=column["dtype"]).copy()))
    frame = pandas.DataFrame(dict(enumerate(columns)), index=range(stored["rows"]))
    frame.columns = [column["name"] for column in stored["columns"]]
    return frame
