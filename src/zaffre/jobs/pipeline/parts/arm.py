"""A pipeline's steps in ARM's spelling and back. Pure.

There a step is one object without a schema: its own words mostly as in YAML (``job_input_type``, not ``jobInputType``), its
references as ids, every input an object, what structures it has as the interface spells them, but in snake case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zaffre.core import refs
from zaffre.core.declared import spelt, unspelt
from zaffre.core.errors import Invalid
from zaffre.core.io import MODELS, TABLE_MODES, JobInput, JobOutput
from zaffre.core.joblike import ComputeRef
from zaffre.core.jobspec import Structures
from zaffre.core.plain import is_dict, is_list, is_mapping, mapping_of
from zaffre.core.refs import Scope
from zaffre.core.spelling import Duration, Ref, renamed
from zaffre.jobs.pipeline.parts import unnamed

_FLOWS = ("if_else", "do_while", "parallel_for", "approval")
_SOURCE = "_source"
_COMPUTE = ComputeRef()
_POLICIES = renamed(
    {"bandit": "Bandit", "median_stopping": "MedianStopping", "truncation_selection": "TruncationSelection"}
)
_TASK_REFERENCES = {"code": "codes", "environment": "environments", "model": "models"}
_SNAKE = re.compile(r"(?<=[a-z0-9])([A-Z])")
_CAMEL = re.compile(r"_([a-z0-9])")
_BOUND = re.compile(r"\$\{\{\s*parent\.inputs\.(\w+)\s*\}\}")
_OF_A_COMPONENT = frozenset({"command", "code"})
"""What the client, which finds them in the component, takes for a change of it where a step says them too."""
_AS_THEY_ARE = frozenset({"properties"})
"""Mappings whose keys are their writer's."""


