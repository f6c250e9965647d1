"""A server inside the test's own process: everything but the socket, ready in a moment."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from undisturbed import parse_undisturbed

parse_undisturbed()

PORT = 18440
URL = f"http://127.0.0.1:{PORT}"
WS = "/api/v1/workspaces/default"
ARM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"


@dataclass
class Inside:
    """The server and ways to talk to it."""

    server: Any
    home: Path
    app: Any
    owner: Any
    """An HTTP client with the owner's token."""

    def client(self, **headers: str) -> Any:
        """Another caller; ``authorization=""`` for nobody."""
        import httpx

        given = {name.replace("_", "-"): value for name, value in headers.items() if value}
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=URL, headers=given, timeout=30)

    @property
    def stored(self) -> bytes:
        """All that the databases hold, on whichever this server keeps its state."""
        from zaffre.testing import postgres

        files = b"".join(path.read_bytes() for path in self.home.glob("*.db*"))
        address = self.home / "database"
        return files + (postgres.contents(address.read_text().strip()) if address.exists() else b"")

    @property
    def token(self) -> str:
        return (self.home / "token").read_text().strip()

    async def raw(self, method: str, path: str, headers: list[tuple[str, str]] = (), **scope: Any) -> list[dict]:
        """One request as a client without manners sends it; the ASGI messages that come back."""
        from urllib.parse import unquote

        sent: list[dict] = []
        told = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
        body = scope.pop("body", [b""])
        parts = [{"type": "http.request", "body": part, "more_body": True} for part in body[:-1]]
        parts.append({"type": "http.request", "body": body[-1], "more_body": False})

        async def receive() -> dict:
            return parts.pop(0) if parts else {"type": "http.disconnect"}

        async def send(message: dict) -> None:
            sent.append(message)

        bare, _, query = path.partition("?")
        request = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": unquote(bare), "raw_path": bare.encode(), "query_string": query.encode(), "root_path": "",
            "headers": told, "server": ("127.0.0.1", PORT), "client": ("127.0.0.1", 1), **scope,
        }  # fmt: skip
        if request["type"] == "websocket":
            del request["method"]
            parts[:] = [{"type": "websocket.connect"}]
        await self.app(request, receive, send)
        return sent

    async def job(self, name: str, **spec: Any) -> dict[str, Any]:
        """Submit a job that need not run well."""
        body = {"command": "echo hello", "environment": {"image": "python:3.11-slim"}, "compute": "local", **spec}
        answer = await self.owner.put(f"{WS}/jobs/{name}", json=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


@asynccontextmanager
async def opened(home: Path, *, still: bool = True, **environ: str) -> AsyncIterator[Inside]:
    """A server in ``home``; a still one takes everything in and runs nothing, so that what was submitted stays open."""
    from zaffre.server import home as homes
    from zaffre.server.app import Server
    from zaffre.server.home import Ports
    from zaffre.server.settings import Settings
    from zaffre.serving import process
    from zaffre.testing import postgres

    settings = Settings.load({"ZAFFRE_HOME": str(home), **postgres.variables(home), **environ})
    homes.prepare(settings.home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        router = free.getsockname()[1]
    server = await Server.open(settings, Ports(PORT, router))
    if still:
        await server.loop.stop()
    inside = Inside(server, settings.home, server.app(), None)
    try:
        async with inside.client(authorization=f"Bearer {inside.token}") as owner:
            inside.owner = owner
            yield inside
    finally:
        await server.close()
        await process.stop(settings.home / "router", grace=2)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def inside(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    """One server for a module's tests, which run on the module's event loop."""
    async with opened(tmp_path_factory.mktemp("installation") / "home") as found:
        yield found


@pytest.fixture(scope="session")
def opening():
    """For tests that open a server, or several, in a home of their own."""
    return opened


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL that the session's tests share; each takes a database of its own (``postgres_url``)."""
    from zaffre.testing import postgres

    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres):
    """An empty database of this test alone: ``postgresql://…``."""
    url = postgres.fresh()
    yield url
    postgres.drop(url)
