"""azure.ai.ml's constants, by the names it gives them."""

from __future__ import annotations

from typing import Final

from zaffre.sdk.words import (
    AcrAccountSku,
    BatchDeploymentOutputAction,
    DataGenerationTaskType,
    DataGenerationType,
    DistributionType,
    ImageClassificationModelNames,
    ImageInstanceSegmentationModelNames,
    ImageObjectDetectionModelNames,
    ImportSourceType,
    InputTypes,
    IPProtectionLevel,
    JobType,
    ManagedServiceIdentityType,
    ModelType,
    MonitorDatasetContext,
    MonitorFeatureType,
    MonitorMetricName,
    MonitorModelType,
    MonitorSignalType,
    MonitorTargetTasks,
    NlpLearningRateScheduler,
    NlpModels,
    ParallelTaskType,
    Scope,
    StorageAccountType,
    TabularTrainingMode,
    TimeZone,
    WorkspaceKind,
)

__all__ = [
    "AcrAccountSku",
    "AssetTypes",
    "BatchDeploymentOutputAction",
    "DataGenerationTaskType",
    "DataGenerationType",
    "DistributionType",
    "IPProtectionLevel",
    "ImageClassificationModelNames",
    "ImageInstanceSegmentationModelNames",
    "ImageObjectDetectionModelNames",
    "ImportSourceType",
    "InputOutputModes",
    "InputTypes",
    "JobType",
    "ListViewType",
    "ManagedServiceIdentityType",
    "ModelType",
    "MonitorDatasetContext",
    "MonitorFeatureType",
    "MonitorMetricName",
    "MonitorModelType",
    "MonitorSignalType",
    "MonitorTargetTasks",
    "NlpLearningRateScheduler",
    "NlpModels",
    "ParallelTaskType",
    "Scope",
    "StorageAccountType",
    "TabularTrainingMode",
    "TimeZone",
    "WorkspaceKind",
]


class AssetTypes:
    """What an asset, an input or an output is."""

    URI_FILE: Final = "uri_file"
    URI_FOLDER: Final = "uri_folder"
    MLTABLE: Final = "mltable"
    CUSTOM_MODEL: Final = "custom_model"
    MLFLOW_MODEL: Final = "mlflow_model"
    TRITON_MODEL: Final = "triton_model"


class InputOutputModes:
    """How a job reaches its inputs and outputs."""

    RO_MOUNT: Final = "ro_mount"
    RW_MOUNT: Final = "rw_mount"
    MOUNT: Final = "mount"
    DOWNLOAD: Final = "download"
    UPLOAD: Final = "upload"
    DIRECT: Final = "direct"
    EVAL_MOUNT: Final = "eval_mount"
    EVAL_DOWNLOAD: Final = "eval_download"


class ListViewType:
    """Which of active and archived things a list has."""

    ACTIVE_ONLY: Final = "ActiveOnly"
    ARCHIVED_ONLY: Final = "ArchivedOnly"
    ALL: Final = "All"
