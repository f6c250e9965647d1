"""Pipeline jobs: steps that feed each other."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="pipeline",
    arm="Pipeline",
    folder=__name__,
    spec="spec:PipelineJob",
    summary="Runs steps that feed each other.",
    schemas=("pipelineJob",),
    component="spec:PipelineComponent",
    is_parent=True,
)
