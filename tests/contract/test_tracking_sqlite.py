"""The recorded schema is what MLflow's migrations make, and an old database is migrated by MLflow itself."""

import contextlib
import sqlite3
import sys

import pytest

import mlflow_schema
from zaffre.core.errors import Conflict
from zaffre.tracking import schema
from zaffre.tracking.sqlite import Sqlite


def test_recorded_schema_equals_the_real_migrations():
    assert mlflow_schema.parts(schema.script()) == mlflow_schema.parts(mlflow_schema.recorded())


def test_prepare_is_quick_and_idempotent(tmp_path):
    path = tmp_path / "home" / "mlflow.db"
    for _ in range(2):
        Sqlite(path).prepare("no-interpreter-is-needed")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(schema.head(),)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_older_database_is_backed_up_and_migrated(tmp_path):
    path = tmp_path / "mlflow.db"
    Sqlite(path).prepare(sys.executable)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        before = _downgrade(connection)
        connection.commit()
    Sqlite(path).prepare(sys.executable)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (schema.head(),)
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "zaffre_runs_newest" in names
    with contextlib.closing(sqlite3.connect(f"{path}.before-{schema.MLFLOW}")) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (before,)


_COLUMNS = (
    *("next_attempt_at", "scoped_permissions", "token_hash", "progress_updated_at"),
    *("progress", "status_message", "lease_expires_at", "executor_backend"),
)


def _downgrade(connection):
    """Take back MLflow's last migration by hand (its own way back copies tables)."""
    connection.execute("DROP INDEX index_jobs_status_lease_expires_at")
    for column in _COLUMNS:
        connection.execute(f"ALTER TABLE jobs DROP COLUMN {column}")
    connection.execute("DROP TABLE job_locks")
    connection.execute("DROP TABLE scheduler_leases")
    connection.execute("UPDATE alembic_version SET version_num = '75868b020152'")
    return "75868b020152"


def test_a_newer_database_is_refused(tmp_path):
    path = tmp_path / "mlflow.db"
    Sqlite(path).prepare(sys.executable)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")
        connection.commit()
    with pytest.raises(Conflict, match="newer MLflow"):
        Sqlite(path).prepare(sys.executable)
