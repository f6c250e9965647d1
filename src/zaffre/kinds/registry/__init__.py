"""Registries: assets shared between workspaces."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="registry",
    collection="registries",
    arm="registries",
    folder=__name__,
    spec="spec:Registry",
    summary="Assets shared between workspaces.",
    verbs=("create", "update", "show", "list", "delete"),
    schemas=("registry",),
)
