"""azure.ai.ml.sweep's names."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zaffre.sdk.sweeping import (
        BanditPolicy,
        BayesianSamplingAlgorithm,
        Choice,
        GridSamplingAlgorithm,
        LogNormal,
        LogUniform,
        MedianStoppingPolicy,
        Normal,
        Objective,
        QLogNormal,
        QLogUniform,
        QNormal,
        QUniform,
        Randint,
        RandomSamplingAlgorithm,
        SamplingAlgorithm,
        SweepJob,
        SweepJobLimits,
        TruncationSelectionPolicy,
        Uniform,
    )

__all__ = [
    "BanditPolicy",
    "BayesianSamplingAlgorithm",
    "Choice",
    "GridSamplingAlgorithm",
    "LogNormal",
    "LogUniform",
    "MedianStoppingPolicy",
    "Normal",
    "Objective",
    "QLogNormal",
    "QLogUniform",
    "QNormal",
    "QUniform",
    "Randint",
    "RandomSamplingAlgorithm",
    "SamplingAlgorithm",
    "SweepJob",
    "SweepJobLimits",
    "TruncationSelectionPolicy",
    "Uniform",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("zaffre.sdk.sweeping"), name)  # weight: the models come with the first name
