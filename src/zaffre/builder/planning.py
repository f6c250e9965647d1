"""Which way an environment is made on this machine: from a recipe as a Python environment, or by an engine as an image."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from zaffre.builder import engines
from zaffre.builder.containers import Image
from zaffre.builder.context import Folder
from zaffre.builder.debian import Debian
from zaffre.builder.engines import ENGINES, Engine
from zaffre.builder.parts.recipe import NeedsEngine, Recipe, translate, with_notes
from zaffre.builder.settings import BuilderSettings
from zaffre.core.errors import Invalid, Problem
from zaffre.core.ports import EnvironmentDefinition

R_MISSING = "R is not on this machine"
R_HINT = "apt-get install r-base-core (as root), or a container engine"


class Planner:
    """Decides as the setting ``engine`` says.

    ``auto`` reads what can be read, which is faster and has pip and tracking, and takes an engine for the rest; an
    engine that is named builds every context; ``none`` never asks one.
    """

    def __init__(self, settings: BuilderSettings) -> None:
        self._settings = settings
        self._debian = Debian()
        self._digests: dict[str, tuple[tuple[tuple[str, int, int], ...], str]] = {}

    def plan(self, definition: EnvironmentDefinition) -> Recipe | Image:
        """Raises ``Invalid`` where there is no way."""
        contained = definition.context is not None or (definition.conda is None and definition.pip is None)
        if self._settings.engine in ENGINES and definition.context is not None:
            return self._image(definition, self._named())
        try:
            return self.recipe(definition)
        except NeedsEngine:
            engine = self._engine()
            if engine is None or not contained:
                raise
            return self._image(definition, engine)

    def recipe(self, definition: EnvironmentDefinition) -> Recipe:
        """What is read; ``NeedsEngine`` also for what this machine lacks."""
        recipe = translate(definition, Folder, self._settings.allowed)
        missing = self._debian.missing(list(recipe.system))
        problems = [_not_installed(name, recipe.system[name]) for name in missing]
        if recipe.r is not None and not shutil.which("Rscript", path=self._settings.environ.get("PATH")):
            problems.append(Problem(R_MISSING, field=_field(definition), hint=R_HINT))
        if problems:
            raise NeedsEngine(problems, target=definition.registered)
        if recipe.system:
            listed = ", ".join(sorted(recipe.system))
            recipe = with_notes(recipe, f"apt-get install {listed}: this machine's own are used.")
        return recipe

    def content(self, planned: Recipe | Image) -> dict[str, Any]:
        """What a fingerprint is taken of."""
        if isinstance(planned, Recipe):
            return planned.to_json()
        told: dict[str, Any] = {"engine": planned.engine.name, "image": planned.image}
        if planned.context:
            told |= {"dockerfile": planned.dockerfile, "context": self._digest(planned.context)}
        return {"image": told}

    def _engine(self) -> Engine | None:
        path = self._settings.environ.get("PATH", "")
        return engines.find(self._settings.engine, path, self._settings.environ)

    def _named(self) -> Engine:
        engine = self._engine()
        if engine is None:
            told = f"the setting environments.engine is {self._settings.engine}, which does not answer on this machine"
            raise Invalid([Problem(told, hint="zaffre doctor says what there is; auto takes what works")])
        return engine

    def _image(self, definition: EnvironmentDefinition, engine: Engine) -> Image:
        if definition.bases:
            named = ", ".join(definition.bases)
            told = f"FROM {named} is an environment, not an image: {engine.name} cannot build on it"
            raise Invalid(
                [Problem(told, field=_field(definition), hint="name an image, or set environments.engine = none")]
            )
        if definition.context is None:
            return Image(engine, image=definition.image or "")
        return Image(engine, definition.context, definition.dockerfile or "Dockerfile")

    def _digest(self, context: str) -> str:
        """Of all files, read again when one of them changed."""
        marks = tuple(sorted((str(path), *_mark(path)) for path in Path(context).rglob("*") if path.is_file()))
        known = self._digests.get(context)
        if known is None or known[0] != marks:
            known = self._digests[context] = (marks, Folder(context).digest())
        return known[1]


def _mark(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _not_installed(package: str, place: str) -> Problem:
    told = f"apt-get install {package}: it is not on this machine, and no container engine is used"
    return Problem(told, field=place, hint=f"apt-get install {package} (as root), install an engine, or leave it out")


def _field(definition: EnvironmentDefinition) -> str:
    return definition.dockerfile or ("conda_file" if definition.conda is not None else "image")
