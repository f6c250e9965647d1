"""The tracking service: the database, what it is called by the engine, and the two directions of the model registry."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from zaffre.core.ports import Clock, TrackedRun, UseSample
from zaffre.tracking import access, experiments, metrics, registry, runs, trials, versions
from zaffre.tracking.artifacts import SCHEME, ArtifactFolders
from zaffre.tracking.assets import MirroredModel, MirroredVersion, ModelAssets
from zaffre.tracking.call import ROOT_TAG, Call, Handler, Principal, column
from zaffre.tracking.database import Database
from zaffre.tracking.dialect import Connection
from zaffre.tracking.engines import engine as engine_of
from zaffre.tracking.errors import Refusal
from zaffre.tracking.limits import MAX_BATCH_METRICS
from zaffre.tracking.upstream import Upstream
from zaffre.tracking.wire import Body

T = TypeVar("T")

_LOGGING = (metrics.log, metrics.log_batch)
_FEW = 8
_STATUS = {"Completed": "FINISHED", "Failed": "FAILED", "Canceled": "KILLED"}


@dataclass(frozen=True, slots=True)
class TrackingSettings:
    """What the composition root decides."""

    database: str
    """``sqlite:////…/mlflow.db`` or ``postgresql://…``."""
    python: str
    """The interpreter that has MLflow, for its migrations."""
    folders: ArtifactFolders
    clock: Clock
    new_id: Callable[[], str]
    """32 hexadecimal digits, never the same twice (``lambda: uuid4().hex``)."""
    assets: ModelAssets | None = None
    """Without them versions are counted here and belong to MLflow alone."""
    upstream: Upstream | None = None
    """Without it the routes that only MLflow's own server answers are 501."""


@dataclass(frozen=True, slots=True)
class System:
    """The server itself, as a caller."""

    workspace: str
    subject: str = "system"
    run: str | None = None


class TrackingService:
    """MLflow's records; also ``core.ports.Tracking``. Made by ``open``."""

    def __init__(self, settings: TrackingSettings, database: Database) -> None:
        self.settings = settings
        self._database = database
        self._known: set[str] = set()
        self._watched: dict[str, Callable[[], None]] = {}

    @classmethod
    async def open(cls, settings: TrackingSettings) -> Self:
        """Prepare the database (milliseconds, unless it must be migrated) and start its threads."""
        engine = engine_of(settings.database)
        await asyncio.to_thread(engine.prepare, settings.python)
        return cls(settings, Database(engine))

    async def close(self) -> None:
        """Finish what is under way. MLflow's own server, where it runs, goes on and is adopted again."""
        if self.settings.upstream is not None:
            await self.settings.upstream.close()
        await asyncio.to_thread(self._database.close)

    async def read(self, who: Principal, handler: Handler, body: Body, *, small: bool = False) -> Any:
        """Run a handler that changes nothing; ``small`` where it reads a few rows."""
        if column(who.workspace) not in self._known:
            await self._know(who)
        return await self._database.read(lambda conn: handler(self._call(conn, who), body), small=small)

    async def write(self, who: Principal, handler: Handler, body: Body, *, small: bool = False) -> Any:
        """Run a handler in a transaction; what it did is durable when this returns. ``small``: a few rows."""
        if column(who.workspace) not in self._known:
            await self._know(who)
        written = await self._database.write(lambda conn: handler(self._call(conn, who), body), small=small)
        if self._watched and handler in _LOGGING and (heard := self._watched.pop(body.get("run_id", ""), None)):
            heard()
        return written

    def _call(self, conn: Connection, who: Principal) -> Call:
        now = int(self.settings.clock.now() * 1000)
        return Call(conn, column(who.workspace), who.subject, who.run, now, self.settings.new_id)

    async def _know(self, who: Principal) -> None:
        await self._database.write(lambda conn: _introduce(self._call(conn, System(who.workspace)), who.workspace))
        self._known.add(column(who.workspace))

    async def open_run(self, run: TrackedRun) -> str:
        """``core.ports.Tracking``: experiment and run, made where missing; returns the experiment's id."""
        return await self.write(System(run.workspace, run.user), _open_run, {"run": run}, small=True)

    async def close_run(self, run: str, status: str, ended_at: float) -> None:
        """``core.ports.Tracking``: the job's end, over whatever a client reported."""
        body = {"run": run, "status": _STATUS.get(status, "FAILED"), "ended": int(ended_at * 1000)}
        await self._database.write(lambda conn: _close_run(conn, body), small=True)

    async def log_use(self, run: str, workspace: str, samples: Sequence[UseSample]) -> None:
        """``core.ports.Tracking``: MLflow's system metrics. A run that its user deleted keeps none."""
        points = [
            {"key": f"system/{name}", "value": value, "timestamp": sample.at, "step": sample.step}
            for sample in samples
            for name, value in sample.values.items()
        ]
        for first in range(0, len(points), MAX_BATCH_METRICS):
            body = {"run_id": run, "metrics": points[first : first + MAX_BATCH_METRICS]}
            with suppress(Refusal):
                await self.write(System(workspace), metrics.log_batch, body)

    async def logged(
        self, names: Sequence[str], wanted: Sequence[str], params: Mapping[str, Mapping[str, str]]
    ) -> dict[str, trials.Logged]:
        """What these runs have logged of the metrics that are wanted; ``params`` are put on record where they are missing."""
        if params:
            await self._database.write(lambda conn: trials.add_params(conn, params), small=True)
        return await self._database.read(lambda conn: trials.logged(conn, names, wanted), small=len(names) <= _FEW)

    def watch(self, run: str, heard: Callable[[], None] | None) -> None:
        """Call ``heard`` once, when the run logs a metric next; None forgets it."""
        if heard is None:
            self._watched.pop(run, None)
        else:
            self._watched[run] = heard

    async def mirror(self, model: MirroredModel) -> None:
        """Show a model asset in MLflow; doing it again changes nothing."""
        await self.write(System(model.workspace), _mirror, {"model": model})


