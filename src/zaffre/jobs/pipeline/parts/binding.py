"""Expressions of a pipeline filled in: a step as it stands in the pipeline → the job that is submitted for it. Pure.

``${{parent.inputs.x}}`` alone is the pipeline's input as it is, data or value; inside other text it is the text of a value.
``${{parent.jobs.a.outputs.b}}`` is what step ``a`` left, ``${{parent.outputs.y}}`` (of a step's output) the place and the name
that the pipeline gives it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import is_dict, is_list, is_mapping, mapping_of

EXPRESSION = re.compile(r"\$\{\{\s*(parent\.[^}]*?)\s*\}\}")
_INPUT = re.compile(r"parent\.inputs\.(?P<name>[\w.-]+)")
_OUTPUT = re.compile(r"parent\.outputs\.(?P<name>[\w.-]+)")
_LEFT = re.compile(r"parent\.jobs\.(?P<step>\w+)\.outputs\.(?P<output>[\w-]+)")
_NOT_OF_A_JOB = frozenset({"name", "comment", "inputs", "outputs", "retry", "depends_on", "is_deterministic"})
"""Fields of a step that are the pipeline's own, or are filled in one by one."""
_WRITTEN = ("component", "trial")
MISSING = object()
"""The value of an optional input that was not given."""

Left = Callable[[str, str], dict[str, Any]]
"""(step, output) → the input that stands for what it left."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the expressions of a pipeline's steps may name."""

    inputs: Mapping[str, Any]
    """The pipeline's, in stored spelling."""
    outputs: Mapping[str, Any]
    left: Left
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Fields that a step has where it does not say them (``compute``)."""
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What a pipeline inside this one has where it says nothing of its own."""
    datastore: str = ""
    """Where outputs go that name no place."""


def document(step: Mapping[str, Any], around: Surroundings, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The job of a step, in stored spelling. ``given`` are inputs that hold instead of the step's own (a loop's item)."""
    told: dict[str, Any] = {key: step[key] for key in _WRITTEN if is_mapping(step.get(key))}
    told |= {name: _filled(value, around) for name, value in own_words(step).items() if name not in _NOT_OF_A_JOB}
    made = {name: value for name, value in told.items() if value is not MISSING}
    inputs = {name: _input(value, around) for name, value in mapping_of(step.get("inputs")).items()} | dict(given or {})
    inputs = {name: value for name, value in inputs.items() if value is not MISSING}
    outputs = {name: _output(value, name, around) for name, value in mapping_of(step.get("outputs")).items()}
    for name, value in around.defaults.items():
        made.setdefault(name, value)
    if step.get("type") == "pipeline" and around.settings:
        made["settings"] = {**around.settings, **mapping_of(made.get("settings"))}
    return made | ({"inputs": inputs} if inputs else {}) | ({"outputs": outputs} if outputs else {})


def own_words(step: Mapping[str, Any]) -> dict[str, Any]:
    """Without a component written out, whose expressions are about itself."""
    return {key: value for key, value in step.items() if not (key in _WRITTEN and is_mapping(value))}


def bound_output(value: Any) -> str:
    """The pipeline's output that a step's output is, or nothing."""
    said = value.get("path") if is_mapping(value) else value
    found = EXPRESSION.fullmatch(said.strip()) if isinstance(said, str) else None
    match = _OUTPUT.fullmatch(found[1]) if found else None
    return match["name"] if match else ""


def steps_named(text: str) -> list[tuple[str, str]]:
    """(step, output) of every expression of a text that names what a step left."""
    return [(found["step"], found["output"]) for found in _LEFT.finditer(text)]


def value_of(text: Any, around: Surroundings) -> Any:
    """A condition or a list of items: as it is, or what its one expression stands for."""
    return _filled(text, around)


def _input(value: Any, around: Surroundings) -> Any:
    """A step's input: a value, data, or ``{path, mode}`` over an expression."""
    if not is_mapping(value):
        return _filled(value, around)
    said = {key: item for key, item in value.items() if item is not None}
    if set(said) == {"value"}:
        return _filled(said["value"], around)
    path = _filled(said.get("path"), around)
    if path is MISSING:
        return MISSING
    rest = {key: item for key, item in said.items() if key != "path"}
    return {**path, **rest} if is_dict(path) else {"path": str(path), **rest} if path is not None else rest


def _output(value: Any, name: str, around: Surroundings) -> dict[str, Any]:
    said = {"path": value} if isinstance(value, str) else mapping_of(value)
    own: dict[str, Any] = {key: item for key, item in said.items() if item is not None}
    bound = bound_output(own)
    if bound:
        known = {key: item for key, item in mapping_of(around.outputs.get(bound)).items() if item is not None}
        own = {key: item for key, item in own.items() if key != "path"} | known
    elif isinstance(own.get("path"), str):
        own["path"] = _filled(own["path"], around)
    if "path" not in own and around.datastore:
        own["path"] = f"azureml://datastores/{around.datastore}/paths/azureml/${{{{name}}}}/{name}"
    return own


def _filled(value: Any, around: Surroundings) -> Any:
    if isinstance(value, str):
        return _text(value, around)
    if is_mapping(value):
        found = {key: _filled(item, around) for key, item in value.items()}
        return {key: item for key, item in found.items() if item is not MISSING}
    if is_list(value):
        return [item for item in (_filled(each, around) for each in value) if item is not MISSING]
    return value


def _text(text: str, around: Surroundings) -> Any:
    whole = EXPRESSION.fullmatch(text.strip())
    if whole:
        return _named(whole[1], around)

    def filled(found: re.Match[str]) -> str:
        value = _named(found[1], around)
        if is_mapping(value):
            told = (
                f"${{{{{found[1]}}}}} is data, and stands inside other text ({text!r}); give it to an input of its own"
            )
            raise Invalid([Problem(told)])
        return "" if value is MISSING else str(value)

    return EXPRESSION.sub(filled, text)


def _named(name: str, around: Surroundings) -> Any:
    if match := _INPUT.fullmatch(name):
        return _given(match["name"], around.inputs)
    if match := _LEFT.fullmatch(name):
        return around.left(match["step"], match["output"])
    raise Invalid([Problem(f"${{{{{name}}}}} is no expression of a pipeline")])


def _given(name: str, inputs: Mapping[str, Any]) -> Any:
    value = inputs.get(name, MISSING)
    if value is MISSING and name.endswith(".path"):
        value = inputs.get(name.removesuffix(".path"), MISSING)
    return MISSING if value is None else value
