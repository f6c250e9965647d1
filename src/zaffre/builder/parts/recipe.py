"""An environment definition → the recipe a resolver is given, or the reasons why it cannot be built here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from zaffre.builder.parts import bases, conda, logins, pip_lines, reading
from zaffre.builder.parts.bases import Brought
from zaffre.builder.parts.logins import Login
from zaffre.builder.parts.pip_lines import PipLines
from zaffre.builder.parts.r_lines import RLines
from zaffre.builder.parts.stage import NEEDS_ENGINE, Context, Stage
from zaffre.core.errors import Invalid, Problem
from zaffre.core.ports import EnvironmentDefinition

_ADD_CONDA = "add a conda_file with the packages it needs, and a Python environment is built instead; or install one"

Open = Callable[[str], Context]
"""Opens the folder of a build context."""


class NeedsEngine(Invalid):
    """Nothing is wrong with the definition, but only a container engine can make it."""


@dataclass(frozen=True, slots=True)
class RWish:
    """The R packages of an environment."""

    version: str = ""
    packages: tuple[str, ...] = ()
    """Sorted; ``name`` or ``name==version``."""
    repositories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides an environment's content; equal recipes are one environment."""

    python: str = ""
    """A version specifier (``"==3.8.*"``), or empty for any Python."""
    requirements: tuple[str, ...] = ()
    """Canonical and sorted."""
    constraints: tuple[str, ...] = ()
    index_url: str = ""
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    pre: bool = False
    environ: dict[str, str] = field(default_factory=dict[str, str])
    """What ``ENV``, or ``variables`` of a conda file, says."""
    r: RWish | None = None
    notes: tuple[str, ...] = ()
    sources: dict[str, str] = field(default_factory=dict[str, str], compare=False)
    """Requirement → place and words in the user's file, for messages."""
    system: dict[str, str] = field(default_factory=dict[str, str], compare=False)
    """Debian package that this machine must have → where it is asked for."""
    logins: tuple[Login, ...] = field(default=(), compare=False)
    """User and password of indexes: never in what is kept, shown or compared."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every index that its files name."""
        named = (self.index_url, *self.extra_index_urls, *self.find_links)
        return tuple(dict.fromkeys(url for url in named if url))

    def to_json(self) -> dict[str, Any]:
        """Everything that decides the content, in a fixed order: what a fingerprint is taken of."""
        plain: dict[str, Any] = {
            "python": self.python,
            "requirements": list(self.requirements),
            "index_url": self.index_url,
            "extra_index_urls": list(self.extra_index_urls),
            "find_links": list(self.find_links),
            "pre": self.pre,
            "notes": list(self.notes),
        }
        plain |= {"constraints": list(self.constraints)} if self.constraints else {}
        plain |= {"environ": dict(sorted(self.environ.items()))} if self.environ else {}
        if self.r is not None:
            wish = {"packages": list(self.r.packages), "repositories": list(self.r.repositories)}
            plain["r"] = {"version": self.r.version, **wish}
        return plain

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], sources: Mapping[str, str]) -> Recipe:
        """The inverse of ``to_json``."""
        r: Mapping[str, Any] | None = stored.get("r")
        wish = RWish(r["version"], tuple(r["packages"]), tuple(r["repositories"])) if r is not None else None
        return cls(
            python=stored["python"],
            requirements=tuple(stored["requirements"]),
            constraints=tuple(stored.get("constraints", ())),
            index_url=stored["index_url"],
            extra_index_urls=tuple(stored["extra_index_urls"]),
            find_links=tuple(stored["find_links"]),
            pre=stored["pre"],
            environ=dict(stored.get("environ", {})),
            r=wish,
            notes=tuple(stored["notes"]),
            sources=dict(sources),
        )


def translate(
    definition: EnvironmentDefinition, open_context: Open | None = None, allowed: Sequence[str] = ()
) -> Recipe:
    """Refuses (``Invalid``) every line that cannot be taken, and (``NeedsEngine``) what only an engine can build.

    ``allowed``: hosts and networks, beyond public addresses, that an index may lie on.
    """
    around = _Around(open_context, allowed)
    return _translated(definition, around)


@dataclass(frozen=True, slots=True)
class _Around:
    open: Open | None
    allowed: Sequence[str]


def _translated(definition: EnvironmentDefinition, around: _Around) -> Recipe:
    if definition.context is not None or definition.dockerfile is not None:
        return _of_context(definition, around)
    if definition.image is None and definition.conda is None and definition.pip is None:
        raise Invalid([Problem("an environment needs an image, a conda file or pip requirements; none was given")])
    stage = Stage("conda_file")
    if definition.conda is not None:
        found = conda.read(definition.conda, _places(definition))
        stage.python, stage.lines, stage.r = found.python, found.lines, found.r
        for name, (value, place) in found.variables.items():
            stage.assign(name, value, f"{place}:")
    elif definition.pip is not None:
        stage.lines = pip_lines.read(definition.pip, "pip_requirements")
    if definition.image is not None:
        _of_image(definition, stage, around)
    return _recipe(definition, stage, around)


