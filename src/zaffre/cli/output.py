"""The answer in the form that was asked for: JSON as ``az`` prints it, YAML, a table, tab-separated values."""

from __future__ import annotations

import importlib
import json
import shutil
from typing import Any

from zaffre.cli.terminal import Terminal
from zaffre.sdk.parsed import is_list, is_mapping, mapping

_PREFERRED = (
    "name", "version", "latest_version", "endpoint_name", "display_name", "experiment_name", "type", "status",
    "provisioning_state", "size", "min_instances", "max_instances", "instance_count", "traffic", "description",
)  # fmt: skip
_AZ_LEAVES_OUT = frozenset({"id", "type", "etag", "revision"})
_COLORS = {"key": "\x1b[34m", "text": "\x1b[32m", "word": "\x1b[33m", "end": "\x1b[0m"}


class Records(list[dict[str, Any]]):
    """Rows of a user's own data: their columns keep the names they have, and anything may be in them."""


class BadQuery(Exception):
    """A ``--query`` that is no JMESPath."""


def write(answer: Any, form: str | None, query: str | None, terminal: Terminal) -> None:
    """Write ``answer``. Without ``form``: JSON, as az; where a person watches, lists are tables."""
    if query:
        answer = picked(answer, query)
    if form is None:
        form = "table" if terminal.is_watched and is_list(answer) and not query else "json"
    text = _text(answer, form, terminal)
    if text:
        terminal.write(text + "\n")


def _text(answer: Any, form: str, terminal: Terminal) -> str:
    if form == "none" or (answer is None and form != "json"):
        return ""
    if form == "jsonc":
        return _colored(answer) if terminal.is_watched else _json(answer)
    if form in ("yaml", "yamlc"):
        return _yaml(answer)
    if form == "table":
        return _table(answer, terminal.is_watched)
    if form == "tsv":
        return "\n".join(_row(item) for item in (answer if is_list(answer) else [answer]))
    return "" if answer is None else _json(answer)


def table_as_az(answer: Any, *, sorted_keys: bool) -> str:
    """A table as az makes it of any answer: what is no object, in columns by name, and the first letter large.

    What ``--query`` picked keeps its order; otherwise the columns are ``sorted_keys``.
    """
    found = [_az_row(item, sorted_keys) for item in (answer if is_list(answer) else [answer])]
    columns = list(dict.fromkeys(name for row in found for name in row))
    rows = [[str(row.get(column, "")) for column in columns] for row in found]
    return _ruled(columns, rows) if columns else ""


def _az_row(item: Any, sorted_keys: bool) -> dict[str, Any]:
    if is_list(item):
        return {f"Column{number}": value for number, value in enumerate(item, 1)}
    if not is_mapping(item):
        return {"Result": item}
    names = sorted(item) if sorted_keys else list(item)
    shown = {name: item[name] for name in names if name not in _AZ_LEAVES_OUT}
    return {
        _led(name): value
        for name, value in shown.items()
        if value is not None and not (is_mapping(value) or is_list(value))
    }


def picked(answer: Any, query: str) -> Any:
    """What a JMESPath expression takes of an answer. Raises ``BadQuery``."""
    jmespath = importlib.import_module("jmespath")  # weight: only --query needs it
    try:
        return jmespath.search(query, answer)
    except jmespath.exceptions.JMESPathError as error:
        told = str(error).partition("\n")[0]
        raise BadQuery(f"--query {query!r} is not JMESPath: {told}") from error


def _json(answer: Any) -> str:
    return json.dumps(answer, indent=2, ensure_ascii=False, default=str)


def _yaml(answer: Any) -> str:
    yaml = importlib.import_module("yaml")  # weight: only -o yaml needs it
    text: str = yaml.safe_dump(json.loads(_json(answer)), sort_keys=False, allow_unicode=True)
    return text.removesuffix("...\n").rstrip("\n")


def _colored(answer: Any, indent: str = "") -> str:
    inner = indent + "  "
    if is_mapping(answer) and answer:
        items = [
            f"{inner}{_COLORS['key']}{json.dumps(key)}{_COLORS['end']}: {_colored(value, inner)}"
            for key, value in answer.items()
        ]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if is_list(answer) and answer:
        return "[\n" + ",\n".join(f"{inner}{_colored(item, inner)}" for item in answer) + f"\n{indent}]"
    color = _COLORS["text"] if isinstance(answer, str) else _COLORS["word"]
    return f"{color}{json.dumps(answer, ensure_ascii=False, default=str)}{_COLORS['end']}"


