"""The specification of a sweep job."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Discriminator, Tag

from zaffre.assets.environment.spec import EnvironmentField
from zaffre.core import signature, spaces
from zaffre.core.commanded import CommandLineComponent
from zaffre.core.errors import Problem
from zaffre.core.expr import Name, modern, parse
from zaffre.core.expr import Optional as Block
from zaffre.core.expr import check as check_command
from zaffre.core.joblike import Distribution, JobResources, Queue
from zaffre.core.jobspec import JobSpec
from zaffre.core.plain import is_mapping, mapping_of
from zaffre.core.refs import Scope
from zaffre.core.signature import Signature
from zaffre.core.spelling import Arm, LocalPath, Ref, renamed
from zaffre.core.sweeping import EarlyStop, Objective, Objectives, Sampler, SearchSpace, SweepLimits, is_component
from zaffre.core.wire import Spec

HEAD = "search_space"
MOST_TRIALS = 10_000


class Trial(Spec):
    """The command that is tried."""

    arm_always: ClassVar[dict[str, Any]] = {"environmentVariables": {}}

    command: Annotated[str, AfterValidator(modern)]
    environment: Annotated[EnvironmentField, Arm("environmentId")]
    code: Annotated[str | None, Arm("codeId"), Ref("codes"), LocalPath("code")] = None
    environment_variables: dict[str, Any] | None = None
    resources: JobResources | None = None
    distribution: Distribution | None = None


class TrialComponent(CommandLineComponent):
    """A command component written out: what is searched for are inputs of its own."""

    environment: EnvironmentField


def _sort(value: Any) -> str:
    if isinstance(value, TrialComponent):
        return "component"
    if is_mapping(value):
        return "component" if is_component(value) else "object"
    return "object" if isinstance(value, Trial) else "text"


TrialField = Annotated[
    Annotated[Trial, Tag("object")]
    | Annotated[TrialComponent, Tag("component")]
    | Annotated[str, LocalPath("component"), Tag("text")],
    Discriminator(_sort),
]


class SweepJob(JobSpec):
    """One command, tried with many values."""

    type: Annotated[Literal["sweep"], Arm("jobType"), renamed({"sweep": "Sweep"})] = "sweep"
    trial: TrialField
    """The command, or a command component: a reference, a file, or written out."""
    sampling_algorithm: Sampler | None = None
    search_space: SearchSpace | None = None
    objective: Objectives
    early_termination: EarlyStop | None = None
    limits: SweepLimits
    queue_settings: Queue | None = None
    resources: JobResources | None = None
    warm_start: Annotated[list[str] | None, Arm()] = None
    """Beyond Azure: earlier sweeps whose trials the sampler learns from."""
    resume: Annotated[str | None, Arm()] = None
    """Beyond Azure: a sweep that was stopped; what it has completed is taken over, then this one goes on."""

    @property
    def objectives(self) -> list[Objective]:
        """One or several, the first being the one that decides."""
        return [self.objective] if isinstance(self.objective, Objective) else self.objective

    def check(self) -> list[Problem]:
        """What the trial's command reads, that there is an end to the search, and something to find in it."""
        found = super().check() + self._limits()
        space = self.search_space or {}
        wrong = spaces.check_space(space)
        if not wrong:  # what is inside a value that is none cannot be looked at
            sampler = self.sampling_algorithm
            wrong += spaces.check_sampler(sampler, space) if sampler is not None else []
            wrong += spaces.check_objectives(self.objectives, sampler)
            wrong += spaces.check_policy(self.early_termination, sampler)
            wrong += self._command()
        return found + wrong

    def _limits(self) -> list[Problem]:
        limits, found = self.limits, list[Problem]()
        if limits.max_total_trials is None:
            found.append(Problem("required, but missing", "limits.max_total_trials"))
        elif not 1 <= limits.max_total_trials <= MOST_TRIALS:
            told = f"expected 1 to {MOST_TRIALS}, found {limits.max_total_trials}"
            found.append(Problem(told, "limits.max_total_trials"))
        for name in ("max_concurrent_trials", "timeout", "trial_timeout"):
            if (value := getattr(limits, name)) is not None and value < 1:
                found.append(Problem(f"expected 1 or more, found {value}", f"limits.{name}"))
        return found

    def _command(self) -> list[Problem]:
        if isinstance(self.trial, TrialComponent):
            wrong = [each for each in self.trial.check() if each.field != "name"]  # in here it needs none
            return [replace(each, field=f"trial.{each.field}") for each in wrong]
        if not isinstance(self.trial, Trial):
            return []
        space = self.search_space or {}
        given = signature.of_job(self.inputs or {}, self.outputs or {})
        known = Signature(given.inputs, given.outputs, frozenset(f"{HEAD}.{name}" for name in spaces.names(space)))
        found = check_command(self.trial.command, known, "trial.command")
        return found or _sometimes(self.trial.command, spaces.conditional(space))

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """A component has a place of its own in the trial."""
        body = super().to_arm(scope)
        if not isinstance(self.trial, Trial):
            said = self.trial if isinstance(self.trial, str) else self.trial.to_yaml()
            body["properties"]["trial"] = {"command": "", "environmentVariables": {}, "component": said}
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The component again."""
        data = super().arm_to_yaml(body, scope)
        said = mapping_of(mapping_of(body.get("properties")).get("trial")).get("component")
        return data | {"trial": said} if said else data


def _sometimes(command: str, conditional: frozenset[str]) -> list[Problem]:
    """A parameter that only some trials have stands in an optional block."""
    found: list[Problem] = []
    for part in parse(command):
        if not isinstance(part, Block) and isinstance(part, Name) and part.name.removeprefix(f"{HEAD}.") in conditional:
            told = f"${{{{{part.name}}}}} has a value in some trials only"
            hint = f"write $[[… ${{{{{part.name}}}}}]] around what needs it"
            found.append(Problem(told, "trial.command", hint=hint))
    return found
