"""The specification of a draft: a pipeline's document as far as it has come, and how it lies on the canvas."""

from typing import Annotated, Any

from pydantic import Field

from zaffre.core.shapes import Resource
from zaffre.core.wire import Spec


class Spot(Spec):
    """Where a step lies."""

    x: float
    y: float


class Note(Spec):
    """Words on the canvas."""

    id: str
    x: float
    y: float
    text: Annotated[str, Field(max_length=10_000)] = ""


class Group(Spec):
    """Steps that are shown in one frame."""

    id: str
    title: str = ""
    steps: list[str]


class Layout(Spec):
    """What the canvas shows beside the pipeline itself."""

    steps: dict[str, Spot] | None = None
    notes: list[Note] | None = None
    groups: list[Group] | None = None


class PipelineDraft(Resource):
    """A pipeline that need not be whole yet."""

    display_name: str | None = None
    tags: dict[str, Any] | None = None
    document: dict[str, Any] = Field(default_factory=dict[str, Any])
    """What ``zaffre job create -f`` takes, unchecked: that is what ``jobs:validate`` is for."""
    layout: Layout | None = None
    revision: Annotated[int | None, Field(ge=1)] = None
    """Of this state. Whoever saves says the next one; who was overtaken is refused, so that nobody's work is lost."""
