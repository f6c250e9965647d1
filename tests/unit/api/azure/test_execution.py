"""The log of a pipeline, worked out of its runs: lines that are there stay where they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zaffre.api.azure.execution import told
from zaffre.core.status import RunStatus
from zaffre.store.runs import Run

PARENT = Run(
    name="p", workspace="default", type="parent", status=RunStatus.RUNNING, reason=None, attempt=1, token="",
    cancel_by=None, parent="", root="p", compute="", slots=0, priority=0, experiment="e", display_name="p",
    facts={"type": "pipeline"}, deadline=None, created_at=0.0, started_at=0.0, ended_at=None, revision=1, actor="me",
)  # fmt: skip


def child(name: str, at: float, status: RunStatus = RunStatus.RUNNING, ended: float | None = None) -> Run:
    facts: dict[str, Any] = {"key": name}
    return replace(PARENT, name=f"p_{name}", status=status, created_at=at, ended_at=ended, facts=facts, parent="p")


def test_steps_that_began_together_share_a_line_and_each_end_has_its_own() -> None:
    first, second = child("a", 1.0), child("b", 1.0)
    begun = "[1970-01-01 00:00:01Z] Submitting 2 runs, first five are: a:p_a,b:p_b\n"
    assert told(PARENT, [second, first][::-1]) in (begun, begun.replace("a:p_a,b:p_b", "b:p_b,a:p_a"))
    ended = replace(first, status=RunStatus.COMPLETED, ended_at=2.0)
    later = told(PARENT, [ended, second])
    assert later == begun + "[1970-01-01 00:00:02Z] Completing processing run id p_a.\n"
    failed = replace(second, status=RunStatus.FAILED, ended_at=3.0)
    over = told(replace(PARENT, status=RunStatus.FAILED, ended_at=3.5), [ended, failed])
    assert over.startswith(later)
    assert over.splitlines()[2:] == [
        "[1970-01-01 00:00:03Z] Failed processing run id p_b.",
        "[1970-01-01 00:00:03Z] Execution of experiment failed, update experiment status and cancel running nodes.",
    ]


def test_no_more_than_five_are_named() -> None:
    many = [child(f"s{number}", 1.0) for number in range(7)]
    assert told(PARENT, many).endswith("Submitting 7 runs, first five are: s0:p_s0,s1:p_s1,s2:p_s2,s3:p_s3,s4:p_s4\n")


def test_a_pipeline_without_steps_yet_has_nothing_to_say() -> None:
    assert told(PARENT, []) == ""
