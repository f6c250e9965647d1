"""What users hold in Python: a kind's own model, with what the server knows of it beside its fields."""

from __future__ import annotations

from functools import cache
from pathlib import PurePath
from typing import Any, ClassVar

from pydantic import PrivateAttr, model_validator

from zaffre.core.errors import Problem
from zaffre.core.registry import job_types, kinds
from zaffre.core.wire import Spec
from zaffre.sdk.arguments import settled
from zaffre.sdk.binding import Binding
from zaffre.sdk.parsed import is_mapping, mapping
from zaffre.sdk.resources import flat


class Entity(Spec):
    """Adds identity and server facts (``id``, ``status``, ``creation_context`` …) to a specification."""

    kind: ClassVar[str] = ""
    """Name of the kind; empty for parts of a document."""

    _resource: dict[str, Any] = PrivateAttr(default_factory=dict[str, Any])

    @model_validator(mode="before")
    @classmethod
    def _texts(cls, data: Any) -> Any:
        """Paths may be given as ``pathlib`` has them, and arguments as azure.ai.ml takes them."""
        if is_mapping(data):
            texts = (PurePath, Binding)
            given = {key: str(value) if isinstance(value, texts) else value for key, value in data.items()}
            return settled(cls.__name__, given)
        return data

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            facts = flat(self._resource) if self._resource else {}
            if name in facts:
                return facts[name]
            if name in _FACTS:
                return None
        return super().__getattr__(name)  # type: ignore[misc]  # pydantic hides it from type checkers

    def __call__(self, *values: Any, **inputs: Any) -> Any:
        """A step of the pipeline function that is running: a component, or a job, with these inputs."""
        if self.kind not in ("component", "job"):
            raise TypeError(f"a {self.kind or type(self).__name__} cannot be called")
        from zaffre.sdk import stepping  # noqa: PLC0415 - weight: only those who write pipelines need it

        return stepping.step(self, values, inputs)

    def placed(self, field: str, message: str) -> Problem:
        """A mistake at a field, at its line where it was read from a file."""
        source: Any = self._source
        line, column = source.place(tuple(field.split("."))) if source is not None else (0, 0)
        return Problem(message, field, source.file if source is not None else "", line, column)

    @property
    def studio_url(self) -> str | None:
        """The page of it in the studio, where there is one."""
        services = mapping(mapping(self._resource.get("state")).get("services"))
        return mapping(services.get("Studio")).get("endpoint")


_FACTS = frozenset(
    {"id", "status", "provisioning_state", "creation_context", "scoring_uri", "openapi_uri", "version", "reason"}
)
"""What is None, not an error, before the server has seen it."""


@cache
def entity(model: type[Spec], kind: str = "", name: str = "", **preset: Any) -> type[Any]:
    """The class users construct for ``model``; ``preset`` fields are given where a user does not."""
    fields: dict[str, Any] = {
        "__module__": "zaffre.entities",
        "__qualname__": name or model.__name__,
        "__doc__": model.__doc__,
        "__annotations__": {"kind": "ClassVar[str]"},
        "kind": kind,
    }
    if preset:
        fields["_preset"] = model_validator(mode="before")(_given(preset))
    return type(name or model.__name__, (Entity, model), fields)


def of_kind(kind: str, said: Any = None) -> type[Any]:
    """The entity class of a kind; of a job or a component, that of its ``type``."""
    if kind == "component":
        return _component(said)
    if kind != "job":
        return entity(kinds()[kind].model(), kind)
    word = str(said or "command").replace("_", "").lower()
    types = job_types()
    found = next((job for job in types.values() if word == job.name.replace("_", "")), types["command"])
    return entity(found.model(), kind)


def _component(said: Any) -> type[Any]:
    """The entity class of a component of a type."""
    word = str(said or "command").replace("_", "").lower()
    types = {name: job for name, job in job_types().items() if job.component}
    found = next((job for name, job in types.items() if word == name.replace("_", "")), types["command"])
    return entity(found.component_model(), "component")


def kind_of(entity: Any) -> str:
    """The kind an entity is of; empty for anything else."""
    return entity.kind if isinstance(entity, Entity) else ""


def from_resource(kind: str, resource: dict[str, Any]) -> Any:
    """An answer of the server as an entity."""
    spec: dict[str, Any] = resource["spec"]
    model = of_kind(kind, spec.get("type"))
    made = model.from_stored(spec)
    for name in ("name", "version"):
        if name in model.model_fields and resource.get(name) is not None:
            setattr(made, name, resource[name])
    made._resource = resource
    return made


def _given(preset: dict[str, Any]) -> Any:
    def fill(cls: Any, data: Any) -> Any:
        return {**preset, **data} if is_mapping(data) else data

    return classmethod(fill)
