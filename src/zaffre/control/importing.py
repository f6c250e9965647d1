"""An import job's work as an order to a staging process: where its source leads, and who one is there."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from zaffre.control.locations import Locations
from zaffre.control.lookup import Places
from zaffre.control.remote import Remote
from zaffre.core import targets
from zaffre.core.errors import Invalid, Problem
from zaffre.core.imports import Database, connection_name
from zaffre.core.ports import BuildPhase, BuildState, Interpreter
from zaffre.core.reasons import Cause
from zaffre.core.resource import Key, Resource
from zaffre.core.tasks import Step
from zaffre.staging.order import Input, Order, Query, StoreSpec
from zaffre.store import Store, Tx, resources
from zaffre.store.runs import Run

LOG = "std_log.txt"
REPORT = "imported.json"


def nothing_to_build(python: str, prefix: str) -> tuple[str, BuildState]:
    """The environment of a run that needs none: Zaffre's own interpreter, which is there."""
    return "", BuildState(BuildPhase.READY, Interpreter(prefix, python, ()))


class Importing:
    """Makes orders, and reads what became of them."""

    def __init__(self, remote: Remote, places: Places, store: Store, locations: Locations) -> None:
        self._remote = remote
        self._places = places
        self._store = store
        self._locations = locations

    async def own(self, run: Run, spec: Any) -> Step | None:
        """The process that does an import job's work; None for any other job."""
        if getattr(spec, "source", None) is None:
            return None
        order = await self._store.read(lambda tx: self._order(tx, run, spec))
        directory = self._locations.attempt(run.name, run.attempt)
        directory.mkdir(parents=True, exist_ok=True)
        log = self._locations.artifacts(run.workspace, run.name) / "user_logs" / LOG
        return self._remote.step(order, directory, log, Cause.IMPORT_FAILED.value)

    def properties(self, run: Run, spec: Any) -> dict[str, str]:
        """What the data asset says of an import that succeeded: rows, bytes, columns, where from."""
        if getattr(spec, "source", None) is None:
            return {}
        try:
            told = json.loads((self._locations.attempt(run.name, run.attempt) / REPORT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {f"import.{key}": str(value) for key, value in told.get("facts", {}).items()}

    def _order(self, tx: Tx, run: Run, spec: Any) -> Order:
        name = connection_name(spec.source.connection)
        connection = resources.get(tx, Key(run.workspace, "connection", name))
        if connection is None:
            raise Invalid([Problem(f"connection {name!r} was deleted meanwhile", field="source.connection")])
        credentials = self._remote.credentials(tx, connection)
        directory = self._locations.attempt(run.name, run.attempt)
        (output,) = spec.outputs
        folder, report = str(directory / "out" / output), directory / REPORT
        if isinstance(spec.source, Database):
            query = self._query(run, spec.source, connection, credentials, (folder, spec.outputs[output].type))
            return self._remote.order("query", report, query=query)
        store = StoreSpec(name=name, **asdict(targets.bucket_of(connection.spec)))
        one = Input(output, store, credentials, spec.source.path or "", "uri_folder", folder)
        return self._remote.order("copy", report, inputs=(one,))

    def _query(
        self, run: Run, source: Database, connection: Resource, credentials: dict[str, str], made: tuple[str, str]
    ) -> Query:
        database = targets.database_of(connection.spec)
        return Query(
            database=database,
            file=self._file(run.workspace, database.name) if database.dialect == "sqlite" else "",
            username=credentials.get("username", ""),
            password=credentials.get("password", ""),
            statement=source.query or "",
            table=source.table_name or "",
            procedure=source.stored_procedure or "",
            parameters=tuple((one.name, one.value, one.type) for one in source.stored_procedure_params or ()),
            folder=made[0],
            type=made[1],
        )

    def _file(self, workspace: str, uri: str) -> str:
        """A database that is a file lies in a datastore of this machine, and no link leads out of it."""
        place = self._places.place(workspace, uri)
        if place is None:
            raise Invalid([Problem(f"{uri} lies outside this machine", field="source.connection")])
        with place.open():  # refuses every link
            return str(place.root / place.path)
