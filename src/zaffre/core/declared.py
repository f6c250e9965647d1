"""What a component says of itself: typed inputs and outputs with defaults and bounds, and the specification around them.

In ARM a component is one mapping, ``componentSpec``: the YAML itself with its references spelt as ids. So components need
no second spelling of each field; what a type adds to the first one it says in ``arm_spec``.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any, ClassVar, Literal

from zaffre.core import names, refs, signature
from zaffre.core.asset import ANONYMOUS_COMPONENT
from zaffre.core.errors import Problem
from zaffre.core.plain import is_dict, mapping_of
from zaffre.core.refs import Scope
from zaffre.core.resource import Content, Key
from zaffre.core.shapes import SERVER_FACTS, VersionedAsset
from zaffre.core.spelling import renamed
from zaffre.core.wire import Spec

_DATA = (
    "uri_file",
    "uri_folder",
    "mltable",
    "custom_model",
    "mlflow_model",
    "triton_model",
    "safe_tensors_model",
    "path",
)
_SCALARS = ("string", "number", "integer", "boolean")
_TYPES = renamed({word: word for word in (*_DATA, *_SCALARS)})
_MODES = renamed(
    {
        word: word
        for word in (
            "ro_mount", "rw_mount", "mount", "download", "upload", "direct", "eval_mount", "eval_download", "link",
        )
    }
)  # fmt: skip
_REFERENCES = {"code": "codes", "environment": "environments"}

PortType = Literal[
    "uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model", "safe_tensors_model", "path",
    "string", "number", "integer", "boolean",
]  # fmt: skip
Mode = Literal[
    "ro_mount", "rw_mount", "mount", "download", "upload", "direct", "eval_mount", "eval_download", "link"
]  # fmt: skip


class DeclaredInput(Spec):
    """One input: its type, and what may be given for it."""

    type: Annotated[PortType, _TYPES]
    description: str | None = None
    optional: bool | None = None
    default: bool | int | float | str | None = None
    min: int | float | str | None = None
    max: int | float | str | None = None
    enum: list[Any] | None = None
    mode: Annotated[Mode | None, _MODES] = None

    @property
    def port(self) -> signature.Port:
        """What a signature knows of it."""
        low, high = _number(self.min), _number(self.max)
        choices = tuple(str(each) for each in self.enum or ())
        return signature.Port(self.type, bool(self.optional), self.default, low, high, choices, self.mode or "")


class DeclaredOutput(Spec):
    """One output and its type."""

    type: Annotated[PortType, _TYPES]
    description: str | None = None
    mode: Annotated[Mode | None, _MODES] = None


class ComponentSpec(VersionedAsset):
    """What every component has."""

    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"intellectual_property"}

    display_name: str | None = None
    is_deterministic: bool | None = None
    inputs: dict[str, DeclaredInput] | None = None
    outputs: dict[str, DeclaredOutput] | None = None

    def check(self) -> list[Problem]:
        """Names, and defaults that fit their own types."""
        found = super().check()
        if self.name and (why := names.problem("component", self.name)):
            found.append(Problem(why, "name"))
        for field, keys in (("inputs", self.inputs), ("outputs", self.outputs)):
            found += [Problem(why, f"{field}.{key}") for key in keys or {} if (why := names.problem("input", key))]
            found += _twice(field, keys or {})
        return found + self._defaults()

    def signature(self) -> signature.Signature:
        """What its command may name, and what a job may give it."""
        taken = {name: port.port for name, port in (self.inputs or {}).items()}
        made = {name: signature.Port(port.type, mode=port.mode or "") for name, port in (self.outputs or {}).items()}
        return signature.Signature(taken, made)

    def unnamed(self, workspace: str) -> tuple[tuple[Key, Content], ...]:
        """The components without a name that its steps are known by, to be kept with it; a type with steps overrides it."""
        del workspace
        return ()

    def arm_spec(self, scope: Scope) -> dict[str, Any]:
        """Its YAML as ``componentSpec`` has it."""
        spec: dict[str, Any] = {"is_deterministic": True, **self.to_yaml()}
        for field in ("properties", "tags"):
            if not spec.get(field) or field == "properties":
                spec.pop(field, None)
        for name, port in (self.inputs or {}).items():
            spec["inputs"][name] |= _texts(port)
        for field, collection in _REFERENCES.items():
            if isinstance(spec.get(field), str):
                spec[field] = spelt(spec[field], collection, scope)
        return spec

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """The whole of it under one property."""
        properties: dict[str, Any] = {
            "componentSpec": {**self.arm_spec(scope), "_source": "YAML.COMPONENT"},
            "isAnonymous": self.name == ANONYMOUS_COMPONENT,
            "isArchived": False,
            "properties": self.properties or {},
            "tags": self.tags or {},
        }
        return {"properties": properties | ({"description": self.description} if self.description else {})}

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The YAML again, with short references."""
        named = super().arm_to_yaml({key: body[key] for key in ("id", "name", "version") if key in body}, scope)
        properties = mapping_of(body.get("properties"))
        data = {key: value for key, value in mapping_of(properties.get("componentSpec")).items() if key[0] not in "_$"}
        if data.get("is_deterministic") is True:
            del data["is_deterministic"]
        if is_dict(data.get("inputs")):
            data["inputs"] = {name: _values(port) for name, port in data["inputs"].items()}
        for field in _REFERENCES:
            if isinstance(data.get(field), str):
                data[field] = unspelt(data[field], scope)
        kept = dict(mapping_of(properties.get("properties")))
        kept.pop("client_component_hash", None)
        data |= {"properties": kept} if kept else {}
        for field in ("tags", "description"):
            if properties.get(field):
                data.setdefault(field, properties[field])
        return cls.arm_spec_to_yaml(data, scope) | named

    @classmethod
    def arm_spec_to_yaml(cls, data: dict[str, Any], scope: Scope | None) -> dict[str, Any]:
        """What a type writes differently in its ``componentSpec``; models override it."""
        del scope
        return data

    def _defaults(self) -> list[Problem]:
        """A default that could never be taken."""
        found: list[Problem] = []
        for name, port in (self.inputs or {}).items():
            if port.default is None or port.type not in signature.SCALAR_TYPES:
                continue
            try:
                signature.coerce(port.port, port.default)
            except ValueError as error:
                found.append(Problem(str(error), f"inputs.{name}.default"))
        return found


