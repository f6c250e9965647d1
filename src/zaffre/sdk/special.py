"""What single kinds do beyond the operations that every kind has; azure.ai.ml's names throughout."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from zaffre.core.errors import Invalid
from zaffre.core.registry import kinds
from zaffre.sdk import entity as entities
from zaffre.sdk import files, gitfacts, importing, looks, names, packaging, steering, stream
from zaffre.sdk import locals as local_paths
from zaffre.sdk.batching import BatchDeployments, BatchEndpoints
from zaffre.sdk.entity import of_kind
from zaffre.sdk.environments import Environments
from zaffre.sdk.online_operations import OnlineDeployments, OnlineEndpoints
from zaffre.sdk.operations import Operations, Poller, view
from zaffre.sdk.packaging import Order
from zaffre.sdk.parsed import mapping
from zaffre.sdk.resources import Group, Which
from zaffre.sdk.schedules import Schedules
from zaffre.sdk.services import instances
from zaffre.sdk.sharing import Shared
from zaffre.sdk.upload import Origin


class Jobs(Operations):
    """``ml_client.jobs``."""

    def put(self, entity: Any, fields: dict[str, Any]) -> dict[str, Any]:
        """A job without a name gets one here; where its code came from is kept beside it."""
        base = entity._base or Path.cwd()
        known = gitfacts.properties(base) if getattr(entity, "code", None) else {}
        if known:
            told = {**known, **mapping(entity.properties), **mapping(fields.get("properties"))}
            fields = {**fields, "properties": told}
        return super().put(entity, {"name": entity.name or names.fresh(), **fields})

    def list(  # type: ignore[override]  # azure.ai.ml's own signature
        self,
        *,
        parent_job_name: str | None = None,
        list_view_type: str = "ActiveOnly",
        max_results: int | None = None,
        scheduled_job_name: str | None = None,
    ) -> Iterator[Any]:
        """All jobs, a job's children, or what a schedule started; the newest first."""
        query = {"parent_job_name": parent_job_name} if parent_job_name else {}
        if scheduled_job_name:
            query["filter"] = f'properties."zaffre.schedule" = "{scheduled_job_name}"'
        found = self.resources.list(None, view(list_view_type), max_results, query)
        return (self.made(each) for each in found)

    def stream(self, name: str) -> None:
        """Write the job's log to standard output until it ends; raises ``JobFailed`` unless it completed."""
        out = sys.stdout

        def write(text: str) -> None:
            out.write(text)
            out.flush()

        job = self.resources.get(Which(name))
        ended = stream.follow(self.resources, job, stream.Output(write, lambda text: write(f"{text}\n")))
        stream.check(ended)

    def cancel(self, name: str) -> None:
        """Ask it to stop."""
        self.resources.act(Which(name), "cancel")

    def why(self, name: str) -> dict[str, Any]:
        """What it waits for, or why it ended."""
        return self.resources.ask(f"jobs/{quote(name, safe='')}/why")

    def plan(self, job: Any) -> list[dict[str, Any]]:
        """For each step of a pipeline whether it would run, and why: ``step``, ``verdict``, ``message``, ``differences``."""
        origin = Origin(job._base or Path.cwd(), job.placed, local_paths.of_part)
        return steering.plan(self.resources, self.uploads.settle(job.to_yaml(), self._paths(job), origin))

    def resume(self, name: str, *, new_name: str | None = None) -> Any:
        """Go on with a pipeline that failed or was canceled: a new job, which takes over what completed."""
        made = steering.resume(self.resources, name, new_name or "")
        return self.made({key: value for key, value in made.items() if key != "taken_over"})

    def approve(self, name: str, step: str, *, approved: bool = True, comment: str = "") -> dict[str, Any]:
        """Decide a step that waits for approval; the decision."""
        return steering.approve(self.resources, name, step, approved=approved, comment=comment)

    def begin_cancel(self, name: str, **ignored: Any) -> Poller:
        """Ask it to stop; ``.result()`` waits until it has ended."""
        del ignored
        self.cancel(name)
        return Poller(self.resources, Which(name), self.resources.get(Which(name)), lambda _: None)

    def download(
        self, name: str, *, download_path: str | PathLike[str] = ".", output_name: str | None = None, all: bool = False
    ) -> None:
        """Write its logs and artifacts, one named output, or everything below ``download_path``."""
        files.download_job(self.resources, name, Path(download_path), files.What(output_name or "", all))

    def show_services(self, name: str) -> dict[str, Any]:
        """Its services: name → type, status, endpoint and port."""
        answer = mapping(self.resources.transport.call("GET", self.resources.path(Which(name), "services")))
        return instances(answer)


