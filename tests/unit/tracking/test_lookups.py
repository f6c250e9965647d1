"""Looking up a logged model by run and name."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from zaffre.tracking.lookups import logged_model


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = tmp_path / "mlflow.db"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE logged_models (name, source_run_id, artifact_location, lifecycle_stage, creation_timestamp_ms)"
        )
        connection.executemany(
            "INSERT INTO logged_models VALUES (?, ?, ?, ?, ?)",
            [
                ("model", "a", "mlflow-artifacts:/1/models/m-1/artifacts", "active", 1),
                ("model", "a", "mlflow-artifacts:/1/models/m-2/artifacts", "active", 2),
                ("model", "a", "mlflow-artifacts:/1/models/m-3/artifacts", "deleted", 3),
                ("other", "b", "mlflow-artifacts:/1/models/m-4/artifacts", "active", 4),
            ],
        )
    connection.close()
    return f"sqlite:///{path}"


def test_the_newest_that_is_not_deleted(database: str):
    assert logged_model(database, "a", "model") == "1/models/m-2/artifacts"


@pytest.mark.parametrize(("run", "name"), [("a", "other"), ("b", "model"), ("nobody", "model")])
def test_none_of_another_run_or_name(database: str, run: str, name: str):
    assert logged_model(database, run, name) is None
