"""Drafts: pipelines that are being drawn in Studio's Designer, finished or not."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="draft",
    collection="drafts",
    arm="pipelineDrafts",
    folder=__name__,
    spec="spec:PipelineDraft",
    summary="A pipeline that is being drawn in the Designer.",
    nameless=True,
    verbs=("create", "update", "show", "list", "delete"),
    schemas=("pipelineDraft",),
)
