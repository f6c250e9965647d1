"""Which input is shared out, and which output the returned rows go to. Pure."""

from __future__ import annotations

import re
from typing import Any

_INPUT = re.compile(r"\$\{\{\s*inputs\.([\w-]+?)(?:\.path)?\s*\}\}")
_OUTPUT = re.compile(r"\$\{\{\s*outputs\.([\w-]+?)(?:\.path)?\s*\}\}(/.*)?", re.DOTALL)


def input_of(text: str) -> str | None:
    """The input that ``input_data`` names; None for anything but one expression."""
    at = _INPUT.fullmatch(text.strip())
    return at[1] if at else None


def output_of(text: str) -> tuple[str, str] | None:
    """The output that ``append_row_to`` names and the path below it, with its slash; None for anything else."""
    at = _OUTPUT.fullmatch(text.strip())
    if at is None or ".." in (at[2] or "").split("/"):
        return None
    return at[1], at[2] or ""


def iterated(spec: Any) -> str:
    """The name of the input in ``input_data`` of a specification that was checked."""
    name = input_of(str(spec.input_data))
    assert name is not None
    return name
