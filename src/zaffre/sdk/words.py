"""azure.ai.ml’s further constants: words that its entities take, by the names it gives them."""

from __future__ import annotations

from enum import StrEnum


class AcrAccountSku(StrEnum):
    """Of a registry’s container registry."""

    PREMIUM = "premium"


class BatchDeploymentOutputAction(StrEnum):
    """What a batch deployment does with its answers."""

    APPEND_ROW = "append_row"
    SUMMARY_ONLY = "summary_only"


class DataGenerationTaskType(StrEnum):
    """What a teacher model generates data for."""

    NLI = "NLI"
    NLU_QA = "NLU_QA"
    CONVERSATION = "CONVERSATION"
    MATH = "MATH"
    SUMMARIZATION = "SUMMARIZATION"


class DataGenerationType(StrEnum):
    """What a teacher model generates."""

    LABEL_GENERATION = "label_generation"
    DATA_GENERATION = "data_generation"


class DistributionType(StrEnum):
    """How a job’s processes find each other."""

    MPI = "mpi"
    TENSORFLOW = "tensorflow"
    PYTORCH = "pytorch"
    RAY = "ray"


class IPProtectionLevel(StrEnum):
    """What of a component others may see."""

    ALL = "all"
    NONE = "none"


class ImageClassificationModelNames(StrEnum):
    """Models that AutoML knows for images."""

    MOBILENETV2 = "mobilenetv2"
    RESNET18 = "resnet18"
    RESNET34 = "resnet34"
    RESNET50 = "resnet50"
    RESNET101 = "resnet101"
    RESNET152 = "resnet152"
    RESNEST50 = "resnest50"
    RESNEST101 = "resnest101"
    SERESNEXT = "seresnext"
    VITS16R224 = "vits16r224"
    VITB16R224 = "vitb16r224"
    VITL16R224 = "vitl16r224"


class ImageInstanceSegmentationModelNames(StrEnum):
    """Models that AutoML knows for outlines in images."""

    MASKRCNN_RESNET18_FPN = "maskrcnn_resnet18_fpn"
    MASKRCNN_RESNET34_FPN = "maskrcnn_resnet34_fpn"
    MASKRCNN_RESNET50_FPN = "maskrcnn_resnet50_fpn"
    MASKRCNN_RESNET101_FPN = "maskrcnn_resnet101_fpn"
    MASKRCNN_RESNET152_FPN = "maskrcnn_resnet152_fpn"


class ImageObjectDetectionModelNames(StrEnum):
    """Models that AutoML knows for things in images."""

    YOLOV5 = "yolov5"
    FASTERRCNN_RESNET18_FPN = "fasterrcnn_resnet18_fpn"
    FASTERRCNN_RESNET34_FPN = "fasterrcnn_resnet34_fpn"
    FASTERRCNN_RESNET50_FPN = "fasterrcnn_resnet50_fpn"
    FASTERRCNN_RESNET101_FPN = "fasterrcnn_resnet101_fpn"
    FASTERRCNN_RESNET152_FPN = "fasterrcnn_resnet152_fpn"
    RETINANET_RESNET50_FPN = "retinanet_resnet50_fpn"


class ImportSourceType(StrEnum):
    """Where data is imported from."""

    AZURESQLDB = "azuresqldb"
    AZURESYNAPSEANALYTICS = "azuresynapseanalytics"
    SNOWFLAKE = "snowflake"
    S3 = "s3"


class InputTypes(StrEnum):
    """What a literal input is."""

    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"


class JobType(StrEnum):
    """What a job is."""

    COMMAND = "command"
    SWEEP = "sweep"
    PIPELINE = "pipeline"
    AUTOML = "automl"
    COMPONENT = "component"
    BASE = "base"
    PARALLEL = "parallel"
    IMPORT = "import"
    SPARK = "spark"
    DATA_TRANSFER = "data_transfer"
    FINE_TUNING = "finetuning"
    DISTILLATION = "distillation"


class ManagedServiceIdentityType(StrEnum):
    """As whom a resource acts."""

    NONE = "None"
    SYSTEM_ASSIGNED = "SystemAssigned"
    USER_ASSIGNED = "UserAssigned"
    SYSTEM_ASSIGNED_USER_ASSIGNED = "SystemAssigned,UserAssigned"


class ModelType(StrEnum):
    """What a model is, as the REST interface spells it."""

    CUSTOM = "CustomModel"
    MLFLOW = "MLFlowModel"
    TRITON = "TritonModel"


