"""An environment that a run needs: what is kept with the run until it is there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

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
        found = dict(stored["definition"])
        if found.get("pip") is not None:
            found["pip"] = tuple(found["pip"])
        return cls(stored["fingerprint"], stored["name"], EnvironmentDefinition(**found))
