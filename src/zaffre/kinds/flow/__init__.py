"""Prompt flows and their batch runs: documents of the promptflow tools. Read and checked; not run yet."""

from zaffre.core.registry import Kind

HERE = (
    Kind(
        name="flow",
        collection="flows",
        arm="flows",
        folder=__name__,
        spec="spec:Flow",
        summary="Prompts and functions that feed each other.",
        verbs=("create",),
        schemas=("Flow", "flow"),
        built=False,
    ),
    Kind(
        name="flow-run",
        collection="flow-runs",
        arm="flowRuns",
        folder=__name__,
        spec="spec:FlowRun",
        summary="A flow over many rows.",
        verbs=("create",),
        schemas=("Run",),
        built=False,
    ),
)
