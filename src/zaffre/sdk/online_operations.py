"""``ml_client.online_endpoints`` and ``online_deployments``; with ``local=True`` on this machine, beside the files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

from zaffre.core.errors import Invalid
from zaffre.core.registry import kinds
from zaffre.sdk import entity as entities
from zaffre.sdk import locals as local_paths
from zaffre.sdk import names, replaying, scoring
from zaffre.sdk.local_parts import Wanted
from zaffre.sdk.local_scoring import Local, Way
from zaffre.sdk.operations import Operations, Poller
from zaffre.sdk.resources import Group, Resources, Which
from zaffre.sdk.settings import Settings
from zaffre.sdk.upload import Origin

_SAID_BY_US = ("provisioning_state", "local", "scoring_uri", "debug_port")


@dataclass(frozen=True, slots=True)
class Keys:
    """An endpoint's keys."""

    primary_key: str
    secondary_key: str


@dataclass(frozen=True, slots=True)
class Token:
    """What an endpoint with tokens is called with."""

    access_token: str
    expiry_time_utc: float


class Done:
    """What was done at once, as a poller."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def result(self, timeout: float | None = None) -> Any:
        """What came of it."""
        del timeout
        return self._result

    def wait(self, timeout: float | None = None) -> None:
        """Nothing to wait for."""

    def done(self) -> bool:
        """True."""
        return True

    def status(self) -> str:
        """Succeeded."""
        return "Succeeded"


class OnlineEndpoints(Operations):
    """``ml_client.online_endpoints``."""

    def begin_create_or_update(self, entity: Any, *, local: bool = False, **fields: Any) -> Any:
        """Create it; a local one is there at once."""
        if not local:
            return super().begin_create_or_update(entity, **fields)
        return Done(_shown(self.kind, _local().create_endpoint({**entity.to_yaml(), **fields})))

    def get(self, name: str, *, local: bool = False, **told: Any) -> Any:  # type: ignore[override]  # azure.ai.ml's
        """An endpoint."""
        return _shown(self.kind, _local().endpoint(name)) if local else super().get(name, **told)

    def list(self, *, local: bool = False, **told: Any) -> Iterator[Any]:  # type: ignore[override]  # azure.ai.ml's
        """All endpoints."""
        return (_shown(self.kind, one) for one in _local().endpoints()) if local else super().list(**told)

    def begin_delete(self, name: str, *, local: bool = False, **told: Any) -> Any:
        """Delete it with its deployments."""
        return Done(_local().delete_endpoint(name)) if local else super().begin_delete(name, **told)

    def invoke(
        self,
        endpoint_name: str,
        *,
        request_file: str | PathLike[str] | None = None,
        deployment_name: str | None = None,
        input_data: Any = None,
        local: bool = False,
    ) -> str:
        """Send a file, or ``input_data`` as JSON; the answer as text."""
        if (request_file is None) == (input_data is None):
            raise Invalid("invoke: expected either request_file or input_data")
        text = input_data if isinstance(input_data, str) else json.dumps(input_data)
        request = Path(request_file).read_bytes() if request_file else text.encode()
        if local:
            return _local().invoke(endpoint_name, request, deployment_name or "").decode()
        return scoring.invoke(self.resources, endpoint_name, request, deployment_name or "").decode()

    def get_keys(self, name: str) -> Keys | Token:
        """Its keys, or a token where it is called with tokens."""
        told: dict[str, Any] = scoring.credentials(self.resources, Which(name))
        if told.get("access_token"):
            return Token(str(told["access_token"]), float(told.get("expiry_time_utc") or 0))
        return Keys(str(told.get("primary_key") or ""), str(told.get("secondary_key") or ""))

    def begin_regenerate_keys(self, name: str, *, key_type: str = "primary") -> Poller:
        """Make a new key; the old one stops working."""
        self.resources.act(Which(name), "keys/regenerate", {"key_type": key_type.lower()}, key=names.fresh())
        return Poller(self.resources, Which(name), None, lambda _: None)


class OnlineDeployments(Operations):
    """``ml_client.online_deployments``."""

    def begin_create_or_update(
        self, entity: Any, *, local: bool = False, vscode_debug: bool = False, **fields: Any
    ) -> Any:
        """Create it; a local one answers when this returns."""
        if not local:
            return super().begin_create_or_update(entity, **fields)
        made = _local().create(self._wanted(entity, fields), Way(debug=vscode_debug))
        return Done(_shown(self.kind, made))

    def get(self, name: str, endpoint_name: str, *, local: bool = False) -> Any:  # type: ignore[override]  # azure.ai.ml's
        """A deployment of an endpoint."""
        if local:
            return _shown(self.kind, _local().deployment(endpoint_name, name))
        return self.made(self.resources.get(Which(name, endpoint_name)))

    def list(self, endpoint_name: str, *, local: bool = False) -> Iterator[Any]:  # type: ignore[override]  # azure.ai.ml's
        """The deployments of an endpoint."""
        if local:
            return (_shown(self.kind, one) for one in _local().deployments(endpoint_name))
        return (self.made(each) for each in self.resources.list(Which("", endpoint_name)))

    def begin_delete(  # type: ignore[override]  # azure.ai.ml's own signature
        self, name: str, endpoint_name: str, *, local: bool = False, **ignored: Any
    ) -> Any:
        """Delete it."""
        del ignored
        if local:
            return Done(_local().delete(endpoint_name, name))
        self.resources.delete(Which(name, endpoint_name))
        return Poller(self.resources, Which(name, endpoint_name), None, lambda _: None)

    def get_logs(
        self, name: str, endpoint_name: str, lines: int = 100, *, container_type: str | None = None, local: bool = False
    ) -> str:
        """The last lines of its log: of the inference server, or of the storage initializer."""
        if local:
            return _local().logs(endpoint_name, name, lines)
        return scoring.logs(self.resources, Which(name, endpoint_name), lines, container_type or "")

    def metrics(self, name: str, endpoint_name: str, *, window: int = 300, step: int = 0) -> dict[str, Any]:
        """What it did in the last ``window`` seconds; with ``step``, also in pieces of that many."""
        return scoring.metrics(self.resources, Which(name, endpoint_name), window, step)

    def test(
        self, name: str, endpoint_name: str, *, replay: str | PathLike[str], against: str = "", concurrency: int = 1
    ) -> dict[str, Any]:
        """Send the requests of a file or folder to it, whatever its traffic is; the report."""
        door = scoring.door(self.resources.of(_ENDPOINTS), endpoint_name)
        return replaying.run(door, replaying.of_files(Path(replay)), replaying.Trial(name, against, concurrency))

    def identity(self, document: dict[str, Any]) -> Which:
        """A deployment is found below its endpoint."""
        return replace(super().identity(document), parent=str(document.get("endpoint_name") or ""))

    def _wanted(self, entity: Any, fields: dict[str, Any]) -> Wanted:
        base = entity._base or Path.cwd()
        origin = Origin(base, entity.placed, local_paths.of_part)

        def settle(part: dict[str, Any]) -> dict[str, Any]:
            return self.uploads.settle(part, local_paths.fields(kinds()[self.kind].model()), origin)

        def models(registry: str) -> Resources:
            return Resources(self.resources.transport, self.resources.workspace, _MODELS, registry)

        return Wanted({**entity.to_yaml(), **fields}, base, models, settle)


_ENDPOINTS = Group("online-endpoint", "online-endpoints")
_MODELS = Group("model", "models", "", True, False)


def _local() -> Local:
    return Local(Settings.read().home)


def _shown(kind: str, told: dict[str, Any]) -> Any:
    """A local one as an entity, as if the server had answered."""
    spec = {name: value for name, value in told.items() if name not in _SAID_BY_US}
    state = {name: value for name, value in told.items() if name in _SAID_BY_US}
    model = kinds()[kind].model().from_yaml(spec)
    return entities.from_resource(kind, {"name": told["name"], "spec": model.to_stored(), "state": state})
