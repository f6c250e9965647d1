"""azure.ai.ml.dsl's name, and beyond it what branches, loops and waits for people."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zaffre.sdk.pipelining import approval, do_while, if_else, parallel_for, pipeline

__all__ = ["approval", "do_while", "if_else", "parallel_for", "pipeline"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(
        importlib.import_module("zaffre.sdk.pipelining"), name
    )  # weight: the models come with the first name
