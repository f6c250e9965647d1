"""The specification of an import job."""

from typing import Annotated, Any, ClassVar, Literal

from zaffre.core.errors import Problem
from zaffre.core.imports import Database, Source, is_own
from zaffre.core.io import JobOutput
from zaffre.core.joblike import JobResources, Queue
from zaffre.core.jobspec import JobSpec
from zaffre.core.spelling import Arm, Seconds, renamed
from zaffre.core.wire import Spec

TYPES = ("mltable", "uri_folder")
"""What an import can become."""


class ImportLimits(Spec):
    """When to give up."""

    arm_always: ClassVar[dict[str, Any]] = {"jobLimitsType": "Command"}

    timeout: Seconds | None = None


class ImportJob(JobSpec):
    """A source, and the one output that it becomes."""

    type: Annotated[Literal["import"], Arm("jobType"), renamed({"import": "Import"})] = "import"
    source: Source
    limits: ImportLimits | None = None
    resources: JobResources | None = None
    queue_settings: Queue | None = None
    parent_job_name: str | None = None

    def check(self) -> list[Problem]:
        """One question, one output, no inputs."""
        found = super().check()
        if self.inputs:
            found.append(Problem("an import has a source, and no inputs", "inputs"))
        if isinstance(self.source, Database) and self.source.unclear():
            found.append(Problem("expected one of query, table_name and stored_procedure", "source"))
        if len(self.outputs or {}) != 1:
            found.append(Problem(f"expected one output, found {len(self.outputs or {})}", "outputs"))
        for name, output in (self.outputs or {}).items():
            found += self._output_problems(f"outputs.{name}", output)
        return found

    def _output_problems(self, field: str, output: JobOutput) -> list[Problem]:
        if output.type not in TYPES:
            return [Problem(f"expected {' or '.join(TYPES)}, found {output.type}", f"{field}.type")]
        if output.path and not is_own(output.path):
            told = f"expected a folder of this import alone, found {output.path}, where other data may lie"
            return [Problem(told, f"{field}.path", hint="write …/${{name}}, or leave the path out")]
        return []
