"""Schedules: jobs, imports and monitors that happen again. Read and checked; not run yet."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="schedule",
    collection="schedules",
    arm="schedules",
    folder=__name__,
    spec="spec:Schedule",
    summary="A job, an import or a monitor that happens again.",
    verbs=("create",),
    schemas=("schedule", "Schedule"),
    built=False,
)
