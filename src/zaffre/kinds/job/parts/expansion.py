"""A job made from a component: what the component says takes its place in the job, and the inputs are held against it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zaffre.core import assets, problems, refs, signature
from zaffre.core.asset import ANONYMOUS_COMPONENT, anonymous, spec_hash
from zaffre.core.declared import ComponentSpec
from zaffre.core.draft import Draft, Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.core.io import JobInput, JobOutput
from zaffre.core.registry import job_types
from zaffre.core.resource import Content, Key
from zaffre.core.signature import Port, Signature

Furnished = tuple[tuple[Key, Content], ...]
_LENT = ("command", "environment", "code", "distribution", "resources", "environment_variables")
_COLLECTIONS = {"environment": "environments", "code": "codes"}


def expand(draft: Draft, lookup: Lookup) -> tuple[Draft, Furnished]:
    """The draft with its component's word filled in, and the anonymous component where one was written out."""
    said = getattr(draft.spec, "component", None)
    if said is None:
        return draft, ()
    written = isinstance(said, ComponentSpec)
    stored, reference, owner, furnished = _written(draft, said) if written else _named(draft, said, lookup)
    component = job_types()[draft.spec.type].component_model().from_stored(stored)
    spec = draft.spec.model_copy()
    spec.component = reference
    for field in _LENT:
        value = getattr(component, field, None)
        if getattr(spec, field) is None and value is not None:
            at_hand = isinstance(value, str) and field in _COLLECTIONS
            lent = refs.absolute(value, _COLLECTIONS[field], owner, draft.key.workspace) if at_hand else value
            setattr(spec, field, lent)
    known = component.signature()
    spec.inputs = _inputs(spec.inputs or {}, known)
    spec.outputs = _outputs(spec.outputs or {}, known)
    return replace(draft, spec=spec), furnished


def _written(draft: Draft, said: ComponentSpec) -> tuple[dict[str, Any], str, str, Furnished]:
    """A component inside the job: an asset without a name, whose version is its content."""
    stored = said.to_stored()
    version = anonymous(stored)
    stored |= {"name": ANONYMOUS_COMPONENT, "version": version}
    key = Key(draft.key.workspace, "component", ANONYMOUS_COMPONENT, "", version)
    reference = f"azureml:{ANONYMOUS_COMPONENT}:{version}"
    return stored, reference, draft.key.workspace, ((key, Content(stored, spec_hash(stored))),)


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


def _inputs(given: dict[str, Any], known: Signature) -> dict[str, Any] | None:
    """Values that fit, defaults filled in; raises ``Invalid`` with every one that does not."""
    wrong = [
        Problem("the component has no such input", f"inputs.{name}", hint=problems.closest(name, known.inputs))
        for name in given
        if name not in known.inputs
    ]
    taken: dict[str, Any] = {}
    for name, port in known.inputs.items():
        try:
            value = _value(port, given.get(name))
        except ValueError as error:
            wrong.append(Problem(str(error), f"inputs.{name}"))
            continue
        if value is not None:
            taken[name] = value
    if wrong:
        raise Invalid(wrong)
    return taken or None


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
        if port.type not in (value.type, "path"):
            raise ValueError(f"expected {port.type}, found {value.type}")
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
        made[name] = said if "type" in said.model_fields_set else said.model_copy(update={"type": port.type})
    return made or None
