"""What a model must be: files that are there and, for an MLflow model, its MLmodel with what that file says."""

from __future__ import annotations

from typing import Any

from zaffre.core import document, places
from zaffre.core.draft import Draft, Lookup, Prepared
from zaffre.core.errors import Invalid, Problem


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Refuse a missing model, or an MLflow model without MLmodel; read the flavors."""
    spec = draft.spec
    if not spec.path:
        raise Invalid([Problem("expected where the model's files are, found nothing", field="path")])
    path = places.check(draft.key.workspace, spec.path, spec.type, lookup, "path")
    spec = spec.model_copy(update={"path": lookup.pinned(draft.key.workspace, spec.path)})
    if spec.type != "mlflow_model" or path is None:
        return Prepared(spec)
    text = lookup.text(f"{path}/MLmodel")
    if text is None:
        told = f"type mlflow_model needs a file MLmodel, and {spec.path} has none"
        raise Invalid([Problem(told, field="path", hint="say type: custom_model, or save the model with mlflow")])
    described: dict[str, Any] = document.load(text, file="MLmodel").data
    flavors: dict[str, Any] = described.get("flavors") or {}
    state = {"signature": described.get("signature")}
    if spec.flavors is None:
        spec = spec.model_copy(update={"flavors": {name: dict(flavor or {}) for name, flavor in flavors.items()}})
    return Prepared(spec, state)
