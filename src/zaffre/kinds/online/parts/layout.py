"""Where deployments keep their files below the home directory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


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

    def log(self, workspace: str, endpoint: str, deployment: str, replica: str) -> Path:
        """A replica's log, which outlives it."""
        return self.deployment(workspace, endpoint, deployment) / "logs" / f"{replica}.txt"

    def socket(self, workspace: str, endpoint: str, deployment: str, replica: str) -> Path:
        """Its socket."""
        name = "/".join((workspace, endpoint, deployment, replica))
        return self.sockets / f"ep-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
