"""A scoring script, read before anything is uploaded: a mistake in its syntax is told at its line, and nothing is deployed."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zaffre.core import refs
from zaffre.core.errors import Invalid, Problem
from zaffre.sdk.parsed import mapping

_FIELD = "code_configuration.scoring_script"
_HINT = "if it is meant for another Python than this one: --skip-script-validation (skip_script_validation=True)"


def check(document: Mapping[str, Any], folder: Path) -> None:
    """Raise ``Invalid`` where the script of a deployment is here and no Python; others are the server's to judge."""
    said = mapping(document.get("code_configuration"))
    code, script = said.get("code"), said.get("scoring_script")
    if not isinstance(code, str) or not isinstance(script, str) or not refs.is_local(code):
        return
    path = folder / refs.local_path(code) / script
    if path.suffix != ".py" or not path.is_file():
        return
    try:
        ast.parse(path.read_bytes(), str(path))
    except (SyntaxError, ValueError) as error:
        at = (error.lineno or 0, error.offset or 0) if isinstance(error, SyntaxError) else (0, 0)
        line = (error.text or "").strip() if isinstance(error, SyntaxError) else ""
        told = f"{getattr(error, 'msg', error)}{f': {line}' if line else ''}"
        raise Invalid([Problem(told, _FIELD, str(path), *at, _HINT)]) from error
