"""Pipeline jobs: steps that feed each other. Read and checked; not run yet."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="pipeline",
    arm="Pipeline",
    folder=__name__,
    spec="spec:PipelineJob",
    summary="Runs steps that feed each other.",
    schemas=("pipelineJob",),
    component="spec:PipelineComponent",
)
