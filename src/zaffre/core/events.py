"""What happened, in the past tense: the append-only record behind activity, streams, triggers and audit.

An event is written in the same transaction as the change it tells of, so there is never one without the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class EventType(StrEnum):
    """Every event there is."""

    RESOURCE_CREATED = "ResourceCreated"
    RESOURCE_UPDATED = "ResourceUpdated"
    RESOURCE_ARCHIVED = "ResourceArchived"
    RESOURCE_RESTORED = "ResourceRestored"
    RESOURCE_DELETED = "ResourceDeleted"
    RUN_STATUS_CHANGED = "RunStatusChanged"
    RUN_NOTED = "RunNoted"
    ENVIRONMENT_BUILT = "EnvironmentBuilt"
    DEPLOYMENT_READY = "DeploymentReady"
    DEPLOYMENT_FAILED = "DeploymentFailed"
    DEPLOYMENT_SCALED = "DeploymentScaled"
    REPLICA_ENDED = "ReplicaEnded"
    TRAFFIC_MOVED = "TrafficMoved"
    TRAFFIC_ROLLED_BACK = "TrafficRolledBack"
    SCHEDULE_FIRED = "ScheduleFired"
    SCHEDULE_SKIPPED = "ScheduleSkipped"
    SECRET_READ = "SecretRead"  # noqa: S105 - an event, not a secret
    PERSON_CHANGED = "PersonChanged"
    PERSON_REMOVED = "PersonRemoved"
    TOKEN_MADE = "TokenMade"  # noqa: S105 - the same
    TOKEN_REVOKED = "TokenRevoked"  # noqa: S105 - the same
    QUOTA_CHANGED = "QuotaChanged"
    LOGGED_IN = "LoggedIn"
    REQUEST_DENIED = "RequestDenied"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. ``seq`` and ``at`` are given by the store (0 and 0.0 before)."""

    type: EventType
    workspace: str
    subject: str
    """``kind/name[/versions/v]``, e.g. ``job/happy_fox_1``."""
    actor: str
    """Who did it: ``user:…``, ``run:…`` or ``system``."""
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    seq: int = 0
    at: float = 0.0
    """Unix seconds, UTC."""
