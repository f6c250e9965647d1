"""What tracking is told of a job's run."""

from __future__ import annotations

from typing import Any

from zaffre.core.ports import TrackedRun
from zaffre.core.reasons import Cause
from zaffre.core.status import RunStatus
from zaffre.store.runs import Run

ENDS = {Cause.SUCCEEDED: RunStatus.COMPLETED, Cause.CANCELED: RunStatus.CANCELED}
"""Final status by cause; every other cause is a failure."""
_PROVENANCE = ("mlflow.source.git.", "azureml.git.")
"""Properties that MLflow shows as tags: where the code came from."""


def tracked(run: Run, spec: Any) -> TrackedRun:
    """The tracked run of a job, before it begins."""
    told: dict[str, Any] = getattr(spec, "tags", None) or {}
    tags = {str(key): str(value) for key, value in told.items()}
    known: dict[str, Any] = getattr(spec, "properties", None) or {}
    tags |= {str(key): str(value) for key, value in known.items() if str(key).startswith(_PROVENANCE)}
    return TrackedRun(
        run=run.name,
        workspace=run.workspace,
        experiment=run.experiment,
        display_name=run.display_name or run.name,
        user=run.actor.partition(":")[2] or run.actor,
        started_at=run.created_at,
        tags=tags,
        parent=run.parent or None,
    )
