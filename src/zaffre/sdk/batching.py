"""``ml_client.batch_endpoints`` and ``batch_deployments``: what is asked of an endpoint, uploaded and sent, and its jobs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from zaffre.core import refs
from zaffre.core.errors import Invalid
from zaffre.core.registry import job_types
from zaffre.sdk import entity as entities
from zaffre.sdk import locals as local_paths
from zaffre.sdk import scheduling
from zaffre.sdk.operations import Operations, Poller
from zaffre.sdk.parsed import is_mapping, mapping
from zaffre.sdk.resources import Resources, Which
from zaffre.sdk.upload import Origin, Uploads

FIELDS = (("inputs.*.path", "data"),)
"""Where an invocation may name local paths."""
_DEFINITION, _JOB = "job_definition", "create_job"
_PAGE = 200


class BatchEndpoints(Operations):
    """``ml_client.batch_endpoints``."""

    def invoke(self, endpoint_name: str, *, deployment_name: str | None = None, **asked: Any) -> Any:
        """Start a job on data; the job.

        As azure.ai.ml has them: ``input`` or ``inputs``, ``outputs``, ``job_name``, ``experiment_name``, ``params_override``;
        and every setting of the deployment that is to differ, by its name (``mini_batch_size=5``).
        """
        document = _document(asked)
        if deployment_name:
            document["deployment_name"] = deployment_name
        made = invoked(self.resources, self.uploads, endpoint_name, document, Origin(Path.cwd()))
        return entities.from_resource("job", made)

    def list_jobs(self, endpoint_name: str, *, max_results: int | None = None) -> Iterator[Any]:
        """Its jobs, the newest first."""
        return (entities.from_resource("job", each) for each in jobs(self.resources, endpoint_name, "", max_results))


class BatchDeployments(Operations):
    """``ml_client.batch_deployments``."""

    def put(self, entity: Any, fields: dict[str, Any]) -> dict[str, Any]:
        """Upload what it brings along, and the steps of a job that it is made of."""
        document: dict[str, Any] = {**entity.to_yaml(), **fields}
        origin = Origin(entity._base or Path.cwd(), entity.placed, local_paths.of_part)
        told = definition(document, origin, self._job)
        if told is not None:
            fields = {**fields, _DEFINITION: told}
        return super().put(entity, fields)

    def get(self, name: str, endpoint_name: str) -> Any:  # type: ignore[override]  # azure.ai.ml's own signature
        """A deployment of an endpoint."""
        return self.made(self.resources.get(Which(name, endpoint_name)))

    def list(self, endpoint_name: str) -> Iterator[Any]:  # type: ignore[override]  # azure.ai.ml's own signature
        """The deployments of an endpoint."""
        return (self.made(each) for each in self.resources.list(Which("", endpoint_name)))

    def begin_delete(self, name: str, endpoint_name: str, **ignored: Any) -> Poller:  # type: ignore[override]
        """Delete it; its jobs go on."""
        del ignored
        self.resources.delete(Which(name, endpoint_name))
        return Poller(self.resources, Which(name, endpoint_name), None, lambda _: None)

    def list_jobs(
        self, endpoint_name: str, *, name: str | None = None, max_results: int | None = None
    ) -> Iterator[Any]:
        """The jobs of an endpoint, or of one of its deployments, the newest first."""
        found = jobs(self.resources, endpoint_name, name or "", max_results)
        return (entities.from_resource("job", each) for each in found)

    def identity(self, document: dict[str, Any]) -> Which:
        """A deployment is found below its endpoint."""
        return replace(super().identity(document), parent=str(document.get("endpoint_name") or ""))

    def _job(self, document: dict[str, Any], origin: Origin) -> dict[str, Any]:
        model = job_types()["pipeline"].model()
        return self.uploads.settle(document, local_paths.fields(model), origin.of(local_paths.of_part))


def invoked(
    resources: Resources, uploads: Uploads, endpoint: str, document: dict[str, Any], origin: Origin
) -> dict[str, Any]:
    """Upload local data, ask the endpoint; the job. The same request on the way twice starts one job."""
    settled = uploads.settle(_kinds_of(document, origin), FIELDS, origin)
    path = f"{_root(resources)}/{quote(endpoint, safe='')}/jobs"
    headers = {"Idempotency-Key": os.urandom(16).hex()}
    made: dict[str, Any] = resources.transport.call("POST", path, settled, headers=headers)
    return made


def jobs(resources: Resources, endpoint: str, deployment: str, most: int | None) -> Iterator[dict[str, Any]]:
    """The jobs of an endpoint or a deployment; pages are fetched as they are needed."""
    below = f"/deployments/{quote(deployment, safe='')}" if deployment else ""
    path, skip = f"{_root(resources)}/{quote(endpoint, safe='')}{below}/jobs", 0
    while most is None or skip < most:
        top = _PAGE if most is None else min(_PAGE, most - skip)
        page: dict[str, Any] = resources.transport.call("GET", path, query={"top": top, "skip": skip})
        yield from page["value"]
        skip += len(page["value"])
        if not page.get("next") or not page["value"]:
            return


def definition(
    document: dict[str, Any], origin: Origin, settle: Callable[[dict[str, Any], Origin], dict[str, Any]]
) -> dict[str, Any] | None:
    """The pipeline job that a deployment is made of, read and uploaded; None where it names one that has run."""
    said = document.get(_DEFINITION)
    if said is None or (isinstance(said, str) and not refs.is_local(said)):
        return None
    here = Origin(origin.folder, lambda field, told: origin.problem(field.replace(_JOB, _DEFINITION, 1), told))
    made: dict[str, Any] = scheduling.settled({_JOB: said}, here, settle)[_JOB]
    return made


def _root(resources: Resources) -> str:
    return f"/api/v1/workspaces/{quote(resources.workspace, safe='')}/batch-endpoints"


def _kinds_of(document: dict[str, Any], origin: Origin) -> dict[str, Any]:
    """A local path without a type is a file or a folder, as it is found; a bare place is data at it."""
    inputs: dict[str, Any] = {}
    for name, value in mapping(document.get("inputs")).items():
        said = {"path": value} if isinstance(value, str) and _is_place(value) else value
        if is_mapping(said) and isinstance(said.get("path"), str) and not said.get("type"):
            path = origin.folder / refs.local_path(said["path"])
            if refs.is_local(said["path"]) and path.exists():
                said = {**said, "type": "uri_folder" if path.is_dir() else "uri_file"}
        inputs[name] = said
    return {**document, "inputs": inputs} if inputs else document


def _is_place(text: str) -> bool:
    return text.startswith("azureml:") or "://" in text


def _document(asked: dict[str, Any]) -> dict[str, Any]:
    """The invocation's document, of azure.ai.ml's arguments."""
    given = {name: value for name, value in asked.items() if value is not None}
    single, several = given.pop("input", None), given.pop("inputs", None)
    if single is not None and several is not None:
        raise Invalid("invoke: input and inputs exclude each other")
    if single is not None:
        several = {"data": single}
    document: dict[str, Any] = {}
    if several:
        document["inputs"] = {name: _plain(value) for name, value in several.items()}
    if outputs := given.pop("outputs", None):
        document["outputs"] = {name: _plain(value) for name, value in outputs.items()}
    for override in given.pop("params_override", None) or ():
        for field, value in override.items():
            _override(document, field, value)
    return document | given


def _override(document: dict[str, Any], field: str, value: Any) -> None:
    """azure.ai.ml's names of what is to differ."""
    if field == "compute.instance_count":
        document["instance_count"] = int(value)
    elif field.startswith("output_dataset."):
        score = document.setdefault("outputs", {}).setdefault("score", {})
        score[field.partition(".")[2]] = str(value)
        store = score.get("datastore_id", "").rstrip("/").rpartition("/")[2].removeprefix("azureml:")
        if store and "path" in score and "://" not in score["path"]:
            place = f"azureml://datastores/{store}/paths/{score['path'].strip('/')}"
            document["outputs"]["score"] = {"path": place}
    else:
        document[field] = _plain(value)


def _plain(value: Any) -> Any:
    to_yaml = getattr(value, "to_yaml", None)
    if to_yaml is None:
        return value
    return {
        key: each for key, each in to_yaml().items() if key in ("type", "path", "mode", "default", "name", "version")
    }
