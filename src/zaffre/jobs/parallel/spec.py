"""The specifications of a parallel job and of a parallel component."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Tag

from zaffre.assets.environment.spec import EnvironmentField
from zaffre.core import expr, signature
from zaffre.core.declared import ComponentSpec, spelt, unspelt
from zaffre.core.errors import Problem
from zaffre.core.joblike import JobResources, Queue
from zaffre.core.jobspec import JobSpec
from zaffre.core.plain import is_dict
from zaffre.core.problems import closest, found
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, LocalPath, Version, renamed
from zaffre.core.wire import BY_SHAPE, Spec
from zaffre.jobs.parallel.parts import amounts, naming

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
    """``${{inputs.NAME}}``: the input that is the model. Its folder is in AZUREML_MODEL_DIR; a task of type ``model`` is that
    MLflow model, without a script."""
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
        made = dict(data)
        if isinstance(keys := made.get("partition_keys"), str):
            with suppress(ValueError):
                made["partition_keys"] = json.loads(keys)
        if is_dict(task := made.get("task")):
            made["task"] = {
                name: unspelt(value, scope) if isinstance(value, str) else value for name, value in task.items()
            }
        return made


_ComponentField = Annotated[
    Annotated[ParallelComponent, Tag("object")] | Annotated[str, LocalPath("component"), Tag("text")], BY_SHAPE
]


class ParallelJob(JobSpec, ParallelParameters):
    """A script over mini-batches."""

    type: Annotated[Literal["parallel"], Arm("jobType"), renamed({"parallel": "Parallel"})]
    component: Annotated[_ComponentField | None, Arm()] = None
    """A parallel component that gives what is not said here: a reference, a file, or written out."""
    queue_settings: Queue | None = None
    parent_job_name: str | None = None

    @property
    def code(self) -> str | None:
        """The folder with the script."""
        return self.task.code if self.task else None

    @property
    def environment(self) -> Any:
        """What the script runs in."""
        return self.task.environment if self.task else None

    def signature(self) -> signature.Signature:
        """The names and types that its arguments may use."""
        return signature.of_job(self.inputs or {}, self.outputs or {})

    def check(self) -> list[Problem]:
        """What would fail later, said now; with a component it is known when the component is."""
        wrong = super().check()
        if isinstance(self.component, ParallelComponent):
            told = [each for each in self.component.check() if each.field != "name"]  # in here it needs none
            return wrong + [replace(each, field=f"component.{each.field}") for each in told]
        if self.component is not None:
            return wrong
        return wrong + self.problems()

    def problems(self) -> list[Problem]:
        """What is wrong with a job that says everything."""
        missing = [Problem("required, but missing", f) for f in ("task", "input_data") if not getattr(self, f)]
        return missing + self._task_problems() + self._input_problems() + amounts.problems(self)

    def _task_problems(self) -> list[Problem]:
        task = self.task
        if task is None:
            return []
        needed = ("model",) if task.type == "model" else ("code", "entry_script")
        wrong = [Problem("required, but missing", f"task.{f}") for f in needed if not getattr(task, f)]
        if task.model:
            wrong += self._model_problems(task.model)
        if task.program_arguments:
            wrong += expr.check(task.program_arguments, self.signature(), "task.program_arguments")
        if task.append_row_to:
            wrong += self._append_problems(task.append_row_to)
        return wrong

    def _model_problems(self, text: str) -> list[Problem]:
        name = naming.input_of(text)
        given: Mapping[str, Any] = self.inputs or {}
        if name is None:
            told = f"expected ${{{{inputs.NAME}}}}, found {found(text)}"
            return [Problem(told, "task.model", hint="give the model as an input, and name that input here")]
        if name not in given:
            return [Problem(f"there is no input {name!r}", "task.model", hint=closest(name, given))]
        return amounts.model_problems(name, given[name], self.task.type if self.task else "")

    def _append_problems(self, text: str) -> list[Problem]:
        at = naming.output_of(text)
        if at is None:
            told = f"expected ${{{{outputs.NAME}}}}, found {found(text)}"
            return [Problem(told, "task.append_row_to", hint="the rows become a file of one of the job's outputs")]
        if at[0] not in (self.outputs or {}):
            hint = closest(at[0], self.outputs or {})
            return [Problem(f"there is no output {at[0]!r}", "task.append_row_to", hint=hint)]
        return []

    def _input_problems(self) -> list[Problem]:
        if not self.input_data:
            return []
        name = naming.input_of(self.input_data)
        if name is None:
            told = f"expected ${{{{inputs.NAME}}}}, found {found(self.input_data)}"
            return [Problem(told, "input_data", hint="it names the one input whose content is shared out")]
        given: Mapping[str, Any] = self.inputs or {}
        if name not in given:
            return [Problem(f"there is no input {name!r}", "input_data", hint=closest(name, given))]
        return amounts.input_problems(name, given[name])
