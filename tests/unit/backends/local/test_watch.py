"""A task's end is seen by its record, whatever its agent's process does after it."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from zaffre.backends.local import record, watch
from zaffre.backends.local.watch import Watch
from zaffre.core.tasks import Handle
from zaffre.server.clock import SystemClock


@pytest.fixture
def handle(tmp_path: Path) -> Handle:
    return Handle("run", 1, "token", str(tmp_path))


def _end(handle: Handle) -> None:
    ending = {"exit_code": 0, "signal": None, "started_at": 1.0, "ended_at": 2.0}
    content = {"run": "run", "attempt": 1, "token": "token", "exit": ending}
    (Path(handle.directory) / "exit.json").write_text(json.dumps(content))


async def _told(handle: Handle, end: bool, within: float) -> bool:
    """Whether the end is told of a task whose agent, this process, let go of its pipe without a word and lives on."""
    told = asyncio.Event()
    watching = Watch(SystemClock())
    watching.listen(lambda _: told.set())
    reader, writer = os.pipe()
    watching.add_started(handle, reader, os.getpid())
    if end:
        _end(handle)
    os.close(writer)
    try:
        await asyncio.wait_for(told.wait(), within)
    except TimeoutError:
        return False
    finally:
        watching.close()
    return True


def test_a_record_counts_though_the_agent_lives(handle: Handle) -> None:
    assert asyncio.run(_told(handle, True, 5))


def test_without_a_record_a_living_agent_is_still_at_work(handle: Handle) -> None:
    assert not asyncio.run(_told(handle, False, 0.3))


def test_the_slow_look_finds_a_record(handle: Handle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SLOW_LOOK", 0.05)

    async def looked() -> bool:
        told = asyncio.Event()
        watching = Watch(SystemClock())
        watching.listen(lambda _: told.set())
        reader, writer = os.pipe()
        watching.add_started(handle, reader, os.getpid())
        _end(handle)
        try:
            await asyncio.wait_for(told.wait(), 5)
        finally:
            watching.close()
            os.close(writer)
        return record.ending(handle) is not None

    assert asyncio.run(looked())
