"""MLflow's own server, for the routes that are not answered here: one process on a Unix socket, started on first need.

It outlives this server and is adopted by its pid file; when it is found dead it is started again. Only what the list
below names is forwarded, so that a path spelled oddly cannot reach a route that is checked here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import subprocess
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psutil

from zaffre.core.ports import Clock
from zaffre.tracking.engines import engine
from zaffre.tracking.errors import Code, Refusal

if TYPE_CHECKING:  # weight: a client and all it imports, for a process that most servers never start
    import httpx

_API = re.compile(
    r"/(?:api|ajax-api)/[23]\.0/mlflow/(?:traces|unified-traces|get-online-trace-details|issues|label-schemas|datasets"
    r"|scorers?|scorer|genai|prompt-optimization|review-queues|webhooks|jobs|demo|ui-telemetry|mcp-servers|get-trace-artifact"
    r"|trace-artifacts|runs/create-promptlab-run|artifacts/presigned-(?:upload|download)-url)(?:/[\w.\-:@ ]+)*"
)
_PAGES = re.compile(
    r"/(?:|index\.html|graphql|static-files(?:/[\w.\-]+)+|v1/(?:traces|metrics)|manifest\.json|favicon\.ico)"
)
_DROPPED = frozenset(
    b"host authorization cookie connection transfer-encoding keep-alive upgrade te trailer proxy-authorization origin"
    b" referer x-mlflow-workspace x-forwarded-for x-forwarded-host x-forwarded-proto forwarded".split()
)
_DROPPED_BACK = frozenset({"connection", "transfer-encoding", "keep-alive", "set-cookie", "server", "date"})
_START_SECONDS = 120.0
_POLL_SECONDS = 0.1


def forwards(path: str) -> bool:
    """True for the paths that MLflow's own server answers."""
    return bool(_API.fullmatch(path) or _PAGES.fullmatch(path)) and "/." not in path


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """How MLflow's server is run."""

    python: str
    database: str
    home: Path
    """Its own folder: log, pid file, and whatever it writes by itself."""
    socket: Path
    """In a short folder that only this user can enter."""
    environ: Mapping[str, str]
    """The little of the environment that it may see: PATH, HOME, LANG."""
    clock: Clock


class Upstream:
    """The process and the connection to it."""

    def __init__(self, settings: UpstreamSettings) -> None:
        self._settings = settings
        self._starting = asyncio.Lock()
        self._ready = False

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        import httpx  # noqa: PLC0415

        return httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=str(self._settings.socket), limits=httpx.Limits(max_connections=32)),
            base_url="http://localhost",
            timeout=httpx.Timeout(600.0, connect=10.0),
        )

    @property
    def pid_file(self) -> Path:
        """Where the running process is noted, for adoption and for ``zaffre down``."""
        return self._settings.home / "mlflow.pid"

    async def forward(
        self, request: Forwarded
    ) -> AsyncIterator[tuple[int, list[tuple[bytes, bytes]], AsyncIterator[bytes]]]:
        """One answer: status, headers, and the body as it comes."""
        import httpx  # noqa: PLC0415

        await self._ensure()
        try:
            answer = await self._client.send(self._built(request), stream=True)
        except httpx.ConnectError:
            self._ready = False
            await self._ensure()
            answer = await self._client.send(self._built(request), stream=True)
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in answer.headers.multi_items()
            if name.lower() not in _DROPPED_BACK
        ]
        try:
            yield answer.status_code, headers, answer.aiter_raw()
        finally:
            await answer.aclose()

    def _built(self, request: Forwarded) -> httpx.Request:
        headers = [(name, value) for name, value in request.headers if name.lower() not in _DROPPED]
        headers.append((b"x-mlflow-workspace", request.workspace.encode()))
        url = quote(request.path) + (f"?{request.query}" if request.query else "")
        return self._client.build_request(request.method, url, headers=headers, content=request.body)

    async def _ensure(self) -> None:
        async with self._starting:
            if self._ready and self._living() is not None:
                return
            process = self._living() or self._spawn()
            deadline = self._settings.clock.monotonic() + _START_SECONDS
            while not await self._answers():
                if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                    raise Refusal(f"MLflow's server did not start; {self._log} says why.", Code.BUSY)
                if self._settings.clock.monotonic() > deadline:
                    raise Refusal(
                        f"MLflow's server is not ready after {_START_SECONDS:.0f} s; see {self._log}.", Code.BUSY
                    )
                await asyncio.sleep(_POLL_SECONDS)
            self._ready = True

    @property
    def _log(self) -> Path:
        return self._settings.home / "mlflow.log"

    async def _answers(self) -> bool:
        import httpx  # noqa: PLC0415

        with contextlib.suppress(httpx.HTTPError):
            return (await self._client.get("/health", timeout=5.0)).status_code == 200
        return False

    def _living(self) -> psutil.Process | None:
        try:
            noted = json.loads(self.pid_file.read_text("utf-8"))
            process = psutil.Process(noted["pid"])
            same = process.create_time() == noted["created"] and process.status() != psutil.STATUS_ZOMBIE
            if same and noted["socket"] != str(self._settings.socket):  # the folder of sockets has moved
                process.terminate()
                return None
        except (FileNotFoundError, ValueError, KeyError, psutil.Error):
            return None
        return process if same else None

    def _spawn(self) -> psutil.Process:
        settings = self._settings
        settings.home.mkdir(parents=True, exist_ok=True)
        settings.socket.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            child = subprocess.Popen(
                [
                    *(settings.python, "-m", "uvicorn", "mlflow.server.fastapi_app:app", "--uds", str(settings.socket)),
                    *("--workers", "1", "--log-level", "warning", "--no-access-log", "--timeout-keep-alive", "60"),
                ],
                env=self._environ(),
                cwd=settings.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        process = psutil.Process(child.pid)
        noted = json.dumps({"pid": child.pid, "created": process.create_time(), "socket": str(settings.socket)})
        aside = self.pid_file.with_suffix(".new")
        aside.write_text(noted, "utf-8")
        aside.replace(self.pid_file)
        return process

    def _environ(self) -> dict[str, str]:
        home, uri = self._settings.home, engine(self._settings.database).mlflow_url
        return {
            **self._settings.environ,
            "_MLFLOW_SERVER_FILE_STORE": uri,
            "_MLFLOW_SERVER_REGISTRY_STORE": uri,
            "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
            "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
            "_MLFLOW_SERVER_ARTIFACT_DESTINATION": str(home / "artifacts"),
            "_MLFLOW_SGI_NAME": "uvicorn",
            "_MLFLOW_IN_JOB_EXECUTOR": "false",
            "MLFLOW_ENABLE_WORKSPACES": "true",
            "MLFLOW_WORKSPACE_STORE_URI": uri,
            "MLFLOW_ENABLE_AI_GATEWAY": "false",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "DO_NOT_TRACK": "true",
        }

    async def close(self) -> None:
        """Close the connections; the process goes on, to be adopted."""
        if "_client" in self.__dict__:
            await self._client.aclose()

    def stop(self) -> None:
        """End the process (``zaffre down``)."""
        process = self._living()
        if process is not None:
            for one in (*process.children(recursive=True), process):
                with contextlib.suppress(psutil.Error):
                    one.terminate()
        self.pid_file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A request to pass on."""

    method: str
    path: str
    query: str
    headers: list[tuple[bytes, bytes]]
    workspace: str
    """As MLflow's ``workspace`` columns hold it."""
    body: AsyncIterator[bytes] | bytes | Any
