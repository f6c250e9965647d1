"""azure.ai.ml's names that have nothing behind them yet: they can be imported, and say so when they are used."""

from __future__ import annotations

from typing import Any, NoReturn

from zaffre.core.errors import NotBuilt

_REASONS: dict[str, str] = {
    "AcceleratorMap DeploymentTemplate": "deployment templates are Azure's own; write the deployment itself",
    "AmlComputeNodeInfo ImageMetadata Usage UsageName UsageUnit VmSize": "nodes, sizes and usage come as plain objects: "
    "ml_client.compute.list_nodes, list_sizes, list_usage",
    "Asset Deployment Endpoint Job Resource UnsupportedCompute": "it is only the ancestor of "
    "what can be created; name the particular kind",
    "AutoPauseSettings AutoScaleSettings ComputeRuntime": "Zaffre cannot run Synapse pools yet; write the settings as a "
    "mapping",
    "AzureAISearchConfig GitSource Index IndexDataSource IndexModelConfiguration LocalSource": "Zaffre cannot build "
    "indexes for retrieval yet",
    "AzureOpenAIDeployment": "Zaffre cannot list deployments of Azure OpenAI",
    "BatchJob ServiceInstance SystemData ValidationResult": "it is what an answer holds; nobody makes one",
    "CapabilityHost CapabilityHostKind Hub Project": "Zaffre cannot make hubs and projects yet; a workspace has all it has",
    "CategoricalDriftMetrics CustomMonitoringMetricThreshold CustomMonitoringSignal DataDriftMetricThreshold "
    "DataDriftSignal DataQualityMetricThreshold DataQualityMetricsCategorical DataQualityMetricsNumerical "
    "DataQualitySignal DataSegment FADProductionData FeatureAttributionDriftMetricThreshold FeatureAttributionDriftSignal "
    "FixedInputData GenerationSafetyQualityMonitoringMetricThreshold GenerationSafetyQualitySignal "
    "GenerationTokenStatisticsMonitorMetricThreshold GenerationTokenStatisticsSignal LlmData "
    "ModelPerformanceClassificationThresholds ModelPerformanceMetricThreshold ModelPerformanceRegressionThresholds "
    "ModelPerformanceSignal MonitorFeatureFilter MonitorInputData NumericalDriftMetrics PredictionDriftMetricThreshold "
    "PredictionDriftSignal StaticInputData TrailingInputData": "Zaffre cannot run model monitors yet; their YAML can be "
    "written and checked",
    "Command Parallel Pipeline Spark Sweep ParameterizedCommand InputPort": "a step is made by calling a component, or a "
    "job, in a function under @zaffre.dsl.pipeline",
    "Component": "it is only the ancestor of what can be created; name the particular component",
    "ComputeConfiguration": "it belongs to the first SDK; resources and compute say the same",
    "ComputePowerAction": "write start or stop",
    "ContainerRegistryCredential EndpointAadToken EndpointAuthKeys EndpointAuthToken NotebookAccessKeys WorkspaceKeys": "it "
    "is what an answer holds; nobody makes one",
    "CreatedByType DataAvailabilityStatus DataColumnType DefaultActionType IsolationMode MaterializationType "
    "ScheduleState SparkJobEntryType": "write the word itself",
    "CustomApplications EndpointsSettings ImageSettings ScriptReference SetupScripts VolumeSettings": "Zaffre cannot run "
    "compute instances yet; write the settings as a mapping",
    "CustomModelFineTuningJob": "Zaffre cannot fine-tune models from Python yet; write the job as YAML",
    "DiagnoseRequestProperties DiagnoseResponseResult DiagnoseResponseResultValue DiagnoseResult "
    "DiagnoseWorkspaceParameters": "there is no virtual network to diagnose; zaffre doctor looks at this machine",
    "EndpointConnection FqdnDestination ManagedNetworkProvisionStatus PrivateEndpoint PrivateEndpointDestination "
    "ServiceTagDestination": "there is no virtual network here",
    "Feature FeatureSetBackfillMetadata FeatureSetBackfillRequest FeatureSetMaterializationMetadata FeatureStore "
    "FeatureStoreSettings FeatureWindow MaterializationStore": "Zaffre cannot materialize features yet",
    "JobResources": "Zaffre cannot choose among several instance types yet",
    "MarketplacePlan MarketplaceSubscription": "there is no marketplace here",
    "ScheduleTriggerResult": "it is what an answer holds; nobody makes one",
    "SparkJobEntry": "write the entry as a mapping",
    "WorkspaceModelReference": "Zaffre cannot share a model from Python yet; zaffre model share does",
    "load_capability_host load_deployment_template load_feature_store load_index "
    "load_marketplace_subscription": "Zaffre cannot make one from Python yet",
}
UNBUILT = {name: reason for names, reason in _REASONS.items() for name in names.split()}
"""Name → why there is nothing behind it."""


def unbuilt(name: str) -> type[Any]:
    """A class of that name that refuses to be made, with the reason."""

    def refuse(self: Any, *given: Any, **named: Any) -> NoReturn:
        raise NotBuilt(f"{name}: {UNBUILT[name]}.", target=name)

    return type(
        name, (), {"__init__": refuse, "__doc__": f"Not built: {UNBUILT[name]}.", "__module__": "zaffre.entities"}
    )
