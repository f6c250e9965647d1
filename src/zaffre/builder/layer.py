"""The layer of a run: what a command installs goes here, and the shared environment never notices.

A layer is a virtual environment whose site-packages hold one ``.pth`` line: the shared environment's packages, then
pip. So ``pip install``, ``python -m pip``, ``sys.executable -m pip``, a notebook's ``%pip`` and pythons started by
pythons all find ``sys.prefix`` here, install here, and import from here first. pip leaves what is outside its prefix
alone, so replacing a package of the shared environment shadows it. The shared environment holds no pip at all.
"""

from __future__ import annotations

import os

from zaffre.builder import prefix
from zaffre.core.ports import Interpreter

_PTH = "zaffre-shared.pth"
_WITHOUT_DISTUTILS = 12


def layer(interpreter: Interpreter, directory: str, last: str = "") -> Interpreter:
    """The interpreter of one run, over a shared one; ``directory`` is the run's own. Called again, it is the same.

    ``last``: a folder that comes onto its path after everything else.
    """
    if interpreter.enter:
        return interpreter  # every run has a container of its own
    minor = prefix.minor_of(interpreter.prefix)
    python = os.path.realpath(interpreter.python)
    site = prefix.create(directory, python, minor, twin=interpreter.prefix)
    shared = f"{interpreter.prefix}/lib/python3.{minor}/site-packages"
    tools = tools_folder(interpreter.prefix.rpartition("/")[0], minor)
    joined = f"; sys.path.append({last!r})" if last else ""
    with open(f"{site}/{_PTH}", "w", encoding="utf-8") as file:  # noqa: PTH123 - on every run's way
        file.write(f"import site, sys; site.addsitedir({shared!r}); {_join(minor)}({tools!r}){joined}\n")
    prefix.write_program(f"{directory}/bin/pip", ["-m", "pip"], "pip3")
    made = programs(interpreter, directory)
    if "R_LIBS" in made.environ:
        os.makedirs(made.environ["R_LIBS"], exist_ok=True)  # noqa: PTH103
    return made


def programs(interpreter: Interpreter, directory: str) -> Interpreter:
    """The shared interpreter as a run with that layer sees it."""
    environ = {**interpreter.environ, "VIRTUAL_ENV": directory, "ZAFFRE_PREFIX": directory}
    if "R_LIBS_SITE" in environ:
        environ["R_LIBS"] = f"{directory}/R"  # where install.packages in a command goes
    return Interpreter(
        prefix=directory,
        python=f"{directory}/bin/python",
        path=(f"{directory}/bin", *interpreter.path),
        environ=environ,
        notes=interpreter.notes,
    )


def _join(minor: int) -> str:
    """How the tools come onto the path. Their one ``.pth`` stands in for ``distutils``, which Python had until 3.12."""
    return "site.addsitedir" if minor >= _WITHOUT_DISTUTILS else "sys.path.append"


def tools_folder(environments: str, minor: int) -> str:
    """Where pip and setuptools lie, once for all environments of a Python: on a layer's path, after its packages."""
    return f"{environments}/tools-3.{minor}"
