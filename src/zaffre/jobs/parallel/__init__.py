"""Parallel jobs: a script over mini-batches, a step of pipelines. Read and checked; not run yet."""

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
