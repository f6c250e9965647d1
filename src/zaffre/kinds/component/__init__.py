"""Components: pieces of work by name and version, for jobs and pipelines to use."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="component",
    collection="components",
    arm="components",
    folder=__name__,
    spec="spec:Component",
    summary="A piece of work with typed inputs and outputs, by name and version.",
    versioned=True,
    verbs=("create", "update", "show", "list", "archive", "restore", "share", "copy"),
    schemas=("commandComponent", "pipelineComponent", "parallelComponent", "sparkComponent"),
)
