"""What ``run()`` returned, as the lines of text that ``append_row_to`` gathers, in the form Azure gives them.

A DataFrame's rows have their values separated by blanks, without the index and without a header; of a list every element
is a line.
"""

from __future__ import annotations

from typing import Any, List, NamedTuple, cast

EXPECTED = "run() must return a pandas DataFrame, a list or a tuple, with a row for each item it was given"


class Returned(NamedTuple):
    """The rows of one mini-batch."""

    number: int
    text: str
    header: str
    """A line with the columns' names; empty where there are none."""


class NoRows(Exception):
    """It is nothing that rows can be made of; the text is for the script's author."""


def of(result: Any) -> Returned:
    """The rows of a result."""
    if callable(getattr(result, "to_csv", None)) and hasattr(result, "columns"):
        header = result.head(0).to_csv(sep=" ", index=False)
        return Returned(len(result), result.to_csv(sep=" ", header=False, index=False), header)
    if hasattr(result, "__next__"):  # run() yields its rows
        result = list(result)
    if isinstance(result, (list, tuple)) or _is_array(result):
        lines = ["{}\n".format(one) for one in cast("List[Any]", result)]
        return Returned(len(lines), "".join(lines), "")
    raise NoRows("%s; it returned %s" % (EXPECTED, "nothing" if result is None else "a %s" % type(result).__name__))


def _is_array(result: Any) -> bool:
    """A numpy array or a pandas Series, without importing either."""
    return type(result).__module__.partition(".")[0] in ("numpy", "pandas") and getattr(result, "ndim", 0) >= 1
