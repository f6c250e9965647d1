"""Columns by name, by list, or by regular expression."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zaffre.core.mltable import Columns, Matching


def chosen(columns: Columns, names: Sequence[str]) -> list[str]:
    """Those of ``names`` that are meant, in their own order."""
    if isinstance(columns, Matching):
        pattern = re.compile(columns.pattern, re.IGNORECASE if columns.ignore_case else 0)
        return [name for name in names if bool(pattern.search(name)) is not columns.invert]
    wanted = {columns} if isinstance(columns, str) else set(columns)
    return [name for name in names if name in wanted]


def missing(columns: Columns, names: Sequence[str]) -> list[str]:
    """What is asked for by name and is not there."""
    if isinstance(columns, Matching):
        return []
    return [name for name in ([columns] if isinstance(columns, str) else columns) if name not in names]
