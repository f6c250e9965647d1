"""The table of a parallel job, made into mini-batches before its command: where it lies, and the process that does it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, Protocol

from zaffre.control.located import Located
from zaffre.control.remote import write_secret
from zaffre.control.supervise import INPUT
from zaffre.core.errors import ZaffreError
from zaffre.core.reasons import Cause
from zaffre.core.tasks import Step
from zaffre.store.runs import Run
from zaffre.tables.process import LIBRARIES

_ARGV = (sys.executable, "-I", "-m", "zaffre.tables.minibatches")
_ORDER, _REPORT, LOG = "minibatches.json", "minibatches-report.json", "mini_batches.txt"
_PLAN = "plan.jsonl"


class Locates(Protocol):
    """Finds tables (``control.tabular``)."""

    async def locate(self, workspace: str, uri: str, scratch: Path) -> Located:
        """Where a table lies on this machine; what lies elsewhere is fetched first."""
        ...


async def step(
    run: Run, wanted: dict[str, Any] | None, tables: Locates, directory: Path, artifacts: Path
) -> Step | None:
    """``wanted`` is what the job type asks for. None where that is nothing, or where an earlier attempt made them."""
    kept = directory.parent / "kept"
    if wanted is None or await asyncio.to_thread((kept / _PLAN).exists):
        return None
    name = wanted["input"]
    try:
        found = await tables.locate(run.workspace, run.facts["inputs"][name]["uri"], kept / "fetched")
    except ZaffreError as error:
        error.target = f"{INPUT}{name}"  # the engine tells it as the input's failure
        raise
    report, order = directory / _REPORT, directory / _ORDER
    content = {**wanted, "place": str(found.place), "brought": found.brought, "kept": str(kept), "report": str(report)}
    await asyncio.to_thread(_write, directory, order, json.dumps(content))
    log = artifacts / "user_logs" / LOG
    return Step(name, _ARGV, dict(LIBRARIES), str(log), Cause.INPUT_FAILED.value, str(report), str(order))


def _write(directory: Path, order: Path, text: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    if not (directory / "claim").exists():  # once an agent has begun nobody would take it
        write_secret(order, text)
