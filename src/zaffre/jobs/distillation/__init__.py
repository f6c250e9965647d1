"""Distillation jobs: a small model taught by a large one. Read and checked; not run yet."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="distillation",
    arm="Distillation",
    folder=__name__,
    spec="spec:DistillationJob",
    summary="Teaches a small model by a large one.",
    schemas=("distillationJob",),
)
