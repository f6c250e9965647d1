"""A component's specification lies with the job type it makes a step of: this model finds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zaffre.core import problems
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.problems import Source
from zaffre.core.refs import Scope
from zaffre.core.registry import JobType, job_types
from zaffre.core.wire import Spec


class Component:
    """Reads a component of any type; every method answers with an instance of that type's own model."""

    @staticmethod
    def from_yaml(document: Source | Mapping[str, Any], *, base: Path | None = None) -> Spec:
        """Read what a user wrote."""
        data = document.data if isinstance(document, Source) else document
        return model(data.get("type")).from_yaml(document, base=base)

    @staticmethod
    def from_stored(data: Mapping[str, Any]) -> Spec:
        """Read what the store kept."""
        return model(data.get("type")).from_stored(data)

    @staticmethod
    def from_arm(body: Mapping[str, Any], *, scope: Scope | None = None, lenient: bool = True) -> Spec:
        """Read an ARM body."""
        spec = mapping_of(mapping_of(body.get("properties")).get("componentSpec"))
        return model(spec.get("type")).from_arm(body, scope=scope, lenient=lenient)

    @staticmethod
    def model_json_schema() -> dict[str, Any]:
        """One of the types' schemas."""
        return {"oneOf": [job.component_model().model_json_schema() for job in types().values()]}


def types() -> dict[str, JobType]:
    """The job types that there are components of."""
    return {name: job for name, job in job_types().items() if job.component}


def model(said: Any) -> type[Spec]:
    """The model of the type a document says; ``command`` when it says none."""
    word = str(said or "command").replace("_", "").lower()
    for name, job in types().items():
        if word == name.replace("_", ""):
            found: type[Spec] = job.component_model()
            return found
    known = ", ".join(types())
    told = f"expected one of {known}, found {problems.found(said)}"
    raise Invalid([Problem(told, "type", hint=problems.closest(word, types()))])
