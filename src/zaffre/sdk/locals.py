"""Which fields of a model may hold a local path, read off its annotations."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from zaffre.core.registry import job_types
from zaffre.core.spelling import LocalPath
from zaffre.core.wire import Spec


def fields(model: type[Spec]) -> tuple[tuple[str, str], ...]:
    """(pattern, purpose) for ``upload.Uploads.settle``; ``*`` is any name or position."""
    found = (pair for name, field in model.model_fields.items() for pair in _of(field.annotation, field.metadata, name))
    return tuple(dict.fromkeys(found))


def of_part(kind: str, type_: str) -> tuple[tuple[str, str], ...]:
    """The same of a part of a document: a ``job`` or a ``component`` of a type; nothing for a type that is none."""
    job = job_types().get(type_.replace("datatransfer", "data_transfer"))
    if job is None or (kind == "component" and not job.component):
        return ()
    return fields(job.component_model() if kind == "component" else job.model())


def _of(annotation: Any, marks: list[Any] | tuple[Any, ...], at: str) -> Iterator[tuple[str, str]]:
    for mark in marks:
        if isinstance(mark, LocalPath):
            yield at, mark.purpose
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _of(arguments[0], arguments[1:], at)
    elif origin in (Union, types.UnionType):
        for member in arguments:
            yield from _of(member, (), at)
    elif origin in (list, dict) and arguments:
        yield from _of(arguments[-1], (), f"{at}.*")
    elif isinstance(annotation, type) and issubclass(annotation, Spec):
        yield from ((f"{at}.{inner}", purpose) for inner, purpose in fields(annotation))
