"""``azureml.core.datastore``, where that package is not installed."""

from zaffre.inside.workspace import Datastore

__all__ = ["Datastore"]
