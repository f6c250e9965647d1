"""Command jobs: one command line, its inputs and outputs, in an environment on a compute."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="command",
    arm="Command",
    folder=__name__,
    spec="spec:CommandJob",
    summary="Runs one command line.",
    schemas=("commandJob",),
    component="spec:CommandComponent",
)