class Models(Shared):
    """``ml_client.models``."""

    def download(self, name: str, version: str, download_path: str | PathLike[str] = ".") -> None:
        """Write its files to a folder of its name below ``download_path``."""
        files.download(self.resources, Which(name, version=str(version)), Path(download_path) / name)

    def package(
        self, name: str, version: str, package_request: Any, *, download_path: str | PathLike[str] | None = None
    ) -> Any:
        """Package it with its server and its software and register that; the environment to deploy.

        ``download_path``: a new folder in which the package stays, to be run anywhere.
        """
        order = Order(
            self.resources, Which(name, version=str(version)), package_request, package_request._base or Path.cwd()
        )
        with tempfile.TemporaryDirectory(prefix="zaffre-package-") as draft:
            folder = Path(download_path).absolute() if download_path else Path(draft) / "package"
            packaging.write(order, folder)
            described = packaging.environment(package_request.target_environment, folder)
            made = of_kind("environment").from_yaml(described, base=folder)
            kind = kinds()["environment"]
            own = self.resources.of(Group(kind.name, kind.collection, "", versioned=True, top=False))
            return Environments(kind.name, own, self.uploads).create_or_update(made)


class Computes(Operations):
    """``ml_client.compute``."""

    def begin_update(self, entity: Any) -> Poller:
        """Change it."""
        return self.begin_create_or_update(entity)

    def begin_start(self, name: str) -> Poller:
        """Start it."""
        return self._begin(name, "start")

    def begin_stop(self, name: str) -> Poller:
        """Stop it."""
        return self._begin(name, "stop")

    def begin_restart(self, name: str) -> Poller:
        """Stop it and start it again."""
        return self._begin(name, "restart")

    def begin_attach(self, compute: Any, **fields: Any) -> Poller:
        """Keep what runs elsewhere under a name."""
        return self.begin_create_or_update(compute, **fields)

    def list_nodes(self, name: str) -> Iterator[Any]:
        """The nodes there are now."""
        return _told(self.resources.ask(f"computes/{quote(name, safe='')}/nodes"))

    def list_usage(self, location: str | None = None) -> Iterator[Any]:
        """Nodes in use, beside how many there may be."""
        del location
        return _told(self.resources.ask("compute-usage"))

    def list_sizes(self, location: str | None = None, compute_type: str | None = None) -> Iterator[Any]:
        """The sizes whose processors and memory are known."""
        del location
        wanted = (compute_type or "").lower()
        found = _told(self.resources.ask("compute-sizes"))
        return (one for one in found if not wanted or wanted in map(str.lower, one.supported_compute_types))

    def _begin(self, name: str, verb: str) -> Poller:
        self.resources.act(Which(name), verb)
        return Poller(self.resources, Which(name), self.resources.get(Which(name)), lambda _: None)


def _told(answer: dict[str, Any]) -> Iterator[Any]:
    """Each as an object with azure.ai.ml's attribute names."""
    return (SimpleNamespace(**one) for one in answer["value"])


