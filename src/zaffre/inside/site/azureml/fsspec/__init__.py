"""``azureml.fsspec``, where that package is not installed."""

from zaffre.inside.filesystem import AzureMachineLearningFileSystem

__all__ = ["AzureMachineLearningFileSystem"]
