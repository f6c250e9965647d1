"""pyarrow and the databases' drivers, which are typed in part or not at all, as ``Any``; each loaded where it is used."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pyarrow as _pa
import pyarrow.parquet as _pq

from zaffre.core.errors import NotBuilt

pa: Any = _pa
pq: Any = _pq


def driver(module: str, package: str, what: str, least: tuple[int, ...] = ()) -> Any:
    """A driver that Zaffre does not bring; raises with what to install, and where."""
    try:
        found = importlib.import_module(module)
        if not least or tuple(found.VERSION) >= least:
            return found
    except ImportError:
        pass
    install = f"uv pip install --python {sys.executable} '{package}'"
    raise NotBuilt(f"reading {what} needs the package {package} in Zaffre's own environment: {install}")
