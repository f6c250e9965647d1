"""Folders of code that jobs and deployments run, kept by content."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="code",
    collection="codes",
    arm="codes",
    folder=__name__,
    spec="spec:Code",
    summary="A folder of code, kept by its content.",
    versioned=True,
    verbs=("create", "show", "list"),
    schemas=("code",),
)