def steps_out(
    steps: Mapping[str, Mapping[str, Any]], scope: Scope, inputs: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Every step as the official client sends and reads it; ``inputs`` are the pipeline's."""
    written = unnamed.components(steps, inputs or {})
    found: dict[str, Any] = {}
    for name, step in steps.items():
        component = written.get(name)
        said = step if component is None else {key: step[key] for key in step if key not in _OF_A_COMPONENT}
        found[name] = _step_out(name, said, scope) | _component_out(step, component, scope)
    return found


def steps_back(steps: Mapping[str, Any], scope: Scope | None) -> dict[str, dict[str, Any]]:
    """The same steps as YAML has them."""
    return {name: _step_back(mapping_of(step), scope) for name, step in steps.items()}


def settings_out(settings: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """Settings have their names from YAML, and ids."""
    told = {key: value for key, value in settings.items() if value is not None}
    if isinstance(told.get("default_compute"), str):
        told["default_compute"] = _COMPUTE.out(told["default_compute"], scope) or told["default_compute"]
    store = told.get("default_datastore")
    if isinstance(store, str) and "/" not in store:
        told["default_datastore"] = f"{scope.id}/datastores/{store.removeprefix('azureml:')}"
    return told | {_SOURCE: "YAML.JOB"}


def settings_back(settings: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
    """The YAML again; older clients write the names in camel case."""
    told = {_to_snake(key): value for key, value in settings.items() if key != _SOURCE and value is not None}
    for key in ("default_compute", "default_datastore"):
        if isinstance(told.get(key), str):
            told[key] = refs.from_arm(told[key], scope)
    return told


def _step_out(name: str, step: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    type_ = str(step.get("type") or "command")
    told: dict[str, Any] = {**step, "name": name, "type": type_, _SOURCE: "YAML.JOB"}
    if type_ in _FLOWS:
        return told | ({"items": _items_out(step["items"], scope)} if "items" in step else {})
    for key, out in _OUT.items():
        if told.get(key) is not None:
            told[key] = out(told[key], scope)
    told |= _structures_out(step, type_, scope)
    compute = told.pop("compute", None)
    if compute is not None and (spelt_compute := _COMPUTE.out(compute, scope)):
        told["computeId"] = spelt_compute
    told.pop("component", None)
    return told


def _component_out(step: Mapping[str, Any], written: Mapping[str, Any] | None, scope: Scope) -> dict[str, Any]:
    """The id of its component; one that is written out has that of its content."""
    is_sweep = step.get("type") == "sweep"
    said = step.get("trial" if is_sweep else "component") if written is None else unnamed.reference(written)
    if not isinstance(said, str):
        return {}
    id_ = refs.to_arm(said, "components", scope)
    return {"trial": {"componentId": id_}} if is_sweep else {"componentId": id_}


def _inputs_out(inputs: Any, scope: Scope) -> dict[str, Any]:
    return {name: _input_out(value, scope) for name, value in mapping_of(inputs).items()}


def _input_out(value: Any, scope: Scope) -> dict[str, Any]:
    if not is_mapping(value):
        return {"job_input_type": "literal", "value": str(value)}
    if "value" in value and "path" not in value:
        return {"job_input_type": "literal", "value": str(value["value"])}
    path = str(value.get("path", ""))
    mode = _arm_word(JobInput, value.get("mode"))
    if path.startswith("${{"):
        return {"job_input_type": "literal", "value": path} | ({"mode": mode} if mode else {})
    type_ = str(value.get("type") or "uri_folder")
    uri = Ref("models" if type_ in MODELS else "data").out(path, scope)
    return {"job_input_type": type_, "uri": uri} | ({"mode": mode} if mode else {})


def _outputs_out(outputs: Any, scope: Scope) -> dict[str, Any]:
    del scope
    return {name: _output_out(value) for name, value in mapping_of(outputs).items()}


def _output_out(value: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"path": value} if isinstance(value, str) else dict(mapping_of(value))
    mode = _arm_word(JobOutput, said.get("mode"))
    told = {key: said[key] for key in ("name", "version") if said.get(key) is not None} | (
        {"mode": mode} if mode else {}
    )
    path = said.get("path")
    if isinstance(path, str) and path.startswith("${{"):
        return {"type": "literal", "value": path, **told}
    return {"job_output_type": said.get("type") or "uri_folder", **({"uri": path} if path else {}), **told}


def _task_out(task: Any, scope: Scope) -> Any:
    told = dict(mapping_of(task))
    for key, collection in _TASK_REFERENCES.items():
        if isinstance(told.get(key), str):
            told[key] = spelt(told[key], collection, scope)
    return told or task


def _policy_out(policy: Any, scope: Scope) -> Any:
    del scope
    told = dict(mapping_of(policy))
    type_ = told.pop("type", None)
    return told | {"policy_type": _POLICIES.out(type_, Scope("", "", ""))} if type_ else policy


def _partitions_out(keys: Any, scope: Scope) -> Any:
    del scope
    return json.dumps(keys) if is_list(keys) else keys


def _entry_out(entry: Any, scope: Scope) -> Any:
    del scope
    said = mapping_of(entry)
    if "class_name" in said or "scala" in said:
        return {**said, "spark_job_entry_type": "SparkJobScalaEntry"}
    return {**said, "spark_job_entry_type": "SparkJobPythonEntry"} if "file" in said else entry


def _items_out(items: Any, scope: Scope) -> Any:
    """A loop's items are a text; data in them is spelt as an input is."""

    def one(item: Any) -> Any:
        said = mapping_of(item)
        return {key: _input_out(value, scope) if is_mapping(value) else value for key, value in said.items()}

    if is_list(items):
        return json.dumps([one(item) for item in items])
    if is_mapping(items):
        return json.dumps({label: one(item) for label, item in items.items()})
    return items


_OUT: dict[str, Callable[[Any, Scope], Any]] = {
    "inputs": _inputs_out,
    "outputs": _outputs_out,
    "task": _task_out,
    "early_termination": _policy_out,
    "partition_keys": _partitions_out,
    "entry": _entry_out,
}


def _structures_out(step: Mapping[str, Any], type_: str, scope: Scope) -> dict[str, Any]:
    """As the interface has them, in snake case; what holds an expression stays as it is."""
    told: dict[str, Any] = {}
    for key in Structures.model_fields:
        value = step.get(key)
        if value is None or (key == "resources" and type_ == "spark"):
            continue
        try:
            told[key] = _snake(Structures.from_stored({key: value}).to_arm(scope)[_to_camel(key)])
        except Invalid:
            told[key] = value
    limits = mapping_of(step.get("limits"))
    if limits and type_ == "command":
        timeout = Duration().out(limits.get("timeout"), scope)
        told["limits"] = {**limits, "timeout": timeout, "job_limits_type": "Command"}
    return told


def left_empty(jobs: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, str]:
    """Inputs that steps are bound to and a request lacks: the client, which knows them all, sends no empty texts."""
    bound = (mapping_of(value).get("path", value) for step in jobs.values() for value in _given(step))
    named = (_BOUND.fullmatch(text) for text in bound if isinstance(text, str))
    return {found[1]: "" for found in named if found is not None and found[1] not in inputs}


def _given(step: Any) -> Iterable[Any]:
    return mapping_of(mapping_of(step).get("inputs")).values()


def _step_back(step: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
    """Without what only the client wants to know."""
    data = {key: value for key, value in step.items() if value is not None and key[0] not in "_$" and key != "name"}
    for key, back in _BACK.items():
        if key in data:
            data[key] = back(data[key], scope)
    data |= _structures_back(data, scope)
    component = data.pop("componentId", None)
    if component:
        data["component"] = _reference(component, scope)
    trial = mapping_of(data.get("trial")).get("componentId")
    if trial:
        data["trial"] = _reference(trial, scope)
    compute = data.pop("computeId", None)
    if compute:
        data["compute"] = _COMPUTE.back(compute, scope)
    return {key: value for key, value in data.items() if value not in (None, {}, "")}


def _reference(said: Any, scope: Scope | None) -> Any:
    return unspelt(refs.from_arm(str(said), scope), scope)


def _inputs_back(inputs: Any, scope: Scope | None) -> dict[str, Any]:
    return {name: _input_back(value, scope) for name, value in mapping_of(inputs).items() if value is not None}


def _input_back(value: Any, scope: Scope | None) -> Any:
    if not is_mapping(value):
        return value
    said = {_to_snake(key): item for key, item in value.items() if item is not None}
    mode = _yaml_word(JobInput, said.get("mode"))
    told: dict[str, Any] = {"mode": mode} if mode else {}
    type_ = str(said.get("job_input_type") or said.get("type") or "literal")
    if type_.lower() == "literal":
        if mode in TABLE_MODES:  # only the type gives these, which a bound input does not carry along
            told["type"] = "mltable"
        return {"path": said.get("value"), **told} if told else said.get("value")
    found = JobInput.arm_to_yaml({"jobInputType": type_, "uri": said.get("uri") or said.get("path")}, scope)
    return found | told


def _outputs_back(outputs: Any, scope: Scope | None) -> dict[str, Any]:
    return {name: _output_back(mapping_of(value), scope) for name, value in mapping_of(outputs).items()}


def _output_back(value: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
    said = {_to_snake(key): item for key, item in value.items() if item is not None}
    told: dict[str, Any] = {}
    for key in ("name", "version"):
        found = said.get(key, said.get(f"asset_{key}"))
        told |= {key: found} if found is not None else {}
    if mode := _yaml_word(JobOutput, said.get("mode")):
        told["mode"] = mode
    if said.get("type") == "literal" or "value" in said:
        return {"path": said.get("value"), **told}
    type_ = said.get("job_output_type") or said.get("type")
    return JobOutput.arm_to_yaml({"jobOutputType": type_, "uri": said.get("uri")}, scope) | told


def _task_back(task: Any, scope: Scope | None) -> Any:
    told = dict(mapping_of(task))
    for key in _TASK_REFERENCES:
        if isinstance(told.get(key), str):
            told[key] = _reference(told[key], scope)
    return told or task


def _policy_back(policy: Any, scope: Scope | None) -> Any:
    del scope
    told = dict(mapping_of(policy))
    type_ = told.pop("policy_type", told.pop("policyType", None))
    return told | {"type": _POLICIES.word(type_)} if type_ else policy


def _partitions_back(keys: Any, scope: Scope | None) -> Any:
    del scope
    return json.loads(keys) if isinstance(keys, str) and keys.startswith("[") else keys


def _batch_size_back(size: Any, scope: Scope | None) -> Any:
    """Of a step that has partition keys instead, the client says 0."""
    del scope
    return None if str(size) == "0" else size


def _entry_back(entry: Any, scope: Scope | None) -> Any:
    del scope
    said = mapping_of(entry)
    return {key: value for key, value in said.items() if _to_snake(key) != "spark_job_entry_type"} or entry


def _items_back(items: Any, scope: Scope | None) -> Any:
    """Lists and mappings again; the text of an expression stays."""
    if not isinstance(items, str) or items.startswith("${{"):
        return items
    try:
        found = json.loads(items)
    except ValueError:
        return items

    def one(item: Any) -> Any:
        said = mapping_of(item)
        return {key: _input_back(value, scope) if is_mapping(value) else value for key, value in said.items()}

    if is_list(found):
        return [one(item) for item in found]
    return {label: one(item) for label, item in found.items()} if is_dict(found) else items


_BACK: dict[str, Callable[[Any, Scope | None], Any]] = {
    "inputs": _inputs_back,
    "outputs": _outputs_back,
    "task": _task_back,
    "early_termination": _policy_back,
    "partition_keys": _partitions_back,
    "mini_batch_size": _batch_size_back,
    "entry": _entry_back,
    "items": _items_back,
}


def _structures_back(data: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key in Structures.model_fields:
        value = data.get(key)
        if not is_dict(value) or (key == "resources" and data.get("type") == "spark"):
            continue
        found = Structures.arm_to_yaml({_to_camel(key): _camel(value)}, scope)[key]
        told[key] = found if is_dict(found) and found else value
    limits = mapping_of(data.get("limits"))
    if limits:
        kept = {_to_snake(name): value for name, value in limits.items()}
        kept.pop("job_limits_type", None)
        told["limits"] = {name: Duration().back(v, scope) if "timeout" in name else v for name, v in kept.items()}
    return told


def _snake(value: Any) -> Any:
    if is_mapping(value):
        return {
            _to_snake(key): item if key in _AS_THEY_ARE else _snake(item) for key, item in value.items() if item != {}
        }
    return [_snake(item) for item in value] if is_list(value) else value


def _camel(value: Any) -> Any:
    if is_mapping(value):
        return {_to_camel(key): item if key in _AS_THEY_ARE else _camel(item) for key, item in value.items()}
    return [_camel(item) for item in value] if is_list(value) else value


def _to_snake(key: str) -> str:
    return _SNAKE.sub(r"_\1", key).lower()


def _to_camel(key: str) -> str:
    return _CAMEL.sub(lambda found: found[1].upper(), key)


def _arm_word(model: type[JobInput | JobOutput], mode: Any) -> Any:
    return model.model_construct(mode=mode).to_arm(Scope("", "", "")).get("mode") if mode else None


def _yaml_word(model: type[JobInput | JobOutput], mode: Any) -> Any:
    return model.arm_to_yaml({"mode": mode}, None).get("mode") if mode else None
