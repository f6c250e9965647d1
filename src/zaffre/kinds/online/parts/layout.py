"""Where deployments keep their files below the home directory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

SERVER = "inferenceserver"
INITIALIZER = "storageinitializer"
CONTAINERS = {SERVER: ".txt", INITIALIZER: ".storage"}
"""Azure's two containers, and how their logs end here: the scoring process, and what was laid out for it before."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths of one installation."""

    home: Path
    sockets: Path
    """The short sockets folder: a socket's path has at most 107 bytes."""

    def deployment(self, workspace: str, endpoint: str, deployment: str) -> Path:
        """A deployment's folder."""
        return self.home / "endpoints" / workspace / endpoint / deployment

    def replica(self, workspace: str, endpoint: str, deployment: str, replica: str) -> Path:
        """A replica's own directory."""
        return self.deployment(workspace, endpoint, deployment) / replica

    def logs(self, workspace: str, endpoint: str, deployment: str) -> Path:
        """The logs of all its replicas, those that are gone included."""
        return self.deployment(workspace, endpoint, deployment) / "logs"

    def log(self, workspace: str, endpoint: str, deployment: str, replica: str) -> Path:
        """A replica's log, which outlives it."""
        return self.logs(workspace, endpoint, deployment) / f"{replica}{CONTAINERS[SERVER]}"

    def socket(self, workspace: str, endpoint: str, deployment: str, replica: str) -> Path:
        """Its socket."""
        name = "/".join((workspace, endpoint, deployment, replica))
        return self.sockets / f"ep-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
