"""The things a user can name, found by looking into folders: nobody edits a list to add one.

A folder in ``zaffre.assets`` or ``zaffre.kinds`` declares ``HERE`` (a ``Kind``, or a tuple of them) in its ``__init__``;
a folder in ``zaffre.jobs`` declares ``HERE`` as a ``JobType``. Declarations are light: models, rules and actions are
named by module and loaded on first use.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing a user can name, and every spelling of it."""

    name: str
    """Azure's command group, e.g. ``online-deployment``."""
    collection: str
    """Plural path segment of the native API, e.g. ``deployments``."""
    arm: str
    """Path segment of Azure Resource Manager, e.g. ``onlineEndpoints``."""
    folder: str
    """The package that holds it, e.g. ``zaffre.kinds.online``."""
    spec: str
    """``module:Class`` of its model, below ``folder``, e.g. ``spec:OnlineDeployment``."""
    summary: str
    """One sentence for help and documentation."""
    parent: str = ""
    """Name of the kind it belongs to (an endpoint, for a deployment)."""
    versioned: bool = False
    nameless: bool = False
    """May be posted to its collection without a name: the server makes one."""
    verbs: tuple[str, ...] = ("create", "update", "show", "list", "delete")
    """Command-line verbs; actions of its own among them."""
    schemas: tuple[str, ...] = ()
    """File names (without ``.schema.json``) that a document's ``$schema`` may end in."""
    built: bool = True
    """False: its documents are read and checked; submitting one is refused by name (501)."""

    def model(self) -> type[Any]:
        """The pydantic model of its specification."""
        return _model(self.folder, self.spec)

    def part(self, name: str) -> ModuleType | None:
        """Its module ``rules``, ``reconcile``, ``actions``, or None where it needs none."""
        return _part(self.folder, name)


@dataclass(frozen=True, slots=True)
class JobType:
    """One type of job: its specification and its plan."""

    name: str
    """The word in ``type:`` and (PascalCase) in ARM's ``jobType``, e.g. ``command``."""
    arm: str
    folder: str
    spec: str
    summary: str
    schemas: tuple[str, ...] = ()
    component: str = ""
    """``module:Class`` of what a component of this type says; empty where there is no such component."""
    is_parent: bool = False
    """Its jobs run other jobs (``core.parents``) and have no task of their own."""

    def model(self) -> type[Any]:
        """The pydantic model of its specification."""
        return _model(self.folder, self.spec)

    def component_model(self) -> type[Any]:
        """The pydantic model of a component of this type."""
        return _model(self.folder, self.component)

    @property
    def built(self) -> bool:
        """Whether it can be run: without a plan its documents are read and checked, and refused by name (501)."""
        return self.part("plan") is not None

    def part(self, name: str) -> ModuleType | None:
        """Its module ``plan``, or None."""
        return _part(self.folder, name)


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by name, sorted."""
    found = [kind for package in ("zaffre.assets", "zaffre.kinds") for kind in _declared(package)]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.name) if isinstance(kind, Kind)}


@cache
def job_types() -> dict[str, JobType]:
    """Every job type by name, sorted."""
    found = list(_declared("zaffre.jobs"))
    return {job.name: job for job in sorted(found, key=lambda job: job.name) if isinstance(job, JobType)}


def _declared(package: str) -> Iterator[Kind | JobType]:
    root = importlib.import_module(package)
    for module in pkgutil.iter_modules(root.__path__):
        here = getattr(importlib.import_module(f"{package}.{module.name}"), "HERE", ())
        yield from here if isinstance(here, tuple) else (here,)


@cache
def _model(folder: str, spec: str) -> type[Any]:
    module, _, name = spec.partition(":")
    found: type[Any] = getattr(importlib.import_module(f"{folder}.{module}"), name)
    return found


@cache
def _part(folder: str, name: str) -> ModuleType | None:
    if importlib.util.find_spec(f"{folder}.{name}") is None:
        return None
    return importlib.import_module(f"{folder}.{name}")
