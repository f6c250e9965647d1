"""The specifications of a pipeline job, of a pipeline component, and of their steps.

A step is a component with its inputs, a job written out, or a branch or loop over other steps. Any value of a step may be an
expression (``${{parent.inputs.x}}``) until the pipeline runs, so what a component's own specification will check later is
taken here as it stands.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, Tag

from zaffre.core import problems
from zaffre.core.declared import ComponentSpec
from zaffre.core.errors import Invalid, Problem
from zaffre.core.io import JobOutput
from zaffre.core.jobspec import JobSpec
from zaffre.core.plain import is_dict, mapping_of
from zaffre.core.refs import Scope
from zaffre.core.registry import job_types
from zaffre.core.resource import Content, Key
from zaffre.core.shapes import JobIdentity
from zaffre.core.spelling import Arm, LocalPath, Ref, Seconds, Version, renamed
from zaffre.core.sweeping import is_component
from zaffre.core.wire import BY_SHAPE, Spec
from zaffre.jobs.pipeline.parts import arm, graph, network, unnamed

_BINDABLE = ("limits", "resources", "distribution", "retry_settings", "queue_settings")
STEP_TYPES = ("command", "sweep", "parallel", "spark", "automl", "pipeline", "import", "data_transfer")
FLOW_TYPES = ("if_else", "do_while", "parallel_for", "approval")
Scalar = bool | int | float | str


class StepInput(Spec):
    """Data given to a step: a place of its own, or another step's output with a mode."""

    type: str | None = None
    path: Scalar | None = None
    mode: str | None = None
    value: Scalar | None = None
    path_on_compute: str | None = None
    datastore: str | None = None


def _output(value: Any) -> Any:
    return {} if value is None else {"path": value} if isinstance(value, str) else value


StepInputs = dict[str, Annotated[Annotated[StepInput, Tag("object")] | Annotated[Scalar, Tag("text")], BY_SHAPE]]
StepOutputs = dict[str, Annotated[JobOutput, BeforeValidator(_output)]]


class ComponentStep(Spec):
    """A component and what it is given here; what is said beside it holds instead of the component's own word."""

    ignored: ClassVar[frozenset[str]] = frozenset({"$schema"})

    type: Annotated[
        Literal["command", "sweep", "parallel", "spark", "pipeline", "import", "data_transfer"],
        renamed({word: word for word in STEP_TYPES if word != "automl"}),
    ] = "command"
    component: str | dict[str, Any] | None = None
    trial: str | dict[str, Any] | None = None
    """What a sweep tries, in the place of ``component``."""
    inputs: StepInputs | None = None
    outputs: StepOutputs | None = None
    name: str | None = None
    display_name: str | None = None
    description: str | None = None
    comment: str | None = None
    tags: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None
    compute: str | None = None
    experiment_name: str | None = None
    environment: Any = None
    environment_variables: dict[str, Any] | None = None
    code: str | None = None
    command: str | None = None
    resources: dict[str, Any] | str | None = None
    distribution: dict[str, Any] | str | None = None
    limits: dict[str, Any] | str | None = None
    services: dict[str, Any] | None = None
    identity: JobIdentity | None = None
    queue_settings: dict[str, Any] | None = None
    task: dict[str, Any] | str | None = None
    mini_batch_size: Version | None = None
    partition_keys: list[str] | str | None = None
    input_data: str | None = None
    retry_settings: dict[str, Any] | None = None
    logging_level: str | None = None
    max_concurrency_per_instance: int | str | None = None
    error_threshold: int | str | None = None
    mini_batch_error_threshold: int | str | None = None
    entry: dict[str, Any] | None = None
    args: str | None = None
    conf: dict[str, Any] | None = None
    py_files: list[str] | None = None
    files: list[str] | None = None
    jars: list[str] | None = None
    archives: list[str] | None = None
    source: dict[str, Any] | None = None
    sampling_algorithm: Any = None
    search_space: dict[str, Any] | None = None
    objective: dict[str, Any] | None = None
    early_termination: dict[str, Any] | None = None

    def check(self) -> list[Problem]:
        """A component written out is one of its type."""
        found = super().check()
        field = "trial" if self.type == "sweep" else "component"
        said = getattr(self, field)
        if said is None:
            return [*found, Problem("required, but missing", field)]
        return found + (_inline(field, "command" if field == "trial" else self.type, said) if is_dict(said) else [])


class Retry(Spec):
    """How often a step that failed is run again."""

    max_retries: Annotated[int, Field(ge=0, le=100)]
    delay: Seconds = 0
    """Between two attempts."""


class StepSettings(Spec):
    """What Azure's steps do not have: other attempts, steps to wait for without anything of theirs, no reuse."""

    retry: Retry | None = None
    depends_on: list[str] | str | None = None
    is_deterministic: bool | None = None
    """False: it is never taken from before, whatever its component says, and never by later pipelines."""


