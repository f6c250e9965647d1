"""What the commands of a ``RUN`` line mean where there is no image to change: one table.

A program is one of four: it asks for packages (``installs`` reads it), it changes nothing that a job could notice
(silent), it only moves the image's own files about (told as left out), or nobody here knows (refused).
"""

from __future__ import annotations

import re
from enum import StrEnum


class Meaning(StrEnum):
    """What to do about a command."""

    SILENT = "silent"
    """Nothing of it would reach a job."""
    FILES = "files"
    """It arranges files of an image; there is none, and the user is told."""
    UNKNOWN = "unknown"
    """Only an engine can do it."""


_SILENT = frozenset(
    """
    : true false echo printf set export cd pwd env ls cat which whoami id date uname test [ [[ command type hash
    umask ulimit sleep ldconfig update-ca-certificates locale-gen update-locale dpkg-reconfigure
    groupadd useradd usermod adduser addgroup chsh passwd chpasswd source . activate deactivate alias exit return wait
    du df stat file head tail grep sort find nproc nvidia-smi ffmpeg
    """.split()  # noqa: SIM905 - read best as a table
)
_FILES = frozenset(
    "mkdir rmdir rm chmod chown chgrp ln cp mv touch sed tee install unlink dos2unix truncate".split()  # noqa: SIM905
)
_SILENT_VERBS = {
    "apt-get": r"update|clean|autoclean|autoremove|upgrade|dist-upgrade|remove|purge",
    "apt": r"update|clean|autoclean|autoremove|upgrade|full-upgrade|remove|purge|list",
    "apt-mark": r".*",
    "apt-cache": r".*",
    "dpkg-query": r".*",
    "dpkg": r"--configure|-l|--list|--add-architecture",
    "pip": r"freeze|list|show|cache|check|config|--version|-V|uninstall|debug|inspect",
    "conda": r"clean|init|config|list|info|activate|deactivate|tos|--version|remove|uninstall",
    "uv": r"cache|--version|venv|python",
    "git": r"config|--version",
    "jupyter": r"(?:lab|notebook|server|labextension|nbextension)?",
    "npm": r"--version|cache",
    "R": r"--version",
    "Rscript": r"--version",
    "python": r"--version|-V|-VV",
    "virtualenv": r".*",
}
"""Program → its first words that are silent."""

BROUGHT = frozenset(
    """
    python3 python3-pip python3-venv python3-dev python3-setuptools python3-wheel python3-distutils python-is-python3
    python python-dev python-pip python3-virtualenv virtualenv libpython3-dev pip
    ca-certificates apt-utils apt-transport-https gnupg gnupg2 software-properties-common locales tzdata sudo
    lsb-release dirmngr debconf-utils dialog
    """.split()  # noqa: SIM905
)
"""Debian packages that a Python environment does not need of the system: it brings its own, or nothing uses them."""
_BROUGHT_SHAPES = re.compile(r"^(?:lib)?python3\.\d+(?:-.*)?$")


def meaning(words: tuple[str, ...]) -> Meaning:
    """Of one simple command that asks for no package."""
    program = program_of(words[0])
    if program in _SILENT:
        return Meaning.SILENT
    if program in _FILES:
        return Meaning.FILES
    verbs = _SILENT_VERBS.get(program)
    verb = next((word for word in words[1:] if not word.startswith("-") or word.startswith("--version")), "")
    first = words[1] if len(words) > 1 else ""
    if verbs is not None and (re.fullmatch(verbs, verb) or re.fullmatch(verbs, first)):
        return Meaning.SILENT
    if program == "python" and words[1:3] in {("-m", "venv"), ("-m", "virtualenv"), ("-m", "ensurepip")}:
        return Meaning.SILENT
    if program == "bash" and len(words) > 1 and words[1].endswith("/activate"):
        return Meaning.SILENT
    return Meaning.UNKNOWN


def program_of(word: str) -> str:
    """The program's plain name: no folder, no version (``/opt/conda/bin/python3.8`` → ``python``)."""
    name = word.rpartition("/")[2]
    found = re.fullmatch(r"(python|pip)(?:3(?:\.\d+)?)?", name)
    if found:
        return found.group(1)
    return "conda" if name in ("mamba", "micromamba") else "bash" if name in ("sh", "dash", "zsh") else name


def is_brought(package: str) -> bool:
    """Whether a Debian package need not be on this machine."""
    return package in BROUGHT or _BROUGHT_SHAPES.match(package) is not None