class Datastores(Operations):
    """``ml_client.datastores``."""

    def get_default(self) -> Any:
        """The one that outputs go to where nothing else is said."""
        return self.get("workspaceblobstore")

    def get(  # type: ignore[override]  # azure.ai.ml's own signature
        self, name: str, *, include_secrets: bool = False, **ignored: Any
    ) -> Any:
        """A datastore; its secrets only where they are asked for, and to who may know them."""
        del ignored
        which = Which(name)
        found = (
            self.resources.act(which, "secrets", key=names.fresh()) if include_secrets else self.resources.get(which)
        )
        return self.made(found)

    def check(self, name: str) -> dict[str, Any]:
        """Whether it opens: ``accessible``, ``message``, and its first ``files``."""
        return self.resources.act(Which(name), "check", key=names.fresh())


class Workspaces(Operations):
    """``ml_client.workspaces``."""

    def get(self, name: str | None = None, version: str | None = None, label: str | None = None) -> Any:
        """A workspace; without a name the client's own."""
        return super().get(name or self.resources.workspace)

    def begin_create(self, entity: Any, **fields: Any) -> Poller:
        """Create it."""
        return self.begin_create_or_update(entity, **fields)

    def begin_update(self, entity: Any, **fields: Any) -> Poller:
        """Change it."""
        return self.begin_create_or_update(entity, **fields)


class DataAssets(Shared):
    """``ml_client.data``."""

    def preview(self, name: str, version: str | None = None, label: str | None = None, *, rows: int = 20) -> Any:
        """The first rows: ``columns`` (name, type), ``rows``, ``more``."""
        return looks.preview(self.resources, Which(name, version=str(version or ""), label=label or ""), rows)

    def profile(self, name: str, version: str | None = None, label: str | None = None) -> Any:
        """Every column in numbers."""
        return looks.profile(self.resources, Which(name, version=str(version or ""), label=label or ""))

    def verify(self, name: str, version: str | None = None, label: str | None = None) -> Any:
        """The report of its expectations; ``passed`` says whether all hold."""
        return looks.verify(self.resources, Which(name, version=str(version or ""), label=label or ""))

    def import_data(self, data_import: Any, **ignored: Any) -> Any:
        """Have a job make a version of an asset from a database or a bucket; the job."""
        del ignored
        if entities.kind_of(data_import) != "data-import":
            raise Invalid(f"expected a DataImport, found {type(data_import).__name__}")
        return entities.from_resource("job", importing.submit(self.resources, data_import.to_yaml()))

    def list_materialization_status(
        self, name: str, *, list_view_type: str = "ActiveOnly", **ignored: Any
    ) -> Iterator[Any]:
        """The jobs that were to make versions of an asset, the newest first."""
        del ignored
        found = importing.of_asset(self.resources, name, view(list_view_type))
        return (entities.from_resource("job", each) for each in found)


class Connections(Operations):
    """``ml_client.connections``."""

    def get(self, name: str, *, populate_secrets: bool = False, **ignored: Any) -> Any:  # type: ignore[override]
        """A connection; what is secret in it only where it is asked for, and to who may know it."""
        del ignored
        which = Which(name)
        return self.made(self.resources.act(which, "secrets") if populate_secrets else self.resources.get(which))

    def list(  # type: ignore[override]  # azure.ai.ml's own signature
        self, connection_type: str | None = None, **ignored: Any
    ) -> Iterator[Any]:
        """All of them, or those of a type."""
        del ignored
        found = (self.made(each) for each in self.resources.list())
        return (each for each in found if connection_type in (None, each.type))


SPECIAL: dict[str, type[Operations]] = {
    "batch-deployment": BatchDeployments,
    "batch-endpoint": BatchEndpoints,
    "component": Shared,
    "compute": Computes,
    "connection": Connections,
    "data": DataAssets,
    "datastore": Datastores,
    "environment": Environments,
    "job": Jobs,
    "model": Models,
    "online-deployment": OnlineDeployments,
    "online-endpoint": OnlineEndpoints,
    "schedule": Schedules,
    "workspace": Workspaces,
}
"""Kinds whose operations are more than ``Operations``."""
