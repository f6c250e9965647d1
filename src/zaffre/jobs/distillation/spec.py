"""The specification of a distillation job."""

from typing import Annotated, Any, Literal

from pydantic import Tag

from zaffre.core.io import JobInput
from zaffre.core.joblike import JobResources
from zaffre.core.jobspec import JobSpec
from zaffre.core.spelling import Arm, LocalPath, renamed
from zaffre.core.wire import BY_SHAPE, Spec

_Data = Annotated[Annotated[JobInput, Tag("object")] | Annotated[str, Tag("text"), LocalPath("data")], BY_SHAPE]
_Model = Annotated[Annotated[JobInput, Tag("object")] | Annotated[str, Tag("text")], BY_SHAPE]


class TeacherConnection(Spec):
    """Where the large model answers."""

    type: str
    name: str
    endpoint: str | None = None
    target: str | None = None
    api_key: str | None = None
    credentials: dict[str, Any] | None = None
    description: str | None = None
    metadata: dict[str, Any] | None = None
    is_shared: bool | None = None


class RequestPace(Spec):
    """How many questions at once, and how many answers must come."""

    request_batch_size: int | None = None
    min_endpoint_success_ratio: float | None = None


class TeacherSettings(Spec):
    """How the large model is asked."""

    inference_parameters: dict[str, Any] | None = None
    endpoint_request_settings: RequestPace | None = None


class PromptSettings(Spec):
    """What is added to the prompt."""

    enable_chain_of_thought: bool | None = None
    enable_chain_of_density: bool | None = None
    max_len_summary: int | None = None


class DistillationJob(JobSpec):
    """A small model taught by a large one."""

    type: Annotated[Literal["distillation"], Arm("jobType"), renamed({"distillation": "Distillation"})]
    data_generation_type: Annotated[
        Literal["label_generation", "data_generation"],
        renamed({"label_generation": "LabelGeneration", "data_generation": "DataGeneration"}),
    ]
    data_generation_task_type: Annotated[
        Literal["NLI", "NLU_QA", "CONVERSATION", "MATH", "SUMMARIZATION"],
        renamed({word: word for word in ("NLI", "NLU_QA", "CONVERSATION", "MATH", "SUMMARIZATION")}),
    ]
    teacher_model_endpoint_connection: TeacherConnection
    student_model: _Model
    training_data: _Data | None = None
    validation_data: _Data | None = None
    teacher_model_settings: TeacherSettings | None = None
    prompt_settings: PromptSettings | None = None
    hyperparameters: dict[str, str | None] | None = None
    resources: JobResources | None = None
