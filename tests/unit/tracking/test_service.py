"""Whoever watches a run hears of the next metric it logs, once."""

from __future__ import annotations

import sys
import uuid

import pytest

from zaffre.core.ports import TrackedRun
from zaffre.testing.clock import ManualClock
from zaffre.tracking import metrics, runs
from zaffre.tracking.service import System, TrackingService, TrackingSettings


@pytest.fixture
async def service(tmp_path):
    settings = TrackingSettings(
        f"sqlite:///{tmp_path / 'mlflow.db'}", sys.executable, None, ManualClock(), lambda: uuid.uuid4().hex
    )
    made = await TrackingService.open(settings)
    await made.open_run(TrackedRun("job", "default", "shared", "job", "user:ann", 1.0))
    yield made
    await made.close()


async def log(service, name, **body):
    handler = {"log-metric": metrics.log, "log-batch": metrics.log_batch, "set-tag": runs.set_tag}[name]
    await service.write(System("default"), handler, {"run_id": "job", **body})


@pytest.mark.asyncio
async def test_the_next_metric_is_heard_once(service):
    heard = []
    service.watch("job", lambda: heard.append("one"))
    await log(service, "set-tag", key="a", value="b")
    assert heard == []
    await log(service, "log-metric", key="loss", value=1.0, timestamp=1)
    await log(service, "log-metric", key="loss", value=2.0, timestamp=2)
    assert heard == ["one"]
    service.watch("job", lambda: heard.append("batch"))
    await log(service, "log-batch", metrics=[{"key": "loss", "value": 1.0, "timestamp": 3, "step": 0}])
    assert heard == ["one", "batch"]
    service.watch("job", lambda: heard.append("never"))
    service.watch("job", None)
    await log(service, "log-metric", key="loss", value=3.0, timestamp=4)
    assert heard == ["one", "batch"]
    found = await service.logged(["job"], ["loss"], {"job": {"x": "1"}})
    assert found["job"].histories == {"loss": [1.0, 2.0, 1.0, 3.0]}
