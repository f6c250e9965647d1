"""What one asks about environments: what they are made of, their lock, how two differ; and to try a failed one again."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

from zaffre.core.errors import Invalid
from zaffre.sdk.parsed import mapping
from zaffre.sdk.resources import Resources
from zaffre.sdk.sharing import Shared
from zaffre.sdk.transport import Transport

_PATIENCE = 3600.0
_FINAL = ("Completed", "Failed", "Canceled")


class Asked:
    """The questions, each about a subject: ``{"name", "version" or "label", "registry"}``, ``{"job"}``, ``{"environment"}``."""

    def __init__(self, transport: Transport, workspace: str) -> None:
        self._transport = transport
        self._root = f"/api/v1/workspaces/{workspace}"

    def inspect(self, subject: dict[str, Any]) -> dict[str, Any]:
        """Interpreter, state, size, packages, notes and who uses it."""
        return self._ask("inspect", subject)

    def diff(self, left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
        """What was added, removed and changed; both are built first where they are not."""
        self.lock(left)
        self.lock(right)
        return self._ask("diff", {"left": left, "right": right})

    def lock(self, subject: dict[str, Any]) -> dict[str, Any]:
        """The resolved lock; builds the environment where it is not built yet, and waits for that."""
        told = self._ask("lock", subject)
        if told.get("build"):
            self._wait(str(told["build"]))
            told = self._ask("lock", subject)
        if told["phase"] != "ready":
            build = f"\nThe log: zaffre job stream -n {told['build']}" if told.get("build") else ""
            raise Invalid(f"Environment {told['environment']} could not be built.\n{told.get('message', '')}{build}")
        return told

    def forget(self, subject: dict[str, Any]) -> dict[str, Any]:
        """Drop a remembered failure."""
        return self._ask("forget", subject)

    def _ask(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        return mapping(self._transport.call("POST", f"{self._root}/environments:{verb}", body))

    def _wait(self, build: str) -> None:
        path = f"{self._root}/jobs/{quote(build, safe='')}?wait_for=final&timeout=30"
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            state = mapping(mapping(self._transport.call("GET", path, timeout=60)).get("state"))
            if state.get("status") in _FINAL:
                return


class Environments(Shared):
    """``ml_client.environments``."""

    def inspect(self, name: str, version: str | None = None, label: str | None = None) -> dict[str, Any]:
        """What it is made of and who uses it."""
        return _asked(self.resources).inspect(subject(name, version, label))

    def lock(self, name: str, version: str | None = None, label: str | None = None) -> str:
        """The text of its lock: every package with version and hashes."""
        return str(_asked(self.resources).lock(subject(name, version, label))["lock"])

    def diff(self, left: str, right: str) -> dict[str, Any]:
        """What was added, removed and changed between ``name:version`` and another, or ``job:name`` and another."""
        return _asked(self.resources).diff(named(left), named(right))

    def forget(self, name: str, version: str | None = None, label: str | None = None) -> None:
        """Let a failed one be tried again."""
        _asked(self.resources).forget(subject(name, version, label))


def subject(name: str, version: str | None = None, label: str | None = None, registry: str = "") -> dict[str, Any]:
    """A registered environment as a subject."""
    told = {"name": name, "version": version, "label": label, "registry": registry}
    return {key: value for key, value in told.items() if value}


def named(text: str) -> dict[str, Any]:
    """``job:NAME``, ``NAME:VERSION``, ``NAME@LABEL``, ``azureml:…`` or ``azureml://…`` as a subject."""
    if text.startswith("job:"):
        return {"job": text.removeprefix("job:")}
    return {"environment": text if text.startswith("azureml:") else f"azureml:{text}"}


def _asked(resources: Resources) -> Asked:
    return Asked(resources.transport, resources.workspace)
