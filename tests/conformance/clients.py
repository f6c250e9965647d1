"""How an example is submitted and looked at, by client: Zaffre's own command line, or the official azure-ai-ml.

This is the one place where the two differ. What is made first, what counts as an end, and what is to be seen afterwards
is the same for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml
from installation import Installation
from official import Official

READY_SECONDS = 1200.0
"""For a deployment, its environment's build included."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """What a client showed of a job until its end."""

    log: str
    reason: str
    """Why it failed, in the client's words; empty where it did not."""


class Client(Protocol):
    """Submits documents to one installation."""

    def submit(self, file: Path, settings: Mapping[str, str]) -> str:
        """A job, with fields set as on the command line; its name."""
        ...

    def stream(self, job: str, seconds: float) -> Streamed:
        """Follow a job to its end. Raises ``subprocess.TimeoutExpired``."""
        ...

    def cancel(self, job: str) -> None:
        """Stop a job."""
        ...

    def job(self, name: str) -> dict[str, Any]:
        """Status, tags, display and experiment name, spelt as in a document."""
        ...

    def download(self, job: str, folder: Path) -> None:
        """All that a job left."""
        ...

    def deploy(self, file: Path, endpoint: str, name: str) -> str:
        """Deploy with all traffic and wait until it is ready; why it is not, or nothing."""
        ...

    def invoke(self, endpoint: str, name: str, request: Path) -> str:
        """What a deployment answers to a file."""
        ...

    def remove(self, endpoint: str, name: str) -> None:
        """Take a deployment away, however far it came."""
        ...

    def deploy_batch(self, file: Path, endpoint: str, name: str) -> str:
        """Make a batch deployment; why it is none, or nothing."""
        ...

    def ask(self, endpoint: str, name: str, document: Path | None, settings: Mapping[str, str]) -> str:
        """Invoke a batch deployment; the job's name."""
        ...

    def schedule(self, file: Path) -> None:
        """Create a schedule."""
        ...

    def trigger(self, name: str) -> str:
        """Have a schedule start its job now; the job's name."""
        ...

    def unschedule(self, name: str) -> None:
        """Take a schedule away."""
        ...


class Native:
    """``zaffre``'s verbs."""

    def __init__(self, site: Installation) -> None:
        self._site = site

    def submit(self, file: Path, settings: Mapping[str, str]) -> str:
        """``zaffre job create``."""
        said = [f"{field}={value}" for field, value in settings.items()]
        return self._site.tell("job", "create", "-f", str(file), *(["--set", *said] if said else []))["name"]

    def stream(self, job: str, seconds: float) -> Streamed:
        """``zaffre job stream``: the log on its output, the reason last on standard error."""
        done = self._site.run("job", "stream", "-n", job, timeout=seconds)
        return Streamed(done.stdout, done.stderr.rpartition("\nReason: ")[2].strip())

    def cancel(self, job: str) -> None:
        """``zaffre job cancel``."""
        self._site.run("job", "cancel", "-n", job)

    def job(self, name: str) -> dict[str, Any]:
        """``zaffre job show``."""
        return self._site.tell("job", "show", "-n", name)

    def download(self, job: str, folder: Path) -> None:
        """``zaffre job download``."""
        self._site.say("job", "download", "-n", job, "--all", "-p", str(folder))

    def deploy(self, file: Path, endpoint: str, name: str) -> str:
        """``zaffre online-deployment create``."""
        words = ("online-deployment", "create", "-f", str(file), "--all-traffic")
        done = self._site.run(*words, timeout=READY_SECONDS)
        return done.stderr.strip() if done.returncode else ""

    def invoke(self, endpoint: str, name: str, request: Path) -> str:
        """``zaffre online-endpoint invoke``."""
        return self._site.say("online-endpoint", "invoke", "-n", endpoint, "-d", name, "--request-file", str(request))

    def remove(self, endpoint: str, name: str) -> None:
        """``zaffre online-deployment delete``, after its traffic was taken from it."""
        self._site.run("online-endpoint", "update", "-n", endpoint, "--traffic", f"{name}=0")
        self._site.run("online-deployment", "delete", "-n", name, "-e", endpoint, "--yes")

    def deploy_batch(self, file: Path, endpoint: str, name: str) -> str:
        """``zaffre batch-deployment create``."""
        done = self._site.run("batch-deployment", "create", "-f", str(file), timeout=READY_SECONDS)
        return done.stderr.strip() if done.returncode else ""

    def ask(self, endpoint: str, name: str, document: Path | None, settings: Mapping[str, str]) -> str:
        """``zaffre batch-endpoint invoke``."""
        said = [f"{field}={value}" for field, value in settings.items()]
        words = [*(["-f", str(document)] if document else []), *(["--set", *said] if said else [])]
        return self._site.tell("batch-endpoint", "invoke", "-n", endpoint, "-d", name, *words)["name"]

    def schedule(self, file: Path) -> None:
        """``zaffre schedule create``."""
        self._site.say("schedule", "create", "-f", str(file))

    def trigger(self, name: str) -> str:
        """``zaffre schedule trigger``."""
        return self._site.tell("schedule", "trigger", "-n", name)["job_name"]

    def unschedule(self, name: str) -> None:
        """``zaffre schedule delete``."""
        self._site.run("schedule", "delete", "-n", name, "--yes")


