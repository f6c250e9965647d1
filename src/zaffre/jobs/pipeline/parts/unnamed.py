"""The component of a step that is written out: Azure's clients know every step by a component, and read it by its id. Pure.

It has the step's own words, and the types of what the step is given and leaves, so steps that differ in values alone share
one. Whoever keeps steps keeps these beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from zaffre.core.asset import ANONYMOUS_COMPONENT, anonymous, spec_hash
from zaffre.core.plain import is_list, is_mapping, mapping_of
from zaffre.core.registry import job_types
from zaffre.core.resource import Content, Key
from zaffre.core.sweeping import is_component
from zaffre.jobs.pipeline.parts import binding, sourced

Steps = Mapping[str, Mapping[str, Any]]

_PARENT = "${{parent."
_TEXTS = frozenset({"command", "args"})
"""Where an expression of the pipeline may stand in a component too."""
_NOT_OF_ITS_CONTENT = frozenset({"$schema", "name", "version"})
_OF_THE_STEP = frozenset(
    {*_NOT_OF_ITS_CONTENT, "inputs", "outputs", "display_name", "description", "tags", "properties", "is_deterministic"}
)
_SEARCHED = re.compile(r"\$\{\{\s*search_space\.")


def components(steps: Steps, inputs: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Step → its component in stored spelling, of every step whose component has no name.

    ``inputs`` are the pipeline's, which say of what type an input is that is bound to one.
    """
    made = {name: _component(step, steps, inputs) for name, step in steps.items()}
    return {name: found for name, found in made.items() if found is not None}


def reference(component: Mapping[str, Any]) -> str:
    """How such a component is named: by its content."""
    return f"azureml:{ANONYMOUS_COMPONENT}:{anonymous(component)}"


def furnished(workspace: str, steps: Steps, inputs: Mapping[str, Any]) -> tuple[tuple[Key, Content], ...]:
    """These components as assets, with those of the pipelines that are written out among them."""
    found: dict[str, tuple[Key, Content]] = {}
    for made in components(steps, inputs).values():
        version = anonymous(made)
        stored = made | {"name": ANONYMOUS_COMPONENT, "version": version}
        key = Key(workspace, "component", ANONYMOUS_COMPONENT, "", version)
        found[version] = (key, Content(stored, spec_hash(stored)))
        below = furnished(workspace, mapping_of(made.get("jobs")), mapping_of(made.get("inputs")))
        found |= {key.version: (key, content) for key, content in below}
    return tuple(found.values())


def _component(step: Mapping[str, Any], steps: Steps, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
    """The component of a step, unless it names one or is of a type that has none."""
    type_ = str(step.get("type") or "command")
    said = step.get("trial" if type_ == "sweep" else "component")
    own = "command" if type_ == "sweep" else type_
    if isinstance(said, str) or own not in job_types() or not job_types()[own].component:
        return None
    if is_mapping(said) and (type_ != "sweep" or is_component(said)):
        return {"type": own, **{key: value for key, value in said.items() if key not in _NOT_OF_ITS_CONTENT}}
    made = {"type": own, **_words(own, mapping_of(said) if type_ == "sweep" else step)}
    ports = {name: _port(value, steps, inputs) for name, value in mapping_of(step.get("inputs")).items()}
    ports |= {name: {"type": _searched(value)} for name, value in mapping_of(step.get("search_space")).items()}
    left = {name: {"type": sourced.data_type(value)} for name, value in mapping_of(step.get("outputs")).items()}
    if type_ == "sweep" and isinstance(made.get("command"), str):
        made["command"] = _SEARCHED.sub("${{inputs.", made["command"])
    return made | ({"inputs": ports} if ports else {}) | ({"outputs": left} if left else {})


def _words(type_: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a component of this type can say too; of what the pipeline has yet to fill in, only texts."""
    told = {key: value for key, value in said.items() if key in _fields(type_) and value is not None}
    return {key: value for key, value in told.items() if key in _TEXTS or _PARENT not in str(value)}


@cache
def _fields(type_: str) -> frozenset[str]:
    return frozenset(job_types()[type_].component_model().model_fields) - _OF_THE_STEP - {"type"}


def _port(value: Any, steps: Steps, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What a step is given: a value, data, or what the pipeline or another step has."""
    said = mapping_of(value)
    text = said.get("path", said.get("value")) if is_mapping(value) else value
    if not isinstance(text, str) or _PARENT not in text:
        return {"type": sourced.data_type(said) if "path" in said else sourced.scalar_type(text)}
    for step, output in binding.steps_named(text):
        left = mapping_of(mapping_of(steps.get(step)).get("outputs")).get(output)
        return {"type": said.get("type") or sourced.data_type(left)}
    given = inputs.get(text.strip().removeprefix(_PARENT).removeprefix("inputs.").rstrip("} "))
    type_ = sourced.data_type(given) if is_mapping(given) else sourced.scalar_type(given)
    may_lack = given is None or mapping_of(given).get("optional")
    return {"type": said.get("type") or type_} | ({"optional": True} if may_lack else {})


def _searched(distribution: Any) -> str:
    """Of what is searched for: a number, unless it is chosen among words."""
    values = mapping_of(distribution).get("values")
    words = [each for each in values if not isinstance(each, int | float)] if is_list(values) else []
    return "string" if words else "number"
