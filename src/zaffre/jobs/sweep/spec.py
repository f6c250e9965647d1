"""The specification of a sweep job."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from zaffre.assets.environment.spec import EnvironmentField
from zaffre.core import signature
from zaffre.core.errors import Problem
from zaffre.core.expr import check as check_command
from zaffre.core.expr import modern
from zaffre.core.joblike import Distribution, JobResources, Queue
from zaffre.core.jobspec import JobSpec
from zaffre.core.signature import Signature
from zaffre.core.spelling import Arm, LocalPath, Ref, renamed
from zaffre.core.sweeping import EarlyStop, Objective, Sampler, SearchSpace, SweepLimits
from zaffre.core.wire import Spec


class Trial(Spec):
    """The command that is tried."""

    arm_always: ClassVar[dict[str, Any]] = {"environmentVariables": {}}

    command: Annotated[str, AfterValidator(modern)]
    environment: Annotated[EnvironmentField, Arm("environmentId")]
    code: Annotated[str | None, Arm("codeId"), Ref("codes"), LocalPath("code")] = None
    environment_variables: dict[str, Any] | None = None
    resources: JobResources | None = None
    distribution: Distribution | None = None


class SweepJob(JobSpec):
    """One command, tried with many values."""

    type: Annotated[Literal["sweep"], Arm("jobType"), renamed({"sweep": "Sweep"})] = "sweep"
    trial: Trial
    sampling_algorithm: Sampler | None = None
    search_space: SearchSpace | None = None
    objective: Objective
    early_termination: EarlyStop | None = None
    limits: SweepLimits
    queue_settings: Queue | None = None
    resources: JobResources | None = None

    def check(self) -> list[Problem]:
        """What the trial's command reads, and that there is an end to the search."""
        found = super().check()
        if self.limits.max_total_trials is None:
            found.append(Problem("required, but missing", "limits.max_total_trials"))
        given = signature.of_job(self.inputs or {}, self.outputs or {})
        space = frozenset(f"search_space.{name}" for name in self.search_space or {})
        known = Signature(given.inputs, given.outputs, space)
        return found + check_command(self.trial.command, known, "trial.command")
