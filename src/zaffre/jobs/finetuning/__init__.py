"""Fine-tuning jobs: a model trained further on data of one's own. Read and checked; not run yet."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="finetuning",
    arm="FineTuning",
    folder=__name__,
    spec="spec:FineTuningJob",
    summary="Trains a model further.",
    schemas=("finetuningJob",),
)
