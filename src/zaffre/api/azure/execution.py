"""The log that Azure keeps of a pipeline: which steps began and ended, as its clients stream it.

It is worked out of the runs whenever somebody asks, and grows at its end only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool

from zaffre.control import filing
from zaffre.control.filing import Filing
from zaffre.control.locations import ARTIFACTS, Locations
from zaffre.core.status import RunStatus
from zaffre.store import Store, runs
from zaffre.store.runs import Run, RunQuery

NAME = "logs/azureml/executionlogs.txt"
_TYPES = ("pipeline",)
_MOST = 10_000
_SHOWN = 5


class ExecutionLogs:
    """Writes the log of a pipeline beside what else it leaves."""

    def __init__(self, store: Store, locations: Locations, files: Filing) -> None:
        self._store = store
        self._locations = locations
        self._files = files

    async def write(self, run: Run) -> None:
        """Bring the log of a pipeline up to date; of another job nothing."""
        if run.facts.get("type") not in _TYPES:
            return
        query = RunQuery(run.workspace, parent=run.name, top=_MOST)
        children = await self._store.read(lambda tx: runs.list(tx, query))
        text = told(run, children).encode()
        root = self._locations.datastore(run.workspace, ARTIFACTS)
        path = f"ExperimentRun/dcid.{run.name}/{NAME}"
        there = await run_in_threadpool(filing.look, root, path)
        if text and (there is None or there.size != len(text)):
            await self._files.put(root, path, _once(text))


def told(run: Run, children: Sequence[Run]) -> str:
    """A line for what began together and for each end, in the order of time."""
    moments: list[tuple[float, int, str]] = []
    begun: dict[float, list[Run]] = {}
    for child in sorted(children, key=lambda one: one.created_at):
        begun.setdefault(child.created_at, []).append(child)
        if child.ended_at is not None:
            ended = "Completing" if child.status is RunStatus.COMPLETED else child.status.value
            moments.append((child.ended_at, 1, f"{ended} processing run id {child.name}."))
    for at, together in begun.items():
        first = ",".join(f"{child.facts.get('key', '')}:{child.name}" for child in together[:_SHOWN])
        moments.append((at, 0, f"Submitting {len(together)} runs, first five are: {first}"))
    if run.ended_at is not None:
        moments.append((run.ended_at, 2, _END.get(run.status, "Finishing experiment.")))
    return "".join(f"[{_moment(at)}] {line}\n" for at, _, line in sorted(moments))


_END = {
    RunStatus.COMPLETED: "Finishing experiment: no runs left and nothing to schedule.",
    RunStatus.FAILED: "Execution of experiment failed, update experiment status and cancel running nodes.",
    RunStatus.CANCELED: "Experiment was canceled.",
}


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}Z"


async def _once(text: bytes) -> AsyncIterator[bytes]:
    yield text
