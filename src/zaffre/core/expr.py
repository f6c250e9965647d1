"""``${{inputs.x}}`` and ``$[[ … ]]`` in command lines: read once, checked against a signature, filled in verbatim.

Values are substituted as they are, without quoting, as Azure does: a command is shell text, and whoever writes it puts
the quotes around ``"${{inputs.x}}"``. ``$NAME`` and everything else that is the shell's stays the shell's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from zaffre.core import problems
from zaffre.core.errors import Invalid, Problem
from zaffre.core.signature import Signature

_TOKEN = re.compile(r"\$\{\{(?P<name>.*?)\}\}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)*")

_OLDER = re.compile(r"(?<!\{)\{(inputs|outputs|search_space)\.([^}]*)\}(?!\})")

PLACES = ("name", "default_datastore")
"""Expressions for output paths besides inputs and outputs."""


@dataclass(frozen=True, slots=True)
class Text:
    """Characters that stay."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """``${{name}}``."""

    name: str
    offset: int
    """Of the ``$`` in the source."""


@dataclass(frozen=True, slots=True)
class Optional:
    """``$[[ … ]]``: left out when one of its names has no value."""

    parts: tuple[Text | Name, ...]


Part = Text | Name | Optional


@lru_cache(maxsize=1024)
def parse(source: str) -> tuple[Part, ...]:
    """The parts of a command line, in order; raises ``Invalid`` for an unclosed or nested ``$[[``."""
    parts: list[Part] = []
    at = 0
    while (start := source.find("$[[", at)) >= 0:
        end = source.find("]]", start)
        if end < 0:
            raise Invalid(f"the optional block $[[ at character {start + 1} is not closed; expected ]] after it")
        if (inner := source.find("$[[", start + 3, end)) >= 0:
            raise Invalid(f"$[[ inside $[[ at character {inner + 1}; optional blocks do not nest")
        parts += _flat(source, at, start)
        parts.append(Optional(_flat(source, start + 3, end)))
        at = end + 2
    return (*parts, *_flat(source, at, len(source)))


def _flat(source: str, start: int, end: int) -> tuple[Text | Name, ...]:
    parts: list[Text | Name] = []
    for found in _TOKEN.finditer(source, start, end):
        if found.start() > start:
            parts.append(Text(source[start : found.start()]))
        parts.append(Name(found["name"].strip(), found.start()))
        start = found.end()
    return (*parts, Text(source[start:end])) if start < end else tuple(parts)


def names(source: str) -> tuple[Name, ...]:
    """Every expression of a text, in order."""
    found: list[Name] = []
    for part in parse(source):
        inner = part.parts if isinstance(part, Optional) else (part,)
        found += [item for item in inner if isinstance(item, Name)]
    return tuple(found)


def check(source: str, signature: Signature, field: str = "command") -> list[Problem]:
    """What is wrong with a command's expressions.

    An optional block may name inputs that do not exist: it is then left out, as in Azure.
    """
    try:
        parts = parse(source)
    except Invalid as error:
        return [Problem(error.message, field)]
    wrong: list[Problem] = []
    for part in parts:
        inner = part.parts if isinstance(part, Optional) else (part,)
        for name in inner:
            if isinstance(name, Name) and not (isinstance(part, Optional) and name.name.startswith("inputs.")):
                wrong += _check_name(source, name, signature, field)
        if isinstance(part, Name) and _is_optional(part.name, signature):
            hint = f"write $[[… ${{{{{part.name}}}}}]] around what needs it"
            wrong.append(
                Problem(f"{_at(source, part)} uses an optional input outside an optional block", field, hint=hint)
            )
    return wrong


def check_path(source: str, field: str) -> list[Problem]:
    """What is wrong with the expressions of an output's path: ``name``, ``default_datastore`` and ``output_name``."""
    allowed = (*PLACES, "output_name")
    return [
        Problem(f"unknown expression {_at(source, name)}", field, hint=problems.closest(name.name, allowed))
        for name in names(source)
        if name.name not in allowed
    ]


def modern(source: str) -> str:
    """The older ``{inputs.x}`` written as ``${{inputs.x}}``, as the official client does."""
    return _OLDER.sub(r"${{\1.\2}}", source)


def render(source: str, values: Mapping[str, str]) -> str:
    """The text with every expression replaced by its value (keys as ``inputs.x``).

    An optional block whose names have no value is left out; a missing value anywhere else raises ``Invalid``.
    """
    text = ""
    for part in parse(source):
        if isinstance(part, Optional):
            text += _block(part, values)
        elif isinstance(part, Name):
            text += _value(part.name, values)
        else:
            text += part.text
    return text


def fill(source: str, values: Mapping[str, str], head: str) -> str:
    """The text with the expressions below ``head`` (``search_space``) replaced, and every other one as it is.

    An optional block that names one without a value is left out; so it does outside a block.
    """
    text = ""
    for part in parse(source):
        if not isinstance(part, Optional):
            text += _filled(part, values, head)
            continue
        names_there = [inner.name for inner in part.parts if isinstance(inner, Name)]
        if all(name in values for name in names_there if _is_below(name, head)):
            inside = "".join(_filled(inner, values, head) for inner in part.parts)
            text += inside if all(_is_below(name, head) for name in names_there) else f"$[[{inside}]]"
    return text


def _filled(part: Text | Name, values: Mapping[str, str], head: str) -> str:
    if isinstance(part, Text):
        return part.text
    return values.get(part.name, "") if _is_below(part.name, head) else f"${{{{{part.name}}}}}"


def _is_below(name: str, head: str) -> bool:
    return name.startswith(f"{head}.")


def _block(block: Optional, values: Mapping[str, str]) -> str:
    used = [part.name for part in block.parts if isinstance(part, Name)]
    if any(values.get(_key(name, values)) is None for name in used):
        return ""
    return "".join(part.text if isinstance(part, Text) else _value(part.name, values) for part in block.parts)


def _value(name: str, values: Mapping[str, str]) -> str:
    found = values.get(_key(name, values))
    if found is None:
        raise Invalid(f"${{{{{name}}}}} has no value", target=name)
    return found


def _key(name: str, values: Mapping[str, str]) -> str:
    """``inputs.x.path`` means ``inputs.x`` unless a group of that name has a value of its own."""
    if name not in values and name.endswith(".path") and name[: -len(".path")] in values:
        return name[: -len(".path")]
    return name


def _check_name(source: str, name: Name, signature: Signature, field: str) -> list[Problem]:
    where = _at(source, name)
    if not _WORD.fullmatch(name.name):
        return [Problem(f"{where} is no expression; expected ${{{{inputs.NAME}}}} or ${{{{outputs.NAME}}}}", field)]
    head, _, rest = name.name.partition(".")
    if head in ("inputs", "outputs") and rest:
        ports = signature.inputs if head == "inputs" else signature.outputs
        if rest in ports or rest.removesuffix(".path") in ports or rest.split(".")[0] in ports:
            return []
        known = ", ".join(ports) or "none"
        hint = problems.closest(rest, ports) or f"declared {head} are: {known}"
        return [Problem(f"{where} names an unknown {head[:-1]}", field, hint=hint)]
    if name.name in signature.extra or name.name in PLACES:
        return []
    choices = [f"inputs.{key}" for key in signature.inputs] + [f"outputs.{key}" for key in signature.outputs]
    hint = problems.closest(name.name, [*choices, *signature.extra, *PLACES])
    return [Problem(f"unknown expression {where}", field, hint=hint)]


def _is_optional(name: str, signature: Signature) -> bool:
    head, _, rest = name.partition(".")
    port = signature.inputs.get(rest.removesuffix(".path")) if head == "inputs" else None
    return port is not None and port.optional and port.default is None


def _at(source: str, name: Name) -> str:
    before = source[: name.offset]
    line, column = before.count("\n") + 1, name.offset - (before.rfind("\n") + 1) + 1
    place = f"at character {column}" if "\n" not in source.rstrip("\n") else f"in its line {line}, character {column}"
    return f"${{{{{name.name}}}}} ({place})"
