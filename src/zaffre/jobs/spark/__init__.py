"""Spark jobs: a script, or a class of a jar, on a Spark session."""

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
