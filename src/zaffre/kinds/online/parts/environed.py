"""What a deployment's environment says beyond its software: the routes of a server, or a whole packaged model. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from zaffre.assets.environment.parts.references import BUILT_IN_REGISTRIES
from zaffre.core import assets, refs
from zaffre.core.draft import Draft, Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import is_dict, mapping_of

PACKAGE = "package.json"
"""In a build context: it is a packaged model, and this says how its parts are laid out."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Paths that a deployment answers on, from ``inference_config``."""

    score: str = ""
    health: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Package:
    """A packaged model: absolute paths of what ``zaffre model package`` wrote."""

    kind: str
    model: str
    name: str
    version: str
    code: str = ""
    script: str = ""
    variables: dict[str, str] = field(default_factory=dict[str, str])


def routes(draft: Draft, lookup: Lookup) -> Routes | None:
    """The environment's routes; None where it names none."""
    config = mapping_of(_described(draft, lookup).get("inference_config"))
    if not config:
        return None
    paths = {name: str(mapping_of(config.get(f"{name}_route")).get("path") or "/") for name in _ROUTES}
    for name, path in paths.items():
        if not path.startswith("/") or any(one in path for one in "?#% \r\n"):
            told = f"expected a path such as /score, found {path!r}"
            raise Invalid([Problem(told, field=f"environment.inference_config.{name}_route.path")])
    return Routes(paths["scoring"], [paths["liveness"], paths["readiness"]])


_ROUTES = ("liveness", "readiness", "scoring")


def package(context: str | None, lookup: Lookup) -> Package | None:
    """The packaged model in a build context; None where it is an ordinary one."""
    text = lookup.text(f"{context}/{PACKAGE}") if context else None
    if text is None:
        return None
    try:
        told: Any = json.loads(text)
        model, code = str(told["model"]), str(told.get("code") or "")
        for path in (model, code):
            if path.startswith("/") or ".." in path.split("/"):
                raise ValueError(f"{path!r} lies outside the package")
        return Package(
            kind=str(told["kind"]),
            model=f"{context}/{model}",
            name=str(told["name"]),
            version=str(told["version"]),
            code=f"{context}/{code}" if code else "",
            script=str(told.get("script") or ""),
            variables={name: str(value) for name, value in mapping_of(told.get("environment_variables")).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid([Problem(f"{PACKAGE} of the package is malformed: {error}", field="environment")]) from error


def _described(draft: Draft, lookup: Lookup) -> dict[str, Any]:
    """The environment's specification as plain data; empty for a built-in one and for none."""
    environment = draft.spec.environment
    if environment is None:
        return {}
    if not isinstance(environment, str):
        shown: Any = environment.model_dump(exclude_none=True)
        return shown if is_dict(shown) else {}
    found = refs.asset(environment)
    if found.registry in BUILT_IN_REGISTRIES or found.name.startswith("AzureML-"):
        return {}
    return dict(assets.find(draft.key.workspace, "environment", found, lookup, "environment").spec)
