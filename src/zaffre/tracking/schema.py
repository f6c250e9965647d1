"""The tracking database's tables: MLflow's own, made in milliseconds from its recorded schema.

MLflow's migrations take ten seconds and import half the scientific stack. Their result is recorded per MLflow version in
``schemas/`` (``tools/mlflow_schema.py`` writes it from the real migrations, a test holds it equal), so that a new
installation runs one script. A file of an older MLflow is backed up and migrated by MLflow itself, in a process of its
own. A file of a newer one is refused.
"""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from zaffre.core.errors import Conflict, Unavailable
from zaffre.tracking import dialect

MLFLOW = "3.17"
"""The MLflow release whose schema this version of Zaffre works on."""

_INDEXES = {
    "zaffre_runs_newest": "runs (experiment_id, lifecycle_stage, start_time DESC, run_uuid)",
    "zaffre_params_value": "params (key, value, run_uuid)",
    "zaffre_logged_models_experiment": "logged_models (experiment_id, creation_timestamp_ms)",
    "zaffre_model_versions_run": "model_versions (workspace, storage_location)",
}
"""Ours, beside MLflow's: dropped before its migrations run and made again after, so that they never meet."""

_MIGRATION_SECONDS = 3600.0


def prepare(path: Path, python: str) -> None:
    """Make ``path`` a database of this version; ``python`` runs MLflow's migrations where they are needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(dialect.connect(path)) as connection:
        found = _revision(connection)
        if found is None:
            _create(connection)
        elif found != head():
            _drop_indexes(connection)
    if found is not None and found != head():
        _migrate(path, python)
    with contextlib.closing(dialect.connect(path)) as connection:
        for name, columns in _INDEXES.items():
            connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}")


def script() -> str:
    """The recorded schema."""
    return resources.files("zaffre.tracking").joinpath("schemas").joinpath(f"mlflow-{MLFLOW}.sql").read_text("utf-8")


def head() -> str:
    """The migration that the recorded schema ends at."""
    return script().splitlines()[0].rpartition(" ")[2]


def _revision(connection: sqlite3.Connection) -> str | None:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return row[0] if row else None


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if _revision(connection) is None:  # another process may have been first
        for statement in _statements(script()):
            connection.execute(statement)
    connection.execute("COMMIT")


def _statements(text: str) -> Iterator[str]:
    gathered = ""
    for line in text.splitlines(keepends=True):
        gathered += line
        if line.endswith(";\n") and sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""


def _drop_indexes(connection: sqlite3.Connection) -> None:
    for name in _INDEXES:
        connection.execute(f"DROP INDEX IF EXISTS {name}")


def _migrate(path: Path, python: str) -> None:
    backup = path.with_name(f"{path.name}.before-{MLFLOW}")
    with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    done = subprocess.run(
        [python, "-m", "mlflow", "db", "upgrade", f"sqlite:///{path}"],
        capture_output=True,
        text=True,
        timeout=_MIGRATION_SECONDS,
        check=False,
    )
    with contextlib.closing(dialect.connect(path, read_only=True)) as connection:
        now = _revision(connection)
    if done.returncode == 0 and now == head():
        return
    said = done.stderr.strip()[-2000:]
    if "Can't locate revision" in said:
        raise Conflict(
            f"{path} was written by a newer MLflow than {MLFLOW}; start it with the Zaffre that made it, or restore a"
            " backup"
        )
    raise Unavailable(f"MLflow could not migrate {path} (a copy from before is {backup}): {said}")
