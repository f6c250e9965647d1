"""Jobs: a kind whose specification is that of its ``type`` (see ``zaffre.jobs``)."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="job",
    collection="jobs",
    arm="jobs",
    folder=__name__,
    spec="spec:Job",
    summary="Something to run, to its end.",
    nameless=True,
    verbs=(
        "create", "list", "show", "stream", "cancel", "download", "archive", "restore", "validate", "update",
        "show-services", "why", "plan", "resume", "approve", "replay",
    ),
)  # fmt: skip
