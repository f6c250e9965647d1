"""The command line by which a Spark job is submitted: what its document says, in spark-submit's words."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from zaffre.core import expr
from zaffre.core.site import Site
from zaffre.jobs.spark.parts import sizes

_LISTS = {"py_files": "--py-files", "jars": "--jars", "files": "--files", "archives": "--archives"}
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "WARN"}
"""What holds unless the job says something else."""


def line(spec: Any, site: Site, paths: Mapping[str, str], program: str, master: str) -> tuple[str, ...]:
    """``spark-submit`` and its arguments."""
    values = {**paths, "name": site.run}
    settings = [word for name, value in _settings(spec, master).items() for word in ("--conf", f"{name}={value}")]
    lists = [
        word
        for field, option in _LISTS.items()
        if getattr(spec, field)
        for word in (option, ",".join(_place(site, expr.render(one, values)) for one in getattr(spec, field)))
    ]
    head = (program, "--master", master, "--name", site.run, *settings, *lists)
    return (*head, *_entry(spec, site, values), *_arguments(spec.args or "", values))


def _settings(spec: Any, master: str) -> dict[str, str]:
    conf: dict[str, Any] = spec.conf or {}
    found = _QUIET | {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    size = sizes.executors(conf)
    if not master.startswith("local"):
        found["spark.executor.cores"] = "1"
        found["spark.cores.max"] = str(size.number * (size.cores or 1))
        found["spark.dynamicAllocation.shuffleTracking.enabled"] = "true"
    return found | {str(name): _text(value) for name, value in conf.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _entry(spec: Any, site: Site, values: Mapping[str, str]) -> tuple[str, ...]:
    """The Python file, or the class and the first of the jars, in which it is."""
    if spec.entry.file:
        return (_place(site, spec.entry.file),)
    return ("--class", spec.entry.class_name, _place(site, expr.render(spec.jars[0], values)))


def _place(site: Site, path: str) -> str:
    """Paths are relative to the code; addresses and absolute paths stay."""
    return path if path.startswith("/") or "://" in path else str(site.work / path)


def _arguments(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Split as a shell would, and filled in after that: a path with a space in it stays one argument."""
    marks = {name: f"\x1a{number}\x1a" for number, name in enumerate(values)}
    words = shlex.split(expr.render(text, marks))
    for name, mark in marks.items():
        words = [word.replace(mark, values[name]) for word in words]
    return tuple(words)
