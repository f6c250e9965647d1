"""AutoML jobs: a task and its data, the model being searched for. Read and checked; not run yet."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="automl",
    arm="AutoML",
    folder=__name__,
    spec="spec:AutoMLJob",
    summary="Searches for the best model of a task.",
    schemas=("autoMLJob",),
)
