"""The specifications of a parallel job and of a parallel component."""

import json
from contextlib import suppress
from typing import Annotated, Any, Literal

from zaffre.assets.environment.spec import EnvironmentField
from zaffre.core.declared import ComponentSpec, spelt, unspelt
from zaffre.core.joblike import JobResources
from zaffre.core.jobspec import JobSpec
from zaffre.core.plain import is_dict
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, LocalPath, Version, renamed
from zaffre.core.wire import Spec

Count = int | str
"""A number, or an expression that stands for one."""


class ParallelTask(Spec):
    """The script that is called with each mini-batch."""

    type: Annotated[
        Literal["run_function", "model", "function"],
        renamed({"run_function": "run_function", "model": "model", "function": "function"}),
    ]
    code: Annotated[str | None, LocalPath("code")] = None
    entry_script: str | None = None
    program_arguments: str | None = None
    model: str | None = None
    append_row_to: str | None = None
    environment: EnvironmentField


class Retries(Spec):
    """How long a mini-batch may take, in seconds, and how often it is tried again."""

    timeout: Count | None = None
    max_retries: Count | None = None


class ParallelParameters(Spec):
    """A script over mini-batches."""

    task: ParallelTask | None = None
    mini_batch_size: Version | None = None
    partition_keys: list[str] | None = None
    input_data: str | None = None
    resources: JobResources | None = None
    retry_settings: Retries | None = None
    logging_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING"] | None,
        renamed({"DEBUG": "DEBUG", "INFO": "INFO", "WARNING": "WARNING"}, warn="WARNING"),
    ] = None
    max_concurrency_per_instance: Count | None = None
    error_threshold: Count | None = None
    mini_batch_error_threshold: Count | None = None
    environment_variables: dict[str, Any] | None = None


class ParallelJob(JobSpec, ParallelParameters):
    """A script over mini-batches."""

    type: Annotated[Literal["parallel"], Arm("jobType"), renamed({"parallel": "Parallel"})]


_DEFAULTS = {
    "logging_level": "INFO",
    "max_concurrency_per_instance": 1,
    "error_threshold": -1,
    "mini_batch_error_threshold": -1,
}
"""What the official client says where a document does not."""


class ParallelComponent(ComponentSpec, ParallelParameters):
    """A script over mini-batches, to be used again."""

    type: Annotated[Literal["parallel"], renamed({"parallel": "Parallel"})]

    def arm_spec(self, scope: Scope) -> dict[str, Any]:
        """With the references of its task, and every default."""
        spec: dict[str, Any] = {**_DEFAULTS, **super().arm_spec(scope)}
        task: dict[str, Any] | None = spec.get("task")
        for field, collection in (("code", "codes"), ("environment", "environments"), ("model", "models")):
            if task and isinstance(task.get(field), str):
                task[field] = spelt(task[field], collection, scope)
        if self.partition_keys is not None:
            spec["partition_keys"] = json.dumps(self.partition_keys)
        return spec

    @classmethod
    def arm_spec_to_yaml(cls, data: dict[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The client writes its partition keys as the text of a JSON list, and its task with ids."""
        found = dict(data)
        if isinstance(keys := found.get("partition_keys"), str):
            with suppress(ValueError):
                found["partition_keys"] = json.loads(keys)
        if is_dict(task := found.get("task")):
            found["task"] = {
                name: unspelt(value, scope) if isinstance(value, str) else value for name, value in task.items()
            }
        return found
