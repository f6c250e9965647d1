"""``azureml.core.experiment``, where that package is not installed."""

from zaffre.inside.workspace import Experiment

__all__ = ["Experiment"]
