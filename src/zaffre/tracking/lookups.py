"""What others ask of the tracking records in passing, on a connection of its own: no service is needed, nothing waits."""

from __future__ import annotations

from contextlib import closing

from zaffre.tracking.artifacts import SCHEME
from zaffre.tracking.engines import engine


def logged_model(database: str, run: str, name: str) -> str | None:
    """Where, in the workspace's artifacts, the newest model lies that ``run`` logged as ``name`` (MLflow 3); None for none."""
    with closing(engine(database).connect(read_only=True)) as connection:
        row = connection.execute(
            "SELECT artifact_location FROM logged_models WHERE source_run_id = ? AND name = ?"
            " AND lifecycle_stage = 'active' ORDER BY creation_timestamp_ms DESC LIMIT 1",
            (run, name),
        ).fetchone()
    return str(row[0]).removeprefix(SCHEME) if row is not None else None
