"""Sweep jobs: one command tried with many values, the best of which is the result."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="sweep",
    arm="Sweep",
    folder=__name__,
    spec="spec:SweepJob",
    summary="Tries a command with many values.",
    schemas=("sweepJob",),
    is_parent=True,
)
