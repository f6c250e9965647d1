"""What a plan is told when somebody asks how a job stands."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from zaffre.core.status import RunStatus
from zaffre.kinds.job.family import explaining


@pytest.mark.parametrize(("ended_at", "now"), [(None, 900.0), (100.0, 100.0)])
def test_a_job_that_has_ended_stands_as_it_did_then(
    monkeypatch: pytest.MonkeyPatch, ended_at: float | None, now: float
) -> None:
    """Otherwise the time-out of an approval that nobody needs any more would run out afterwards."""
    monkeypatch.setattr(explaining.families, "children", lambda tx, name: {})
    run: Any = SimpleNamespace(
        name="p", status=RunStatus.FAILED, cancel_by=None, started_at=1.0, ended_at=ended_at, facts={}
    )
    tx: Any = SimpleNamespace(now=900.0)
    assert explaining.facts_of(tx, run).now == now
