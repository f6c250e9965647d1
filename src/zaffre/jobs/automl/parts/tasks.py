"""AutoML's tasks: which fields each knows, the metrics it can aim at, the algorithms it tries."""

import re
from dataclasses import dataclass
from typing import Literal

Word = Literal[
    "classification", "regression", "forecasting", "image_classification", "image_classification_multilabel",
    "image_object_detection", "image_instance_segmentation", "text_classification", "text_classification_multilabel",
    "text_ner",
]  # fmt: skip
ARM_WORDS = {
    "classification": "Classification",
    "regression": "Regression",
    "forecasting": "Forecasting",
    "image_classification": "ImageClassification",
    "image_classification_multilabel": "ImageClassificationMultilabel",
    "image_object_detection": "ImageObjectDetection",
    "image_instance_segmentation": "ImageInstanceSegmentation",
    "text_classification": "TextClassification",
    "text_classification_multilabel": "TextClassificationMultilabel",
    "text_ner": "TextNER",
}

_TABLES = frozenset(
    {"test_data", "test_data_size", "validation_data_size", "weight_column_name", "n_cross_validations"}
    | {"cv_split_column_names", "featurization", "training"}
)
_IMAGES = frozenset(
    {"test_data", "test_data_size", "validation_data_size", "training_parameters", "search_space", "sweep"}
)
_TEXTS = frozenset({"featurization", "training_parameters", "search_space", "sweep"})
PARTICULAR = sorted(_TABLES | _IMAGES | _TEXTS | {"forecasting", "positive_label"})
"""Fields that only some tasks know."""

_CLASSES = (
    "auc_weighted", "accuracy", "norm_macro_recall", "average_precision_score_weighted", "precision_score_weighted",
)  # fmt: skip
_NUMBERS = (
    "spearman_correlation", "normalized_root_mean_squared_error", "r2_score", "normalized_mean_absolute_error",
)  # fmt: skip
_BOXES = ("mean_average_precision",)
_CLASSIFIERS = (
    "logistic_regression", "sgd", "multinomial_naive_bayes", "bernoulli_naive_bayes", "svm", "linear_svm", "knn",
    "decision_tree", "random_forest", "extreme_random_trees", "light_gbm", "gradient_boosting", "xg_boost_classifier",
)  # fmt: skip
_REGRESSORS = (
    "elastic_net", "gradient_boosting", "decision_tree", "knn", "lasso_lars", "sgd", "random_forest",
    "extreme_random_trees", "light_gbm", "xg_boost_regressor",
)  # fmt: skip
_FORECASTERS = (
    "auto_arima", "prophet", "naive", "seasonal_naive", "average", "seasonal_average", "exponential_smoothing",
    "arimax", "tcn_forecaster",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """What one task knows."""

    fields: frozenset[str]
    metrics: tuple[str, ...]
    algorithms: tuple[str, ...] = ()
    needs_target: bool = True


TASKS: dict[str, Task] = {
    "classification": Task(_TABLES | {"positive_label"}, _CLASSES, _CLASSIFIERS),
    "regression": Task(_TABLES, _NUMBERS, _REGRESSORS),
    "forecasting": Task(_TABLES | {"forecasting"}, _NUMBERS, (*_FORECASTERS, *_REGRESSORS)),
    "image_classification": Task(_IMAGES, _CLASSES),
    "image_classification_multilabel": Task(_IMAGES, (*_CLASSES, "iou")),
    "image_object_detection": Task(_IMAGES, _BOXES),
    "image_instance_segmentation": Task(_IMAGES, _BOXES),
    "text_classification": Task(_TEXTS, _CLASSES, needs_target=False),
    "text_classification_multilabel": Task(_TEXTS, ("accuracy",), needs_target=False),
    "text_ner": Task(_TEXTS, ("accuracy",), needs_target=False),
}


def snake(name: str) -> str:
    """``LightGBM`` and ``light_gbm`` are one algorithm."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    return {"xgboost_classifier": "xg_boost_classifier", "xgboost_regressor": "xg_boost_regressor"}.get(words, words)
