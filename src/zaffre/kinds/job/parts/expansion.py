"""A job made from a component: what the component says takes its place in the job, and the inputs are held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zaffre.core import assets, problems, refs, signature
from zaffre.core.asset import ANONYMOUS_COMPONENT, anonymous, spec_hash
from zaffre.core.declared import ComponentSpec
from zaffre.core.draft import Draft, Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.core.io import JobInput, JobOutput
from zaffre.core.parents import PENDING
from zaffre.core.plain import is_mapping
from zaffre.core.registry import job_types
from zaffre.core.resource import Content, Key
from zaffre.core.signature import Port, Signature
from zaffre.core.wire import Spec

Furnished = tuple[tuple[Key, Content], ...]
_OWN = frozenset(
    {
        "type",
        "name",
        "version",
        "description",
        "tags",
        "properties",
        "display_name",
        "inputs",
        "outputs",
        "is_deterministic",
    }
)
"""Fields that a component and a job both have, and that are the job's own."""
_COLLECTIONS = {"environment": "environments", "code": "codes"}


def expand(draft: Draft, lookup: Lookup) -> tuple[Draft, Furnished]:
    """The draft with its component's word filled in, and the anonymous component where one was written out."""
    said = getattr(draft.spec, "component", None)
    if said is None:
        return draft, ()
    if is_mapping(said):
        said = _read(draft.spec.type, said)
    written = isinstance(said, ComponentSpec)
    stored, reference, owner, furnished = _written(draft, said) if written else _named(draft, said, lookup)
    component = job_types()[draft.spec.type].component_model().from_stored(stored)
    spec = draft.spec.model_copy()
    spec.component = reference
    for field in _lent(component, spec):
        value = getattr(component, field)
        if getattr(spec, field) is None and value is not None:
            at_hand = isinstance(value, str) and field in _COLLECTIONS
            lent = refs.absolute(value, _COLLECTIONS[field], owner, draft.key.workspace) if at_hand else value
            setattr(spec, field, _at_home(lent, owner, draft.key.workspace))
    known = component.signature()
    given = _read_values(draft, lookup, known)
    foreign = [name for name in given if name not in known.inputs and not problems.closest(name, known.inputs)]
    foreign = foreign if draft.below is not None else []
    spec.inputs = _inputs({name: given[name] for name in given if name not in foreign}, known, draft.ahead)
    spec.outputs = _outputs(spec.outputs or {}, known)
    notes = [f"inputs.{name}: the component has no such input; it is left out" for name in foreign]
    notes += _notes(spec.inputs or {}, known)
    return replace(draft, spec=spec, notes=(*draft.notes, *notes)), furnished


def _notes(given: Mapping[str, Any], known: Signature) -> list[str]:
    """Data of another type than the component names: what is given holds, as in Azure, and is told."""
    return [
        f"inputs.{name}: a {value.type} is given where the component names {known.inputs[name].type}; it is passed as it is"
        for name, value in given.items()
        if isinstance(value, JobInput) and known.inputs[name].type not in (value.type, "path")
    ]


def _at_home(lent: Any, owner: str, workspace: str) -> Any:
    """What a part names (a parallel job's task: its code, its environment) lies where the component lies."""
    if not isinstance(lent, Spec):
        return lent
    said = {field: getattr(lent, field, None) for field in _COLLECTIONS}
    meant = {
        field: refs.absolute(value, _COLLECTIONS[field], owner, workspace)
        for field, value in said.items()
        if isinstance(value, str)
    }
    return lent.model_copy(update=meant) if meant else lent


def typed(document: Mapping[str, Any], workspace: str, lookup: Lookup) -> Mapping[str, Any]:
    """A job that names a component and no type is of the component's."""
    said = document.get("component")
    found = refs.parse(said) if document.get("type") is None and isinstance(said, str) else None
    if not isinstance(found, refs.Asset):
        return document
    asset = assets.find(workspace, "component", found, lookup, "component")
    return {**document, "type": asset.spec.get("type", "command")}


def nameless(said: Mapping[str, Any]) -> dict[str, Any]:
    """A component inside a job is known by its content; what it was called in a file of its own does not matter."""
    return {key: value for key, value in said.items() if key not in ("name", "version")}


def _read(type_: str, said: Mapping[str, Any]) -> ComponentSpec:
    """A component written out in a job whose own model leaves it as it is."""
    try:
        found: ComponentSpec = job_types()[type_].component_model().from_yaml({"type": type_, **nameless(said)})
    except Invalid as error:
        raise Invalid([replace(each, field=f"component.{each.field}") for each in error.problems]) from error
    return found


def _lent(component: Spec, spec: Spec) -> list[str]:
    """What a component of this type may say in a job's place."""
    return [field for field in type(component).model_fields if field in type(spec).model_fields and field not in _OWN]


