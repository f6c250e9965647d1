"""Environment definitions → ready Python interpreters, built once and shared; and the layer each run writes to."""

from zaffre.builder.build import BUILT, CONFLICT, UNREACHABLE
from zaffre.builder.builder import Builder
from zaffre.builder.inside import lay_out
from zaffre.builder.layer import layer
from zaffre.builder.layers import Layers
from zaffre.builder.settings import BuilderSettings, from_environ

__all__ = [
    "BUILT",
    "CONFLICT",
    "UNREACHABLE",
    "Builder",
    "BuilderSettings",
    "Layers",
    "from_environ",
    "lay_out",
    "layer",
]
