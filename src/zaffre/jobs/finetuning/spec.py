"""The specification of a fine-tuning job."""

from typing import Annotated, Any, Literal

from pydantic import Tag

from zaffre.core.io import JobInput
from zaffre.core.joblike import Queue
from zaffre.core.jobspec import JobSpec
from zaffre.core.spelling import Arm, LocalPath, renamed
from zaffre.core.wire import BY_SHAPE, Spec

_TASKS = (
    "chat_completion", "text_completion", "text_classification", "question_answering", "text_summarization",
    "token_classification", "text_translation", "image_classification", "image_instance_segmentation",
    "image_object_detection", "video_multi_object_tracking",
)  # fmt: skip
TuningData = Annotated[Annotated[JobInput, Tag("object")] | Annotated[str, Tag("text"), LocalPath("data")], BY_SHAPE]


class TuningResources(Spec):
    """Sizes of a node, any of which will do."""

    instance_types: list[str] | None = None


class FineTuningJob(JobSpec):
    """A model trained further on data of one's own."""

    type: Annotated[Literal["finetuning"], Arm("jobType"), renamed({"finetuning": "FineTuning"})]
    task: Annotated[
        Literal[
            "chat_completion", "text_completion", "text_classification", "question_answering", "text_summarization",
            "token_classification", "text_translation", "image_classification", "image_instance_segmentation",
            "image_object_detection", "video_multi_object_tracking",
        ],
        renamed({word: word for word in _TASKS}),
    ]  # fmt: skip
    model_provider: Annotated[
        Literal["azure_openai", "custom"], renamed({"azure_openai": "AzureOpenAI", "custom": "Custom"})
    ]
    model: JobInput
    training_data: TuningData | None = None
    validation_data: TuningData | None = None
    hyperparameters: dict[str, Any] | None = None
    resources: TuningResources | None = None
    queue_settings: Queue | None = None
