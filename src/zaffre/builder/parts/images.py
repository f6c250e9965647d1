"""Which container images are no more than a Python, so that an interpreter stands in for them."""

from __future__ import annotations

import re

ANY = ""
"""A Python image that names no version."""

_REGISTRY = re.compile(r"^(?:docker\.io/|index\.docker\.io/|registry\.hub\.docker\.com/|public\.ecr\.aws/docker/)")
_TAG_VERSION = re.compile(r"^(3\.\d+)")
_PY_DIGITS = re.compile(r"-py3(\d{1,2})(?:-|$)")

_OFFICIAL = re.compile(r"^(?:library/)?python$")
_AZURE_PYTHONS = re.compile(
    r"^mcr\.microsoft\.com/azureml/"
    r"(?:base|base-gpu|openmpi[\d.]+-(?:cuda[\d.]+-cudnn\d+-)?(?:ubuntu|debian)[\d.]+"
    r"|openmpi[\d.]+-cuda[\d.]+-ubuntu[\d.]+"
    r"|minimal-(?:ubuntu[\d.]+-)?py3\d+(?:-cuda[\d.]+)?(?:-cpu|-gpu)?(?:-inference)?"
    r"|minimal-ubuntu[\d.]+-py3\d+-[a-z0-9.-]*inference"
    r"|inference-base-\d+)$"
)
_CONDA_PYTHONS = re.compile(
    r"^(?:continuumio/miniconda3?|condaforge/(?:miniforge3|mambaforge|miniforge-pypy3)|mambaorg/micromamba"
    r"|mcr\.microsoft\.com/devcontainers/(?:python|miniconda)|mcr\.microsoft\.com/vscode/devcontainers/python)$"
)


def python_of(image: str) -> str | None:
    """The minor version of an image's Python (``"3.11"``), ``ANY`` when it names none, ``None`` for other images."""
    repository, tag = split(image.strip())
    if _OFFICIAL.match(repository):
        return _of_tag(tag)
    if _AZURE_PYTHONS.match(repository):
        found = _PY_DIGITS.search(repository)
        return f"3.{found.group(1)}" if found else ANY
    if _CONDA_PYTHONS.match(repository):
        return _of_tag(tag)
    return None


def split(image: str) -> tuple[str, str]:
    """Repository, without the registry that is meant anyway, and tag."""
    name = image.partition("@")[0]
    head, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        head, tag = name, ""
    return _REGISTRY.sub("", head.lower()), tag


def _of_tag(tag: str) -> str:
    found = _TAG_VERSION.match(tag)
    return found.group(1) if found else ANY
