"""A command job and the place it is to run at, made into the task a backend launches: pure."""

from __future__ import annotations

from typing import Any

from zaffre.core import expr, programs, services
from zaffre.core.site import Needs, Site
from zaffre.core.tasks import Task
from zaffre.jobs.command.parts import gangs


def needs(spec: Any) -> Needs:
    """Ports and programs, for the parts of a gang and the services."""
    ports, named = gangs.needs(spec)
    served = services.needs(spec.services)
    return Needs(ports + served.ports, (*named, *served.programs))


def task(spec: Any, site: Site) -> Task:
    """The task of one attempt of a command job."""
    paths = programs.paths(site)
    command = expr.render(spec.command, {**paths, "name": site.run})
    beside = services.beside(spec.services, site, gangs.needs(spec)[0])
    gang = gangs.made(spec, site, (*programs.SHELL, command))
    environ = programs.environ(spec, site, paths) | gang.environ | beside.environ
    apart = programs.scratch(site) if gang.scratch or beside.scratch else ""
    return programs.task(spec, site, programs.Program(gang.argv, environ, (*gang.ranks, *beside.ranks), apart))
