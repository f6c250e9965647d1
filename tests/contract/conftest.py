"""The databases that a contract is held on."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def tracking_url(request, tmp_path):
    """Where tracking lies: a file, then a database of a real PostgreSQL with MLflow's tables in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'mlflow.db'}"
        return
    server = request.getfixturevalue("postgres")
    url = server.fresh(_with_tables)
    yield url
    server.drop(url)


def _with_tables(url: str) -> None:
    from zaffre.tracking.engines import engine

    engine(url).prepare(sys.executable)
