"""Where everything lies below the home directory: the one place that turns names and URIs into paths."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from zaffre.control.files import Place
from zaffre.core.errors import Invalid, Problem

ARTIFACTS = "workspaceartifactstore"
DEFAULT_DATASTORE = "workspaceblobstore"
DATASTORES = (DEFAULT_DATASTORE, ARTIFACTS, "workspacefilestore", "workspaceworkingdirectory")
"""The four that every workspace is born with."""


class Locations:
    """Paths of one installation."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._roots: dict[tuple[str, str], Path] = {}
        self._away: set[tuple[str, str]] = set()

    def mount(self, workspace: str, name: str, root: str) -> None:
        """From now on the files of a datastore lie in ``root``, a folder that its owner chose."""
        self._roots[workspace, name] = Path(root)
        self._away.discard((workspace, name))

    def move_away(self, workspace: str, name: str) -> None:
        """From now on the files of a datastore lie in a store outside this machine."""
        self._away.add((workspace, name))

    def is_away(self, workspace: str, name: str) -> bool:
        """Whether a datastore has no folder here."""
        return (workspace, name) in self._away

    def datastore(self, workspace: str, name: str) -> Path:
        """Root folder of a datastore."""
        return self._roots.get((workspace, name)) or self.home / "data" / workspace / name

    def inside(self, workspace: str, datastore: str, path: str) -> Path:
        """The file or folder that a datastore path means; refuses every way out of the datastore."""
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts or "\x00" in path:
            raise Invalid([Problem(f"{path!r} is not a path inside a datastore", field="path")])
        return self.datastore(workspace, datastore).joinpath(*parts)

    def place(self, workspace: str, datastore: str, path: str) -> Place:
        """The same, for reading what somebody else may be changing: no link below the datastore is followed."""
        return Place(self.datastore(workspace, datastore), "/".join(PurePosixPath(path).parts))

    def place_of(self, path: Path) -> Place | None:
        """An absolute path as a place on the datastore that holds it; None where none does."""
        data = self.home / "data"
        own = [data.joinpath(*path.relative_to(data).parts[:2])] if path.is_relative_to(data) else []
        for root in (*self._roots.values(), *own):
            if path.is_relative_to(root):
                return Place(root, "/".join(path.relative_to(root).parts))
        return None

    def artifacts(self, workspace: str, run: str) -> Path:
        """A run's artifacts: logs, ``outputs`` and what was logged to MLflow."""
        return self.datastore(workspace, ARTIFACTS) / "ExperimentRun" / f"dcid.{run}"

    def output(self, workspace: str, run: str, name: str) -> Path:
        """Where a named output lies unless the job says otherwise."""
        return self.datastore(workspace, DEFAULT_DATASTORE) / "azureml" / run / name

    def attempt(self, run: str, number: int) -> Path:
        """The directory of one attempt: the agent's files, the command's working folder, staged outputs."""
        return self.home / "runs" / run / str(number)
