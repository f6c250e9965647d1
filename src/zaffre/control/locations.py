"""Where everything lies below the home directory: the one place that turns names and URIs into paths."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from zaffre.core.errors import Invalid, Problem

ARTIFACTS = "workspaceartifactstore"
DEFAULT_DATASTORE = "workspaceblobstore"
DATASTORES = (DEFAULT_DATASTORE, ARTIFACTS, "workspacefilestore", "workspaceworkingdirectory")
"""The four that every workspace is born with."""


class Locations:
    """Paths of one installation."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def datastore(self, workspace: str, name: str) -> Path:
        """Root folder of a local datastore."""
        return self.home / "data" / workspace / name

    def inside(self, workspace: str, datastore: str, path: str) -> Path:
        """The file or folder that a datastore path means; refuses every way out of the datastore."""
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts or "\x00" in path:
            raise Invalid([Problem(f"{path!r} is not a path inside a datastore", field="path")])
        return self.datastore(workspace, datastore).joinpath(*parts)

    def artifacts(self, workspace: str, run: str) -> Path:
        """A run's artifacts: logs, ``outputs`` and what was logged to MLflow."""
        return self.datastore(workspace, ARTIFACTS) / "ExperimentRun" / f"dcid.{run}"

    def output(self, workspace: str, run: str, name: str) -> Path:
        """Where a named output lies unless the job says otherwise."""
        return self.datastore(workspace, DEFAULT_DATASTORE) / "azureml" / run / name

    def attempt(self, run: str, number: int) -> Path:
        """The directory of one attempt: the agent's files, the command's working folder, staged outputs."""
        return self.home / "runs" / run / str(number)
