"""Parallel jobs: a script over mini-batches, alone or as a step of a pipeline."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="parallel",
    arm="Parallel",
    folder=__name__,
    spec="spec:ParallelJob",
    summary="Runs a script over mini-batches.",
    schemas=("parallelJob",),
    component="spec:ParallelComponent",
)
