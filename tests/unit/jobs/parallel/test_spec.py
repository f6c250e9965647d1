"""Parallel components say every default in ARM, as the official client does."""

from __future__ import annotations

from zaffre.core.refs import Scope
from zaffre.jobs.parallel.spec import ParallelComponent

TASK = {"type": "run_function", "code": "azureml:kept:1", "entry_script": "s.py", "environment": "azureml:e:1"}


def test_defaults_and_references():
    made = ParallelComponent.from_yaml({"type": "parallel", "name": "score", "task": TASK, "error_threshold": 5})
    spec = made.to_arm(Scope("s", "g", "w"))["properties"]["componentSpec"]
    assert (spec["logging_level"], spec["max_concurrency_per_instance"]) == ("INFO", 1)
    assert (spec["error_threshold"], spec["mini_batch_error_threshold"]) == (5, -1)
    assert spec["task"]["code"].startswith("azureml:/subscriptions/s/")
    assert spec["task"]["environment"].endswith("/environments/e/versions/1")


def test_partition_keys_are_a_text_in_arm_and_a_list_here():
    scope = Scope("s", "g", "w")
    made = ParallelComponent.from_yaml(
        {"type": "parallel", "name": "score", "task": TASK, "partition_keys": ["Store", "Brand"]}
    )
    body = made.to_arm(scope)
    assert body["properties"]["componentSpec"]["partition_keys"] == '["Store", "Brand"]'
    read = ParallelComponent.from_arm({**body, "name": "score"}, scope=scope)
    assert read.partition_keys == ["Store", "Brand"]
    assert read.task is not None and read.task.code == "azureml:kept:1"
