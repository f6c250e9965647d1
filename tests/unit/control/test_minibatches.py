"""The step that makes mini-batches of a table: ordered once, in words that it understands."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from zaffre.control import minibatches
from zaffre.control.located import Located
from zaffre.core.errors import Invalid, Problem
from zaffre.tables.minibatches import Order

WANTED = {"input": "table", "size": 10, "rows": 0, "count": 0, "keys": ["a"]}


@dataclass
class Run:
    workspace: str = "ws"
    facts: dict[str, Any] = field(default_factory=lambda: {"inputs": {"table": {"uri": "azureml://t"}}})


class Tables:
    async def locate(self, workspace: str, uri: str, scratch: Path) -> Located:
        assert (workspace, uri) == ("ws", "azureml://t")
        return Located(Path("/data/t"), {"azureml://x": str(scratch / "x")}, "digest")


class Nothing:
    async def locate(self, workspace: str, uri: str, scratch: Path) -> Located:
        raise Invalid([Problem("nothing is there")])


async def ordered(folder: Path, wanted: Any = WANTED, tables: Any = None) -> Any:
    return await minibatches.step(Run(), wanted, tables or Tables(), folder / "one" / "1", folder / "art")  # type: ignore[arg-type]


async def test_the_order_is_understood(tmp_path: Path) -> None:
    step = await ordered(tmp_path)
    order = Order(**json.loads(Path(step.order).read_text()))
    assert (order.input, order.place, order.size, order.keys) == ("table", "/data/t", 10, ["a"])
    assert order.kept == str(tmp_path / "one" / "kept")
    assert order.brought == {"azureml://x": f"{order.kept}/fetched/x"}
    assert Path(step.order).stat().st_mode & 0o777 == 0o600
    assert (step.name, step.cause, step.report) == ("table", "InputFailed", order.report)


async def test_nothing_is_ordered_where_nothing_is_wanted_or_all_is_there(tmp_path: Path) -> None:
    assert await ordered(tmp_path, None) is None
    (tmp_path / "one" / "kept").mkdir(parents=True)
    (tmp_path / "one" / "kept" / "plan.jsonl").touch()
    assert await ordered(tmp_path) is None


async def test_nothing_is_written_once_an_agent_has_begun(tmp_path: Path) -> None:
    (tmp_path / "one" / "1").mkdir(parents=True)
    (tmp_path / "one" / "1" / "claim").touch()
    step = await ordered(tmp_path)
    assert not Path(step.order).exists()


async def test_a_table_that_is_not_there_is_the_inputs_failure(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        await ordered(tmp_path, tables=Nothing())
    assert caught.value.target == "inputs.table"
