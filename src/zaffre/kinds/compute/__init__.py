"""Computes: where jobs run."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="compute",
    collection="computes",
    arm="computes",
    folder=__name__,
    spec="spec:Compute",
    summary="Where jobs run.",
    verbs=(
        "create", "update", "show", "list", "delete", "start", "stop", "restart", "attach", "list-nodes",
        "list-usage", "list-sizes",
    ),
    schemas=("amlCompute", "computeInstance", "kubernetesCompute", "vmCompute", "synapseSparkCompute"),
)  # fmt: skip
