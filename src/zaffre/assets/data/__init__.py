"""Data assets: a name and a version for a file, a folder or a table description."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="data",
    collection="data",
    arm="data",
    folder=__name__,
    spec="spec:Data",
    summary="A file, folder or table, by name and version.",
    versioned=True,
    verbs=(
        "create", "update", "show", "list", "archive", "restore", "preview", "profile", "verify", "share", "copy",
        "import", "list-materialization-status",
    ),
    schemas=("data",),
)  # fmt: skip
