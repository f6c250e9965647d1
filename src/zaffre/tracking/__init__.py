"""MLflow's protocol: experiments, runs, metrics, models and artifacts, natively on MLflow's own tables.

``app(service)`` is what the server mounts; ``TrackingService`` is what the engine calls (``core.ports.Tracking``).
"""

from zaffre.tracking.app import app
from zaffre.tracking.artifacts import ArtifactFolders
from zaffre.tracking.assets import Change, MirroredModel, MirroredVersion, ModelAssets, NewVersion
from zaffre.tracking.service import TrackingService, TrackingSettings
from zaffre.tracking.upstream import Upstream, UpstreamSettings

__all__ = [
    "ArtifactFolders",
    "Change",
    "MirroredModel",
    "MirroredVersion",
    "ModelAssets",
    "NewVersion",
    "TrackingService",
    "TrackingSettings",
    "Upstream",
    "UpstreamSettings",
    "app",
]
