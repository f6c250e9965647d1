"""The specification of a data asset."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator

from zaffre.core.expectations import Expectations
from zaffre.core.shapes import SERVER_FACTS, AutoDelete, VersionedAsset
from zaffre.core.spelling import Arm, LocalPath, renamed


def _when(said: Any) -> Any:
    return {True: "always", False: "never"}.get(said, said) if isinstance(said, bool) else said


class Data(VersionedAsset):
    """A place that holds data, and how to read it."""

    needs: ClassVar[tuple[str, ...]] = ("path",)
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS
    arm_always: ClassVar[dict[str, Any]] = VersionedAsset.arm_always | {
        "properties.tags": {},
        "properties.properties": {},
    }

    path: Annotated[str | None, Arm("dataUri"), LocalPath("data")] = None
    type: Annotated[
        Literal["uri_file", "uri_folder", "mltable"],
        Arm("dataType"),
        renamed({"uri_file": "uri_file", "uri_folder": "uri_folder", "mltable": "mltable"}),
    ] = "uri_folder"
    referenced_uris: list[str] | None = None
    """The places an MLTable file names; filled in by clients."""
    datastore: Annotated[str | None, Arm()] = None
    """Where a local path is uploaded to."""
    auto_delete_setting: AutoDelete | None = None
    expectations: Expectations | None = None
    """What the rows must keep to."""
    verify: Annotated[Literal["on_create", "always", "never"], BeforeValidator(_when)] | None = None
    """When they are held against the data: as it is registered (unless said otherwise), or also before each job that
    uses it (``always``, which ``true`` means too)."""
