"""Online endpoints and their deployments: models that answer requests. One folder, because every rule needs both."""

from zaffre.core.registry import Kind

HERE = (
    Kind(
        name="online-endpoint",
        collection="online-endpoints",
        arm="onlineEndpoints",
        folder=__name__,
        spec="spec:OnlineEndpoint",
        summary="An address that answers requests, and how its traffic is divided.",
        verbs=("create", "update", "show", "list", "delete", "invoke", "get-credentials", "regenerate-keys"),
        schemas=("managedOnlineEndpoint", "kubernetesOnlineEndpoint", "onlineEndpoint"),
    ),
    Kind(
        name="online-deployment",
        collection="deployments",
        arm="deployments",
        folder=__name__,
        spec="spec:OnlineDeployment",
        summary="A model, its code and its environment, running behind an endpoint.",
        parent="online-endpoint",
        verbs=("create", "update", "show", "list", "delete", "get-logs", "metrics", "test"),
        schemas=("managedOnlineDeployment", "kubernetesOnlineDeployment", "onlineDeployment"),
    ),
)
