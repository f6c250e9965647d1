"""MLflow's tables as lines of text, and back, on whatever database they lie in; for backups, in a process of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Engine, MetaData, create_engine, delete, select

from zaffre.core.errors import Invalid
from zaffre.store.dump import fill, lines
from zaffre.tracking.engines import engine as engine_of

_VERSION = "alembic_version"
_ONE_MOMENT = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


class SavedTracking:
    """The tables of one database."""

    def __init__(self, url: str) -> None:
        self._place = engine_of(url)

    def lines(self) -> Iterator[tuple[str, Iterator[str]]]:
        """Every table and its lines, all of one moment; each must be read before the next is asked for."""
        engine = self._engine().execution_options(isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(_ONE_MOMENT[connection.dialect.name])
                for table in _reflected(connection).sorted_tables:
                    yield table.name, lines(connection, table)
                connection.exec_driver_sql("ROLLBACK")
        finally:
            engine.dispose()

    def make(self, python: str) -> None:
        """Create the tables, empty of the few rows that MLflow is born with; refuses a database that is in use."""
        self._place.prepare(python)
        engine = self._engine()
        try:
            with engine.begin() as connection:
                tables = _reflected(connection)
                if connection.execute(select(tables.tables["runs"].c.run_uuid).limit(1)).first() is not None:
                    raise Invalid("the tracking database is in use already; a backup is restored into an empty one")
                for table in reversed(tables.sorted_tables):
                    if table.name != _VERSION:
                        connection.execute(delete(table))
        finally:
            engine.dispose()

    def fill(self, found: Iterable[tuple[str, Iterable[str]]]) -> int:
        """Put the lines of all tables into them, in one transaction; how many rows there were."""
        engine = self._engine()
        try:
            with engine.begin() as connection:
                tables = _reflected(connection)
                return sum(self._filled(connection, tables, name, rows) for name, rows in found)
        finally:
            engine.dispose()

    def _filled(self, connection: Connection, tables: MetaData, name: str, found: Iterable[str]) -> int:
        if name not in tables.tables:
            raise Invalid(f"the backup has a table {name} that this version's MLflow does not know")
        if name == _VERSION:
            held = connection.execute(select(tables.tables[name])).scalar_one()
            if f'["{held}"]' not in [line.strip() for line in found]:
                raise Invalid(
                    f"the backup's tracking tables are not of MLflow's version {held}; restore it with its Zaffre"
                )
            return 1
        return fill(connection, tables.tables[name], found)

    def _engine(self) -> Engine:
        return create_engine(self._place.mlflow_url, hide_parameters=True)


def _reflected(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found
