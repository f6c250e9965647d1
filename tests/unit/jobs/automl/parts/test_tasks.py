"""Tables of the tasks agree with each other."""

from __future__ import annotations

from typing import get_args

from zaffre.jobs.automl.parts import tasks
from zaffre.jobs.automl.spec import AutoMLJob


def test_every_task_has_its_rows():
    assert set(tasks.TASKS) == set(tasks.ARM_WORDS) == set(get_args(tasks.Word))
    known = {field for task in tasks.TASKS.values() for field in task.fields}
    assert known == set(tasks.PARTICULAR) <= set(AutoMLJob.model_fields)


def test_one_algorithm_has_many_spellings():
    assert tasks.snake("LightGBM") == tasks.snake("light_gbm") == "light_gbm"
    assert tasks.snake("XGBoostRegressor") == "xg_boost_regressor"
    assert tasks.snake("ExtremeRandomTrees") == "extreme_random_trees"
