"""Serves the tracking floor alone, for MLflow's own tests and for the benchmark: one user, everything allowed.

    python tools/mlflow_server.py HOME PORT [--upstream]

``zaffre up`` is the product's server; this one has no gate in front and must never listen anywhere but on loopback.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from zaffre.tracking import TrackingService, TrackingSettings, Upstream, UpstreamSettings, app


@dataclass(frozen=True)
class Owner:
    """The only caller there is."""

    subject: str = "user:owner"
    workspace: str = "default"
    run: str | None = None


class WallClock:
    """The machine's time."""

    def now(self) -> float:
        """Unix seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()


@dataclass(frozen=True)
class Folders:
    """Artifacts in one folder."""

    home: Path

    def root(self, workspace: str) -> Path:
        """``HOME/artifacts``, or what ZAFFRE_TEST_ARTIFACTS says."""
        folder = Path(os.environ.get("ZAFFRE_TEST_ARTIFACTS") or self.home / "artifacts")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def model(self, workspace: str, name: str, version: str) -> Path | None:
        """There are no model assets here."""
        return None


class Permissive:
    """In the gate's place: everybody is the owner."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        scope.setdefault("state", {})["principal"] = Owner()
        await self._inner(scope, receive, send)


def build(home: Path, *, upstream: bool) -> Starlette:
    """The application; it opens its database when it starts."""
    clock = WallClock()
    sockets = Path(tempfile.mkdtemp(prefix="zmf-"))
    forwarded = UpstreamSettings(
        sys.executable,
        home / "mlflow.db",
        home / "mlflow",
        sockets / "mlflow.sock",
        {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ} | {"HOME": str(home)},
        clock,
    )
    holder: list[ASGIApp] = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        behind = Upstream(forwarded) if upstream else None
        settings = TrackingSettings(
            home / "mlflow.db", sys.executable, Folders(home), clock, lambda: uuid.uuid4().hex, upstream=behind
        )
        service = await TrackingService.open(settings)
        holder.append(Permissive(app(service)))
        yield
        if behind is not None:
            behind.stop()
        await service.close()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await holder[0](scope, receive, send)

    outer = Starlette(lifespan=lifespan)
    outer.mount("/", answer)
    return outer


def main() -> None:
    """Serve until stopped."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("home", type=Path)
    arguments.add_argument("port", type=int)
    arguments.add_argument("--upstream", action="store_true")
    given = arguments.parse_args()
    uvicorn.run(
        build(given.home.resolve(), upstream=given.upstream),
        host="127.0.0.1",
        port=given.port,
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
