"""An environment definition → the recipe a resolver is given, or the reasons why it cannot be built here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaffre.builder.parts import conda, images, pip_lines
from zaffre.builder.parts.pip_lines import PipLines
from zaffre.core.errors import Invalid, Problem
from zaffre.core.ports import EnvironmentDefinition

NEEDS_ENGINE = "needs a container engine (docker, podman or buildah), which this version does not use yet"
_ADD_CONDA = "add a conda_file with the packages it needs, and a Python environment is built instead"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides an environment's content; equal recipes are one environment."""

    python: str = ""
    """A version specifier (``"==3.8.*"``), or empty for any Python."""
    requirements: tuple[str, ...] = ()
    """Canonical and sorted."""
    index_url: str = ""
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    pre: bool = False
    notes: tuple[str, ...] = ()
    sources: dict[str, str] = field(default_factory=dict[str, str], compare=False)
    """Requirement → place and words in the user's file, for messages."""

    def to_json(self) -> dict[str, Any]:
        """Everything but ``sources``, in a fixed order: what a fingerprint is taken of."""
        return {
            "python": self.python,
            "requirements": list(self.requirements),
            "index_url": self.index_url,
            "extra_index_urls": list(self.extra_index_urls),
            "find_links": list(self.find_links),
            "pre": self.pre,
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], sources: Mapping[str, str]) -> Recipe:
        """The inverse of ``to_json``."""
        return cls(
            python=stored["python"],
            requirements=tuple(stored["requirements"]),
            index_url=stored["index_url"],
            extra_index_urls=tuple(stored["extra_index_urls"]),
            find_links=tuple(stored["find_links"]),
            pre=stored["pre"],
            notes=tuple(stored["notes"]),
            sources=dict(sources),
        )


def translate(definition: EnvironmentDefinition) -> Recipe:
    """Refuses (``Invalid``) what only a container engine can build and every line that cannot be taken."""
    _refuse_containers(definition)
    notes: list[str] = []
    python, lines = "", PipLines()
    if definition.conda is not None:
        found = conda.read(definition.conda)
        python, lines = found.python, found.lines
    elif definition.pip is not None:
        lines = pip_lines.read(definition.pip, "pip_requirements")
    if definition.image is not None:
        python = _python_of_image(definition, python, notes)
    if lines.problems:
        raise Invalid(lines.problems, target=definition.registered)
    return Recipe(
        python=python,
        requirements=tuple(sorted(lines.requirements)),
        index_url=lines.index_url,
        extra_index_urls=tuple(dict.fromkeys(lines.extra_index_urls)),
        find_links=tuple(dict.fromkeys(lines.find_links)),
        pre=lines.pre,
        notes=tuple(sorted({*notes, *lines.notes})),
        sources=lines.requirements,
    )


def _refuse_containers(definition: EnvironmentDefinition) -> None:
    if definition.dockerfile is not None or definition.context is not None:
        what = "a Dockerfile build" if definition.dockerfile is not None else "a build context"
        raise Invalid([Problem(f"{what} {NEEDS_ENGINE}", field="build", hint="use image and conda_file instead")])
    if definition.image is None and definition.conda is None and definition.pip is None:
        raise Invalid([Problem("an environment needs an image, a conda file or pip requirements; none was given")])


def _python_of_image(definition: EnvironmentDefinition, python: str, notes: list[str]) -> str:
    """The Python asked for: the files' word first, then the image's."""
    image = definition.image or ""
    of_image = images.python_of(image)
    has_packages = definition.conda is not None or definition.pip is not None
    if of_image is None and not has_packages:
        raise Invalid([Problem(f"the image {image} {NEEDS_ENGINE}", field="image", hint=_ADD_CONDA)])
    if of_image is None:
        notes.append(f"The image {image} was not used: the listed packages make a Python environment of their own.")
    return python or (f"=={of_image}.*" if of_image else "")
