"""Data imports: a document made into the job that does it, and the jobs that made an asset found again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.core.imports import experiment_of, settled
from zaffre.core.registry import kinds
from zaffre.sdk import names
from zaffre.sdk.resources import Group, Resources, Which


def submit(resources: Resources, document: dict[str, Any]) -> dict[str, Any]:
    """Check the document and submit its job; the job as the server took it."""
    kinds()["data-import"].model().from_yaml(document)
    for field in ("auto_delete_setting", "datastore"):
        if document.get(field) is not None:
            raise Invalid([Problem("an import cannot set it; change the asset when it is there", field)])
    name = names.fresh()
    return jobs(resources).put({**settled(document), "name": name}, Which(name))


def of_asset(
    resources: Resources, name: str, view: str = "active", most: int | None = None
) -> Iterator[dict[str, Any]]:
    """The imports that were to make versions of an asset, the newest first."""
    return jobs(resources).list(None, view, most, {"filter": f'experiment = "{experiment_of(name)}"'})


def jobs(resources: Resources) -> Resources:
    """The jobs of the same workspace."""
    kind = kinds()["job"]
    return Resources(resources.transport, resources.workspace, Group(kind.name, kind.collection, "", False, False))