def spelt(text: str, collection: str, scope: Scope) -> str:
    """A reference as a ``componentSpec`` has it: ``azureml:`` before a resource id, registry URIs as they are."""
    if text.startswith("azureml:AzureML-"):  # the short names of Azure's old curated environments stay as they are
        return text
    found = refs.to_arm(text, collection, scope)
    return f"azureml:{found}" if found.startswith("/subscriptions/") else found


def unspelt(text: str, scope: Scope | None) -> str:
    """The inverse of ``spelt``."""
    return refs.from_arm(text.removeprefix("azureml:"), scope) if text.startswith("azureml:/sub") else text


def _texts(port: DeclaredInput) -> dict[str, Any]:
    """Defaults and bounds are texts in ARM, as numbers of their type are written."""
    told: dict[str, Any] = {}
    for key in ("default", "min", "max"):
        value = getattr(port, key)
        if value is not None:
            told[key] = _text(port.type, value)
    return told | ({"enum": [str(each) for each in port.enum]} if port.enum is not None else {})


def _values(port: Any) -> Any:
    """The inverse of ``_texts``: what a number or a switch was before it became a text."""
    if not is_dict(port):
        return port
    kind = signature.Port(str(port.get("type", "")).lower())
    found = dict(port)
    for key in ("default", "min", "max"):
        if kind.type in signature.SCALAR_TYPES and found.get(key) is not None:
            with suppress(ValueError):
                found[key] = signature.coerce(kind, found[key])
    return found


def _text(type_: str, value: Any) -> str:
    try:
        return str(signature.coerce(signature.Port(type_), value))
    except ValueError:
        return str(value)


def _number(value: Any) -> float | None:
    try:
        return float(value) if value is not None else None
    except ValueError:
        return None


def _twice(field: str, keys: Mapping[str, Any]) -> list[Problem]:
    """Names that differ in case alone would be one variable."""
    seen: dict[str, str] = {}
    found: list[Problem] = []
    for key in keys:
        before = seen.setdefault(key.lower(), key)
        if before != key:
            found.append(Problem(f"differs from {before!r} in case alone; choose another name", f"{field}.{key}"))
    return found
