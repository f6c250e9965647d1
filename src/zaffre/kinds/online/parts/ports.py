"""What the reconciler needs of others, as protocols: the router, a look at a replica, code laid out, facts of paths."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from zaffre.serving.probe import Health
from zaffre.serving.table import Endpoint


class Router(Protocol):
    """The data plane, seen from the control plane (``serving.publisher.Publisher``)."""

    @property
    def url(self) -> str:
        """Where callers reach it, e.g. ``http://127.0.0.1:8441``."""
        ...

    async def publish(self, endpoints: dict[str, Endpoint]) -> int:
        """Have the router follow exactly these endpoints, starting it where it does not run; the table's version."""
        ...

    async def applied(self) -> int:
        """The version the router follows now; 0 while it does not answer."""
        ...


class Asking(Protocol):
    """One probe of a replica (``serving.probe.probe``)."""

    async def __call__(self, socket: str, path: str = "/", timeout: float = 2.0) -> Health:  # noqa: ASYNC109
        """What it answers."""
        ...


class Code(Protocol):
    """Puts the files of a code asset into a folder."""

    async def __call__(self, workspace: str, reference: str, target: Path) -> None:
        """Lay out ``azureml:name:version`` as ``target``, again from the start when called again."""
        ...


class Places(Protocol):
    """Where deployments keep their files."""

    def replica(self, workspace: str, endpoint: str, deployment: str, replica: str) -> Path:
        """A replica's own directory."""
        ...

    def log(self, workspace: str, endpoint: str, deployment: str, replica: str) -> Path:
        """A replica's log, which outlives it."""
        ...

    def socket(self, workspace: str, endpoint: str, deployment: str, replica: str) -> Path:
        """Its socket, in the short sockets folder."""
        ...
