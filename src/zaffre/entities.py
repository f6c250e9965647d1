"""azure.ai.ml's entities: each is the model of its kind, loaded when it is first named."""

from __future__ import annotations

import importlib
from typing import Any

_KINDS = "zaffre.kinds"
_CONNECTION = f"{_KINDS}.connection.spec"
_CLASSES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "AadCredentialConfiguration": (f"{_CONNECTION}:Aad", "", {"type": "aad"}),
    "AccessKeyConfiguration": (f"{_CONNECTION}:AccessKey", "", {"type": "access_key"}),
    "AccountKeyConfiguration": (f"{_CONNECTION}:AccountKey", "", {"type": "account_key"}),
    "AmlCompute": (f"{_KINDS}.compute.spec:Compute", "compute", {"type": "amlcompute"}),
    "ApiKeyConfiguration": (f"{_CONNECTION}:ApiKey", "", {"type": "api_key"}),
    "APIKeyConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "api_key"}),
    "AssignedIdentityConfiguration": ("zaffre.core.shapes:AssignedIdentity", "", {}),
    "AzureAISearchConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "azure_ai_search"}),
    "AzureAIServicesConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "azure_ai_services"}),
    "AzureBlobStoreConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "azure_blob"}),
    "AzureContentSafetyConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "azure_content_safety"}),
    "AzureOpenAIConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "azure_open_ai"}),
    "AzureSpeechServicesConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "azure_speech_services"}),
    "BatchDeployment": (f"{_KINDS}.batch.spec:BatchDeployment", "batch-deployment", {}),
    "BatchEndpoint": (f"{_KINDS}.batch.spec:BatchEndpoint", "batch-endpoint", {}),
    "BatchRetrySettings": (f"{_KINDS}.batch.spec:BatchRetries", "", {}),
    "BuildContext": ("zaffre.assets.environment.spec:BuildContext", "", {}),
    "CodeConfiguration": ("zaffre.core.serving:CodeConfiguration", "", {}),
    "CommandComponent": ("zaffre.jobs.command.spec:CommandComponent", "component", {}),
    "CommandJob": ("zaffre.jobs.command.spec:CommandJob", "job", {}),
    "CommandJobLimits": ("zaffre.jobs.command.spec:CommandLimits", "", {}),
    "Compute": (f"{_KINDS}.compute.spec:Compute", "compute", {}),
    "ComputeInstance": (f"{_KINDS}.compute.spec:Compute", "compute", {"type": "computeinstance"}),
    "CronTrigger": ("zaffre.core.triggers:Cron", "", {"type": "cron"}),
    "DaskDistribution": ("zaffre.core.joblike:Dask", "", {"type": "dask"}),
    "Data": ("zaffre.assets.data.spec:Data", "data", {}),
    "DataCollector": ("zaffre.core.serving:DataCollector", "", {}),
    "Datastore": (f"{_KINDS}.datastore.spec:Datastore", "datastore", {}),
    "Environment": ("zaffre.assets.environment.spec:Environment", "environment", {}),
    "FeatureSet": (f"{_KINDS}.feature.spec:FeatureSet", "feature-set", {}),
    "FeatureStoreEntity": (f"{_KINDS}.feature.spec:FeatureStoreEntity", "feature-store-entity", {}),
    "IdentityConfiguration": ("zaffre.core.shapes:ResourceIdentity", "", {}),
    "JobResourceConfiguration": ("zaffre.core.joblike:JobResources", "", {}),
    "JobSchedule": (f"{_KINDS}.schedule.spec:Schedule", "schedule", {}),
    "KubernetesOnlineDeployment": (
        f"{_KINDS}.online.spec:OnlineDeployment",
        "online-deployment",
        {"type": "kubernetes"},
    ),
    "KubernetesOnlineEndpoint": (f"{_KINDS}.online.spec:OnlineEndpoint", "online-endpoint", {}),
    "ManagedIdentityConfiguration": ("zaffre.core.shapes:ManagedIdentity", "", {"type": "managed"}),
    "ManagedOnlineDeployment": (f"{_KINDS}.online.spec:OnlineDeployment", "online-deployment", {}),
    "ManagedOnlineEndpoint": (f"{_KINDS}.online.spec:OnlineEndpoint", "online-endpoint", {}),
    "MicrosoftOneLakeConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "azure_one_lake"}),
    "Model": ("zaffre.assets.model.spec:Model", "model", {}),
    "ModelBatchDeployment": (f"{_KINDS}.batch.spec:BatchDeployment", "batch-deployment", {"type": "model"}),
    "ModelPackage": (f"{_KINDS}.package.spec:ModelPackage", "model-package", {}),
    "MpiDistribution": ("zaffre.core.joblike:Mpi", "", {"type": "mpi"}),
    "NoneCredentialConfiguration": (f"{_CONNECTION}:NoCredential", "", {"type": "none"}),
    "OnlineDeployment": (f"{_KINDS}.online.spec:OnlineDeployment", "online-deployment", {}),
    "OnlineEndpoint": (f"{_KINDS}.online.spec:OnlineEndpoint", "online-endpoint", {}),
    "OnlineRequestSettings": ("zaffre.core.serving:RequestSettings", "", {}),
    "OpenAIConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "open_ai"}),
    "ParallelComponent": ("zaffre.jobs.parallel.spec:ParallelComponent", "component", {"type": "parallel"}),
    "PatTokenConfiguration": (f"{_CONNECTION}:Pat", "", {"type": "pat"}),
    "PipelineComponent": ("zaffre.jobs.pipeline.spec:PipelineComponent", "component", {"type": "pipeline"}),
    "PipelineComponentBatchDeployment": (
        f"{_KINDS}.batch.spec:BatchDeployment",
        "batch-deployment",
        {"type": "pipeline"},
    ),
    "PipelineJob": ("zaffre.jobs.pipeline.spec:PipelineJob", "job", {"type": "pipeline"}),
    "ProbeSettings": ("zaffre.core.serving:Probe", "", {}),
    "PyTorchDistribution": ("zaffre.core.joblike:PyTorch", "", {"type": "pytorch"}),
    "QueueSettings": ("zaffre.core.joblike:Queue", "", {}),
    "RayDistribution": ("zaffre.core.joblike:Ray", "", {"type": "ray"}),
    "RecurrencePattern": ("zaffre.core.triggers:Pattern", "", {}),
    "RecurrenceTrigger": ("zaffre.core.triggers:Recurrence", "", {"type": "recurrence"}),
    "Registry": (f"{_KINDS}.registry.spec:Registry", "registry", {}),
    "ResourceSettings": ("zaffre.core.serving:ResourceAmount", "", {}),
    "SasTokenConfiguration": (f"{_CONNECTION}:Sas", "", {"type": "sas"}),
    "SerpConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "serp"}),
    "ServerlessConnection": (f"{_CONNECTION}:Connection", "connection", {"type": "serverless"}),
    "ServerlessEndpoint": (f"{_KINDS}.serverless.spec:ServerlessEndpoint", "serverless-endpoint", {}),
    "ServicePrincipalConfiguration": (f"{_CONNECTION}:ServicePrincipal", "", {"type": "service_principal"}),
    "SparkComponent": ("zaffre.jobs.spark.spec:SparkComponent", "component", {"type": "spark"}),
    "SparkJob": ("zaffre.jobs.spark.spec:SparkJob", "job", {"type": "spark"}),
    "TensorFlowDistribution": ("zaffre.core.joblike:TensorFlow", "", {"type": "tensorflow"}),
    "UsernamePasswordConfiguration": (f"{_CONNECTION}:UsernamePassword", "", {"type": "username_password"}),
    "Workspace": (f"{_KINDS}.workspace.spec:Workspace", "workspace", {}),
    "WorkspaceConnection": (f"{_CONNECTION}:Connection", "connection", {}),
}


