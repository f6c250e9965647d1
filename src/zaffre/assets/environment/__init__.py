"""Environments: what software a job or deployment runs in."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="environment",
    collection="environments",
    arm="environments",
    folder=__name__,
    spec="spec:Environment",
    summary="The software a job or deployment runs in.",
    versioned=True,
    verbs=("create", "update", "show", "list", "archive", "restore", "share", "copy", "lock", "diff", "forget"),
    schemas=("environment",),
)
