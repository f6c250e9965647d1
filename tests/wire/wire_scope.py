"""What both sides of the comparison take for granted; needs nothing that must be installed."""

from __future__ import annotations

from zaffre.core.refs import Scope

SCOPE = Scope("11111111-1111-1111-1111-111111111111", "g", "w", "local")
UPLOADED = "azureml://datastores/workspaceblobstore/paths/LocalUpload/hash"
"""What every local path becomes, on both sides."""
