"""What pydantic found wrong, said the way a compiler says it: place, field, expected, found, did-you-mean."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from zaffre.core.errors import Problem

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
    return sorted(dict.fromkeys(found), key=lambda item: (item.line, item.column))


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
    if isinstance(value, dict):
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
        last = index == len(location) - 1
        if (isinstance(here, dict) and part in here) or (isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)):
            here = here[part]
        elif not (last and kind == "missing"):
            continue
        path.append(part)
    return tuple(path)


def _words(kind: str, path: Path, item: Any, context: dict[str, Any], known: Known) -> tuple[str, str]:
    if kind == "extra_forbidden":
        noun = str(path[-2]).rstrip("s") if len(path) > 1 and path[-2] in ("inputs", "outputs") else "field"
        return f"unknown {noun}", closest(str(path[-1]), known(path[:-1]))
    if kind == "missing":
        return "required, but missing", ""
    if kind == "union_tag_invalid":
        tags = str(context.get("expected_tags", "")).replace("'", '"')
        return f'expected one of {tags}; found the text "{context.get("tag")}"', ""
    if kind == "union_tag_not_found":
        return "expected a mapping with a known type: none of its forms fits", ""
    if kind in ("literal_error", "enum"):
        return _choice(item, context)
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, found {found(item['input'])}", ""
    text = str(item["msg"]).removeprefix("Value error, ")
    return text[:1].lower() + text[1:], ""


def _choice(item: Any, context: dict[str, Any]) -> tuple[str, str]:
    words = str(context.get("expected", "")).replace("'", '"')
    known = [word.strip(' "') for word in words.replace(" or ", ", ").split(",")]
    value = item["input"]
    return f"expected {words}, found {found(value)}", closest(value, known) if isinstance(value, str) else ""
