"""Data imports: a document that ``zaffre data import`` makes an import job of (``sdk/importing.py``); no resource of its own.

Azure has no collection of them either: its clients send a pipeline of one import step, or put one into a schedule.
"""

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
