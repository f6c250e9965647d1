"""azure.ai.ml.parallel's names."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zaffre.sdk.mini_batches import ParallelJob, RunFunction, parallel_run_function

__all__ = ["ParallelJob", "RunFunction", "parallel_run_function"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(
        importlib.import_module("zaffre.sdk.mini_batches"), name
    )  # weight: the models come with the first name
