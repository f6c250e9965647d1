"""What is recorded of a search: its question, and its trials so far; both can be written as JSON and read back."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zaffre.core.sweeping import Sampler, Space, read_sampler, read_space

RUNNING = "running"
COMPLETED = "completed"
STOPPED = "stopped"
"""By early termination: what it logged counts, as far as it came."""
FAILED = "failed"
"""Or without a value: nothing is learned from it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial as a search remembers it."""

    number: int
    parameters: Mapping[str, Any]
    state: str = RUNNING
    values: tuple[float, ...] | None = None
    """One for each goal."""

    @property
    def counts(self) -> bool:
        """Whether something can be learned from it."""
        return self.state in (COMPLETED, STOPPED) and self.values is not None and not any(map(math.isnan, self.values))

    def to_json(self) -> list[Any]:
        """A row."""
        return [self.number, dict(self.parameters), self.state, None if self.values is None else list(self.values)]

    @classmethod
    def from_json(cls, row: Sequence[Any]) -> Trial:
        """The inverse."""
        number, parameters, state, values = row
        return cls(number, parameters, state, None if values is None else tuple(float(value) for value in values))


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, where, and how; it never changes while a search runs."""

    spaces: Mapping[str, Space]
    sampler: Sampler
    goals: tuple[str, ...]
    """``minimize`` or ``maximize``, one for each value of a trial."""
    seed: int
    before: tuple[Trial, ...] = ()
    """Trials of earlier searches in the same space, to learn from."""

    @property
    def base(self) -> float:
        """Of the logarithms that the bounds of ``loguniform`` are."""
        said = getattr(self.sampler, "logbase", None)
        return math.e if said in (None, "e") else float(said)

    def to_json(self) -> dict[str, Any]:
        """For the process that answers."""
        return {
            "spaces": {name: space.to_yaml() for name, space in self.spaces.items()},
            "sampler": self.sampler.to_yaml(),
            "goals": list(self.goals),
            "seed": self.seed,
            "before": [trial.to_json() for trial in self.before],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Search:
        """The inverse."""
        return cls(
            {name: read_space(space) for name, space in data["spaces"].items()},
            read_sampler(data["sampler"]),
            tuple(data["goals"]),
            int(data["seed"]),
            tuple(Trial.from_json(row) for row in data["before"]),
        )


def seed_of(*parts: object) -> int:
    """A seed that follows from what it is for: the same parts, the same number."""
    text = "\0".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
