"""Processes that read tables: what they answer, and that no bound is overstepped and nothing of them is left."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from zaffre.core.errors import Invalid, TooLarge, Unavailable
from zaffre.tables.process import Bounds, TableProcess

MEBI = 1024 * 1024


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text("a,b\n1,x\n2,y\n")
    return tmp_path / "t.csv"


def children() -> set[str]:
    own = str(os.getpid())
    return {
        entry.name
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _parent(entry) == own and "zaffre.tables" in _words(entry)
    }


def _parent(entry: Path) -> str:
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()[1]
    except OSError:
        return ""


def _words(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_text()
    except OSError:
        return ""


async def test_answers(place: Path) -> None:
    asked = TableProcess(Bounds(60, 1024 * MEBI))
    found = await asked.ask({"action": "preview", "place": str(place), "rows": 1})
    assert (found["rows"], found["more"]) == ([[1, "x"]], True)
    assert 0 < found["peak_memory"] < 1024 * MEBI
    found = await asked.ask({"action": "verify", "place": str(place), "expectations": {"rows": {"min": 9}}, "now": 0})
    assert not found["passed"]
    assert (await asked.ask({"action": "profile", "place": str(place)}))["rows"] == 2


async def test_problems_come_back_as_problems(place: Path) -> None:
    place.write_text("a,b\n1\n")
    with pytest.raises(Invalid) as caught:
        await TableProcess(Bounds()).ask({"action": "preview", "place": str(place), "rows": 1})
    assert (caught.value.problems[0].file, caught.value.problems[0].line) == ("t.csv", 2)


async def test_time_is_bounded_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "MLTable").write_text("paths: [{file: a.csv}]\ntransformations: [read_delimited]\n")
    (tmp_path / "a.csv").write_text("x\n" + "1\n" * 20_000_000)
    with pytest.raises(TooLarge, match=r"not read in 1 seconds; tables\.seconds is the setting"):
        await TableProcess(Bounds(1, 1024 * MEBI)).ask({"action": "profile", "place": str(tmp_path)})
    assert children() == set()


async def test_memory_is_bounded(tmp_path: Path) -> None:
    line = ",".join(["x" * 2000] * 1000) + "\n"
    (tmp_path / "t.csv").write_text(",".join(f"c{n}" for n in range(1000)) + "\n" + line * 60)
    with pytest.raises(TooLarge, match=r"needs more than \d+ MiB to be read; tables\.memory is the setting"):
        await TableProcess(Bounds(60, 110 * MEBI)).ask(
            {"action": "preview", "place": str(tmp_path / "t.csv"), "rows": 60}
        )


async def test_a_process_that_dies(place: Path, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'something broke' >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(Unavailable, match="something broke"):
        await TableProcess(Bounds(), python=str(program)).ask({"action": "preview", "place": str(place), "rows": 1})


async def test_whoever_stops_waiting_leaves_no_process(place: Path) -> None:
    place.write_text("x\n" + "1\n" * 20_000_000)
    asking = asyncio.create_task(TableProcess(Bounds()).ask({"action": "profile", "place": str(place)}))
    deadline = asyncio.get_running_loop().time() + 20
    while not children():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert children() == set()
