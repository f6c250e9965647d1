"""What a job of any type may say: its names, its place, what it reads and leaves."""

from typing import Annotated, Any, ClassVar

from zaffre.core import names
from zaffre.core.errors import Problem
from zaffre.core.io import JobInputs, JobOutputs
from zaffre.core.joblike import ComputeRef, Distribution, JobResources, JobService, Queue
from zaffre.core.shapes import SERVER_FACTS, JobIdentity, Resource
from zaffre.core.spelling import Arm
from zaffre.core.wire import Spec


class JobSpec(Resource):
    """The fields that job types share."""

    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"status", "log_files", "parameters"}

    arm_always: ClassVar[dict[str, Any]] = {
        "properties.isArchived": False,
        "properties.outputs": {},
        "properties.tags": {},
        "properties.properties": {},
    }

    display_name: str | None = None
    experiment_name: str | None = None
    tags: dict[str, str | None] | None = None
    properties: dict[str, str | None] | None = None
    compute: Annotated[str | None, Arm("computeId"), ComputeRef()] = None
    inputs: JobInputs | None = None
    outputs: JobOutputs | None = None
    services: dict[str, JobService] | None = None
    identity: JobIdentity | None = None

    def check(self) -> list[Problem]:
        """Names."""
        found = super().check()
        if self.name and (why := names.problem("job", self.name)):
            found.append(Problem(why, "name"))
        for field, keys in (("inputs", self.inputs), ("outputs", self.outputs)):
            found += [Problem(why, f"{field}.{key}") for key in keys or {} if (why := names.problem("input", key))]
        return found


class Structures(Spec):
    """What of a pipeline's step has a spelling of its own in ARM, as it has in a job."""

    resources: JobResources | None = None
    distribution: Distribution | None = None
    identity: JobIdentity | None = None
    queue_settings: Queue | None = None
    services: dict[str, JobService] | None = None
