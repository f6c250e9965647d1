"""What a caller may reach: a user the whole workspace, a job's token its own run and what that run made.

Every handler fetches what it is asked for through these functions, so that there is no second list of routes to keep.
"""

from __future__ import annotations

from typing import Any

from zaffre.tracking.call import ROOT_TAG, Call
from zaffre.tracking.errors import Refusal, denied, missing
from zaffre.tracking.limits import experiment_number

DEFAULT_EXPERIMENT = "Default"
Row = tuple[Any, ...]

_RUN = (
    "SELECT r.run_uuid, r.name, r.user_id, r.status, r.start_time, r.end_time, r.lifecycle_stage, r.artifact_uri,"
    " r.experiment_id FROM runs r JOIN experiments e ON e.experiment_id = r.experiment_id"
    " WHERE r.run_uuid = ? AND e.workspace = ?"
)
_EXPERIMENT = (
    "SELECT experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time"
    " FROM experiments WHERE workspace = ? AND "
)
_MODEL = (
    "SELECT m.model_id, m.experiment_id, m.name, m.artifact_location, m.creation_timestamp_ms,"
    " m.last_updated_timestamp_ms, m.status, m.lifecycle_stage, m.model_type, m.source_run_id, m.status_message"
    " FROM logged_models m JOIN experiments e ON e.experiment_id = m.experiment_id"
    " WHERE m.model_id = ? AND e.workspace = ?"
)
FAMILY = (
    f"(r.run_uuid = ? OR EXISTS (SELECT 1 FROM tags f WHERE f.run_uuid = r.run_uuid AND f.key = '{ROOT_TAG}'"
    " AND f.value = ?))"
)
"""A condition on ``runs r`` that only a job's own run and the runs it made fulfil; both parameters are the job's run."""


def run(call: Call, run_id: str) -> Row:
    """A run's row (``runs.COLUMNS``), if the caller may reach it."""
    row = call.conn.execute(_RUN, (run_id, call.workspace)).fetchone()
    if row is None:
        raise missing(f"Run with id={run_id} not found")
    if not _owns_run(call, run_id):
        raise denied(f"This job's token reaches the run '{call.run}' and the runs it makes, not '{run_id}'.")
    return row


def active_run(call: Call, run_id: str) -> Row:
    """``run``, refused when it is deleted."""
    row = run(call, run_id)
    if row[6] != "active":
        raise Refusal(f"The run {run_id} must be in the 'active' state. Current state is {row[6]}.")
    return row


def runs(call: Call, run_ids: list[str]) -> None:
    """All of these runs must be there and the caller's to reach."""
    for run_id in run_ids:
        run(call, run_id)


def _owns_run(call: Call, run_id: str) -> bool:
    if call.run is None or run_id == call.run:
        return True
    found = call.conn.execute("SELECT value FROM tags WHERE key = ? AND run_uuid = ?", (ROOT_TAG, run_id)).fetchone()
    return found is not None and found[0] == call.run


def experiment(call: Call, experiment_id: str) -> Row:
    """An experiment's row (``experiments.COLUMNS``), if it is in the workspace and the caller may reach it."""
    number = experiment_number(experiment_id or "0")
    row = call.conn.execute(f"{_EXPERIMENT} experiment_id = ?", (call.workspace, number)).fetchone()
    if row is None and number == 0:  # clients name the default experiment so, whichever workspace they are in
        row = experiment_named(call, DEFAULT_EXPERIMENT)
    if row is None:
        raise missing(f"No Experiment with id={number} exists")
    own_experiment(call, row[0])
    return row


def active_experiment(call: Call, experiment_id: str) -> Row:
    """``experiment``, refused when it is deleted."""
    row = experiment(call, experiment_id)
    if row[3] != "active":
        raise Refusal(f"The experiment {row[0]} must be in the 'active' state. Current state is {row[3]}.")
    return row


def experiment_named(call: Call, name: str) -> Row | None:
    """An experiment's row by its name."""
    return call.conn.execute(f"{_EXPERIMENT} name = ?", (call.workspace, name)).fetchone()


def own_experiment(call: Call, number: int) -> None:
    """A job's token reaches the experiment of its run only."""
    if call.run is not None and number != job_experiment(call):
        raise denied(f"This job's token reaches the experiment of the run '{call.run}' only.")


def job_experiment(call: Call) -> int | None:
    """The experiment of the run that a job's token is for."""
    row = call.conn.execute(_RUN, (call.run, call.workspace)).fetchone()
    return None if row is None else row[8]


def experiments(call: Call, experiment_ids: list[str]) -> list[int]:
    """Of these, the experiments in the workspace that the caller may reach, as numbers."""
    numbers = [experiment_number(text) for text in experiment_ids]
    known: set[int] = set()
    for start in range(0, len(numbers), 500):
        chunk = numbers[start : start + 500]
        marks = ", ".join("?" * len(chunk))
        rows = call.conn.execute(
            f"SELECT experiment_id FROM experiments WHERE workspace = ? AND experiment_id IN ({marks})",
            (call.workspace, *chunk),
        ).fetchall()
        known |= {row[0] for row in rows}
    if 0 in numbers and 0 not in known and (default := experiment_named(call, DEFAULT_EXPERIMENT)):
        known.add(default[0])
    return sorted(known if call.run is None else known & {job_experiment(call)})  # pyright: ignore[reportArgumentType]


def logged_model(call: Call, model_id: str, *, deleted: bool = True) -> Row:
    """A logged model's row (``logged_models.COLUMNS``), if the caller may reach it."""
    row = call.conn.execute(_MODEL, (model_id, call.workspace)).fetchone()
    if row is None or (row[7] == "deleted" and not deleted):
        raise missing(f"Logged model with ID '{model_id}' not found.")
    if call.run is not None and not (row[9] and _owns_run(call, row[9])) and not _made_model(call, model_id):
        raise denied(f"This job's token reaches models that the run '{call.run}' logged, not '{model_id}'.")
    return row


def _made_model(call: Call, model_id: str) -> bool:
    found = call.conn.execute(
        "SELECT tag_value FROM logged_model_tags WHERE model_id = ? AND tag_key = ?", (model_id, ROOT_TAG)
    ).fetchone()
    return found is not None and found[0] == call.run


def users_only(call: Call, action: str) -> None:
    """Refuse a job's token what changes more than its own run."""
    if call.run is not None:
        raise denied(f"This job's token reaches the run '{call.run}' only; it may not {action}.")
