"""How far a sweep has come."""

from __future__ import annotations

from zaffre.jobs.sweep.parts.telling import shown

SPEC = {"objective": {"goal": "maximize", "primary_metric": "accuracy"}}
MEMORY = {
    "parameters.0": {"x": 1},
    "trial.0": ["completed", [0.5]],
    "trial.1": ["failed", None, []],
    "trial.2": ["completed", [0.7]],
    "trial.3": ["completed", None, ["other"]],
    "trial.4": ["completed", [None]],
    "trial.10": ["stopped", [0.9]],
}


def test_how_trials_ended_and_the_best_so_far():
    assert shown("s", {"spec": SPEC, "memory": MEMORY}) == {
        "trials": {"ended": 6, "completed": 2, "failed": 1, "without_metric": 2, "stopped": 1},
        "best": {"job": "s_2", "accuracy": 0.7},
    }


def test_the_first_of_several_objectives_decides():
    two = {"objective": [{"goal": "minimize", "primary_metric": "a"}, {"goal": "maximize", "primary_metric": "b"}]}
    memory = {"trial.0": ["completed", [2.0, 9.0]], "trial.1": ["completed", [1.0, 3.0]]}
    assert shown("s", {"spec": two, "memory": memory})["best"] == {"job": "s_1", "a": 1.0, "b": 3.0}


def test_nothing_is_said_before_a_trial_has_ended():
    assert shown("s", {"spec": SPEC, "memory": {"parameters.0": {}}}) == {}
