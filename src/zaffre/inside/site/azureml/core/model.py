"""``azureml.core.model``, where that package is not installed."""

from zaffre.inside.workspace import Model

__all__ = ["Model"]
