"""MLflow's own tables, which tracking lives on: the version they are of, and MLflow's migrations in a process of their own."""

from __future__ import annotations

import subprocess
from functools import cache
from importlib import resources

from zaffre.core.errors import Conflict, Unavailable, ZaffreError

MLFLOW = "3.17"
"""The MLflow release whose schema this version of Zaffre works on."""

INDEXES = {
    "zaffre_runs_newest": "runs (experiment_id, lifecycle_stage, start_time DESC, run_uuid)",
    "zaffre_params_value": "params (key, value, run_uuid)",
    "zaffre_logged_models_experiment": "logged_models (experiment_id, creation_timestamp_ms)",
    "zaffre_model_versions_run": "model_versions (workspace, storage_location)",
    "zaffre_tags_root": "tags (value, run_uuid) WHERE key = 'zaffre.root'",
}
"""Ours, beside MLflow's: dropped before its migrations run and made again after, so that they never meet."""

_MIGRATION_SECONDS = 3600.0
_MIGRATE = (
    "import sys, sqlalchemy; from mlflow.store.db import utils;"
    " engine = utils.create_sqlalchemy_engine_with_retry(sys.stdin.read());"
    " known = 'alembic_version' in sqlalchemy.inspect(engine).get_table_names();"
    " (utils._upgrade_db if known else utils._initialize_tables)(engine)"
)


def script() -> str:
    """The tables as SQLite has them, recorded."""
    return resources.files("zaffre.tracking").joinpath("schemas").joinpath(f"mlflow-{MLFLOW}.sql").read_text("utf-8")


@cache
def head() -> str:
    """The last migration of that release; the recorded tables are what it leaves."""
    return script().splitlines()[0].rpartition(" ")[2]


def migrate(url: str, python: str) -> str:
    """Have MLflow make or upgrade its tables; its complaint, or nothing where all went well."""
    done = subprocess.run(
        [python, "-c", _MIGRATE],
        input=url,  # an argument could be read by every user of the machine, and the address may hold a password
        capture_output=True,
        text=True,
        timeout=_MIGRATION_SECONDS,
        check=False,
    )
    return (done.stderr.strip()[-2000:] or f"exit code {done.returncode}") if done.returncode else ""


def refused(place: str, copy: str, said: str) -> ZaffreError:
    """Why the tables at ``place`` cannot be used."""
    if "Can't locate revision" in said:
        return Conflict(
            f"{place} was written by a newer MLflow than {MLFLOW}; start it with the Zaffre that made it, or restore a"
            " backup"
        )
    return Unavailable(f"MLflow could not migrate {place} ({copy}): {said}")
