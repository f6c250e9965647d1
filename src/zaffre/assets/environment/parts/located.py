"""A definition, completed by what only the workspace knows: where its context lies, and the environments it starts from."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from zaffre.assets.environment.parts import references
from zaffre.assets.environment.parts.references import Way
from zaffre.core.errors import Invalid, Problem
from zaffre.core.ports import EnvironmentDefinition

_FROM = re.compile(r"^\s*FROM\s+(?:--\S+\s+)*(\S+)", re.IGNORECASE | re.MULTILINE)
_CURATED = re.compile(
    r"^mcr\.microsoft\.com/azureml/curated/(?P<name>[^:@/]+)(?::(?P<tag>[^@]+))?(?:@.*)?$", re.IGNORECASE
)


def located(definition: EnvironmentDefinition, way: Way) -> EnvironmentDefinition:
    """Raises ``Invalid`` for a context that is not here, and for environments that start from one another in a circle."""
    context = _context(definition, way)
    images = _images(definition, context, way)
    bases = {image: base for image in images if (base := _base(image, way)) is not None}
    return replace(definition, context=context, bases=bases, workspace=way.workspace)


def _context(definition: EnvironmentDefinition, way: Way) -> str | None:
    if definition.context is None:
        if definition.dockerfile is None:
            return None
        raise Invalid([Problem("a build needs the folder with its Dockerfile", field=f"{way.field}.build.path")])
    if definition.context.startswith("/"):
        return definition.context
    path = way.lookup.local_path(way.workspace, definition.context)
    if path is None or way.lookup.path_kind(path) != "folder":
        told = f"the build context {definition.context} is no folder of this installation"
        hint = "name a local folder, which is uploaded, or one on a datastore that lies here"
        raise Invalid([Problem(told, field=f"{way.field}.build.path", hint=hint)])
    return path


def _images(definition: EnvironmentDefinition, context: str | None, way: Way) -> list[str]:
    if context is None:
        return [definition.image] if definition.image else []
    name = PurePosixPath(definition.dockerfile or "Dockerfile")
    if name.is_absolute() or ".." in name.parts:
        told = f"expected a path inside the build context, found {str(name)!r}"
        raise Invalid([Problem(told, field=f"{way.field}.build.dockerfile_path")])
    return list(dict.fromkeys(_FROM.findall(way.lookup.text(f"{context}/{name}") or "")))


def _base(image: str, way: Way) -> EnvironmentDefinition | None:
    """The environment an image name means: a registered one, or a curated one by its image. None for other images."""
    if image.startswith("azureml:"):
        return references.by_name(image, way).definition
    curated = _CURATED.match(image)
    if curated is None:
        return None
    return way.lookup.curated(curated["name"], "")