def _introduce(call: Call, name: str) -> None:
    call.conn.execute(
        "INSERT INTO workspaces (name, description) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (call.workspace, f"Zaffre workspace {name}"),
    )
    if access.experiment_named(call, access.DEFAULT_EXPERIMENT) is not None:
        return
    if call.workspace != "default":
        experiments.insert(call, access.DEFAULT_EXPERIMENT, "", {})
        return
    call.conn.execute(  # MLflow's clients expect the number 0
        "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time,"
        " last_update_time, workspace) VALUES (0, ?, ?, 'active', ?, ?, ?) ON CONFLICT DO NOTHING",
        (access.DEFAULT_EXPERIMENT, f"{SCHEME}0", call.now, call.now, call.workspace),
    )


def _open_run(call: Call, body: Body) -> str:
    run: TrackedRun = body["run"]
    row = access.experiment_named(call, run.experiment)
    number: int = experiments.insert(call, run.experiment, "", {}) if row is None else row[0]
    if row is not None and row[3] != "active":
        call.conn.execute("UPDATE experiments SET lifecycle_stage = 'active' WHERE experiment_id = ?", (number,))
    if call.conn.execute("SELECT 1 FROM runs WHERE run_uuid = ?", (run.run,)).fetchone() is None:
        runs.insert(call, _tracked(run, number))
    return str(number)


def _tracked(run: TrackedRun, number: int) -> runs.NewRun:
    name = run.display_name or run.run
    tags = {**run.tags, runs.NAME_TAG: name, "mlflow.user": run.user, "mlflow.source.type": "JOB"}
    if run.parent:
        tags[runs.PARENT_TAG] = run.parent
    location = f"{SCHEME}{number}/{run.run}/artifacts"
    return runs.NewRun(run.run, number, location, name, run.user, int(run.started_at * 1000), tags=tags)


def _close_run(conn: Connection, body: Body) -> None:
    final = (body["status"], body["ended"])
    conn.execute("UPDATE runs SET status = ?, end_time = ? WHERE run_uuid = ?", (*final, body["run"]))
    conn.execute(  # runs that the job's script made and left open
        "UPDATE runs SET status = ?, end_time = ? WHERE status IN ('RUNNING', 'SCHEDULED') AND run_uuid IN"
        f" (SELECT run_uuid FROM tags WHERE key = '{ROOT_TAG}' AND value = ?)",
        (*final, body["run"]),
    )


def _mirror(call: Call, body: Body) -> None:
    model: MirroredModel = body["model"]
    if model.deleted:
        if call.conn.execute(
            "SELECT 1 FROM registered_models WHERE workspace = ? AND name = ?", (call.workspace, model.name)
        ).fetchone():
            registry.delete(call, {"name": model.name})
        return
    shown = [(int(version.version), version) for version in model.versions if version.version.isdigit()]
    if model.versions and not shown:
        return  # nothing of it can be seen through MLflow
    registry.put(call, model.name, model.description, model.tags)
    for number, version in shown:
        if number < 2**31:
            _mirror_version(call, model.name, number, version)


def _mirror_version(call: Call, name: str, number: int, version: MirroredVersion) -> None:
    row = call.conn.execute(
        "SELECT current_stage FROM model_versions WHERE workspace = ? AND name = ? AND version = ?",
        (call.workspace, name, number),
    ).fetchone()
    if version.deleted:
        if row is not None and row[0] != registry.DELETED:
            versions.delete(call, {"name": name, "version": str(number)})
        return
    versions.put(
        call,
        versions.VersionRow(
            name,
            number,
            version.source,
            version.location or f"{SCHEME}models/{name}/{number}",
            run=version.run,
            description=version.description,
            user=version.user,
            created_at=int(version.created_at * 1000),
            tags=version.tags,
        ),
    )
