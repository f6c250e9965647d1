"""The port of the engine: definition → fingerprint → what is known of it, and the task that builds it."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from zaffre.builder.build import Request
from zaffre.builder.interpreters import Installed, choose, discover
from zaffre.builder.parts.recipe import Recipe, translate
from zaffre.builder.settings import BuilderSettings
from zaffre.builder.store import Environments, write
from zaffre.core.ports import BuildState, EnvironmentDefinition
from zaffre.core.tasks import Rank, Task

_REMEMBERED = 256
_FORMAT = 1
"""Raised when equal definitions would be built differently than before."""


class Builder:
    """Python environments by uv (``core.ports.EnvironmentBuilder``)."""

    def __init__(self, home: Path, settings: BuilderSettings) -> None:
        self._home = home
        self._settings = settings
        self._environments = Environments(home)
        self._fingerprints: dict[str, str] = {}
        """By what was asked: every job asks, and the answer stays the same while the server runs."""

    def fingerprint(self, definition: EnvironmentDefinition) -> str:
        """Of the content: names, comments and the order of lines do not matter, indexes and the Python chosen do."""
        if definition.context is not None:
            return self._fingerprint(definition)
        asked = repr((definition.image, definition.conda, definition.pip, definition.dockerfile))
        found = self._fingerprints.get(asked)
        if found is None:
            if len(self._fingerprints) >= _REMEMBERED:
                self._fingerprints.clear()
            found = self._fingerprints[asked] = self._fingerprint(definition)
        return found

    def _fingerprint(self, definition: EnvironmentDefinition) -> str:
        recipe = translate(definition)
        choice = choose(recipe.python, self.installed)
        content = {
            "format": _FORMAT,
            "recipe": recipe.to_json(),
            "python": choice.candidates[0].minor if choice.candidates else None,
            "platform": [sys.platform, platform.machine()],
            "indexes": [self._settings.index_url, self._settings.extra_index_urls, self._settings.find_links],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]

    def look(self, fingerprint: str) -> BuildState:
        """See ``store.Environments.look``."""
        return self._environments.look(fingerprint, self._minors)

    def forget(self, fingerprint: str) -> None:
        """Drop a remembered failure: what could not be resolved yesterday may have been published since."""
        self._environments.forget(fingerprint)

    def task(self, definition: EnvironmentDefinition, fingerprint: str, attempt: int) -> Task:
        """The build program on a request file. Its exit codes are ``build.CONFLICT`` and ``build.UNREACHABLE``."""
        recipe = translate(definition)
        request = Request(str(self._home), fingerprint, attempt, recipe, self._settings)
        path = self._environments.file(fingerprint, "request")
        write(path, json.dumps(request.to_json()))
        run = f"env-{fingerprint}"
        directory = self._home / "builds" / fingerprint / str(attempt)  # beside "runs", where jobs name folders
        return Task(
            run=run,
            attempt=attempt,
            token=f"{run}-{attempt}",
            directory=str(directory),
            argv=(self._settings.python, "-I", "-u", "-m", "zaffre.builder", "build", str(path)),
            cwd=str(directory),
            environ=dict(self._settings.environ),
            ranks=(Rank(log=str(directory / "build.log")),),
            timeout=self._settings.timeout,
        )

    @cached_property
    def installed(self) -> tuple[Installed, ...]:
        """The Pythons of this machine; found once, without starting any."""
        return discover(self._settings.interpreters)

    @cached_property
    def _minors(self) -> Sequence[int]:
        return [one.minor for one in self.installed]

    def translated(self, definition: EnvironmentDefinition) -> Recipe:
        """What a definition comes to, before anything is built; for previews and ``validate``."""
        return translate(definition)
