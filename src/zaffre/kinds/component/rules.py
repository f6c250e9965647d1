"""What a component must be before it is registered: what it names is there, and what may move is pinned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zaffre.assets.environment.parts.resolve import resolve
from zaffre.core import assets, refs
from zaffre.core.draft import Draft, Lookup, Prepared
from zaffre.core.errors import Invalid, Problem
from zaffre.core.registry import job_types
from zaffre.core.resource import Key


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Check code and environment; a component of several steps has each of its steps checked when it is used."""
    spec = draft.spec
    changed: dict[str, Any] = {}
    if getattr(spec, "source_job_id", None):
        spec = _of_job(draft, lookup)
    if isinstance(getattr(spec, "environment", None), str):
        changed["environment"] = resolve(draft.key.workspace, spec.environment, lookup).reference
    if getattr(spec, "code", None):
        changed["code"] = _code(draft, lookup)
    return Prepared(spec.model_copy(update=changed) if changed else spec, furnish=spec.unnamed(draft.key.workspace))


def _of_job(draft: Draft, lookup: Lookup) -> Any:
    """The component with the steps, inputs and outputs of the job that it names."""
    name = draft.spec.source_job_id.removeprefix("azureml:").rstrip("/").rpartition("/")[2]
    job = lookup.resource(Key(draft.key.workspace, "job", name))
    if job is None or job.spec.get("type") != "pipeline":
        told = f"there is no pipeline job {name!r} in workspace {draft.key.workspace}"
        raise Invalid([Problem(told, "source_job_id", hint="zaffre job list shows the jobs there are")])
    said, sourced = job.spec.get("component"), job_types()["pipeline"].part("parts.sourced")
    assert sourced is not None  # pipelines have it
    own = assets.find(draft.key.workspace, "component", refs.asset(said), lookup, "component").spec if said else None
    made: dict[str, Any] = sourced.component(job.spec, own)
    kept = {key: value for key, value in draft.spec.to_yaml().items() if value and key != "source_job_id"}
    return job_types()["pipeline"].component_model().from_stored({**made, **kept})


def _code(draft: Draft, lookup: Lookup) -> str:
    """The pinned reference of its code, which must have been uploaded."""
    told = draft.spec.code
    found = refs.parse(told)
    if isinstance(found, refs.Remote):
        return told
    if not isinstance(found, refs.Asset):
        raise Invalid(
            [Problem(f"{told!r} has not been uploaded; the zaffre client does that before it registers", field="code")]
        )
    stored = assets.find(draft.key.workspace, "code", found, lookup, "code")
    return str(replace(found, version=stored.key.version, label=""))
