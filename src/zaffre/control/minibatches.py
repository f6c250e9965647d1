"""The table of a parallel job, made into mini-batches before its command: where it lies, and the process that does it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
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
_PLAN, _LEDGER = "plan.jsonl", "ledger.jsonl"


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


async def carry_over(earlier: Path, kept: Path) -> None:
    """Begin with the mini-batches that another run has finished; those it gave up are tried again."""
    if not await asyncio.to_thread(kept.exists) and await asyncio.to_thread((earlier / _PLAN).exists):
        await asyncio.to_thread(_carry, earlier, kept)


def _carry(earlier: Path, kept: Path) -> None:
    """Whole or not at all. Rows never change and are linked; what the script wrote may be written again, and is copied."""
    draft = kept.with_name(f"{kept.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name in ("rows", "tables", "fetched"):
        if (earlier / name).exists():
            shutil.copytree(earlier / name, draft / name, copy_function=os.link)
    if (earlier / "out").exists():
        shutil.copytree(earlier / "out", draft / "out", symlinks=True)
    shutil.copy2(earlier / _PLAN, draft / _PLAN)
    told = (earlier / _LEDGER).read_bytes().splitlines(keepends=True) if (earlier / _LEDGER).exists() else []
    (draft / _LEDGER).write_bytes(b"".join(line for line in told if line.endswith(b"\n") and b'"what": "done"' in line))
    draft.replace(kept)


def _write(directory: Path, order: Path, text: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    if not (directory / "claim").exists():  # once an agent has begun nobody would take it
        write_secret(order, text)
