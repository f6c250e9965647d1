"""What a schedule starts, put into its document: files are read, what is to differ is laid over, local paths are uploaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.core import document, refs
from zaffre.core.errors import Invalid, Problem
from zaffre.sdk.parsed import is_mapping, mapping
from zaffre.sdk.upload import Origin

Settle = Callable[[dict[str, Any], Origin], dict[str, Any]]
"""A job's document with its local paths uploaded."""
_JOB = "create_job"
_IMPORT = "import_data"


@dataclass(frozen=True, slots=True)
class _Written:
    """A part of the document, and where its paths start from."""

    data: dict[str, Any]
    origin: Origin


def settled(data: dict[str, Any], origin: Origin, settle: Settle) -> dict[str, Any]:
    """``data``, a schedule's document, with its job or import written out; an existing job stays a reference."""
    made = dict(data)
    job = _read(data.get(_JOB), _JOB, origin)
    if job is not None:
        made[_JOB] = settle(job.data, job.origin)
    imported = data.get(_IMPORT)
    if isinstance(imported, str):
        made[_IMPORT] = _file(imported, _IMPORT, origin).data
    return made


def _read(said: Any, field: str, origin: Origin) -> _Written | None:
    """The job, wherever it is written; None for a reference, or where there is none."""
    if isinstance(said, str):
        return None if _is_reference(said) else _file(said, field, origin)
    if not is_mapping(said):
        return None
    if "job" not in said:
        return _Written({key: value for key, value in said.items() if key != "$schema"}, _below(origin, field))
    if not isinstance(said["job"], str):
        raise Invalid([origin.problem(f"{field}.job", "expected a file or azureml:NAME")])
    if _is_reference(said["job"]):
        return None
    written = _file(said["job"], f"{field}.job", origin)
    over = {key: value for key, value in said.items() if key != "job"}
    return _Written(laid_over(written.data, over), written.origin)


def laid_over(data: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """``data`` with ``over`` in its place where both say something; mappings are laid over one another."""
    made = dict(data)
    for key, value in over.items():
        before = made.get(key)
        made[key] = laid_over(mapping(before), value) if is_mapping(before) and is_mapping(value) else value
    return made


def _is_reference(said: str) -> bool:
    return not refs.is_local(said)


def _file(said: str, field: str, origin: Origin) -> _Written:
    path = origin.folder / refs.local_path(said)
    try:
        read = document.load(path.read_text(encoding="utf-8"), file=str(path))
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError):
        raise Invalid([origin.problem(field, f"{path} is no YAML file")]) from None
    data = {key: value for key, value in read.data.items() if key != "$schema"}
    return _Written(data, Origin(Path(path).absolute().parent, _inside(str(path))))


def _inside(file: str) -> Callable[[str, str], Problem]:
    return lambda field, message: Problem(message, field, file)


def _below(origin: Origin, field: str) -> Origin:
    return Origin(origin.folder, lambda inner, message: origin.problem(f"{field}.{inner}", message))
