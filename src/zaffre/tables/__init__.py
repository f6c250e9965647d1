"""Tables read as streams: MLTable documents, delimited text, parquet, JSON lines and Delta Lake, however large.

Everything that imports pyarrow or pandas runs in a process of its own (``tables.process`` starts it); this front, the
documents and the list of files need only the standard library. The names are loaded when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zaffre.tables.table import Table, load, open_data

_PLACES = {"Table": "zaffre.tables.table", "load": "zaffre.tables.table", "open_data": "zaffre.tables.table"}
__all__ = ["Table", "load", "open_data"]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