def __getattr__(name: str) -> Any:
    if name not in _all():
        return _without_model(name)
    # weight: pydantic and the models are loaded with the first entity, not with this module
    from zaffre.sdk.entity import entity  # noqa: PLC0415

    place, kind, preset = _all()[name]
    module, _, model = place.partition(":")
    made = entity(getattr(importlib.import_module(module), model), kind, **_own_name(name, model), **preset)
    globals()[name] = made
    return made


def __dir__() -> list[str]:
    return sorted(_all())


def _all() -> dict[str, tuple[str, str, dict[str, Any]]]:
    from zaffre.sdk.pieces import PIECES  # noqa: PLC0415 - weight

    return {**PIECES, **_CLASSES}


def _without_model(name: str) -> Any:
    """A name of azure.ai.ml's that says, when it is used, why there is nothing behind it."""
    from zaffre.sdk.unbuilt import UNBUILT, unbuilt  # noqa: PLC0415 - weight

    if name not in UNBUILT:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = made = unbuilt(name)
    return made


def _own_name(name: str, model: str) -> dict[str, str]:
    """A model known under one name only is one class, so that what the server answers is an instance of it."""
    shared = sum(place.endswith(f":{model}") for place, _, _ in _all().values()) > 1
    return {"name": name} if shared and name != model else {}
