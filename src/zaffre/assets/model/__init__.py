"""Model assets: what training leaves and serving loads."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="model",
    collection="models",
    arm="models",
    folder=__name__,
    spec="spec:Model",
    summary="A trained model, by name and version.",
    versioned=True,
    verbs=("create", "update", "show", "list", "archive", "restore", "download", "package", "share", "copy"),
    schemas=("model",),
)