class MonitorDatasetContext(StrEnum):
    """What a monitored data set is to the model."""

    MODEL_INPUTS = "model_inputs"
    MODEL_OUTPUTS = "model_outputs"
    TRAINING = "training"
    TEST = "test"
    VALIDATION = "validation"
    GROUND_TRUTH_DATA = "ground_truth"


class MonitorFeatureType(StrEnum):
    """What a monitored feature is."""

    NUMERICAL = "numerical"
    CATEGORICAL = "categorical"
    NOT_APPLICABLE = "not_applicable"
    ALL_FEATURE_TYPES = "all_feature_types"


class MonitorMetricName(StrEnum):
    """What a monitor measures."""

    JENSEN_SHANNON_DISTANCE = "jensen_shannon_distance"
    NORMALIZED_WASSERSTEIN_DISTANCE = "normalized_wasserstein_distance"
    POPULATION_STABILITY_INDEX = "population_stability_index"
    TWO_SAMPLE_KOLMOGOROV_SMIRNOV_TEST = "two_sample_kolmogorov_smirnov_test"
    PEARSONS_CHI_SQUARED_TEST = "pearsons_chi_squared_test"
    NULL_VALUE_RATE = "null_value_rate"
    DATA_TYPE_ERROR_RATE = "data_type_error_rate"
    OUT_OF_BOUND_RATE = "out_of_bounds_rate"
    NORMALIZED_DISCOUNTED_CUMULATIVE_GAIN = "normalized_discounted_cumulative_gain"
    ACCURACY = "accuracy"
    PRECISION = "precision"
    RECALL = "recall"
    F1_SCORE = "f1_score"
    MAE = "MAE"
    MSE = "MSE"
    RMSE = "RMSE"


