"""The specification of a code asset."""

from typing import Annotated

from zaffre.core.shapes import VersionedAsset
from zaffre.core.spelling import Arm, LocalPath


class Code(VersionedAsset):
    """A folder (or one file) of code. Its content hash lies in ``properties``."""

    path: Annotated[str | None, Arm("codeUri"), LocalPath("code")] = None
    datastore: Annotated[str | None, Arm()] = None
    """Where a local path is uploaded to."""
