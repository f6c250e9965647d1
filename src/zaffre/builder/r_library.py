"""The R packages of an environment: a library of its own beside the machine's R, found by ``R_LIBS_SITE``."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from zaffre.builder.parts.recipe import RWish
from zaffre.builder.resolving import Conflict, Unreachable
from zaffre.builder.settings import BuilderSettings

PUBLIC = "https://cloud.r-project.org"
"""Beside it, the repositories that a file names are asked; a setting of another one replaces them all."""
_PROGRAM = Path(__file__).with_name("r_packages.R")
_PROFILE = "Rprofile.site"
_OF_THE_MACHINE = "/usr/local/lib/R/site-library:/usr/lib/R/site-library:/usr/lib/R/library"
_MISSING = 10
"""The program's exit code for a package that no repository has in that version."""
_UNBUILT = 12
_KEPT_WORDS = 2000


def install(wish: RWish, library: Path, settings: BuilderSettings, say: Callable[[str], None]) -> None:
    """Install what the machine's R does not have already. Raises ``Conflict`` or ``Unreachable``."""
    library.mkdir(parents=True)
    if not wish.packages:
        return
    say(f"Installing {len(wish.packages)} R packages and what they need.")
    repositories = _repositories(wish, settings)
    argv = [str(program(settings)), "--no-environ", "--no-save", str(_PROGRAM), str(library)]
    argv += [",".join(repositories), *wish.packages]
    environ = {**settings.environ, "R_LIBS_SITE": "", "R_LIBS_USER": "NULL"}
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, errors="replace", check=False)
    words = f"{done.stdout}\n{done.stderr}".strip()
    if done.returncode == 0:
        say(words[-_KEPT_WORDS:])
    elif done.returncode in (_MISSING, _UNBUILT):
        raise Conflict(_told(words))
    else:
        raise Unreachable(words[-_KEPT_WORDS:])


def program(settings: BuilderSettings) -> Path:
    """The machine's Rscript; raises ``Conflict`` when it went away since the job was accepted."""
    found = shutil.which("Rscript", path=settings.environ.get("PATH"))
    if found is None:
        raise Conflict("R is not on this machine any more: apt-get install r-base-core")
    return Path(found)


def environ(final: Path) -> dict[str, str]:
    """How a job's R finds the library, and the repository that ``install.packages`` of its own asks."""
    return {"R_LIBS_SITE": f"{final}/R:{_OF_THE_MACHINE}", "R_PROFILE": f"{final}/{_PROFILE}"}


def write_profile(wish: RWish, building: Path, settings: BuilderSettings) -> None:
    """R starts with the machine's own profile, and knows the repositories."""
    listed = ", ".join(f'r{number} = "{url}"' for number, url in enumerate(_repositories(wish, settings)))
    own = 'if (file.exists("/etc/R/Rprofile.site")) source("/etc/R/Rprofile.site")\n'
    (building / _PROFILE).write_text(f"{own}options(repos = c({listed}))\n", encoding="utf-8")


def note(wish: RWish, settings: BuilderSettings) -> str:
    """Which R it is, where the file asked for another one."""
    done = subprocess.run([str(program(settings)), "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+\.\d+\.\d+)", f"{done.stdout}{done.stderr}")
    version = found.group(1) if found else "of unknown version"
    if wish.version and not version.startswith(wish.version.lstrip("=<>~! ")):
        return f"R {wish.version} was asked for; this machine's R {version} is used."
    return f"R {version} of this machine is used."


def _repositories(wish: RWish, settings: BuilderSettings) -> list[str]:
    own = settings.r_repository and settings.r_repository != PUBLIC
    return [settings.r_repository] if own else list(dict.fromkeys((*wish.repositories, PUBLIC)))


def _told(words: str) -> str:
    lines = [line for line in words.splitlines() if line.strip()]
    return "the R packages cannot be installed.\n" + "\n".join(f"  {line}" for line in lines[-25:])
