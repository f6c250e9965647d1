"""Data imports: what a query or a bucket holds becomes a data asset. Read and checked; not run yet."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="data-import",
    collection="data-imports",
    arm="dataImports",
    folder=__name__,
    spec="spec:DataImport",
    summary="What a query or a bucket holds, made a data asset.",
    verbs=("create",),
    schemas=("dataImport", "DataImport"),
    built=False,
)
