"""``azureml.core.dataset``, where that package is not installed."""

from zaffre.inside.datasets import Dataset

__all__ = ["Dataset"]
