"""What pydantic found wrong, said the way a compiler says it: place, field, expected, found, did-you-mean."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from zaffre.core.errors import Problem
from zaffre.core.plain import is_dict, is_list, is_mapping

if TYPE_CHECKING:  # the command line reads documents without pydantic, which costs 100 ms to import
    from pydantic import ValidationError

Path = tuple[str | int, ...]


@runtime_checkable
class Source(Protocol):
    """A document that knows its places; ``core.document.Document`` is one."""

    file: str
    data: dict[str, Any]

    def place(self, path: Path, *, value: bool = False) -> tuple[int, int]:
        """1-based line and column of the key at ``path`` (or of its value); (0, 0) when unknown."""
        ...

    def retype(self, paths: list[Path]) -> bool:
        """Turn what ``--set`` put at ``paths`` back into the text that was typed; whether anything changed."""
        ...


_NOTHING = object()
_MISSING = "required, but missing"

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "list_type": "a list",
    "none_required": "nothing",
}


Known = Callable[[Path], list[str]]
"""The keys a document may have at a path."""


def problems_of(error: ValidationError, data: Any, source: Source | None, known: Known) -> list[Problem]:
    """One ``Problem`` for each mistake, in the order of the document."""
    found = [_problem(item, data, source, known) for item in error.errors(include_url=False, include_context=True)]
    merged = _merged(dict.fromkeys(found))
    meant = {(item.field.rpartition(".")[0], item.hint) for item in merged if item.hint}
    told = [item for item in merged if not _is_told(item, meant)]
    return sorted(told, key=lambda item: (item.line, item.column))


def _is_told(problem: Problem, meant: set[tuple[str, str]]) -> bool:
    """Whether it misses what a mistyped key beside it was meant to be."""
    parent, _, name = problem.field.rpartition(".")
    return problem.message == _MISSING and (parent, f'did you mean "{name}"?') in meant


def _merged(found_problems: Iterable[Problem]) -> list[Problem]:
    """One problem a place: a field of several scalar types is said to expect any of them."""
    by_place: dict[tuple[str, int, int], Problem] = {}
    for problem in found_problems:
        place = (problem.field, problem.line, problem.column)
        before = by_place.get(place)
        if before is None:
            by_place[place] = problem
        elif before.message.startswith("expected ") and problem.message.startswith("expected "):
            both = f"{before.message.partition(', found')[0]} or {problem.message.removeprefix('expected ')}"
            by_place[place] = replace(before, message=both)
        else:
            by_place[(f"{problem.field} {problem.message}", problem.line, problem.column)] = problem
    return list(by_place.values())


def texts_expected(error: ValidationError, data: Any) -> list[Path]:
    """Where a text was expected and something else found."""
    return [_path(item["loc"], data, item["type"]) for item in error.errors() if item["type"] == "string_type"]


def dotted(path: Iterable[str | int]) -> str:
    """``inputs.data.path``; list positions as ``[2]``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def closest(word: str, known: Iterable[str]) -> str:
    """``did you mean "…"?`` for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else ""


def found(value: Any) -> str:
    """A value as messages show it: what it is, and enough of it to find it again."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f'the text "{value[:60]}"' + ("…" if len(value) > 60 else "")
    if is_dict(value):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else f"a {type(value).__name__}"


def _problem(item: Any, data: Any, source: Source | None, known: Known) -> Problem:
    kind: str = item["type"]
    path = _path(item["loc"], data, kind)
    context: dict[str, Any] = item.get("ctx") or {}
    message, hint = _words(kind, path, item, context, known)
    if kind.startswith("union_tag"):
        path = (*path, "type") if isinstance(item["input"], dict) and "type" in item["input"] else path
    file, line, column = "", 0, 0
    if source is not None:
        file = source.file
        line, column = source.place(path, value=kind not in ("extra_forbidden", "missing"))
    return Problem(message, dotted(path), file, line, column, hint)


def _path(location: Sequence[str | int], data: Any, kind: str) -> Path:
    """Pydantic's location without the names of union members, which are no keys of the document."""
    path: list[str | int] = []
    here = data
    for index, part in enumerate(location):
        inner = step(here, part)
        if inner is not _NOTHING:
            here = inner
        elif not (kind == "missing" and index == len(location) - 1):
            continue
        path.append(part)
    return tuple(path)


def step(data: Any, part: str | int) -> Any:
    """What lies under a key or position; a mark of its own when nothing does."""
    if is_mapping(data):
        return data.get(str(part), _NOTHING)
    if is_list(data) and isinstance(part, int):
        return data[part] if part < len(data) else _NOTHING
    return _NOTHING


def _words(kind: str, path: Path, item: Any, context: dict[str, Any], known: Known) -> tuple[str, str]:
    if kind == "extra_forbidden":
        *parent, key = path or ("",)
        noun = str(parent[-1]).rstrip("s") if parent and parent[-1] in ("inputs", "outputs") else "field"
        return f"unknown {noun}", closest(str(key), known(tuple(parent)))
    if kind in ("literal_error", "enum"):
        return _choice(item, context)
    return _sentence(kind, item, context), ""


def _sentence(kind: str, item: Any, context: dict[str, Any]) -> str:
    if kind == "missing":
        return _MISSING
    if kind == "union_tag_invalid":
        tags = str(context.get("expected_tags", "")).replace("'", '"')
        return f'expected one of {tags}; found the text "{context.get("tag")}"'
    if kind == "union_tag_not_found":
        return "expected a mapping with a known type: none of its forms fits"
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, found {found(item['input'])}"
    text = str(item["msg"]).removeprefix("Value error, ")
    return text[:1].lower() + text[1:]


def _choice(item: Any, context: dict[str, Any]) -> tuple[str, str]:
    words = str(context.get("expected", "")).replace("'", '"')
    known = [word.strip(' "') for word in words.replace(" or ", ", ").split(",")]
    value = item["input"]
    return f"expected {words}, found {found(value)}", closest(value, known) if isinstance(value, str) else ""