def _row(item: Any) -> str:
    """Tab-separated as az does it: nothing for an object in a cell, the count for a list."""
    if is_mapping(item):
        return "\t".join(_cell_tsv(value) for value in item.values())
    if is_list(item):
        return "\t".join(_cell_tsv(value) for value in item)
    return _cell_tsv(item)


def _cell_tsv(value: Any) -> str:
    if is_mapping(value):
        return ""
    if is_list(value):
        return str(len(value))
    if isinstance(value, bool):
        return str(value).lower()
    return "None" if value is None else str(value)


def _table(answer: Any, fits: bool) -> str:
    """``fits``: as wide as the terminal. What is not watched is read by a program, or kept: nothing is cut off."""
    if is_mapping(answer):
        return _pairs(answer)
    if not is_list(answer):
        return str(answer)
    if not all(is_mapping(item) for item in answer):
        return _grid(["Result"], [[_cell(item)] for item in answer], fits)
    if isinstance(answer, Records):
        columns = list(answer[0]) if answer else []
        return _grid(columns, [[_cell(item[column]) for column in columns] for item in answer], fits)
    return _rows([mapping(item) for item in answer], fits) if answer else ""


def _rows(answer: list[dict[str, Any]], fits: bool) -> str:
    columns = _columns(answer)
    is_ours = any("creation_context" in item for item in answer)
    titles = [_title(column) if is_ours else _led(column) for column in columns]
    rows = [[_cell(item.get(column)) for column in columns] for item in answer]
    if is_ours:
        titles.append("Created")
        for row, item in zip(rows, answer, strict=True):
            row.append(_moment(mapping(item.get("creation_context")).get("created_at")))
    return _grid(titles, rows, fits)


def _columns(answer: list[dict[str, Any]]) -> list[str]:
    """The columns people look for; what ``--query`` made has its own."""
    here = list(dict.fromkeys(key for item in answer for key in item))
    if not any("creation_context" in item for item in answer):
        return here
    return [name for name in _PREFERRED if any(item.get(name) not in (None, "", {}) for item in answer)]


def _pairs(answer: dict[str, Any]) -> str:
    told = {_title(key): _cell(value) for key, value in answer.items() if value not in (None, "", {}, [])}
    width = max((len(key) for key in told), default=0)
    return "\n".join(f"{key:<{width}}  {value}".rstrip() for key, value in told.items())


def _grid(titles: list[str], rows: list[list[str]], fits: bool) -> str:
    widths = _widths(titles, rows)
    return _ruled(titles, rows, _fitted(widths) if fits else widths)


def _widths(titles: list[str], rows: list[list[str]]) -> list[int]:
    return [max([len(title), *(len(row[index]) for row in rows)]) for index, title in enumerate(titles)]


def _ruled(titles: list[str], rows: list[list[str]], widths: list[int] | None = None) -> str:
    widths = widths or _widths(titles, rows)
    lines = [titles, ["-" * width for width in widths], *rows]
    cut = ([_cut(cell, width) for cell, width in zip(line, widths, strict=True)] for line in lines)
    return "\n".join("  ".join(cells).rstrip() for cells in cut)


def _fitted(widths: list[int]) -> list[int]:
    """Column widths that fit the terminal: the widest gives way first, none below twelve."""
    room = shutil.get_terminal_size((160, 24)).columns - 2 * (len(widths) - 1)
    widths = list(widths)
    while sum(widths) > room and max(widths) > 12:
        widths[widths.index(max(widths))] -= 1
    return widths


def _cut(cell: str, width: int) -> str:
    return f"{cell:<{width}}" if len(cell) <= width else cell[: width - 1] + "…"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if is_mapping(value):
        if "localized_value" in value:  # a name as Azure spells it twice: for programs and for people
            return str(value["localized_value"])
        scalars = all(not isinstance(item, (dict, list)) for item in value.values())
        return " ".join(f"{key}={item}" for key, item in value.items()) if scalars else f"{len(value)} entries"
    if is_list(value):
        scalars = all(not isinstance(item, (dict, list)) for item in value)
        return ", ".join(str(item) for item in value) if scalars else f"{len(value)} items"
    return str(value).replace("\n", " ")


def _moment(text: Any) -> str:
    """``2026-11-23 05:42:54`` of an ISO 8601 time."""
    return str(text or "").replace("T", " ").partition(".")[0].removesuffix("Z")


def _title(column: str) -> str:
    return column.replace("_", " ").capitalize()


def _led(name: str) -> str:
    """A name that somebody chose, with its first letter large: ``EnvironmentName``."""
    return name[:1].upper() + name[1:]
