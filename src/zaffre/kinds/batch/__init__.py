"""Batch endpoints and their deployments: data scored as jobs. An invocation is an ordinary job, submitted as a user's is."""

from zaffre.core.registry import Kind

HERE = (
    Kind(
        name="batch-endpoint",
        collection="batch-endpoints",
        arm="batchEndpoints",
        folder=__name__,
        spec="spec:BatchEndpoint",
        summary="An address that scores data as jobs.",
        verbs=("create", "update", "show", "list", "delete", "invoke", "list-jobs"),
        schemas=("batchEndpoint",),
    ),
    Kind(
        name="batch-deployment",
        collection="deployments",
        arm="deployments",
        folder=__name__,
        spec="spec:BatchDeployment",
        summary="A model or pipeline that a batch endpoint runs.",
        parent="batch-endpoint",
        verbs=("create", "update", "show", "list", "delete", "list-jobs"),
        schemas=("batchDeployment", "modelBatchDeployment", "pipelineComponentBatchDeployment"),
    ),
)