class Approval(Spec):
    """A step that waits until somebody says that the pipeline may go on."""

    type: Literal["approval"]
    message: str | None = None
    """What whoever decides is asked."""
    timeout: Seconds | None = None
    """After which it counts as rejected."""
    approvers: list[str] | None = None
    """Who may decide; anybody who may cancel the job where nobody is named."""
    inputs: StepInputs | None = None
    """What is to be looked at."""
    depends_on: list[str] | str | None = None


class IfElse(Spec):
    """Steps that run, or do not, by a condition."""

    type: Literal["if_else"]
    condition: bool | str
    depends_on: list[str] | str | None = None
    true_block: str | list[str] | None = None
    false_block: str | list[str] | None = None

    def check(self) -> list[Problem]:
        """One block at least."""
        return (
            [] if self.true_block or self.false_block else [Problem("expected true_block or false_block", "true_block")]
        )


class LoopLimits(Spec):
    """How often at most."""

    max_iteration_count: int


class DoWhile(Spec):
    """A step again and again, its outputs fed back to its inputs."""

    type: Literal["do_while"]
    depends_on: list[str] | str | None = None
    body: str
    condition: str | None = None
    mapping: dict[str, str | list[str]]
    limits: LoopLimits


class ParallelFor(Spec):
    """A step once for each of many items."""

    type: Literal["parallel_for"]
    depends_on: list[str] | str | None = None
    body: str
    items: str | list[dict[str, Any]] | dict[str, dict[str, Any]]
    max_concurrency: int | None = None
    outputs: StepOutputs | None = None


_FLOWS: dict[str, type[Spec]] = {
    "if_else": IfElse,
    "do_while": DoWhile,
    "parallel_for": ParallelFor,
    "approval": Approval,
}
_SETTINGS = tuple(StepSettings.model_fields)


def read_step(data: Mapping[str, Any]) -> Spec:
    """A step as the model that fits it; raises ``Invalid`` with places relative to the step."""
    said = str(data.get("type") or "command")
    word = said.lower()
    if word in _FLOWS:
        return _FLOWS[word].from_yaml(data)
    if word not in STEP_TYPES:
        choices = (*STEP_TYPES, *FLOW_TYPES)
        told = f"expected one of {', '.join(choices)}, found {problems.found(said)}"
        raise Invalid([Problem(told, "type", hint=problems.closest(word, choices))])
    StepSettings.from_yaml({name: data[name] for name in _SETTINGS if name in data})
    data = {name: value for name, value in data.items() if name not in _SETTINGS}
    trial = data.get("trial")
    of_component = "component" in data or isinstance(trial, str) or (is_dict(trial) and is_component(trial))
    if word != "automl" and (of_component or word in ("import", "data_transfer", "pipeline")):
        return ComponentStep.from_yaml(data)
    return _job(word, data)


def _job(word: str, data: Mapping[str, Any]) -> Spec:
    """A job written out: the specification of its type, which lends it what the pipeline has for all steps."""
    outputs = {name: _output(value) for name, value in mapping_of(data.get("outputs")).items()}
    job = {key: value for key, value in data.items() if key != "outputs"} | ({"outputs": outputs} if outputs else {})
    for name in _BINDABLE:  # an expression there has no type yet
        if is_dict(said := job.get(name)):
            job[name] = {key: value for key, value in said.items() if not str(value).startswith("${{")}
    for name in ("training_data", "validation_data", "test_data"):
        if word == "automl" and isinstance(job.get(name), str):
            job[name] = {"type": "mltable", "path": job[name]}
    return job_types()[word].model().from_yaml({"type": word, **job})


def _inline(field: str, type_: str, said: dict[str, Any]) -> list[Problem]:
    job = job_types().get(type_)
    if job is None or not job.component:
        return []
    try:
        known = {key: value for key, value in said.items() if key not in ("name", "version")}  # in here it needs none
        job.component_model().from_yaml({"type": type_, **known})
    except Invalid as error:
        return [replace(problem, field=f"{field}.{problem.field}") for problem in error.problems]
    return []