class MonitorModelType(StrEnum):
    """What a monitored model does."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"


class MonitorSignalType(StrEnum):
    """What a monitor looks at."""

    DATA_DRIFT = "data_drift"
    DATA_QUALITY = "data_quality"
    PREDICTION_DRIFT = "prediction_drift"
    MODEL_PERFORMANCE = "model_performance"
    FEATURE_ATTRIBUTION_DRIFT = "feature_attribution_drift"
    CUSTOM = "custom"
    GENERATION_SAFETY_QUALITY = "generation_safety_quality"
    GENERATION_TOKEN_STATISTICS = "generation_token_statistics"  # noqa: S105 a word, no secret


class MonitorTargetTasks(StrEnum):
    """What a monitored model is for."""

    CLASSIFICATION = "Classification"
    REGRESSION = "Regression"
    QUESTION_ANSWERING = "QuestionAnswering"


class NlpLearningRateScheduler(StrEnum):
    """How AutoML’s learning rate changes."""

    NONE = "None"
    LINEAR = "Linear"
    COSINE = "Cosine"
    COSINE_WITH_RESTARTS = "CosineWithRestarts"
    POLYNOMIAL = "Polynomial"
    CONSTANT = "Constant"
    CONSTANT_WITH_WARMUP = "ConstantWithWarmup"


class NlpModels(StrEnum):
    """Models that AutoML knows for text."""

    BERT_BASE_CASED = "bert-base-cased"
    BERT_BASE_UNCASED = "bert-base-uncased"
    BERT_BASE_MULTILINGUAL_CASED = "bert-base-multilingual-cased"
    BERT_BASE_GERMAN_CASED = "bert-base-german-cased"
    BERT_LARGE_CASED = "bert-large-cased"
    BERT_LARGE_UNCASED = "bert-large-uncased"
    DISTILBERT_BASE_CASED = "distilbert-base-cased"
    DISTILBERT_BASE_UNCASED = "distilbert-base-uncased"
    ROBERTA_BASE = "roberta-base"
    ROBERTA_LARGE = "roberta-large"
    DISTILROBERTA_BASE = "distilroberta-base"
    XLM_ROBERTA_BASE = "xlm-roberta-base"
    XLM_ROBERTA_LARGE = "xlm-roberta-large"
    XLNET_BASE_CASED = "xlnet-base-cased"
    XLNET_LARGE_CASED = "xlnet-large-cased"


class ParallelTaskType(StrEnum):
    """What a parallel job runs."""

    RUN_FUNCTION = "run_function"
    FUNCTION = "function"
    MODEL = "model"


class Scope(StrEnum):
    """Where resources are listed."""

    SUBSCRIPTION = "subscription"
    RESOURCE_GROUP = "resource_group"


class StorageAccountType(StrEnum):
    """Of a registry’s storage."""

    STANDARD_LRS = "standard_lrs"
    STANDARD_GRS = "standard_grs"
    STANDARD_RAGRS = "standard_ragrs"
    STANDARD_ZRS = "standard_zrs"
    STANDARD_GZRS = "standard_gzrs"
    STANDARD_RAGZRS = "standard_ragzrs"
    PREMIUM_LRS = "premium_lrs"
    PREMIUM_ZRS = "premium_zrs"


class TabularTrainingMode(StrEnum):
    """How AutoML trains on tables."""

    AUTO = "Auto"
    DISTRIBUTED = "Distributed"
    NON_DISTRIBUTED = "NonDistributed"


class WorkspaceKind(StrEnum):
    """What a workspace is."""

    DEFAULT = "default"
    HUB = "hub"
    PROJECT = "project"
    FEATURE_STORE = "featurestore"


_STANDARD_TIMES = (
    "Dateline | Aleutian | Hawaiian | Marquesas | Alaskan | Pacific | US Mountain | Mountain | Central "
    "America | Central | Easter Island | Canada Central | SA Pacific | Eastern | Haiti | Cuba | US "
    "Eastern | Paraguay | Atlantic | Venezuela | Central Brazilian | SA Western | Pacific SA | Turks And "
    "Caicos | Newfoundland | Tocantins | E. South America | SA Eastern | Argentina | Greenland | "
    "Montevideo | Saint Pierre | Bahia | Mid-Atlantic | Azores | Cape Verde | Morocco | GMT | Greenwich | "
    "W. Europe | Central Europe | Romance | Central European | W. Central Africa | Namibia | Jordan | GTB "
    "| Middle East | Egypt | E. Europe | Syria | West Bank | South Africa | FLE | Turkey | Israel | "
    "Kaliningrad | Libya | Arabic | Arab | Belarus | Russian | E. Africa | Iran | Arabian | Astrakhan | "
    "Azerbaijan | Mauritius | Georgian | Caucasus | Afghanistan | West Asia | Ekaterinburg | Pakistan | "
    "India | Sri Lanka | Nepal | Central Asia | Bangladesh | N. Central Asia | Myanmar | SE Asia | Altai "
    "| W. Mongolia | North Asia | Tomsk | China | North Asia East | Singapore | W. Australia | Taipei | "
    "Ulaanbaatar | North Korea | Aus Central W. | Transbaikal | Tokyo | Korea | Yakutsk | Cen. Australia "
    "| AUS Central | E. Australia | AUS Eastern | West Pacific | Tasmania | Vladivostok | Lord Howe | "
    "Bougainville | Magadan | Norfolk | Sakhalin | Central Pacific | New Zealand | Fiji | Kamchatka | "
    "Chatham Islands | Tonga | Samoa | Line Islands "
)
_OTHER_TIMES = (
    "UTC-11",
    "UTC-09",
    "Pacific Standard Time (Mexico)",
    "UTC-08",
    "Mountain Standard Time (Mexico)",
    "Central Standard Time (Mexico)",
    "Eastern Standard Time (Mexico)",
    "UTC-02",
    "UTC",
    "Russia Time Zone 3",
    "Russia Time Zone 10",
    "Russia Time Zone 11",
    "UTC+12",
)
_SPELT = {
    "E_SOUTH_AMERICA_STANDARD_TIME": "E_SOUTH_AMERICAN_STANDARD_TIME",
    "W_CENTRAL_AFRICA_STANDARD_TIME": "W_CENTEAL_AFRICA_STANDARD_TIME",
    "AFGHANISTAN_STANDARD_TIME": "AFGHANISTANA_STANDARD_TIME",
    "E_AUSTRALIA_STANDARD_TIME": "E_AUSTRALIAN_STANDARD_TIME",
    "TONGA_STANDARD_TIME": "TONGA__STANDARD_TIME",
}
"""Names that azure.ai.ml spells unlike their values."""


def _name(value: str) -> str:
    plain = "".join(letter if letter.isalnum() else " " for letter in value)
    name = "_".join(plain.upper().split())
    return _SPELT.get(name, name)


_ZONES = [*_OTHER_TIMES, *(f"{place.strip()} Standard Time" for place in _STANDARD_TIMES.split("|"))]
TimeZone = StrEnum("TimeZone", {_name(zone): zone for zone in _ZONES})
"""Time zones by the names that Windows, and so Azure, gives them."""
