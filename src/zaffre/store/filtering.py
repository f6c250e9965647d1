"""The terms of a filter as conditions on rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, not_, or_, select

from zaffre.core.filters import Term
from zaffre.store.tables import resources, runs

_OF_RUNS = {name: runs.c[name] for name in ("status", "experiment", "compute", "parent")}
_OWN = {"name": resources.c.name, "created_by": resources.c.created_by}
_DEFAULT_TYPE = "command"
"""What a document without a type is: of jobs, a command."""
_TEXTS = ("display_name", "description")


def condition(terms: Iterable[Term]) -> ColumnElement[bool]:
    """What a row of ``resources`` must be."""
    return and_(True, *(_of(term) for term in terms))


def is_top_level() -> ColumnElement[bool]:
    """A job whose run has no parent."""
    return not_(_its_run().where(runs.c.parent != "").exists())


def _its_run() -> Select[tuple[int]]:
    """The run of a job's row, found by the index of names: a list costs what it looks at, not its square."""
    return select(runs.c.id).where(runs.c.name == resources.c.name, runs.c.workspace == resources.c.workspace)


def _of(term: Term) -> ColumnElement[bool]:
    if term.field == "created":
        return _later(term)
    if term.field in ("text", "document"):
        return or_(*(_holds(column, term.value) for column in _said(term.field)))
    if term.field in _OF_RUNS:
        says = _runs_on(term) if term.field == "compute" else _says(_OF_RUNS[term.field], term)
        return and_(resources.c.kind == "job", _its_run().where(says).exists())
    if term.field in ("tags", "properties"):
        return _says(func.coalesce(resources.c.spec[term.field, term.key].as_string(), ""), term)
    if term.field == "type":
        return _says(func.coalesce(resources.c.spec["type"].as_string(), _DEFAULT_TYPE), term)
    return _says(_OWN[term.field], term)


def _runs_on(term: Term) -> ColumnElement[bool]:
    """A compute by the name its users know: a run has that of its line, in which the workspace stands first."""
    line = or_(runs.c.compute == term.value, runs.c.compute == runs.c.workspace.concat(f"/{term.value}"))
    return not_(line) if term.sign == "!=" else line


def _said(field: str) -> list[Any]:
    """Where words are looked for: in what describes a thing, or in all of its document, which has its references too."""
    if field == "document":
        return [cast(resources.c.spec, String)]
    return [resources.c.name, *(resources.c.spec[name].as_string() for name in _TEXTS)]


def _says(column: Any, term: Term) -> ColumnElement[bool]:
    if term.sign == "~":
        return _holds(column, term.value)
    return not_(column == term.value) if term.sign == "!=" else column == term.value


def _holds(column: Any, value: str) -> ColumnElement[bool]:
    return func.lower(func.coalesce(column, "")).contains(value.lower(), autoescape=True)


def _later(term: Term) -> ColumnElement[bool]:
    created = resources.c.created_at
    signs = {">": created > term.at, ">=": created >= term.at, "<": created < term.at, "<=": created <= term.at}
    return signs[term.sign]
