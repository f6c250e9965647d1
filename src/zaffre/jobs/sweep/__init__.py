"""Sweep jobs: one command tried with many values. Read and checked; not run yet."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="sweep",
    arm="Sweep",
    folder=__name__,
    spec="spec:SweepJob",
    summary="Tries a command with many values.",
    schemas=("sweepJob",),
)
