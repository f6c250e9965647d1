"""``ml_client.schedules``: enable, disable, trigger, history, and documents whose job is a file or an object."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from zaffre.core.errors import Invalid
from zaffre.core.registry import job_types, kinds
from zaffre.sdk import entity as entities
from zaffre.sdk import locals as local_paths
from zaffre.sdk import scheduling
from zaffre.sdk.operations import Operations, Poller
from zaffre.sdk.resources import Resources, Which
from zaffre.sdk.upload import Origin

_VIEWS = {"enabledonly": (True,), "disabledonly": (False,), "all": (True, False)}


@dataclass(frozen=True, slots=True)
class ScheduleTriggerResult:
    """What a schedule started when it was asked to."""

    job_name: str
    schedule_action_type: str


class Schedules(Operations):
    """``ml_client.schedules``."""

    def put(self, entity: Any, fields: dict[str, Any]) -> dict[str, Any]:
        """Upload what its job brings along, then the schedule."""
        if entities.kind_of(entity) != self.kind:
            raise Invalid(f"expected a schedule, found {type(entity).__name__}")
        document: dict[str, Any] = {**entity.to_yaml(), **fields}
        job = document.get("create_job")
        if isinstance(job, str) and _is_name(job):
            document["create_job"] = f"azureml:{job}"
        settled = scheduling.settled(document, Origin(entity._base or Path.cwd()), self._job)
        made = self.resources.put(settled, self.identity(settled))
        entity.name = made["name"]
        return made

    def list(  # type: ignore[override]  # azure.ai.ml's own signature
        self, *, list_view_type: str = "EnabledOnly", max_results: int | None = None, **ignored: Any
    ) -> Iterator[Any]:
        """Those that are enabled, disabled (``DisabledOnly``), or ``All``."""
        del ignored
        return (self.made(each) for each in listed(self.resources, list_view_type, max_results))

    def begin_enable(self, name: str, **ignored: Any) -> Poller:
        """Let its times, or events, count from now on."""
        return self._switch(name, "enable", ignored)

    def begin_disable(self, name: str, **ignored: Any) -> Poller:
        """Start nothing until it is enabled again."""
        return self._switch(name, "disable", ignored)

    def trigger(self, name: str, *, schedule_time: str | None = None, **ignored: Any) -> ScheduleTriggerResult:
        """Start what it starts, now."""
        del ignored
        told = triggered(self.resources, name, schedule_time)
        return ScheduleTriggerResult(told["job_name"], told["schedule_action_type"])

    def history(self, name: str, *, max_results: int | None = None) -> Iterator[dict[str, Any]]:
        """What it started, and what it left out and why, the newest first."""
        return history(self.resources, name, max_results)

    def _switch(self, name: str, verb: str, ignored: dict[str, Any]) -> Poller:
        del ignored
        return Poller(self.resources, Which(name), self.resources.act(Which(name), verb), self.made)

    def _job(self, document: dict[str, Any], origin: Origin) -> dict[str, Any]:
        model = kinds()["job"].model()
        type_ = str(document.get("type") or "command").lower()
        found = job_types().get(type_)
        if found is None:
            return model.from_yaml(document, base=origin.folder).to_yaml()
        return self.uploads.settle(
            document, local_paths.fields(found.model()) if found.built else (), origin.of(local_paths.of_part)
        )


def listed(resources: Resources, view: str, most: int | None) -> Iterator[dict[str, Any]]:
    """Schedules by whether they are enabled: azure.ai.ml's ``ScheduleListViewType``."""
    wanted = _VIEWS.get(str(view).rpartition(".")[2].replace("_", "").lower())
    if wanted is None:
        raise Invalid(f"list_view_type: expected EnabledOnly, DisabledOnly or All, found {view!r}")
    shown = 0
    for each in resources.list(view="all"):
        if most is not None and shown >= most:
            return
        if bool(each["spec"].get("is_enabled", True)) in wanted:
            shown += 1
            yield each


def triggered(resources: Resources, name: str, moment: str | None = None) -> dict[str, Any]:
    """Start one run; a repetition of the same request on the way starts no second one."""
    body = {"schedule_time": moment} if moment else {}
    return resources.act(Which(name), "trigger", body, key=os.urandom(16).hex())


def history(resources: Resources, name: str, most: int | None) -> Iterator[dict[str, Any]]:
    """The entries, the newest first; pages are fetched as they are needed."""
    before, shown = 0, 0
    while True:
        top = min(200, most - shown) if most is not None else 200
        if top <= 0:
            return
        page = resources.ask(f"schedules/{quote(name, safe='')}/history?top={top}&before={before}")
        yield from page["value"]
        shown += len(page["value"])
        if "next" not in page:
            return
        before = page["value"][-1]["id"]


def _is_name(said: str) -> bool:
    """A job's bare name, as azure.ai.ml takes one; a path has a slash or an ending."""
    return not said.startswith("azureml:") and "/" not in said and not said.endswith((".yml", ".yaml"))
