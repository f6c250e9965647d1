"""An environment that a run needs: what is kept with the run until it is there."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.core.ports import EnvironmentDefinition


@dataclass(frozen=True, slots=True)
class Wanted:
    """An environment that a job needs."""

    fingerprint: str
    name: str
    definition: EnvironmentDefinition

    def to_json(self) -> dict[str, Any]:
        """The form kept in a run's facts."""
        return {"fingerprint": self.fingerprint, "name": self.name, "definition": asdict(self.definition)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Wanted:
        """The inverse of ``to_json``."""
        return cls(stored["fingerprint"], stored["name"], _definition(stored["definition"]))


def unbuildable(error: Invalid) -> Invalid:
    """What is wrong with an environment, told of the field that names it; the place inside goes into the words."""
    return Invalid([replace(problem, field="environment", message=_placed(problem)) for problem in error.problems])


def _placed(problem: Problem) -> str:
    inside = problem.field.removeprefix("environment").lstrip(".")
    return f"{inside}: {problem.message}" if inside else problem.message


def _definition(stored: dict[str, Any]) -> EnvironmentDefinition:
    found = dict(stored)
    if found.get("pip") is not None:
        found["pip"] = tuple(found["pip"])
    found["notes"] = tuple(found.get("notes", ()))
    found["bases"] = {image: _definition(base) for image, base in found.get("bases", {}).items()}
    return EnvironmentDefinition(**found)
