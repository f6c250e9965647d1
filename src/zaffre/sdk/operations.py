"""What ``MLClient``'s attributes do: one class for every kind, with azure.ai.ml's method names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from zaffre.core.errors import Invalid, Unavailable
from zaffre.core.registry import job_types, kinds
from zaffre.sdk import entity as entities
from zaffre.sdk import locals as local_paths
from zaffre.sdk.resources import Resources, Which, is_final, reason_of, status_of
from zaffre.sdk.upload import Origin, Uploads

_VIEWS = {"activeonly": "active", "archivedonly": "archived", "all": "all"}


class Poller:
    """Something under way, as azure.core's pollers present it."""

    def __init__(
        self, resources: Resources, which: Which, first: dict[str, Any] | None, made: Callable[[Any], Any]
    ) -> None:
        self._resources = resources
        self._which = which
        self._latest = first
        self._made = made

    def result(self, timeout: float | None = None) -> Any:
        """Wait until it is done; raises when it failed. ``timeout`` is accepted as azure.core has it."""
        del timeout
        if self._latest is None or is_final(self._latest):
            return self._ended()
        for found in self._resources.wait(self._which):
            self._latest = found
        return self._ended()

    def wait(self, timeout: float | None = None) -> None:
        """Wait until it is done, however it ends."""
        if not self.done():
            for found in self._resources.wait(self._which):
                self._latest = found
        del timeout

    def done(self) -> bool:
        """True once nothing is under way."""
        if self._latest is not None and not is_final(self._latest):
            self._latest = self._resources.get(self._which)
        return self._latest is None or is_final(self._latest)

    def status(self) -> str:
        """``InProgress``, or how it ended."""
        return "Succeeded" if self._latest is None else status_of(self._latest) if self.done() else "InProgress"

    def _ended(self) -> Any:
        if self._latest is not None and status_of(self._latest) == "Failed":
            raise Unavailable(f"{self._which.name}: {reason_of(self._latest) or 'provisioning failed'}")
        return self._made(self._latest)


class Operations:
    """One kind's operations; what differs for a kind is in a subclass (``sdk.client.SPECIAL``)."""

    def __init__(self, kind: str, resources: Resources, uploads: Uploads) -> None:
        self.kind = kind
        self.resources = resources
        self.uploads = uploads

    def create_or_update(self, entity: Any, **fields: Any) -> Any:
        """Create it, or change what may change; ``fields`` overwrite the entity's."""
        return self.made(self.put(entity, fields))

    def begin_create_or_update(self, entity: Any, **fields: Any) -> Poller:
        """The same for what takes time: ``.result()`` waits."""
        first = self.put(entity, fields)
        return Poller(self.resources, _which(first), first, self.made)

    def get(self, name: str, version: str | None = None, label: str | None = None) -> Any:
        """One of them; of an asset without version and label, the latest."""
        return self.made(self.resources.get(Which(name, version=str(version or ""), label=label or "")))

    def list(
        self, name: str | None = None, *, list_view_type: str = "ActiveOnly", max_results: int | None = None
    ) -> Iterator[Any]:
        """All of them, or the versions of one asset."""
        return (self.made(each) for each in self.resources.list(Which(name or ""), view(list_view_type), max_results))

    def archive(self, name: str, version: str | None = None, label: str | None = None) -> None:
        """Hide it from lists."""
        self._act_on(name, version, label, "archive")

    def restore(self, name: str, version: str | None = None, label: str | None = None) -> None:
        """Show it in lists again."""
        self._act_on(name, version, label, "restore")

    def delete(self, name: str) -> None:
        """Delete it."""
        self.resources.delete(Which(name))

    def begin_delete(self, name: str, **ignored: Any) -> Poller:
        """Delete it; ``.result()`` is None."""
        del ignored
        self.delete(name)
        return Poller(self.resources, Which(name), None, lambda _: None)

    def put(self, entity: Any, fields: dict[str, Any]) -> dict[str, Any]:
        """Upload what is local and submit; the resource as the server took it."""
        if entities.kind_of(entity) != self.kind:
            raise Invalid(f"expected an entity of kind {self.kind}, found {type(entity).__name__}")
        document: dict[str, Any] = {**entity.to_yaml(), **fields}
        which = self.identity(document)
        base = entity._base or Path.cwd()
        origin = Origin(base, entity.placed, local_paths.of_part)
        settled = self.uploads.settle(document, self._paths(entity), origin)
        try:
            made = self.resources.put(settled, which, key=os.urandom(16).hex())
        except Invalid as error:
            raise Invalid([origin.placed(problem) for problem in error.problems], target=error.target) from error
        entity.name = made["name"]
        return made

    def _paths(self, entity: Any) -> tuple[tuple[str, str], ...]:
        """Fields that may hold a local path; nothing is uploaded for what would be refused as not built."""
        built = job_types()[entity.type].built if self.kind == "job" else kinds()[self.kind].built
        return local_paths.fields(_model(entity)) if built else ()

    def identity(self, document: dict[str, Any]) -> Which:
        """Which resource a document is about."""
        name = str(document.get("name") or "")
        if not name:
            raise Invalid(f"name: a {self.kind} needs one")
        return Which(name, version=str(document.get("version") or "") if self.resources.group.versioned else "")

    def made(self, resource: dict[str, Any]) -> Any:
        """An answer as an entity."""
        return entities.from_resource(self.kind, resource)

    def _act_on(self, name: str, version: str | None, label: str | None, verb: str) -> None:
        which = Which(name, version=str(version or ""), label=label or "")
        if which.label:
            which = _which(self.resources.get(which))
        self.resources.act(which, verb)


def view(list_view_type: str) -> str:
    """azure.ai.ml's ``ListViewType`` as the API spells it."""
    found = _VIEWS.get(str(list_view_type).replace("_", "").lower())
    if found is None:
        raise Invalid(f"list_view_type: expected ActiveOnly, ArchivedOnly or All, found {list_view_type!r}")
    return found


def _model(entity: entities.Entity) -> type[entities.Entity]:
    return type(entity)


def _which(resource: dict[str, Any]) -> Which:
    return Which(str(resource["name"]), str(resource.get("parent") or ""), str(resource.get("version") or ""))
