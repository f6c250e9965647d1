"""azure.ai.ml's names for parts of documents, and for kinds under a second name: which model each is, and what it presets."""

from __future__ import annotations

from typing import Any

_KINDS = "zaffre.kinds"
_COMPUTE = f"{_KINDS}.compute.spec"
_DATASTORE = f"{_KINDS}.datastore.spec:Datastore"
_SERVICE = "zaffre.core.joblike:JobService"
_MONITORS = f"{_KINDS}.schedule.spec"
_PACKAGE = f"{_KINDS}.package.spec"
_REGISTRY = f"{_KINDS}.registry.spec"
_WORKSPACE = f"{_KINDS}.workspace.spec"
_FEATURE = f"{_KINDS}.feature.spec"

PIECES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "AlertNotification": (f"{_MONITORS}:Alerts", "", {}),
    "AmlComputeSshSettings": (f"{_COMPUTE}:SshSettings", "", {}),
    "AmlTokenConfiguration": ("zaffre.core.shapes:TokenIdentity", "", {"type": "aml_token"}),
    "AssignedUserConfiguration": (f"{_COMPUTE}:OnBehalfOf", "", {}),
    "AzureBlobDatastore": (_DATASTORE, "datastore", {"type": "azure_blob"}),
    "AzureDataLakeGen1Datastore": (_DATASTORE, "datastore", {"type": "azure_data_lake_gen1"}),
    "AzureDataLakeGen2Datastore": (_DATASTORE, "datastore", {"type": "azure_data_lake_gen2"}),
    "AzureFileDatastore": (_DATASTORE, "datastore", {"type": "azure_file"}),
    "AzureMLBatchInferencingServer": (f"{_PACKAGE}:InferencingServer", "", {"type": "azureml_batch"}),
    "AzureMLOnlineInferencingServer": (f"{_PACKAGE}:InferencingServer", "", {"type": "azureml_online"}),
    "BaseEnvironment": (f"{_PACKAGE}:EnvironmentSource", "", {}),
    "BaselineDataRange": (f"{_MONITORS}:DataWindow", "", {}),
    "CertificateConfiguration": (f"{_DATASTORE.partition(':')[0]}:Credentials", "", {}),
    "ComputeInstanceSshSettings": (f"{_COMPUTE}:SshSettings", "", {}),
    "ComputeSchedules": (f"{_COMPUTE}:Schedules", "", {}),
    "ComputeStartStopSchedule": (f"{_COMPUTE}:StartStop", "", {}),
    "CustomInferencingServer": (f"{_PACKAGE}:InferencingServer", "", {"type": "custom"}),
    "CustomerManagedKey": (f"{_WORKSPACE}:CustomerKey", "", {}),
    "DataAsset": ("zaffre.core.serving:CollectedAsset", "", {}),
    "DataColumn": (f"{_FEATURE}:IndexColumn", "", {}),
    "DataImport": (f"{_KINDS}.imports.spec:DataImport", "data-import", {}),
    "DefaultScaleSettings": ("zaffre.core.serving:DefaultScale", "", {"type": "default"}),
    "DeploymentCollection": ("zaffre.core.serving:Collection", "", {}),
    "DeploymentTemplateReference": ("zaffre.assets.model.spec:DeploymentTemplate", "", {}),
    "FeatureSetSpecification": (f"{_FEATURE}:Specification", "", {}),
    "IPRule": (f"{_WORKSPACE}:IpRule", "", {}),
    "ImportDataSchedule": (f"{_KINDS}.schedule.spec:Schedule", "schedule", {}),
    "IntellectualProperty": (f"{_REGISTRY}:Publisher", "", {}),
    "JobService": (_SERVICE, "", {}),
    "JupyterLabJobService": (_SERVICE, "", {"type": "jupyter_lab"}),
    "KubernetesCompute": (f"{_COMPUTE}:Compute", "compute", {"type": "kubernetes"}),
    "ManagedNetwork": (f"{_WORKSPACE}:ManagedNetwork", "", {}),
    "MaterializationComputeResource": (f"{_FEATURE}:MaterializationResource", "", {}),
    "MaterializationSettings": (f"{_FEATURE}:Materialization", "", {}),
    "ModelBatchDeploymentSettings": (f"{_KINDS}.batch.spec:BatchSettings", "", {}),
    "ModelConfiguration": (f"{_PACKAGE}:ModelMount", "", {}),
    "ModelPackageInput": (f"{_PACKAGE}:PackageInput", "", {}),
    "MonitorDefinition": (f"{_MONITORS}:Monitor", "", {}),
    "MonitorSchedule": (f"{_KINDS}.schedule.spec:Schedule", "schedule", {}),
    "MonitoringTarget": (f"{_MONITORS}:MonitoringTarget", "", {}),
    "NetworkAcls": (f"{_WORKSPACE}:NetworkAcls", "", {}),
    "NetworkSettings": (f"{_COMPUTE}:NetworkSettings", "", {}),
    "Notification": (f"{_FEATURE}:Notification", "", {}),
    "OneLakeArtifact": (f"{_DATASTORE.partition(':')[0]}:OneLakeArtifact", "", {}),
    "OneLakeConnectionArtifact": (f"{_KINDS}.connection.spec:LakeHouse", "", {}),
    "OneLakeDatastore": (_DATASTORE, "datastore", {"type": "one_lake"}),
    "OnlineScaleSettings": ("zaffre.core.serving:DefaultScale", "", {}),
    "OutboundRule": (f"{_WORKSPACE}:OutboundRule", "", {}),
    "PackageInputPathId": (f"{_PACKAGE}:PackageInputPath", "", {"input_path_type": "path_id"}),
    "PackageInputPathUrl": (f"{_PACKAGE}:PackageInputPath", "", {"input_path_type": "url"}),
    "PackageInputPathVersion": (f"{_PACKAGE}:PackageInputPath", "", {"input_path_type": "path_version"}),
    "ParallelTask": ("zaffre.jobs.parallel.spec:ParallelTask", "", {}),
    "PipelineJobSettings": ("zaffre.jobs.pipeline.spec:Settings", "", {}),
    "ProductionData": (f"{_MONITORS}:MonitoredData", "", {}),
    "ReferenceData": (f"{_MONITORS}:MonitoredData", "", {}),
    "RegistryRegionDetails": (f"{_REGISTRY}:Region", "", {}),
    "RequestLogging": ("zaffre.core.serving:RequestLogging", "", {}),
    "ResourceConfiguration": ("zaffre.core.joblike:JobResources", "", {}),
    "ResourceRequirementsSettings": ("zaffre.core.serving:Resources", "", {}),
    "RetrySettings": ("zaffre.jobs.parallel.spec:Retries", "", {}),
    "Route": ("zaffre.assets.environment.spec:Route", "", {}),
    "Schedule": (f"{_KINDS}.schedule.spec:Schedule", "schedule", {}),
    "ServerlessComputeSettings": (f"{_WORKSPACE}:ServerlessCompute", "", {}),
    "ServerlessSparkCompute": (f"{_MONITORS}:MonitorCompute", "", {}),
    "SparkResourceConfiguration": ("zaffre.jobs.spark.spec:SparkResources", "", {}),
    "SshJobService": (_SERVICE, "", {"type": "ssh"}),
    "SynapseSparkCompute": (f"{_COMPUTE}:Compute", "compute", {"type": "synapsespark"}),
    "SystemCreatedAcrAccount": (f"{_REGISTRY}:Container", "", {}),
    "SystemCreatedStorageAccount": (f"{_REGISTRY}:Storage", "", {}),
    "TargetUtilizationScaleSettings": (
        "zaffre.core.serving:TargetUtilizationScale",
        "",
        {"type": "target_utilization"},
    ),
    "TensorBoardJobService": (_SERVICE, "", {"type": "tensor_board"}),
    "TritonInferencingServer": (f"{_PACKAGE}:InferencingServer", "", {"type": "triton"}),
    "UserIdentityConfiguration": ("zaffre.core.shapes:UserIdentity", "", {"type": "user_identity"}),
    "VirtualMachineCompute": (f"{_COMPUTE}:Compute", "compute", {"type": "virtualmachine"}),
    "VirtualMachineSshSettings": (f"{_COMPUTE}:SshSettings", "", {}),
    "VsCodeJobService": (_SERVICE, "", {"type": "vs_code"}),
}
"""Name → model, kind (empty for a part of a document), fields preset."""
