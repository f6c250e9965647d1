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
from zaffre.kinds.online.parts import program

PACKAGE = "package.json"
"""In a build context: it is a packaged model, and this says how its parts are laid out."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Paths that a deployment answers on, from ``inference_config``, and its server's ports."""

    score: str = ""
    health: list[str] = field(default_factory=list[str])
    told: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """``scoring``, ``liveness``, ``readiness`` → path and port."""


CUSTOM = "custom"
"""The kind of host for a server that the image starts by itself."""


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
            wrong = f"expected a path such as /score, found {path!r}"
            raise Invalid([Problem(wrong, field=f"environment.inference_config.{name}_route.path")])
    ports = {name: _port(mapping_of(config.get(f"{name}_route")).get("port"), name) for name in _ROUTES}
    told: dict[str, dict[str, Any]] = {name: {"path": path, "port": ports[name]} for name, path in paths.items()}
    return Routes(paths["scoring"], [paths["liveness"], paths["readiness"]], told)


def server(draft: Draft, environment: dict[str, Any] | None, lookup: Lookup, *, served: bool) -> dict[str, Any]:
    """The server that the image starts by itself, where the deployment leaves answering to it; empty where it does not.

    It is read off the build context's Dockerfile; an image without one says nothing here of what it starts. Azure's own
    inference server is ours, and ``served`` models answer without any.
    """
    spec, told_routes = draft.spec, routes(draft, lookup)
    if told_routes is None or environment is None or _is_ours(spec):
        return {}
    definition = mapping_of(environment.get("definition"))
    context, file = definition.get("context"), definition.get("dockerfile") or "Dockerfile"
    text = lookup.text(f"{context}/{file}") if context else None
    found = program.read(text) if text is not None else program.Program()
    if found.is_azures or (served and not found.words):
        return {}
    if not found.words:
        what = (
            "the Dockerfile has neither CMD nor ENTRYPOINT"
            if text
            else "an image without a build context does not say what to start"
        )
        told = f"inference_config leaves answering to the image's own server, and {what}"
        hint = "give the environment a build context whose Dockerfile ends in CMD, or the deployment a scoring script"
        raise Invalid([Problem(told, field="environment.inference_config", hint=hint)])
    return {
        **found.to_json(),
        "context": str(context),
        "routes": told_routes.told,
        "mount": spec.model_mount_path or "",
    }


def _is_ours(spec: Any) -> bool:
    """Whether our host answers: it has a Python scoring script."""
    script = spec.code_configuration.scoring_script if spec.code_configuration is not None else None
    return bool(script) and str(script).endswith(".py")


def _port(said: Any, name: str) -> int:
    if said is None:
        return USUAL_PORT
    if not isinstance(said, int) or isinstance(said, bool) or not 0 < said < 65536:
        told = f"expected a port from 1 to 65535, found {said!r}"
        raise Invalid([Problem(told, field=f"environment.inference_config.{name}_route.port")])
    return said


USUAL_PORT = 5001


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
