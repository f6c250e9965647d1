"""``core.draft.Lookup`` over a transaction: what rules may ask before something is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from zaffre.control.files import Place
from zaffre.control.locations import ARTIFACTS, DATASTORES, DEFAULT_DATASTORE, Locations
from zaffre.control.remote import Remote
from zaffre.control.rooms import idle_nodes
from zaffre.core import queues, refs
from zaffre.core.errors import Invalid, NotFound, Problem
from zaffre.core.ports import EnvironmentBuilder, EnvironmentDefinition
from zaffre.core.resource import Key, Resource
from zaffre.store import Tx, assets, families, resources, runs
from zaffre.store import queues as lines
from zaffre.store.runs import Run

Curated = Callable[[str, str], EnvironmentDefinition | None]
LoggedModel = Callable[[str, str], str | None]
"""(run, name) → path, in the workspace's artifacts, of a model that a run logged."""

_WHOLE = "artifacts"
"""The output that is everything a job left beside its named ones."""


class Places:
    """Turns URIs into paths of this machine; shared by lookups and by those who launch."""

    def __init__(self, locations: Locations, logged_model: LoggedModel) -> None:
        self._locations = locations
        self._logged_model = logged_model
        self.mount = locations.mount
        self.move_away = locations.move_away

    def path(self, workspace: str, uri: str) -> str | None:
        """The absolute path behind a datastore, job-output or ``runs:`` URI; None for what is elsewhere."""
        match refs.parse(uri):
            case refs.DatastorePath(datastore, path, scope):
                owner = scope.workspace.lower() if scope is not None else workspace
                if self._locations.is_away(owner, datastore):
                    return None
                return str(self._locations.inside(owner, datastore, path))
            case refs.JobOutput(job, output, path):
                return str(self._output(workspace, job, output, path))
            case refs.RunArtifact(run, path):
                return str(self._artifact(workspace, run, path))
            case _:
                return None

    def place(self, workspace: str, uri: str) -> Place | None:
        """The same, for reading what somebody else may be changing."""
        path = self.path(workspace, uri)
        return self._locations.place_of(Path(path)) if path is not None else None

    def _output(self, workspace: str, job: str, output: str, path: str) -> Path:
        if output == _WHOLE:
            return self._artifact(workspace, job, path)
        final = self._locations.output(workspace, job, output)
        return (
            self._locations.inside(workspace, "workspaceblobstore", f"azureml/{job}/{output}/{path}") if path else final
        )

    def _artifact(self, workspace: str, run: str, path: str) -> Path:
        """An artifact of a run; MLflow 3 keeps logged models elsewhere, under the same name."""
        found = self._locations.inside(workspace, ARTIFACTS, f"ExperimentRun/dcid.{run}/{path}")
        if not found.exists() and path:
            name, _, rest = path.partition("/")
            logged = self._logged_model(run, name)
            if logged is not None:
                return self._locations.inside(workspace, ARTIFACTS, f"{logged}/{rest}" if rest else logged)
        return found


