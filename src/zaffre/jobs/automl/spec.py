"""The specification of an AutoML job: one model for every task, which decides what else may be said."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from zaffre.core import problems
from zaffre.core.errors import Problem
from zaffre.core.io import JobInput
from zaffre.core.joblike import JobResources, Queue
from zaffre.core.jobspec import JobSpec
from zaffre.core.spelling import Arm, Renamed, renamed
from zaffre.core.sweeping import EarlyStop, Sampler
from zaffre.core.wire import Spec
from zaffre.jobs.automl.parts import tasks


def _words(*words: str) -> Renamed:
    return renamed({word: word for word in words})


class AutoMLLimits(Spec):
    """How many trials, how long; times in minutes."""

    enable_early_termination: bool | None = None
    exit_score: float | None = None
    max_concurrent_trials: int | None = None
    max_cores_per_trial: int | None = None
    max_nodes: int | None = None
    max_trials: int | None = None
    timeout_minutes: int | None = None
    trial_timeout_minutes: int | None = None


class ColumnTransformer(Spec):
    """Which columns a transformer takes, and its parameters."""

    fields: list[str] | None = None
    parameters: dict[str, float | str | None] | None = None


class Featurization(Spec):
    """What is made of the columns before a model sees them."""

    mode: Annotated[Literal["auto", "off", "custom"] | None, _words("auto", "off", "custom")] = None
    blocked_transformers: list[str] | None = None
    column_name_and_types: dict[str, str] | None = None
    transformer_params: dict[str, list[ColumnTransformer]] | None = None
    enable_dnn_featurization: bool | None = None
    dataset_language: str | None = None


class Forecasting(Spec):
    """Time, horizon and lags of a forecast."""

    country_or_region_for_holidays: str | None = None
    cv_step_size: int | None = None
    forecast_horizon: int | Literal["auto"] | None = None
    target_lags: int | list[int] | Literal["auto"] | None = None
    target_rolling_window_size: int | Literal["auto"] | None = None
    time_column_name: str | None = None
    time_series_id_column_names: str | list[str] | None = None
    frequency: str | None = None
    feature_lags: Literal["none", "auto"] | None = None
    seasonality: int | Literal["auto"] | None = None
    short_series_handling_config: Annotated[
        Literal["none", "auto", "pad", "drop"] | None, _words("none", "auto", "pad", "drop")
    ] = None
    use_stl: Annotated[Literal["none", "season", "season_trend"] | None, _words("none", "season", "season_trend")] = (
        None
    )
    target_aggregate_function: Annotated[
        Literal["none", "sum", "max", "min", "mean"] | None, _words("none", "sum", "max", "min", "mean")
    ] = None
    features_unknown_at_forecast_time: str | list[str] | None = None


class StackEnsemble(Spec):
    """The model that combines the others."""

    stack_meta_learner_type: str | None = None
    stack_meta_learner_kwargs: dict[str, Any] | None = None
    stack_meta_learner_train_percentage: float | None = None


class Training(Spec):
    """Which algorithms are tried, and what is made of the best."""

    allowed_training_algorithms: list[str] | None = None
    blocked_training_algorithms: list[str] | None = None
    enable_dnn_training: bool | None = None
    enable_model_explainability: bool | None = None
    enable_onnx_compatible_models: bool | None = None
    enable_stack_ensemble: bool | None = None
    enable_vote_ensemble: bool | None = None
    ensemble_model_download_timeout_minutes: int | None = None
    stack_ensemble_settings: StackEnsemble | None = None
    training_mode: Annotated[
        Literal["auto", "distributed", "non_distributed"] | None, _words("auto", "distributed", "non_distributed")
    ] = None


class AutoMLSweep(Spec):
    """How the search space is walked."""

    sampling_algorithm: Sampler | None = None
    early_termination: EarlyStop | None = None


class AutoMLJob(JobSpec):
    """A task and its data; the model is searched for."""

    needs: ClassVar[tuple[str, ...]] = ("training_data",)

    type: Annotated[Literal["automl"], Arm("jobType"), renamed({"automl": "AutoML"})]
    task: Annotated[tasks.Word, renamed(tasks.ARM_WORDS)]
    primary_metric: str | None = None
    log_verbosity: Annotated[
        Literal["not_set", "debug", "info", "warning", "error", "critical"] | None,
        _words("not_set", "debug", "info", "warning", "error", "critical"),
    ] = None
    training_data: JobInput | None = None
    validation_data: JobInput | None = None
    validation_data_size: float | None = None
    test_data: JobInput | None = None
    test_data_size: float | None = None
    target_column_name: str | None = None
    weight_column_name: str | None = None
    positive_label: str | None = None
    n_cross_validations: int | Literal["auto"] | None = None
    cv_split_column_names: list[str] | None = None
    limits: AutoMLLimits | None = None
    featurization: Featurization | None = None
    training: Training | None = None
    forecasting: Forecasting | None = None
    training_parameters: dict[str, Any] | None = None
    search_space: list[dict[str, Any]] | None = None
    sweep: AutoMLSweep | None = None
    environment_id: str | None = None
    environment_variables: dict[str, str] | None = None
    resources: JobResources | None = Field(default=None)
    queue_settings: Queue | None = None

    def check(self) -> list[Problem]:
        """What the task needs and what it does not know."""
        found = super().check()
        task = tasks.TASKS[self.task]
        if self.target_column_name is None and task.needs_target:
            found.append(Problem(f"required for {self.task}, but missing", "target_column_name"))
        for field in tasks.PARTICULAR:
            if getattr(self, field) is not None and field not in task.fields:
                found.append(Problem(f"the task {self.task} has no such field", field))
        metric = (self.primary_metric or "").replace("-", "_").lower()
        if metric and metric not in task.metrics:
            told = f"expected one of {', '.join(task.metrics)}, found {problems.found(self.primary_metric)}"
            found.append(Problem(told, "primary_metric", hint=problems.closest(metric, task.metrics)))
        return found + self._algorithms(task)

    def _algorithms(self, task: tasks.Task) -> list[Problem]:
        found: list[Problem] = []
        for field in ("allowed_training_algorithms", "blocked_training_algorithms"):
            for index, name in enumerate(getattr(self.training, field, None) or ()):
                word = tasks.snake(name)
                if word not in task.algorithms:
                    hint = problems.closest(word, task.algorithms)
                    found.append(
                        Problem(f"{name!r} is no algorithm of {self.task}", f"training.{field}[{index}]", hint=hint)
                    )
        return found
