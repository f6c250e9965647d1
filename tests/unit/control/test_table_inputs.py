"""What a job asks of its tables before it starts."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from zaffre.control.table_inputs import ready
from zaffre.control.tabular import Asset
from zaffre.core.errors import Invalid, NotFound
from zaffre.core.io import JobInput
from zaffre.core.resource import Key, Resource

URI = "azureml://datastores/s/paths/t"


class Tabular:
    """Remembers what was asked."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses
        self.verified: list[str] = []
        self.laid: list[tuple[str, bool]] = []

    async def require(self, asset: Asset, field: str = "path") -> dict[str, Any]:
        self.verified.append(asset.name)
        if self.refuses:
            raise Invalid("not as expected")
        return {}

    async def lay_out(self, workspace: str, uri: str, target: Path, *, copy: bool) -> Path:
        self.laid.append((uri, copy))
        return target


class Store:
    """One asset, or none."""

    def __init__(self, spec: dict[str, Any] | None) -> None:
        self.spec = spec

    async def read(self, look: Any) -> Resource:
        if self.spec is None:
            raise NotFound("gone")
        return Resource(Key("w", "data", "x", "", "1"), self.spec, "", {}, 1, False, 0, "", 0, "")


async def asked(tabular: Tabular, store: Store, value: Any, resolved: dict[str, str], folder: Path) -> dict[str, str]:
    run: Any = SimpleNamespace(workspace="w", facts={"inputs": {"t": resolved}})
    spec = SimpleNamespace(inputs={"t": value})
    return await ready(run, spec, tabular, store, folder)  # type: ignore[arg-type]


@pytest.mark.parametrize(("verify", "times"), [("always", 1), ("on_create", 0), ("never", 0), (None, 0)])
async def test_only_who_asks_for_it_is_verified(tmp_path: Path, verify: str | None, times: int) -> None:
    tabular = Tabular()
    store = Store({"path": URI, "expectations": {"rows": {"min": 1}}, **({"verify": verify} if verify else {})})
    value = JobInput(type="uri_file", path="azureml:x:1")
    assert await asked(tabular, store, value, {"uri": URI, "asset": "azureml:x:1"}, tmp_path) == {}
    assert tabular.verified == ["x:1"] * times


async def test_a_refusal_is_the_inputs(tmp_path: Path) -> None:
    store = Store(
        {"path": URI, "expectations": {}, "verify": "always", "rows": 1} | {"expectations": {"rows": {"min": 1}}}
    )
    with pytest.raises(Invalid) as caught:
        value = JobInput(type="uri_file", path="azureml:x:1")
        await asked(Tabular(refuses=True), store, value, {"uri": URI, "asset": "azureml:x:1"}, tmp_path)
    assert caught.value.target == "inputs.t"


async def test_an_asset_that_is_gone_is_not_asked_about(tmp_path: Path) -> None:
    value = JobInput(type="uri_file", path="azureml:x:1")
    assert await asked(Tabular(), Store(None), value, {"uri": URI, "asset": "azureml:x:1"}, tmp_path) == {}


@pytest.mark.parametrize(("mode", "copy"), [("eval_mount", False), ("eval_download", True)])
async def test_files_are_laid_out(tmp_path: Path, mode: Any, copy: bool) -> None:
    tabular = Tabular()
    value = JobInput(type="mltable", path=URI, mode=mode)
    found = await asked(tabular, Store(None), value, {"uri": URI}, tmp_path)
    assert found == {"t": str(tmp_path / "evaluated" / "t")}
    assert tabular.laid == [(URI, copy)]


@pytest.mark.parametrize(
    "value", [3, JobInput(type="mlflow_model", path="azureml:m:1"), JobInput(type="mltable", path=URI)]
)
async def test_nothing_else_is_touched(tmp_path: Path, value: Any) -> None:
    assert await asked(Tabular(), Store(None), value, {"uri": URI}, tmp_path) == {}