class Azure:
    """``azure.ai.ml.MLClient``, unchanged, in a process of its own."""

    def __init__(self, official: Official) -> None:
        self._official = official

    def submit(self, file: Path, settings: Mapping[str, str]) -> str:
        """``load_job`` and ``jobs.create_or_update``."""
        return self._ask("submit", path=str(file), overrides=[{field: value} for field, value in settings.items()])

    def stream(self, job: str, seconds: float) -> Streamed:
        """``jobs.stream``, which raises for a job that failed."""
        told = self._official.ask("stream", seconds, name=job)
        return Streamed(told.printed, told.refused)

    def cancel(self, job: str) -> None:
        """``jobs.begin_cancel``."""
        self._official.ask("cancel", name=job)

    def job(self, name: str) -> dict[str, Any]:
        """``jobs.get``."""
        return self._ask("job", name=name)

    def download(self, job: str, folder: Path) -> None:
        """``jobs.download``."""
        self._ask("download", name=job, folder=str(folder))

    def deploy(self, file: Path, endpoint: str, name: str) -> str:
        """``online_deployments.begin_create_or_update``, then the endpoint with the traffic, as the documentation does."""
        return self._official.ask("deploy", READY_SECONDS, path=str(file), endpoint=endpoint, name=name).refused

    def invoke(self, endpoint: str, name: str, request: Path) -> str:
        """``online_endpoints.invoke``."""
        return self._ask("invoke", endpoint=endpoint, name=name, request=str(request))

    def remove(self, endpoint: str, name: str) -> None:
        """``online_deployments.begin_delete``, after its traffic was taken from it."""
        self._official.ask("remove", endpoint=endpoint, name=name)

    def deploy_batch(self, file: Path, endpoint: str, name: str) -> str:
        """``batch_deployments.begin_create_or_update``."""
        return self._official.ask("deploy_batch", READY_SECONDS, path=str(file), endpoint=endpoint, name=name).refused

    def ask(self, endpoint: str, name: str, document: Path | None, settings: Mapping[str, str]) -> str:
        """``batch_endpoints.invoke``."""
        said = yaml.safe_load(document.read_text(encoding="utf-8")) if document else {}
        inputs: dict[str, Any] = said.get("inputs", {})
        for field, value in settings.items():
            _, of, key = field.split(".")
            inputs.setdefault(of, {})[key] = value
        folder = str(document.parent) if document else "."
        return str(self._ask("ask", endpoint=endpoint, name=name, inputs=inputs, folder=folder))

    def schedule(self, file: Path) -> None:
        """``schedules.begin_create_or_update``."""
        self._ask("send", kind="schedule", path=str(file))

    def trigger(self, name: str) -> str:
        """``schedules.trigger``."""
        return self._ask("trigger", name=name)

    def unschedule(self, name: str) -> None:
        """``schedules.begin_disable`` and ``begin_delete``."""
        self._ask("unschedule", name=name)

    def _ask(self, what: str, **more: Any) -> Any:
        """What must be answered."""
        told = self._official.ask(what, **more)
        if told.refused:
            raise RuntimeError(f"azure-ai-ml, {what}: {told.refused[-1500:]}")
        return told.answer
