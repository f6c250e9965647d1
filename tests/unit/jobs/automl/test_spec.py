"""AutoML: what each task needs and does not know."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.jobs.automl.spec import AutoMLJob

DATA = {"type": "mltable", "path": "azureml:t:1"}
JOB = {"type": "automl", "task": "classification", "target_column_name": "y", "training_data": DATA}


def test_algorithms_and_metrics_in_either_case():
    training = {"allowed_training_algorithms": ["LightGBM", "logistic_regression", "XGBoostClassifier"]}
    assert AutoMLJob.from_yaml({**JOB, "primary_metric": "AUC_weighted", "training": training}).task == "classification"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"task": "clasification"}, 'did you mean "classification"'),
        ({"primary_metric": "acuracy"}, 'primary_metric: expected .*did you mean "accuracy"'),
        ({"target_column_name": None}, "target_column_name: required for classification"),
        ({"training_data": None}, "training_data: required"),
        ({"forecasting": {"time_column_name": "t"}}, "forecasting: the task classification has no such field"),
        ({"task": "text_ner", "training": {}}, "training: the task text_ner has no such field"),
        ({"training": {"blocked_training_algorithms": ["light_gmb"]}}, 'did you mean "light_gbm"'),
        ({"resources": "instance_count=5"}, "resources: expected a mapping"),
    ],
)
def test_mistakes_are_told(change, told):
    with pytest.raises(Invalid, match=told):
        AutoMLJob.from_yaml({**JOB, **change})


def test_text_needs_no_target():
    assert AutoMLJob.from_yaml({"type": "automl", "task": "text_ner", "training_data": DATA}).target_column_name is None
