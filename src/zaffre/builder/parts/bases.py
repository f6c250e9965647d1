"""What an image brings that a Dockerfile starts from, or that an environment names: a Python, packages, R."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zaffre.builder.parts import images

_SYSTEMS = re.compile(r"^(?:library/)?(?:ubuntu|debian|buildpack-deps|scratch)$")
_R_IMAGES = re.compile(
    r"^(?:(?:library/)?r-base|rocker/(?P<rocker>[a-z0-9-]+)|rstudio/(?:r-base|(?P<own>plumber))|r-hub/.*)$"
)
_R_PACKAGES = {
    "tidyverse": ("tidyverse", "devtools"),
    "verse": ("tidyverse", "devtools", "rmarkdown", "bookdown"),
    "shiny": ("shiny", "rmarkdown"),
    "shiny-verse": ("shiny", "tidyverse"),
    "geospatial": ("tidyverse", "sf"),
    "ml": ("tidyverse",),
    "plumber": ("plumber",),
}
"""What rocker's images have beyond R itself, as far as scripts rely on it."""
_ACPT = re.compile(r"^mcr\.microsoft\.com/aifx/acpt/stable-.*-py3(?P<python>\d+)-torch(?P<torch>\d+)$")
_INFERENCE = re.compile(
    r"^mcr\.microsoft\.com/azureml/(?:mlflow|sklearn-[\d.]+|onnxruntime-[\d.]+|pytorch-[\d.]+|tensorflow-[\d.]+|xgboost-[\d.]+)"
    r"-(?:ubuntu[\d.]+-)?py3(?P<python>\d+)-(?:cpu-)?inference$"
)


@dataclass(frozen=True, slots=True)
class Brought:
    """What is taken from an image."""

    python: str = ""
    """A version specifier, or empty for any."""
    requirements: dict[str, str] = field(default_factory=dict[str, str])
    environ: dict[str, str] = field(default_factory=dict[str, str])
    r: bool = False
    r_packages: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def of_image(image: str) -> Brought | None:
    """What an image brings; None for images with software of their own."""
    repository, _ = images.split(image)
    python = images.python_of(image)
    if python is not None:
        return Brought(f"=={python}.*" if python else "")
    if _SYSTEMS.match(repository):
        return Brought(notes=(f"{image}: the system is this machine's; only packages are taken from the file.",))
    found = _R_IMAGES.match(repository)
    if found:
        return Brought(r=True, r_packages=_R_PACKAGES.get(found["rocker"] or found["own"] or "", ()))
    return _of_azure(repository, image)


def is_python(image: str) -> bool:
    """Whether an image is no more than a Python: a bare system is none."""
    return images.python_of(image) is not None


def _of_azure(repository: str, image: str) -> Brought | None:
    acpt = _ACPT.match(repository)
    if acpt:
        digits = acpt["torch"]
        torch = f"torch=={digits[0]}.{digits[1:-1]}.*"
        note = f"{image} was read as its Python and {torch}, in the build for this machine's processor."
        return Brought(f"==3.{acpt['python']}.*", dict.fromkeys((torch, "torchvision"), f"FROM {image}"), notes=(note,))
    inference = _INFERENCE.match(repository)
    return Brought(f"==3.{inference['python']}.*") if inference else None
