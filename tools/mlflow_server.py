"""Serves the tracking floor alone, for MLflow's own tests and for the benchmark: one user, everything allowed.

    python tools/mlflow_server.py HOME PORT [--upstream]

``zaffre up`` is the product's server; this one has no gate in front and must never listen anywhere but on loopback.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from zaffre.tracking import ModelAssets, TrackingService, TrackingSettings, Upstream, UpstreamSettings, app


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

    def __init__(self, inner: ASGIApp, who: Owner | None = None) -> None:
        self._inner, self._who = inner, who or Owner()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        scope.setdefault("state", {})["principal"] = self._who
        await self._inner(scope, receive, send)


class Session:
    """One caller of a tracking service, in this process: what the tests speak through."""

    def __init__(self, service: TrackingService, who: Owner | None = None) -> None:
        self.service, self.who = service, who or Owner()
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(Permissive(app(service), self.who)), base_url="http://zaffre"
        )

    def other(self, *, workspace: str | None = None, run: str | None = None) -> Session:
        """Another caller of the same service."""
        who = Owner(f"run:{run}" if run else self.who.subject, workspace or self.who.workspace, run)
        return Session(self.service, who)

    async def ask(self, method: str, path: str, body: Any = None, /, **params: Any) -> httpx.Response:
        """A request below ``/api/2.0/mlflow/``, or to an absolute path."""
        where = path if path.startswith("/") else f"/api/2.0/mlflow/{path}"
        return await self.client.request(method, where, json=body, params=params or None)

    async def post(self, path: str, body: Any, method: str = "POST") -> Any:
        """A request that must succeed; its JSON."""
        answer = await self.ask(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def get(self, path: str, /, **params: Any) -> Any:
        """A reading request that must succeed; its JSON."""
        answer = await self.ask("GET", path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def experiment(self, name: str = "e") -> str:
        """A new experiment's id."""
        return (await self.post("experiments/create", {"name": name}))["experiment_id"]

    async def run(self, experiment: str = "0", **fields: Any) -> str:
        """A new run's id."""
        made = await self.post("runs/create", {"experiment_id": experiment, "start_time": 1, **fields})
        return made["run"]["info"]["run_id"]


async def opened(home: Path, assets: ModelAssets | None = None, database: str = "") -> TrackingService:
    """A service on ``home`` (or on a ``database`` elsewhere), without MLflow's server behind it."""
    settings = TrackingSettings(
        database or _file(home), sys.executable, Folders(home), WallClock(), lambda: uuid.uuid4().hex, assets
    )
    return await TrackingService.open(settings)


def _file(home: Path) -> str:
    return f"sqlite:///{home / 'mlflow.db'}"


def build(home: Path, *, upstream: bool) -> Starlette:
    """The application; it opens its database when it starts."""
    clock = WallClock()
    sockets = (
        Path(tempfile.gettempdir())
        / f"zaffre-mlflow-{os.getuid()}-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    )
    sockets.mkdir(mode=0o700, exist_ok=True)
    forwarded = UpstreamSettings(
        sys.executable,
        _file(home),
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
            _file(home), sys.executable, Folders(home), clock, lambda: uuid.uuid4().hex, upstream=behind
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
