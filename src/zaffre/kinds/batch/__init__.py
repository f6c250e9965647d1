"""Batch endpoints and their deployments: data scored as jobs. Read and checked; not run yet."""

from zaffre.core.registry import Kind

HERE = (
    Kind(
        name="batch-endpoint",
        collection="batch-endpoints",
        arm="batchEndpoints",
        folder=__name__,
        spec="spec:BatchEndpoint",
        summary="An address that scores data as jobs.",
        verbs=("create",),
        schemas=("batchEndpoint",),
        built=False,
    ),
    Kind(
        name="batch-deployment",
        collection="deployments",
        arm="deployments",
        folder=__name__,
        spec="spec:BatchDeployment",
        summary="A model or pipeline that a batch endpoint runs.",
        parent="batch-endpoint",
        verbs=("create",),
        schemas=("batchDeployment", "modelBatchDeployment", "pipelineComponentBatchDeployment"),
        built=False,
    ),
)
