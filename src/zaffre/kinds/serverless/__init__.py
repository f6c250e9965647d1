"""Serverless endpoints: a model of a catalogue behind an address. Read and checked; not run yet."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="serverless-endpoint",
    collection="serverless-endpoints",
    arm="serverlessEndpoints",
    folder=__name__,
    spec="spec:ServerlessEndpoint",
    summary="A model of a catalogue behind an address.",
    verbs=("create",),
    schemas=("serverlessEndpoint",),
    built=False,
)
