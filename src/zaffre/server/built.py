"""How environments are built here: the builder's settings, and the built-in registry's definitions."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from zaffre.builder import BuilderSettings, from_environ
from zaffre.core.ports import EnvironmentDefinition
from zaffre.library import environments as curated_environments
from zaffre.server.settings import Settings


def builder_settings(settings: Settings) -> BuilderSettings:
    """What an administrator set, and this machine."""
    return from_environ(
        os.environ,  # noqa: TID251 - the composition root
        uv=_uv(),
        engine=settings.text("environments.engine"),
        r_repository=settings.text("environments.r_repository"),
        allowed=settings.names("egress.allow"),
    )


def curated(name: str, version: str = "") -> EnvironmentDefinition | None:
    """An environment of the built-in registry; the newest without a version."""
    found = curated_environments.find(name, version=version)
    return found.definition if found is not None else None


def _uv() -> str:
    """The uv that was installed with Zaffre, else the one on PATH."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else "uv"
