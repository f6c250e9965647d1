"""``azureml.core.run``, where that package is not installed."""

from zaffre.inside.run import Run, _OfflineRun  # pyright: ignore[reportPrivateUsage] scripts ask for it by this name

__all__ = ["Run", "_OfflineRun"]