def images(dockerfile: str) -> list[str]:
    """The images that a Dockerfile starts from."""
    return reading.sources(dockerfile)


def _of_context(definition: EnvironmentDefinition, around: _Around) -> Recipe:
    file = definition.dockerfile or "Dockerfile"
    context = around.open(definition.context or "") if around.open is not None else None
    text = context.text(file) if context is not None else None
    if context is None or text is None:
        told = f"there is no {file} in the build context"
        hint = "dockerfile_path is relative to build.path; check .dockerignore too"
        raise Invalid([Problem(told, field="build.dockerfile_path", hint=hint)], target=definition.registered)
    stage = reading.read(text, file, context, _known(definition, around))
    return _recipe(definition, stage, around)


def _known(definition: EnvironmentDefinition, around: _Around) -> reading.Bases:
    def known(image: str) -> Brought | None:
        inner = definition.bases.get(image)
        return _base(_translated(inner, around), image) if inner is not None else bases.of_image(image)

    return known


def _base(recipe: Recipe, image: str) -> Brought:
    """An environment as what another one starts from."""
    return Brought(
        python=recipe.python,
        requirements={line: recipe.sources.get(line, f"FROM {image}") for line in recipe.requirements},
        environ=recipe.environ,
        r=recipe.r is not None,
        r_packages=recipe.r.packages if recipe.r is not None else (),
        notes=recipe.notes,
    )


def _of_image(definition: EnvironmentDefinition, stage: Stage, around: _Around) -> None:
    """The Python asked for: the files' word first, then the image's. Conda makes an environment of its own."""
    image = definition.image or ""
    has_packages = definition.conda is not None or definition.pip is not None
    base = _known(definition, around)(image)
    if base is not None and not (has_packages and image in definition.bases):
        stage.python = stage.python or base.python
        stage.r.wanted = stage.r.wanted or base.r
        if not has_packages:
            if not (base.python or base.requirements or base.r or bases.is_python(image)):
                base = None
            else:
                stage.take(PipLines(requirements=dict(base.requirements), notes=list(base.notes)))
                stage.environ.update(base.environ)
        if base is not None:
            stage.r.packages |= dict.fromkeys(base.r_packages, f"image: {image}")
    elif base is not None:
        stage.python = stage.python or base.python
    if base is None and not has_packages:
        raise NeedsEngine([Problem(f"the image {image} {NEEDS_ENGINE}", field="image", hint=_ADD_CONDA)])
    if base is None:
        stage.lines.notes.append(
            f"The image {image} was not used: the listed packages make a Python environment of their own."
        )


def _recipe(definition: EnvironmentDefinition, stage: Stage, around: _Around) -> Recipe:
    lines = stage.lines
    for url in stage.r.repositories:
        why = pip_lines.refused_address(url)
        if why:
            told = Problem(f"repos: {why}", field=stage.file, hint="an administrator can add the host to egress.allow")
            lines.doubtful[urlsplit(url).hostname or url] = told
    refused = [told for host, told in lines.doubtful.items() if not pip_lines.permits(host, around.allowed)]
    problems = [*lines.problems, *refused]
    if problems or stage.needs:
        wrong = Invalid if problems else NeedsEngine
        raise wrong([*problems, *stage.needs], target=definition.registered)
    plain, found = logins.taken_out((lines.index_url, *lines.extra_index_urls, *lines.find_links))
    extra = tuple(dict.fromkeys(plain[url] for url in lines.extra_index_urls))
    return Recipe(
        python=stage.python,
        requirements=tuple(sorted(lines.requirements)),
        constraints=tuple(sorted(stage.constraints)),
        index_url=plain[lines.index_url],
        extra_index_urls=extra,
        find_links=tuple(dict.fromkeys(plain[url] for url in lines.find_links)),
        pre=lines.pre,
        environ=stage.environ,
        r=_r_wish(stage.r),
        notes=tuple(sorted({*lines.notes, *definition.notes})),
        sources={**stage.constraints, **lines.requirements},
        system=stage.system,
        logins=found,
    )


def _r_wish(lines: RLines) -> RWish | None:
    if not lines.wanted and not lines.packages:
        return None
    return RWish(lines.version, tuple(sorted(lines.packages)), tuple(dict.fromkeys(lines.repositories)))


def _places(definition: EnvironmentDefinition) -> conda.Where:
    return lambda path: definition.places.get(path) or conda.in_field(path)


def with_notes(recipe: Recipe, *notes: str) -> Recipe:
    """The same recipe with more to tell."""
    return replace(recipe, notes=tuple(sorted({*recipe.notes, *notes})))
