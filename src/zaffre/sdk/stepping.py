"""A component or a job that is called inside a pipeline function, as a step of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from zaffre.core.errors import Invalid
from zaffre.core.signature import Signature
from zaffre.core.wire import Spec
from zaffre.sdk import includes
from zaffre.sdk import locals as local_paths
from zaffre.sdk.finding import Origin, Search, copy
from zaffre.sdk.nodes import Node, Source, job_source


def step(entity: Any, values: Sequence[Any], inputs: Mapping[str, Any]) -> Node:
    """A step; ``values`` are its first inputs, in the order in which they are declared."""
    source = _component(entity) if entity.kind == "component" else _job(entity)
    if len(values) > len(source.inputs):
        raise Invalid(f"{source.title} takes {len(source.inputs)} inputs, found {len(values)}")
    own = {} if entity.kind == "component" else dict(entity.inputs or {})
    made = Node(source, {**own, **dict(zip(source.inputs, values, strict=False)), **inputs})
    if entity.kind == "component" and entity.name and not entity.name.startswith("azureml_anonymous"):
        made.__dict__["wanted"] = entity.name
    return made


def _component(entity: Any) -> Source:
    """A registered component by its reference; another written out, with whole paths."""
    title = f"component {entity.name}" if entity.name else "the component"
    declared: Signature = entity.signature()
    known: dict[str, str] = {name: port.type for name, port in declared.inputs.items()}
    made: dict[str, str] = {name: port.type for name, port in declared.outputs.items()}
    return Source(entity.type, title, {"component": _reference(entity) or whole(entity)}, known, made)


def _job(entity: Any) -> Source:
    return job_source(entity.type, whole(entity))


def _reference(entity: Any) -> str:
    resource: Mapping[str, Any] = entity._resource
    if not resource:
        return ""
    _, found, registry = str(resource.get("id", "")).partition("/registries/")
    name, version = resource["name"], resource["version"]
    if found:
        return f"azureml://registries/{registry.partition('/')[0]}/components/{name}/versions/{version}"
    return f"azureml:{name}:{version}"


def whole(entity: Any) -> dict[str, Any]:
    """Its document with absolute paths, and the files it is made of in it, to stand in a document of another folder."""
    told: dict[str, Any] = copy(entity.to_yaml())
    origin = Origin(entity._base or Path.cwd(), entity.placed, local_paths.of_part)
    search = Search(origin)
    search.look(told, local_paths.fields(_model(entity)), origin)
    if search.problems:
        raise Invalid(search.problems)
    for local in search.found:
        if local.has_path:
            local.holder[local.key] = str(local.path.absolute())
        if local.includes:
            local.holder[includes.FIELD] = [str(each.source.with_name(each.name)) for each in local.includes]
    return told


def _model(entity: Spec) -> type[Spec]:
    return type(entity)
