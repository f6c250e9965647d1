"""The specification of a serverless endpoint."""

from typing import Annotated, Any, ClassVar, Literal

from zaffre.core.shapes import SERVER_FACTS, Resource
from zaffre.core.spelling import Arm, renamed


class ServerlessEndpoint(Resource):
    """A model of a catalogue behind an address."""

    needs: ClassVar[tuple[str, ...]] = ("name", "model_id")
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"provisioning_state", "scoring_uri", "system_data", "headers"}

    model_id: Annotated[str | None, Arm("modelSettings.modelId")] = None
    auth_mode: Annotated[Literal["key"] | None, renamed({"key": "Key"})] = None
    display_name: str | None = None
    location: Annotated[str | None, Arm("/location")] = None
    tags: Annotated[dict[str, Any] | None, Arm("/tags")] = None
    properties: dict[str, Any] | None = None
