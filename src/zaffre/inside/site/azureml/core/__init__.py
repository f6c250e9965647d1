"""``azureml.core``, where that package is not installed: the calls that scripts of jobs make."""

from zaffre.inside.datasets import Dataset
from zaffre.inside.run import Run
from zaffre.inside.workspace import Datastore, Experiment, Model, Workspace

VERSION = "1.60.0"
"""Of the SDK whose calls these are."""

__all__ = ["VERSION", "Dataset", "Datastore", "Experiment", "Model", "Run", "Workspace"]
