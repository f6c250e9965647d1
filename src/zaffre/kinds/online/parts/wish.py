"""What a deployment wants to be, resolved and pinned: kept in its state, so that an older wish can serve on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from zaffre.kinds.online.parts.scaling import Policy

REQUEST_TIMEOUT = 5.0
QUEUE_WAIT = 0.5
"""Azure's defaults, in seconds."""


@dataclass(frozen=True, slots=True)
class Probing:
    """How long a replica may take and how often it is asked; Azure's defaults."""

    initial_delay: float = 10.0
    period: float = 10.0
    timeout: float = 2.0
    failure_threshold: int = 30

    @property
    def patience(self) -> float:
        """Seconds until it counts as failed."""
        return self.initial_delay + self.period * self.failure_threshold


@dataclass(frozen=True, slots=True)
class Limits:
    """What the router enforces; changing these needs no new replica."""

    max_concurrent: int = 1
    request_timeout: float = REQUEST_TIMEOUT
    max_queue_wait: float = QUEUE_WAIT


@dataclass(frozen=True, slots=True)
class Content:
    """What replicas are made of; another content is another generation."""

    kind: str
    """``score``, ``mlflow`` or ``triton``: which host serves it."""
    environment: dict[str, Any]
    """``Wanted`` in its stored form."""
    model_path: str = ""
    """Absolute, or empty where there is no model."""
    model_name: str = ""
    model_version: str = ""
    code: str = ""
    """``azureml:name:version`` of the pinned code, or empty."""
    code_path: str = ""
    """Absolute, where the code lies in a packaged model instead."""
    script: str = ""
    variables: dict[str, str] = field(default_factory=dict[str, str])
    request_timeout: float = REQUEST_TIMEOUT
    workers: int = 1
    score_path: str = ""
    health_paths: list[str] = field(default_factory=list[str])
    """What the environment's ``inference_config`` says; empty where it says nothing."""
    collector: dict[str, Any] = field(default_factory=dict[str, Any])
    """What is collected of inputs and outputs (``parts/collection.py``)."""
    server: dict[str, Any] = field(default_factory=dict[str, Any])
    """Of ``custom``: the image's own server (``parts/environed.py``)."""

    def probed(self, stage: str) -> str:
        """The path that a replica is asked on: its own server's route, or our host's."""
        if not self.server:
            return "/"
        return str(self.server["routes"]["readiness" if stage == "starting" else "liveness"]["path"])


@dataclass(frozen=True, slots=True)
class Wish:
    """One generation of a deployment."""

    generation: int
    content: Content
    limits: Limits = field(default_factory=Limits)
    readiness: Probing = field(default_factory=Probing)
    liveness: Probing = field(default_factory=Probing)
    count: int = 1
    policy: Policy = field(default_factory=Policy)

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {**asdict(self), "policy": self.policy.to_json()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Wish:
        """The inverse of ``to_json``."""
        return cls(
            int(stored["generation"]),
            Content(**stored["content"]),
            Limits(**stored["limits"]),
            Probing(**stored["readiness"]),
            Probing(**stored["liveness"]),
            int(stored["count"]),
            Policy.from_json(stored.get("policy") or {}),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """One replica on record."""

    generation: int
    number: int
    """Counts all replicas a deployment ever had; the task's attempt."""
    token: str
    socket: str
    directory: str
    log: str
    stage: str = "starting"
    """``starting``, ``ready`` or ``draining``."""
    started_at: float = 0.0
    silent_since: float | None = None
    workers: int = 1

    @property
    def id(self) -> str:
        """Its name in the routing table."""
        return f"{self.generation}-{self.number}"

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Place:
        """The inverse of ``to_json``."""
        return cls(**stored)
