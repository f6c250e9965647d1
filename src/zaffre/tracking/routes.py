"""Every route that is answered here: method, path, fields, handler. What is not here goes to MLflow's own server, or is 404."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zaffre.tracking import (
    courses,
    experiments,
    flows,
    inputs,
    logged_models,
    metrics,
    registry,
    runs,
    search,
    versions,
)
from zaffre.tracking.call import Handler
from zaffre.tracking.flows import Flow
from zaffre.tracking.wire import Fields


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of MLflow's REST protocol."""

    fields: Fields
    handler: Handler | None = None
    writes: bool = False
    small: bool = False
    """A few rows: done at once, on the event loop."""
    flow: Flow | None = None


def _reads(fields: Fields, handler: Handler) -> Route:
    return Route(fields, handler)


def _writes(fields: Fields, handler: Handler) -> Route:
    return Route(fields, handler, writes=True)


def _reads_little(fields: Fields, handler: Handler) -> Route:
    return Route(fields, handler, small=True)


def _writes_little(fields: Fields, handler: Handler) -> Route:
    return Route(fields, handler, writes=True, small=True)


def _flows(fields: Fields, flow: Flow) -> Route:
    return Route(fields, flow=flow)


_EXPERIMENTS = {
    ("POST", "experiments/create"): _writes(experiments.CREATE, experiments.create),
    ("GET", "experiments/get"): _reads_little(experiments.ONE, experiments.get),
    ("GET", "experiments/get-by-name"): _reads_little(experiments.NAMED, experiments.get_by_name),
    ("POST", "experiments/delete"): _writes(experiments.ONE, experiments.delete),
    ("POST", "experiments/restore"): _writes(experiments.ONE, experiments.restore),
    ("POST", "experiments/update"): _writes(experiments.UPDATE, experiments.update),
    ("GET", "experiments/search"): _reads(experiments.SEARCH, experiments.search),
    ("POST", "experiments/search"): _reads(experiments.SEARCH, experiments.search),
    ("POST", "experiments/set-experiment-tag"): _writes(experiments.SET_TAG, experiments.set_tag),
    ("POST", "experiments/delete-experiment-tag"): _writes(experiments.DELETE_TAG, experiments.delete_tag),
    ("POST", "experiments/search-datasets"): _reads(inputs.SEARCH, inputs.search_datasets),
}
_RUNS = {
    ("POST", "runs/create"): _writes_little(runs.CREATE, runs.create),
    ("GET", "runs/get"): _reads_little(runs.ONE, runs.get),
    ("POST", "runs/update"): _writes_little(runs.UPDATE, runs.update),
    ("POST", "runs/delete"): _writes(runs.ONE, runs.delete),
    ("POST", "runs/restore"): _writes(runs.ONE, runs.restore),
    ("POST", "runs/search"): _reads(search.SEARCH, search.search),
    ("POST", "runs/log-metric"): _writes_little(metrics.ONE, metrics.log),
    ("POST", "runs/log-batch"): _writes(metrics.BATCH, metrics.log_batch),
    ("POST", "runs/log-parameter"): _writes_little(runs.PARAM, runs.log_param),
    ("POST", "runs/set-tag"): _writes_little(runs.TAG, runs.set_tag),
    ("POST", "runs/delete-tag"): _writes_little(runs.DELETE_TAG, runs.delete_tag),
    ("POST", "runs/log-model"): _writes(runs.MODEL, runs.log_model),
    ("POST", "runs/log-inputs"): _writes(inputs.LOG, inputs.log),
    ("POST", "runs/outputs"): _writes(inputs.OUTPUTS, inputs.log_outputs),
    ("GET", "metrics/get-history"): _reads(metrics.HISTORY, metrics.history),
    ("GET", "metrics/get-history-bulk"): _reads(metrics.BULK, metrics.history_bulk),
    ("GET", "metrics/get-history-bulk-interval"): _reads(metrics.INTERVAL, metrics.history_interval),
    ("POST", "metrics/query"): _reads(courses.QUERY, courses.query),
}
_MODELS = {
    ("POST", "logged-models"): _writes(logged_models.CREATE, logged_models.create),
    ("POST", "logged-models/search"): _reads(logged_models.SEARCH, logged_models.search),
    ("POST", "registered-models/create"): _flows(registry.CREATE, flows.create_model),
    ("POST", "registered-models/rename"): _flows(registry.RENAME, flows.rename_model),
    ("PATCH", "registered-models/update"): _flows(registry.UPDATE, flows.update_model),
    ("DELETE", "registered-models/delete"): _flows(registry.ONE, flows.delete_model),
    ("GET", "registered-models/get"): _reads_little(registry.ONE, registry.get),
    ("GET", "registered-models/search"): _reads(registry.SEARCH, registry.search),
    ("POST", "registered-models/get-latest-versions"): _reads(registry.LATEST, registry.latest_versions),
    ("GET", "registered-models/get-latest-versions"): _reads(registry.LATEST, registry.latest_versions),
    ("POST", "registered-models/set-tag"): _flows(registry.SET_TAG, flows.tag_model),
    ("DELETE", "registered-models/delete-tag"): _flows(registry.DELETE_TAG, flows.untag_model),
    ("POST", "registered-models/alias"): _writes(registry.SET_ALIAS, registry.set_alias),
    ("DELETE", "registered-models/alias"): _writes(registry.ALIAS, registry.delete_alias),
    ("GET", "registered-models/alias"): _reads(registry.ALIAS, registry.by_alias),
    ("POST", "model-versions/create"): _flows(versions.CREATE, flows.create_version),
    ("PATCH", "model-versions/update"): _flows(versions.UPDATE, flows.update_version),
    ("POST", "model-versions/transition-stage"): _writes(versions.STAGE, versions.transition),
    ("DELETE", "model-versions/delete"): _flows(versions.ONE, flows.delete_version),
    ("GET", "model-versions/get"): _reads_little(versions.ONE, versions.get),
    ("GET", "model-versions/search"): _reads(versions.SEARCH, versions.search),
    ("GET", "model-versions/get-download-uri"): _reads_little(versions.ONE, versions.download_uri),
    ("POST", "model-versions/set-tag"): _flows(versions.SET_TAG, flows.tag_version),
    ("DELETE", "model-versions/delete-tag"): _flows(versions.DELETE_TAG, flows.untag_version),
}

