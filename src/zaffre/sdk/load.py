"""``load_job`` and its siblings: a YAML document as the entity it describes, with azure.ai.ml's parameter names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import IO, Any

from zaffre.core import document
from zaffre.core.errors import Invalid, Problem
from zaffre.sdk import includes
from zaffre.sdk.entity import of_kind

Source = str | PathLike[str] | IO[str]
Overrides = Sequence[dict[str, Any]]


def load(
    kind: str, source: Source, relative_origin: str | PathLike[str] | None = None, params_override: Overrides = ()
) -> Any:
    """The document in ``source`` (a path, or an open file) as an entity of ``kind``."""
    text, file = _read(source)
    changes = [f"{path}={json.dumps(value)}" for change in params_override or () for path, value in change.items()]
    read = document.load(text, file=file, overrides=changes)
    if kind == "component" and file:
        includes.read_beside(read.data, Path(file))
    model = of_kind(kind, read.data.get("type"))
    base = Path(relative_origin).parent if relative_origin else None
    return model.from_yaml(read, base=base or (Path(file).absolute().parent if file else Path.cwd()))


def _read(source: Source) -> tuple[str, str]:
    if not isinstance(source, (str, PathLike)):
        name = getattr(source, "name", "")
        return source.read(), name if isinstance(name, str) else ""
    try:
        return Path(source).read_text(encoding="utf-8"), str(source)
    except FileNotFoundError:
        raise Invalid([Problem("there is no such file", file=str(source))]) from None
    except (IsADirectoryError, UnicodeDecodeError) as error:
        raise Invalid([Problem(f"expected a YAML file in UTF-8: {error}", file=str(source))]) from None
