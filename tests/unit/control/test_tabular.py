"""Questions about data: asked once for each content, refused in words."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from zaffre.assets.data.spec import Data
from zaffre.control import tabular
from zaffre.control.located import Located
from zaffre.control.tabular import Asset, Tabular
from zaffre.core.errors import Invalid
from zaffre.testing.clock import ManualClock

FIRST = [{"row": 2, "value": -1}]
BROKEN = {"column": "n", "rule": "min", "message": "expected at least 0", "count": 1, "first": FIRST}


class Locator:
    """Data whose content is ``digest``."""

    def __init__(self) -> None:
        self.digest = "d1"
        self.scratches: list[Path] = []

    async def find(self, workspace: str, uri: str, scratch: Path, *, is_file: bool = False) -> Located:
        self.scratches.append(scratch)
        (scratch / "fetched").write_text(uri)
        return Located(Path("/data"), {"u": "/u"}, self.digest)


class Process:
    """Answers, slowly, and counts."""

    def __init__(self, *violations: dict[str, Any]) -> None:
        self.asked: list[dict[str, Any]] = []
        self.violations = list(violations)
        self.fails = False

    async def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(question)
        await asyncio.sleep(0)
        if self.fails:
            raise Invalid("broken file")
        if question["action"] != "verify":
            return {"rows": []}
        return {"passed": not self.violations, "rows": 2, "rules": 9, "violations": self.violations, "notes": {}}


def made(folder: Path, process: Process) -> tuple[Tabular, Locator]:
    locator = Locator()
    return Tabular(locator, process, folder / "tables", ManualClock()), locator  # type: ignore[arg-type]


def asset(**more: Any) -> Asset:
    wanted = {"columns": {"n": {"min": 0}}}
    return Asset("w", "x:1", Data.from_yaml({"path": "azureml://datastores/s/paths/x", "expectations": wanted, **more}))


async def test_the_same_content_is_asked_about_once(tmp_path: Path) -> None:
    process = Process()
    found, locator = made(tmp_path, process)
    both = await asyncio.gather(*(found.preview(asset(), 5) for _ in range(4)))
    assert [one["cached"] for one in both].count(False) == 1
    assert len(process.asked) == 1
    assert process.asked[0]["place"] == "/data"
    assert process.asked[0]["brought"] == {"u": "/u"}
    await found.preview(asset(), 6)
    await found.profile(asset())
    locator.digest = "d2"
    await found.preview(asset(), 5)
    assert len(process.asked) == 4
    assert not any(scratch.exists() for scratch in locator.scratches)


async def test_other_expectations_are_another_question(tmp_path: Path) -> None:
    process = Process()
    found, _ = made(tmp_path, process)
    for least in (0, 0, 1):
        await found.verify(asset(expectations={"columns": {"n": {"min": least}}}))
    assert len(process.asked) == 2


async def test_age_is_looked_at_each_time(tmp_path: Path) -> None:
    process = Process()
    found, _ = made(tmp_path, process)
    for _ in range(2):
        await found.verify(asset(expectations={"freshness": {"max_age": "1d"}}))
    assert len(process.asked) == 2


async def test_a_question_that_failed_is_asked_again(tmp_path: Path) -> None:
    process = Process()
    found, locator = made(tmp_path, process)
    process.fails = True
    with pytest.raises(Invalid, match="broken file"):
        await found.profile(asset())
    process.fails = False
    assert (await found.profile(asset()))["cached"] is False
    assert not any(scratch.exists() for scratch in locator.scratches)


async def test_an_answer_that_was_cut_short_is_asked_for_again(tmp_path: Path) -> None:
    process = Process()
    found, _ = made(tmp_path, process)
    await found.profile(asset())
    (kept,) = (tmp_path / "tables" / "profile").iterdir()
    kept.write_text('{"rows": [')
    assert (await found.profile(asset()))["cached"] is False


async def test_a_refusal_names_rows_and_columns(tmp_path: Path) -> None:
    found, _ = made(tmp_path, Process(BROKEN))
    with pytest.raises(Invalid) as caught:
        await found.require(asset())
    (problem,) = caught.value.problems
    assert problem.field == "path"
    assert problem.message == (
        "the data is not as expected: data x:1: 1 of 9 rules are broken (2 rows were read).\n"
        "  column n, min: expected at least 0; 1 row does not\n    row 2: -1"
    )


async def test_a_refusal_is_no_longer_than_it_needs(tmp_path: Path) -> None:
    found, _ = made(tmp_path, Process(*(BROKEN for _ in range(50))))
    with pytest.raises(Invalid) as caught:
        await found.require(asset())
    assert caught.value.problems[0].message.endswith("; 42 more rules are broken")
    assert len((await found.verify(asset()))["violations"]) == 50


async def test_what_holds_is_reported(tmp_path: Path) -> None:
    found, _ = made(tmp_path, Process())
    assert (await found.require(asset()))["text"] == "data x:1: 2 rows keep all 9 rules."


async def test_old_answers_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MOST_KEPT", 4)
    found, _ = made(tmp_path, Process())
    folder = tmp_path / "tables" / "preview"
    folder.mkdir(parents=True)
    for number in range(4):
        (folder / f"old{number}.json").write_text(json.dumps({}))
        os.utime(folder / f"old{number}.json", (number, number))
    await found.preview(asset(), 1)
    names = {path.name for path in folder.iterdir()}
    assert "old0.json" not in names
    assert "old3.json" in names
    assert len(names) == 3