class Steps(Spec):
    """Steps by name."""

    jobs: Annotated[dict[str, dict[str, Any]] | None, LocalPath("steps")] = None

    def step(self, name: str) -> Spec:
        """One step, by the model that fits it."""
        return read_step((self.jobs or {})[name])

    def unnamed(self, workspace: str) -> tuple[tuple[Key, Content], ...]:
        """The components that steps written out are known by."""
        return unnamed.furnished(workspace, self.jobs or {}, mapping_of(self.to_stored().get("inputs")))

    def step_problems(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> list[Problem]:
        """What is wrong with the steps, each mistake at its place in the pipeline."""
        found = graph.step_names(self.jobs or {})
        for name, said in (self.jobs or {}).items():
            try:
                read_step(said)
            except Invalid as error:
                found += [replace(problem, field=f"jobs.{name}.{problem.field}") for problem in error.problems]
        found += graph.bindings(self.jobs or {}, inputs, outputs)
        return found or network.problems(self.jobs or {})


class Settings(Spec):
    """What holds for all steps."""

    default_compute: str | None = None
    default_datastore: str | None = None
    continue_on_step_failure: bool | None = None
    force_rerun: bool | None = None
    on_init: str | None = None
    on_finalize: str | None = None


class PipelineLimits(Spec):
    """When to give up on all of it; Azure ML has none for a pipeline."""

    timeout: Seconds | None = None


OWN_LIMITS = "ZaffreLimits"
"""The property that holds limits of a pipeline which only Zaffre has."""


class PipelineJob(JobSpec, Steps):
    """Steps that feed each other."""

    type: Annotated[Literal["pipeline"], Arm("jobType"), renamed({"pipeline": "Pipeline"})]
    settings: Settings | None = None
    limits: Annotated[PipelineLimits | None, Arm()] = None
    component: Annotated[Annotated[str, LocalPath("component")] | dict[str, Any] | None, Arm("componentId")] = None
    """A pipeline component to run, in the place of ``jobs``."""

    _network: network.Network | None = PrivateAttr(default=None)
    _ends: dict[str, dict[str, Any]] | None = PrivateAttr(default=None)

    @property
    def network(self) -> network.Network:
        """How the steps hang together; worked out once."""
        if self._network is None:
            self._network = network.network(self.jobs or {})
        return self._network

    def renew(self) -> None:
        """Forget what was worked out of fields that have changed since."""
        self._network = self._ends = None

    @property
    def ends(self) -> dict[str, dict[str, Any]]:
        """Its ``inputs`` and ``outputs`` in stored spelling; worked out once."""
        if self._ends is None:
            stored = PipelineJob(type="pipeline", inputs=self.inputs, outputs=self.outputs).to_stored()
            self._ends = {side: stored.get(side) or {} for side in ("inputs", "outputs")}
        return self._ends

    def check(self) -> list[Problem]:
        """Every step, and what they name of each other."""
        found = super().check()
        if self.component is not None and self.jobs:
            found.append(Problem("jobs and component exclude each other", "component"))
        return found + self.step_problems(self.inputs or {}, self.outputs or {})

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """Steps and settings have a spelling of their own."""
        body = super().to_arm(scope)
        properties = body["properties"]
        settings = self.settings.to_yaml() if self.settings is not None else {}
        properties["settings"] = arm.settings_out(settings, scope)
        properties["jobs"] = arm.steps_out(self.jobs or {}, scope, self.ends["inputs"])
        if self.limits is not None and self.limits.timeout is not None:
            properties["properties"] = {**properties["properties"], OWN_LIMITS: f"{self.limits.timeout:g}"}
        said = properties.pop("componentId", None)
        if isinstance(said, str):
            properties["componentId"] = Ref("components").out(said, scope)
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The YAML again."""
        data = super().arm_to_yaml(body, scope)
        properties = mapping_of(body.get("properties"))
        data |= {"jobs": arm.steps_back(mapping_of(properties.get("jobs")), scope)}
        if absent := arm.left_empty(data["jobs"], inputs := mapping_of(data.get("inputs"))):
            data["inputs"] = {**inputs, **absent}
        data |= {"settings": arm.settings_back(mapping_of(properties.get("settings")), scope)}
        if properties.get("componentId"):
            data["component"] = Ref("components").back(properties["componentId"], scope)
        if OWN_LIMITS in (own := dict(mapping_of(data.get("properties")))):
            data["limits"] = {"timeout": own.pop(OWN_LIMITS)}
            data["properties"] = own or None
        return {key: value for key, value in data.items() if value or key not in ("jobs", "settings")}


class PipelineComponent(Steps, ComponentSpec):
    """Steps that feed each other, to be used as one."""

    type: Annotated[Literal["pipeline"], renamed({"pipeline": "Pipeline"})]
    source_job_id: str | None = None
    """A pipeline job that has run, whose steps are the component's: what Azure's client deploys in the place of a job."""

    def check(self) -> list[Problem]:
        """Every step, and what they name of each other."""
        return super().check() + self.step_problems(self.inputs or {}, self.outputs or {})

    def arm_spec(self, scope: Scope) -> dict[str, Any]:
        """The components of its steps by their ids."""
        spec = super().arm_spec(scope)
        return spec | {"jobs": arm.steps_out(self.jobs or {}, scope, mapping_of(self.to_stored().get("inputs")))}

    @classmethod
    def arm_spec_to_yaml(cls, data: dict[str, Any], scope: Scope | None) -> dict[str, Any]:
        """Its steps as YAML has them, or the job that it is made of."""
        kept = {key: value for key, value in data.items() if key != "sourceJobId"}
        kept |= {"source_job_id": data["sourceJobId"]} if data.get("sourceJobId") else {}
        return kept | {"jobs": arm.steps_back(mapping_of(data.get("jobs")), scope)}
