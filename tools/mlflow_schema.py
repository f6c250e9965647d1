"""Writes ``src/zaffre/tracking/schemas/mlflow-<version>.sql`` from the installed MLflow's real migrations.

python tools/mlflow_schema.py            # write
python tools/mlflow_schema.py --print    # show, for the test that holds the two equal
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

SCHEMAS = Path(__file__).resolve().parents[1] / "src" / "zaffre" / "tracking" / "schemas"
_MIGRATE = (
    "import sys; from mlflow.store.db.utils import create_sqlalchemy_engine_with_retry as engine, _initialize_tables;"
    " _initialize_tables(engine(sys.argv[1]))"
)


def recorded() -> str:
    """The schema after all of MLflow's migrations, and the rows that they insert, as one script."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mlflow.db"
        subprocess.run([sys.executable, "-c", _MIGRATE, f"sqlite:///{path}"], check=True, capture_output=True)
        return describe(path)


def describe(path: Path) -> str:
    """The script that makes an equal database."""
    connection = sqlite3.connect(path)
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    ).fetchall()
    statements = [sql for kind, _, sql in rows if kind == "table"]
    statements += [sql for kind, _, sql in sorted(rows) if kind != "table"]  # MLflow makes these in no fixed order
    for kind, name, _ in rows:
        if kind == "table":
            statements += _inserts(connection, name)
    connection.close()
    tidy = ["\n".join(line.rstrip().replace("\t", "    ") for line in sql.splitlines()) for sql in statements]
    return f"-- Made by tools/mlflow_schema.py from MLflow {version('mlflow')}; revision {revision}\n" + "".join(
        f"{sql};\n" for sql in tidy
    )


def parts(text: str) -> list[list[str]]:
    """A schema without the order that MLflow leaves to chance: equal parts, equal schemas."""
    return sorted(sorted(line.strip().rstrip(",") for line in sql.splitlines()) for sql in text.split(";\n"))


def _inserts(connection: sqlite3.Connection, table: str) -> list[str]:
    cursor = connection.execute(f'SELECT * FROM "{table}"')
    columns = ", ".join(column[0] for column in cursor.description)
    found: list[str] = []
    for row in cursor:
        values = ", ".join(connection.execute("SELECT quote(?)", (value,)).fetchone()[0] for value in row)
        found.append(f"INSERT INTO {table} ({columns}) VALUES ({values})")
    return found


def main() -> None:
    """Write the file, or print it."""
    text = recorded()
    if "--print" in sys.argv:
        sys.stdout.write(text)
        return
    target = SCHEMAS / f"mlflow-{'.'.join(version('mlflow').split('.')[:2])}.sql"
    target.write_text(text, encoding="utf-8")
    sys.stdout.write(f"wrote {target.name}, {len(text)} bytes\n")


if __name__ == "__main__":
    main()
