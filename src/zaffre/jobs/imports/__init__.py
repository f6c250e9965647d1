"""Import jobs: what a database answers, or a bucket holds, made a data asset by a process of Zaffre's own."""

from zaffre.core.registry import JobType

HERE = JobType(
    name="import",
    arm="Import",
    folder=__name__,
    spec="spec:ImportJob",
    summary="Brings what a database answers, or a bucket holds, as data.",
    schemas=("importJob",),
)