class StoreLookup:
    """Answers from one transaction."""

    def __init__(
        self,
        tx: Tx,
        places: Places,
        builder: EnvironmentBuilder,
        curated: Curated,
        remote: Remote | None = None,
    ) -> None:
        self._tx = tx
        self._remote = remote
        self._places = places
        self._builder = builder
        self._curated = curated

    def resource(self, key: Key) -> Resource | None:
        """A resource by its whole key."""
        return resources.get(self._tx, key)

    def children(self, workspace: str, kind: str, parent: str) -> list[Resource]:
        """What belongs to a parent, archived or not."""
        query = resources.Query(workspace, kind, parent, view=resources.View.ALL, top=1000)
        return resources.list(self._tx, query)

    def asset(self, key: Key, label: str = "") -> Resource | None:
        """A version of an asset: by version, by label, or the latest."""
        try:
            return assets.resolve(self._tx, key.workspace, key.kind, key.name, key.version or None, label or None)
        except NotFound:
            return None

    def run_state(self, name: str) -> dict[str, Any] | None:
        """A run's facts as answers show them."""
        run = runs.get(self._tx, name)
        return None if run is None else run_state(run)

    def runs_below(self, name: str) -> list[str]:
        """The runs that a run started, theirs, and so on."""
        found: list[str] = []
        above = [name]
        while above:
            above = [child.name for parent in above for child in families.children(self._tx, parent)]
            found += above
        return found

    def open_run(self, workspace: str, compute: str) -> str | None:
        """The name of a run that waits for, or is on, a compute."""
        return lines.anybody(self._tx, queues.line(workspace, compute))

    def nodes(self, compute: Resource) -> tuple[list[tuple[str, str, int]], int]:
        """(run, status, nodes) of all that runs on a compute, and how many nodes stand idle there."""
        line = queues.line(compute.key.workspace, compute.key.name)
        held = [(one.name, one.status.value, one.slots) for one in lines.holding(self._tx, line, _MOST_NODES)]
        return held, sum(count for _, count in idle_nodes(compute, self._tx.now))

    def curated(self, name: str, version: str = "") -> EnvironmentDefinition | None:
        """An environment of the built-in registry."""
        return self._curated(name, version)

    def local_path(self, workspace: str, uri: str) -> str | None:
        """The absolute path behind a URI of this installation; refuses a datastore that there is not."""
        uri = self.pinned(workspace, uri)
        found = refs.parse(uri)
        if isinstance(found, refs.DatastorePath):
            owner = found.scope.workspace.lower() if found.scope is not None else workspace
            self._open(Key(owner, "datastore", found.datastore))
        return self._places.path(workspace, uri)

    def check_elsewhere(self, workspace: str, uri: str, type_: str, *, write: bool = False) -> None:
        """Refuse a place outside this machine that nothing could be brought from (or sent to)."""
        if self._remote is not None and self._remote.is_elsewhere(uri):
            self._remote.check(self._tx, workspace, uri, type_, write=write)

    def pinned(self, workspace: str, uri: str) -> str:
        """``uri``, or the datastore URI it means: a job may have chosen where its output goes."""
        found = refs.parse(uri)
        if not isinstance(found, refs.JobOutput):
            return uri
        run = runs.get(self._tx, found.job)
        if found.output == _WHOLE and run is not None and run.workspace == workspace:
            return str(replace(found, job=str(run.facts.get("reused") or run.name)))
        chosen = run.facts.get("output_paths", {}).get(found.output) if run and run.workspace == workspace else None
        if chosen is None or chosen == [DEFAULT_DATASTORE, f"azureml/{found.job}/{found.output}"]:
            return uri
        datastore, path = chosen
        return f"azureml://datastores/{datastore}/paths/{path.rstrip('/')}" + (f"/{found.path}" if found.path else "")

    def _open(self, key: Key) -> None:
        datastore = resources.get(self._tx, key)
        if datastore is None:
            told = f"there is no datastore {key.name!r} in workspace {key.workspace}"
            raise Invalid([Problem(told, field="path", hint="zaffre datastore list shows what is there")])
        if datastore.spec.get("root"):
            self._places.mount(key.workspace, key.name, datastore.spec["root"])
        elif key.name not in DATASTORES:
            self._places.move_away(key.workspace, key.name)

    def path_kind(self, path: str) -> str | None:
        """``file``, ``folder``, or None."""
        found = Path(path)
        return "folder" if found.is_dir() else "file" if found.is_file() else None

    def text(self, path: str) -> str | None:
        """A small text file (an MLmodel), or None where there is none."""
        found = Path(path)
        if not found.is_file() or found.stat().st_size > _LARGEST_TEXT:
            return None
        return found.read_text(errors="replace")

    def environment_notes(self, fingerprint: str) -> tuple[str, ...]:
        """What was translated or relaxed to build an environment; empty while it is not built."""
        interpreter = self._builder.look(fingerprint).interpreter
        return interpreter.notes if interpreter is not None else ()

    def fingerprint(self, definition: EnvironmentDefinition) -> str:
        """The environment's fingerprint; refuses what cannot be built here."""
        return self._builder.fingerprint(definition)


def mount_all(tx: Tx, locations: Locations) -> None:
    """When a server starts: where the datastores lie whose owners chose a folder for them."""
    for workspace in resources.list(tx, resources.Query("", "workspace", view="all", top=10_000)):
        query = resources.Query(workspace.key.name, "datastore", view="all", top=10_000)
        for datastore in resources.list(tx, query):
            if datastore.spec.get("root"):
                locations.mount(workspace.key.name, datastore.key.name, datastore.spec["root"])
            elif datastore.key.name not in DATASTORES:
                locations.move_away(workspace.key.name, datastore.key.name)


_MOST_NODES = 1000
_LARGEST_TEXT = 1024 * 1024


def run_state(run: Run) -> dict[str, Any]:
    """A run as answers show it."""
    return {
        "status": run.status.value,
        "type": run.type,
        "attempt": run.attempt,
        "reason": run.reason.to_json() if run.reason else None,
        "cancel_by": run.cancel_by,
        "compute": queues.compute_of(run.compute),
        "experiment_name": run.experiment,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "facts": run.facts,
        **({"parent_job_name": run.parent} if run.parent else {}),
    }
