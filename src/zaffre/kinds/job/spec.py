"""A job's specification is that of its type: this model finds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zaffre.core import problems
from zaffre.core.errors import Invalid, NotBuilt, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.problems import Source
from zaffre.core.refs import Scope
from zaffre.core.registry import JobType, job_types
from zaffre.core.wire import Spec

NOT_BUILT = ("data_transfer",)
"""Azure's job types that this version does not know at all."""


class Job:
    """Reads a job of any type; every method answers with an instance of that type's own model."""

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
        said = mapping_of(body.get("properties")).get("jobType")
        found = model(said)
        _require_built(said)
        return found.from_arm(body, scope=scope, lenient=lenient)

    @staticmethod
    def model_json_schema() -> dict[str, Any]:
        """One of the types' schemas."""
        return {"oneOf": [job.model().model_json_schema() for job in job_types().values()]}


def model(said: Any) -> type[Spec]:
    """The model of the type a document or body says; ``command`` when it says none."""
    word = _folded(said)
    found = _named(word)
    if found is not None:
        model: type[Spec] = found.model()
        return model
    if word in {name.replace("_", "") for name in NOT_BUILT}:
        raise NotBuilt(f"Jobs of type {said!r} are not built in this version of Zaffre.", target="type")
    known = ", ".join(job_types())
    raise Invalid(
        [
            Problem(
                f"expected one of {known}, found {problems.found(said)}",
                "type",
                hint=problems.closest(word, job_types()),
            )
        ]
    )


def _folded(said: Any) -> str:
    return str(said or "command").replace("_", "").lower()


def _named(word: str) -> JobType | None:
    return next((job for job in job_types().values() if word in (job.name.replace("_", ""), job.arm.lower())), None)


def _require_built(said: Any) -> None:
    """What cannot be run is refused by its name before anything else is said of it."""
    found = _named(_folded(said))
    if found is not None and not found.built:
        raise NotBuilt(f"Jobs of type {found.name} are not built in this version of Zaffre.", target="type")