FIXED: dict[tuple[str, str], Route] = {**_EXPERIMENTS, **_RUNS, **_MODELS}
"""By method and path below ``/api/2.0/mlflow/``."""

_MODEL = r"logged-models/(?P<model_id>[^/]+)"
PATTERNS: tuple[tuple[str, re.Pattern[str], Route], ...] = (
    ("GET", re.compile(_MODEL), _reads(logged_models.ONE, logged_models.get)),
    ("PATCH", re.compile(_MODEL), _writes(logged_models.FINALIZE, logged_models.finalize)),
    ("DELETE", re.compile(_MODEL), _writes(logged_models.ONE, logged_models.delete)),
    ("POST", re.compile(_MODEL + "/params"), _writes(logged_models.PARAMS, logged_models.log_params)),
    ("PATCH", re.compile(_MODEL + "/tags"), _writes(logged_models.TAGS, logged_models.set_tags)),
    (
        "DELETE",
        re.compile(_MODEL + "/tags/(?P<tag_key>.+)"),
        _writes(logged_models.DELETE_TAG, logged_models.delete_tag),
    ),
)
"""Routes with a part of the path as a field."""


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a path below ``/api/2.0/mlflow/``, and the fields that the path itself holds."""
    route = FIXED.get((method, path))
    if route is not None:
        return route, {}
    if path.startswith("logged-models/"):
        for verb, pattern, found in PATTERNS:
            if verb == method and (match := pattern.fullmatch(path)):
                return found, match.groupdict()
    return None