def _written(draft: Draft, said: ComponentSpec) -> tuple[dict[str, Any], str, str, Furnished]:
    """A component inside the job: an asset without a name, whose version is its content."""
    stored = said.to_stored()
    version = anonymous(stored)
    stored |= {"name": ANONYMOUS_COMPONENT, "version": version}
    key = Key(draft.key.workspace, "component", ANONYMOUS_COMPONENT, "", version)
    reference = f"azureml:{ANONYMOUS_COMPONENT}:{version}"
    furnished = ((key, Content(stored, spec_hash(stored))), *said.unnamed(draft.key.workspace))
    return stored, reference, draft.key.workspace, furnished


def _named(draft: Draft, said: str, lookup: Lookup) -> tuple[dict[str, Any], str, str, Furnished]:
    found = refs.parse(said)
    if not isinstance(found, refs.Asset):
        told = f"{said!r} is a file of the client's machine; the zaffre client reads it, the server cannot"
        raise Invalid([Problem(told, field="component")])
    asset = assets.find(draft.key.workspace, "component", found, lookup, "component")
    type_ = asset.spec.get("type", "command")
    if type_ != draft.spec.type:
        told = f"{said} is a {type_} component; a job of type {draft.spec.type} needs a {draft.spec.type} component"
        raise Invalid([Problem(told, field="component")])
    pinned = replace(found, version=asset.key.version, label="", collection=found.collection or "components")
    return asset.spec, str(pinned), asset.key.workspace, ()


def _read_values(draft: Draft, lookup: Lookup, known: Signature) -> dict[str, Any]:
    """The inputs, with the text of the file that an earlier step wrote where a value is wanted."""
    given: dict[str, Any] = dict(draft.spec.inputs or {})
    for name, port in known.inputs.items():
        value = given.get(name)
        if port.is_data or not isinstance(value, JobInput) or not value.path or PENDING in value.path:
            continue
        path = lookup.local_path(draft.key.workspace, value.path)
        text = lookup.text(path) if path is not None else None
        if text is None:
            told = f"expected a {port.type}, and {value.path} is no small text file that holds one"
            raise Invalid([Problem(told, f"inputs.{name}")])
        given[name] = text.strip()
    return given


def _inputs(given: dict[str, Any], known: Signature, ahead: bool) -> dict[str, Any] | None:
    """Values that fit, defaults filled in; raises ``Invalid`` with every one that does not."""
    wrong = [
        Problem("the component has no such input", f"inputs.{name}", hint=problems.closest(name, known.inputs))
        for name in given
        if name not in known.inputs
    ]
    taken: dict[str, Any] = {}
    for name, port in known.inputs.items():
        try:
            value = (
                _later(port, given[name]) if ahead and _is_pending(given.get(name)) else _value(port, given.get(name))
            )
        except ValueError as error:
            wrong.append(Problem(str(error), f"inputs.{name}"))
            continue
        if value is not None:
            taken[name] = value
    if wrong:
        raise Invalid(wrong)
    return taken or None


def _is_pending(value: Any) -> bool:
    """What another step has yet to make."""
    said = value.path if isinstance(value, JobInput) else value
    return isinstance(said, str) and PENDING in said


def _later(port: Port, value: Any) -> Any:
    """The same, of the type that it will be held against when it is there; a file's text may become a value."""
    if port.is_data and isinstance(value, JobInput) and "type" not in value.model_fields_set:
        return value.model_copy(update={"type": port.type})
    return value


def _value(port: Port, given: Any) -> Any:
    value = port.default if given is None else given
    if value is None:
        if not port.optional:
            raise ValueError(f"the component needs this input ({port.type}), and it is missing")
        return None
    if not port.is_data:
        if isinstance(value, JobInput):
            raise ValueError(f"expected a {port.type}, found data")
        return signature.coerce(port, value)
    if isinstance(value, JobInput):
        if "type" not in value.model_fields_set:
            return value.model_copy(update={"type": port.type})
        return value
    return JobInput.model_validate({"type": port.type, "path": str(value)})


def _outputs(given: dict[str, JobOutput], known: Signature) -> dict[str, JobOutput] | None:
    """Every output the component declares, with what the job says of it."""
    wrong = [
        Problem("the component has no such output", f"outputs.{name}", hint=problems.closest(name, known.outputs))
        for name in given
        if name not in known.outputs
    ]
    if wrong:
        raise Invalid(wrong)
    made: dict[str, JobOutput] = {}
    for name, port in known.outputs.items():
        said = given.get(name) or JobOutput()
        type_ = port.type if port.is_data else "uri_file"  # the command writes the value as text into a file
        made[name] = said if "type" in said.model_fields_set else said.model_copy(update={"type": type_})
    return made or None
