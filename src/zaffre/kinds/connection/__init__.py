"""Connections: what is needed to reach a service outside, its secrets sealed."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="connection",
    collection="connections",
    arm="connections",
    folder=__name__,
    spec="spec:Connection",
    summary="How a service outside is reached; its secrets are sealed.",
    verbs=("create", "update", "show", "list", "delete"),
    schemas=("connection", "Connection", "AzureOpenAIConnection"),
)
