"""A pipeline job as a component: what must be given anew, and what has the job's values for its defaults."""

from __future__ import annotations

from typing import Any

from zaffre.core.registry import job_types
from zaffre.jobs.pipeline.parts.sourced import component

STEP = {"type": "command", "command": "true", "environment": "azureml:e:1"}
JOB: dict[str, Any] = {
    "type": "pipeline",
    "description": "what it does",
    "inputs": {"data": {"type": "uri_file", "path": "azureml:x:1"}, "n": 3, "rate": 0.5, "on": True, "word": "w"},
    "outputs": {"out": {"type": "uri_folder", "path": "azureml://datastores/b/paths/x"}},
    "jobs": {"main": STEP},
}


def test_steps_written_in_the_job() -> None:
    made = component(JOB)
    assert made["inputs"] == {
        "data": {"type": "uri_file"},
        "n": {"type": "integer", "default": 3},
        "rate": {"type": "number", "default": 0.5},
        "on": {"type": "boolean", "default": True},
        "word": {"type": "string", "default": "w"},
    }
    assert made["outputs"] == {"out": {"type": "uri_folder"}}
    assert made["jobs"] == JOB["jobs"]
    job_types()["pipeline"].component_model().from_yaml({"name": "c", **made})


def test_a_job_of_a_component() -> None:
    own = {
        "inputs": {
            "data": {"type": "uri_folder", "optional": True},
            "n": {"type": "number", "default": 1},
            "m": {"type": "string"},
        },
        "outputs": {"o": {"type": "uri_file"}},
        "jobs": {"inner": STEP},
    }
    made = component({"type": "pipeline", "component": "azureml:p:1", "inputs": {"n": 7}}, own)
    assert made["inputs"] == {
        "data": {"type": "uri_folder", "optional": True},
        "n": {"type": "number", "default": 7},
        "m": {"type": "string"},
    }
    assert (made["outputs"], made["jobs"]) == ({"o": {"type": "uri_file"}}, {"inner": STEP})
