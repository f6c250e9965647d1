"""``azureml.core.workspace``, where that package is not installed."""

from zaffre.inside.workspace import Workspace

__all__ = ["Workspace"]
