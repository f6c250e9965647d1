"""The port of the engine: definition → fingerprint → what is known of it, and the task that builds it."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from zaffre.builder.build import Request
from zaffre.builder.interpreters import Installed, choose, discover
from zaffre.builder.parts.logins import Login
from zaffre.builder.parts.recipe import Recipe
from zaffre.builder.planning import Planner
from zaffre.builder.settings import BuilderSettings
from zaffre.builder.store import Environments, write
from zaffre.core.ports import BuildDetails, BuildPhase, BuildState, EnvironmentDefinition
from zaffre.core.tasks import Rank, Task

Feeds = Callable[[str, Sequence[str]], Sequence[Login]]
"""(workspace, addresses of indexes) → the logins that are known for them. Called on a thread of its own."""

_REMEMBERED = 256
_FORMAT = 1
"""Raised when equal definitions would be built differently than before."""


class Builder:
    """Python environments by uv (``core.ports.EnvironmentBuilder``)."""

    def __init__(self, home: Path, settings: BuilderSettings) -> None:
        self._home = home
        self._settings = settings
        self._environments = Environments(home)
        self._planner = Planner(settings)
        self.feeds: Feeds = _no_feeds
        """Who knows the logins of indexes that connections keep."""
        self._fingerprints: dict[str, str] = {}
        """By what was asked: every job asks, and the answer stays the same while the server runs."""

    def fingerprint(self, definition: EnvironmentDefinition) -> str:
        """Of the content: names, comments and the order of lines do not matter, indexes and the Python chosen do."""
        if definition.context is not None or definition.bases:
            return self._fingerprint(definition)
        asked = repr((definition.image, definition.conda, definition.pip, definition.notes))
        found = self._fingerprints.get(asked)
        if found is None:
            if len(self._fingerprints) >= _REMEMBERED:
                self._fingerprints.clear()
            found = self._fingerprints[asked] = self._fingerprint(definition)
        return found

    def _fingerprint(self, definition: EnvironmentDefinition) -> str:
        planned = self._planner.plan(definition)
        wish = planned.python if isinstance(planned, Recipe) else ""
        choice = choose(wish, self.installed)
        content = {
            "format": _FORMAT,
            "recipe": self._planner.content(planned),
            "python": choice.candidates[0].minor if choice.candidates else None,
            "platform": [sys.platform, platform.machine()],
            "indexes": [self._settings.index_url, self._settings.extra_index_urls, self._settings.find_links],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]

    def look(self, fingerprint: str) -> BuildState:
        """See ``store.Environments.look``."""
        return self._environments.look(fingerprint, self._minors)

    def details(self, fingerprint: str) -> BuildDetails | None:
        """See ``store.Environments.details``."""
        if self.look(fingerprint).phase is not BuildPhase.READY:
            return None
        return self._environments.details(fingerprint)

    def forget(self, fingerprint: str) -> None:
        """Drop a remembered failure: what could not be resolved yesterday may have been published since."""
        self._environments.forget(fingerprint)

    def task(self, definition: EnvironmentDefinition, fingerprint: str, attempt: int) -> Task:
        """The build program on a request file. Its exit codes are ``build.CONFLICT`` and ``build.UNREACHABLE``."""
        request = self._request(definition, fingerprint, attempt)
        path = self._environments.file(fingerprint, "request")
        write(path, json.dumps(request.to_json()), 0o600)
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

    def _request(self, definition: EnvironmentDefinition, fingerprint: str, attempt: int) -> Request:
        planned = self._planner.plan(definition)
        if not isinstance(planned, Recipe):
            return Request(str(self._home), fingerprint, attempt, Recipe(), self._settings, planned)
        named = {login.url for login in planned.logins}
        wanted = [url for url in planned.addresses if url not in named]
        kept = tuple(self.feeds(definition.workspace, wanted)) if wanted and definition.workspace else ()
        recipe = replace(planned, logins=(*planned.logins, *kept))
        return Request(str(self._home), fingerprint, attempt, recipe, self._settings)


def _no_feeds(workspace: str, urls: Sequence[str]) -> Sequence[Login]:
    del workspace, urls
    return ()
