"""Schedules: jobs and imports that happen again, by the clock or after an event. Monitors are read and checked only."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="schedule",
    collection="schedules",
    arm="schedules",
    folder=__name__,
    spec="spec:Schedule",
    summary="A job, an import or a monitor that happens again.",
    verbs=("create", "update", "show", "list", "delete", "enable", "disable", "trigger", "history"),
    schemas=("schedule", "Schedule"),
)
