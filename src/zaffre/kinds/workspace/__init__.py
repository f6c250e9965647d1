"""Workspaces: what holds everything else."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="workspace",
    collection="workspaces",
    arm="workspaces",
    folder=__name__,
    spec="spec:Workspace",
    summary="A place of its own for jobs, assets and endpoints.",
    verbs=("create", "update", "show", "list", "delete"),
    schemas=("workspace",),
)
