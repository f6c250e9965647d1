"""Resources as JSON: one class for every kind's routes, and the flat form that ``az ml`` prints."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from zaffre.core.errors import Invalid, NotFound
from zaffre.core.refs import Scope
from zaffre.sdk.parsed import is_mapping, mapping
from zaffre.sdk.settings import GROUP, SUBSCRIPTION
from zaffre.sdk.transport import Transport

_PAGE = 200
_WAIT = 30
_PAUSE = 0.25
_ANSWERED = 60.0
_LOOKED_INTO = 3600.0
"""Data with expectations is read before it is registered."""
PROVISIONED = frozenset({"Succeeded", "Failed", "Canceled"})


@dataclass(frozen=True, slots=True)
class Group:
    """What the client must know of a kind to reach it."""

    name: str
    """Azure's command group, e.g. ``online-deployment``."""
    collection: str
    parent: str = ""
    """Collection of the kind it belongs to, e.g. ``online-endpoints``."""
    versioned: bool = False
    top: bool = False
    """True for what lies in no workspace (workspaces, registries)."""


@dataclass(frozen=True, slots=True)
class Which:
    """One resource of a group: its name, its owner's name, and which version of it."""

    name: str
    parent: str = ""
    version: str = ""
    label: str = ""


class Resources:
    """One kind's resources in one workspace."""

    def __init__(self, transport: Transport, workspace: str, group: Group, registry: str = "") -> None:
        """``registry``: look there instead of in the workspace."""
        self.transport = transport
        self.group = group
        self.workspace = workspace
        place = f"registries/{quote(registry, safe='')}" if registry else f"workspaces/{quote(workspace, safe='')}"
        self._root = "/api/v1" if group.top else f"/api/v1/{place}"
        self._registry = registry

    def of(self, group: Group) -> Resources:
        """Another kind's, in the same place."""
        return Resources(self.transport, self.workspace, group, self._registry)

    def path(self, which: Which, *more: str) -> str:
        """The address of a resource, with further segments."""
        parts = [which.name]
        if which.version:
            parts += ["versions", which.version]
        elif which.label:
            parts += ["labels", which.label]
        return "/".join([self._collection(which.parent), *(quote(part, safe="") for part in (*parts, *more))])

    def put(self, document: dict[str, Any], which: Which, key: str = "") -> dict[str, Any]:
        """Create or update. Where the server makes the name or version, ``key`` makes a repetition harmless."""
        headers = {"Idempotency-Key": key} if key else {}
        patience = _LOOKED_INTO if document.get("expectations") else _ANSWERED
        if self.group.versioned and which.name and not which.version:
            path = self.path(Which(which.name), "versions")
            return self.transport.call("POST", path, document, headers=headers, timeout=patience)
        if not which.name:
            return self._found(self.transport.call("POST", self._collection(which.parent), document, headers=headers))
        return self._found(self.transport.call("PUT", self.path(which), document, timeout=patience))

    def get(self, which: Which) -> dict[str, Any]:
        """One resource; of a versioned kind with neither version nor label, the latest."""
        if self.group.versioned and not (which.version or which.label):
            which = Which(which.name, which.parent, label="latest")
        return self._found(self.transport.call("GET", self.path(which)))

    def find(self, which: Which) -> dict[str, Any] | None:
        """One resource, or None where there is none."""
        try:
            return self.get(which)
        except NotFound:
            return None

    def list(
        self,
        which: Which | None = None,
        view: str = "active",
        limit: int | None = None,
        filters: Mapping[str, str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """All of them, or the versions of ``which`` by name; pages are fetched as they are needed."""
        which = which or Which("")
        path = self.path(Which(which.name), "versions") if which.name else self._collection(which.parent)
        skip = 0
        while limit is None or skip < limit:
            top = _PAGE if limit is None else min(_PAGE, limit - skip)
            query = {"list_view": view, "top": top, "skip": skip, **(filters or {})}
            page: dict[str, Any] = self.transport.call("GET", path, query=query)
            found: list[dict[str, Any]] = page["value"]
            yield from map(self._found, found)
            skip += len(found)
            if not page.get("next") or not found:
                return

    def act(self, which: Which, verb: str, body: Any = None, key: str = "") -> Any:
        """An action of its own: ``cancel``, ``archive``, ``keys/regenerate``."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.transport.call("POST", self.path(which, *verb.split("/")), body, headers=headers)

    def ask(self, path: str) -> Any:
        """What the workspace tells at ``path`` below it."""
        return self.transport.call("GET", f"/api/v1/workspaces/{quote(self.workspace, safe='')}/{path}")

    def delete(self, which: Which) -> None:
        """Delete it; deleting twice is an error the second time."""
        self.transport.call("DELETE", self.path(which))

    def wait(self, which: Which) -> Iterator[dict[str, Any]]:
        """What is known of it, again and again until it is final; a server that can, answers at that moment."""
        while True:
            query = {"wait_for": "final", "timeout": _WAIT}
            asked = time.monotonic()
            found: dict[str, Any] = self.transport.call("GET", self.path(which), query=query, timeout=_WAIT + 30)
            yield self._found(found)
            if is_final(found):
                return
            if time.monotonic() - asked < _PAUSE:
                time.sleep(_PAUSE)

    def _found(self, resource: dict[str, Any]) -> dict[str, Any]:
        """With a job's services: its page and its record in MLflow, at the address by which this client knows the server."""
        if self.group.name != "job":
            return resource
        state, name = mapping(resource.get("state")), str(resource.get("name"))
        here, place = self.transport.address.url, Scope(SUBSCRIPTION, GROUP, self.workspace)
        services = {
            **mapping(mapping(resource.get("spec")).get("services")),
            "Studio": {"type": "Studio", "endpoint": f"{here}/runs/{quote(name, safe='')}"},
            "Tracking": {"type": "Tracking", "endpoint": f"{here}/mlflow/v1.0{place.id}"},
        }
        return {**resource, "state": {**state, "services": services}}

    def _collection(self, parent: str) -> str:
        if not self.group.parent:
            return f"{self._root}/{self.group.collection}"
        if not parent:
            raise Invalid(f"{self.group.name} belongs to an endpoint: expected its name in endpoint_name, found none.")
        return f"{self._root}/{self.group.parent}/{quote(parent, safe='')}/{self.group.collection}"


def status_of(resource: dict[str, Any]) -> str:
    """The status of a job, or the provisioning state of anything else; ``Succeeded`` for what is never under way."""
    state = mapping(resource.get("state"))
    return str(state.get("status") or state.get("provisioning_state") or "Succeeded")


def is_final(resource: dict[str, Any]) -> bool:
    """True once nothing is under way."""
    return status_of(resource) in PROVISIONED | {"Completed"}


def reason_of(resource: dict[str, Any]) -> str:
    """``code: sentence`` of why it failed; empty where it did not."""
    reason = mapping(resource.get("state")).get("reason")
    if is_mapping(reason):
        return ": ".join(str(part) for part in (reason.get("code"), reason.get("message")) if part)
    return str(reason or "")


def flat(resource: dict[str, Any]) -> dict[str, Any]:
    """The form ``az ml`` prints: fields of the document, identity and server facts side by side, sorted."""
    system = mapping(resource.get("system"))
    told: dict[str, Any] = {**mapping(resource.get("spec")), **mapping(resource.get("state"))}
    told |= {key: resource[key] for key in ("id", "name", "version") if resource.get(key) is not None}
    if resource.get("parent"):
        told["endpoint_name"] = resource["parent"]
    if system:
        told["creation_context"] = {
            "created_at": system.get("created_at"),
            "created_by": system.get("created_by"),
            "created_by_type": "User",
            "last_modified_at": system.get("modified_at"),
            "last_modified_by": system.get("modified_by"),
            "last_modified_by_type": "User",
        }
        told["archived"] = bool(system.get("archived"))
    told.pop("$schema", None)
    return dict(sorted(told.items()))
