"""Spark jobs: a script on a Spark session. Read and checked; not run yet."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="spark",
    arm="Spark",
    folder=__name__,
    spec="spec:SparkJob",
    summary="Runs a script on Spark.",
    schemas=("sparkJob",),
    component="spec:SparkComponent",
)
