"""``zaffre down --all``: nothing of Zaffre runs any more on this machine; endpoints come back with the next start."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from zaffre.cli.session import Session

PATIENCE = 45.0
"""Seconds for replicas and the router to finish the requests they have."""
_FINAL = ("Completed", "Failed", "Canceled")


def cancel_jobs(session: Session) -> int:
    """Cancel every job that has not ended, and wait for each; how many there were."""
    call = session.transport.call
    open_jobs = [
        f"/api/v1/workspaces/{workspace['name']}/jobs/{job['name']}"
        for workspace in call("GET", "/api/v1/workspaces", query={"list_view": "all"})["value"]
        for job in call("GET", f"/api/v1/workspaces/{workspace['name']}/jobs", query={"list_view": "all"})["value"]
        if job["state"].get("status") not in _FINAL
    ]
    for job in open_jobs:
        call("POST", f"{job}/cancel")
    for job in open_jobs:
        while call("GET", job, query={"wait_for": "final", "timeout": 30})["state"].get("status") not in _FINAL:
            session.terminal.status(f"waiting for {job.rpartition('/')[2]} to end")
    return len(open_jobs)


def end_endpoints(home: Path) -> int:
    """End the replicas, the router and MLflow's server that run for ``home``; how many processes there were."""
    found = [*_replicas(home), *_router(home), *_mlflow(home)]
    for pid, _ in found:
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while any(_lives(pid, started) for pid, started in found) and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(found)


def _replicas(home: Path) -> Iterator[tuple[int, int]]:
    """The agents beside the endpoints' replicas: each ends its replica and then itself."""
    for record in home.glob("endpoints/*/*/*/*/spawned.json"):
        told = _read(record)
        pid, started = told.get("agent_pid"), told.get("agent_start_time")
        if isinstance(pid, int) and isinstance(started, int) and _lives(pid, started):
            yield pid, started


def _router(home: Path) -> Iterator[tuple[int, int]]:
    return _noted(home / "router" / "router.json", b"zaffre.serving")


def _mlflow(home: Path) -> Iterator[tuple[int, int]]:
    """MLflow's own server, where some request needed it."""
    return _noted(home / "mlflow" / "mlflow.pid", b"mlflow")


def _noted(record: Path, word: bytes) -> Iterator[tuple[int, int]]:
    """The process that a record names, if it still is the one: a number is given again."""
    pid = _read(record).get("pid")
    if not isinstance(pid, int):
        return
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return
    if word in command:
        yield pid, _started(pid)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}


def _lives(pid: int, started: int) -> bool:
    """Whether this very process lives: a number is given again after its process ended."""
    return started != 0 and _started(pid) == started


def _started(pid: int) -> int:
    """Start time of a living process in clock ticks since boot; 0 where there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] == "Z" else int(fields[19])
