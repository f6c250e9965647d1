"""Thresholds, and the words for them."""

from __future__ import annotations

import pytest

from zaffre.agent.parallel import verdict
from zaffre.agent.parallel.settings import Settings, manned, read, write
from zaffre.agent.parallel.verdict import Counts

SHARE = "30.0 % of the mini-batches failed, and allowed_failed_percent is 29"


def settings(**more):
    given = dict.fromkeys(Settings._fields, "") | {
        "arguments": [],
        "keys": [],
        "outputs": [],
        "nodes": 1,
        "per_node": 2,
    }
    thresholds = {"items_allowed": -1, "batches_allowed": -1, "percent_allowed": 100.0, "cpus": 0}
    return Settings(**{**given, **thresholds, **more})


def counts(failed=0, items_failed=0, done=0, batches=10):
    return Counts(batches, 100, done, failed, 0, items_failed)


@pytest.mark.parametrize(
    ("more", "numbers", "said"),
    [
        ({}, {"failed": 9, "items_failed": 90}, ""),
        ({"batches_allowed": 2}, {"failed": 2}, ""),
        ({"batches_allowed": 2}, {"failed": 3}, "3 mini-batches failed, and mini_batch_error_threshold allows 2"),
        ({"batches_allowed": 0}, {"failed": 1}, "1 mini-batch failed, and mini_batch_error_threshold allows 0"),
        ({"items_allowed": 5}, {"items_failed": 5}, ""),
        ({"items_allowed": 5}, {"items_failed": 6}, "6 items failed, and error_threshold allows 5"),
        ({"items_allowed": 0}, {"items_failed": 0}, ""),
    ],
)
def test_while_it_runs(more, numbers, said):
    assert verdict.exceeded(settings(**more), counts(**numbers)) == said


@pytest.mark.parametrize(
    ("more", "numbers", "said"),
    [
        ({}, {"failed": 9, "done": 1}, ""),
        ({}, {"failed": 10}, "every mini-batch failed"),
        ({"percent_allowed": 30.0}, {"failed": 3, "done": 7}, ""),
        ({"percent_allowed": 29.0}, {"failed": 3, "done": 7}, SHARE),
        ({}, {"done": 10}, ""),
    ],
)  # fmt: skip
def test_at_the_end(more, numbers, said):
    assert verdict.at_the_end(settings(**more), counts(**numbers)) == said


def test_the_words():
    failed = {
        7: {"batch": 7, "at": 2.0, "message": "late"},
        4: {"batch": 4, "at": 1.0, "tries": 3, "message": "ValueError: x", "trace": "  File a\n"},
    }
    told = verdict.sentence("2 mini-batches failed", failed)
    assert told == (
        "2 mini-batches failed: 4, 7. The first to fail was mini-batch 4, after 3 tries: ValueError: x\n  File a"
    )
    assert "fewer rows" in verdict.sentence("3 items failed", {})


def test_settings_travel_as_text():
    assert read(write(settings(arguments=["a b"]))) == settings(arguments=["a b"])


@pytest.mark.parametrize(("more", "wanted"), [({"per_node": 3, "nodes": 2}, 6), ({"per_node": 0, "cpus": 1.0}, 1)])
def test_processes(more, wanted):
    assert manned(settings(**more)).processes == wanted
    assert manned(settings(per_node=0)).processes >= 1
