"""What a sweep must say."""

from __future__ import annotations

import pytest

from zaffre.core import document
from zaffre.core.errors import Invalid
from zaffre.jobs.sweep.spec import SweepJob

SWEEP = """\
type: sweep
trial:
  command: train ${{inputs.n}} ${{search_space.rate}}
  environment: azureml:e:1
inputs: {n: 3}
search_space:
  rate: {type: uniform, min_value: 0, max_value: 1}
objective: {goal: maximize, primary_metric: accuracy}
limits: {max_total_trials: 4}
"""


def test_a_trial_reads_inputs_and_the_search_space():
    assert SweepJob.from_yaml(document.load(SWEEP)).objective.goal == "maximize"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("search_space.rate", "search_space.rat", "2.*trial.command|trial.command: unknown expression"),
        ("max_total_trials: 4", "max_concurrent_trials: 2", "limits.max_total_trials: required"),
        ("goal: maximize", "goal: most", "objective.goal: expected"),
        ("environment: azureml:e:1", "environmnt: azureml:e:1", 'did you mean "environment"'),
    ],
)
def test_mistakes_are_told(before, after, told):
    with pytest.raises(Invalid, match=told):
        SweepJob.from_yaml(document.load(SWEEP.replace(before, after), file="sweep.yml"))
