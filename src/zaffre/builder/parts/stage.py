"""What one stage of a Dockerfile has come to, so far: the packages asked for, and where its files come from."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from zaffre.builder.parts import pip_lines
from zaffre.builder.parts.pip_lines import PipLines
from zaffre.builder.parts.r_lines import RLines
from zaffre.core.errors import Problem

NEEDS_ENGINE = "needs a container engine (docker, podman or buildah), and none is used here"
HOW_TO_HAVE_ONE = "install one (apt-get install buildah; zaffre doctor says whether it works), or leave the line out"
_OF_THE_IMAGE = frozenset(
    """
    PATH LD_LIBRARY_PATH LD_PRELOAD HOME SHELL USER CONDA_PREFIX CONDA_DEFAULT_ENV CONDA_ENVIRONMENT_PATH VIRTUAL_ENV
    PYTHONHOME AZUREML_CONDA_ENVIRONMENT_PATH AZUREML_CONDA_DEFAULT_ENVIRONMENT R_LIBS R_LIBS_SITE R_HOME
    """.split()  # noqa: SIM905 - read best as a table
)
"""Variables that name folders of the image."""
_OF_THE_PLATFORM = ("MLFLOW_TRACKING_", "MLFLOW_RUN_", "MLFLOW_EXPERIMENT_", "AZUREML_RUN_", "AZUREML_ARM_", "ZAFFRE_")


class Context(Protocol):
    """The files beside a Dockerfile."""

    def text(self, path: str) -> str | None:
        """A text file by its path in the context, or None."""
        ...

    def names(self) -> Iterable[str]:
        """The paths of all files, for patterns."""
        ...


class Copy(NamedTuple):
    """A file or folder of the context, and where the image was to have it."""

    target: str
    source: str
    line: int


@dataclass(slots=True)
class Stage:
    """One stage, or the whole file when the last one is read."""

    file: str
    lines: PipLines = field(default_factory=PipLines)
    python: str = ""
    constraints: dict[str, str] = field(default_factory=dict[str, str])
    environ: dict[str, str] = field(default_factory=dict[str, str])
    variables: dict[str, str] = field(default_factory=dict[str, str])
    """``ARG`` and ``ENV`` together: what is put in for ``$NAME``."""
    workdir: str = "/"
    system: dict[str, str] = field(default_factory=dict[str, str])
    """Debian package → where it is asked for."""
    r: RLines = field(default_factory=RLines)
    copies: list[Copy] = field(default_factory=list[Copy])
    """The last one wins."""
    copied: dict[int, str] = field(default_factory=dict[int, str])
    """Line → the ``COPY`` there, as it is written."""
    taken: set[int] = field(default_factory=set[int])
    """Lines from whose files something is installed."""
    needs: list[Problem] = field(default_factory=list[Problem])
    """What only an engine can do."""
    texts: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    """Files written out in the Dockerfile itself, and the line."""

    def note(self, line: int, message: str) -> None:
        """Something the user should know, with its place."""
        self._note(f"{self.file}:{line}: {message}")

    def _note(self, told: str) -> None:
        if told not in self.lines.notes:
            self.lines.notes.append(told)

    def assign(self, name: str, value: str, said: str) -> None:
        """A variable for the jobs, unless it is one of the image's own; ``said``: the place, and the word there."""
        if name in _OF_THE_IMAGE:
            return
        if name.startswith(_OF_THE_PLATFORM):
            self._note(f"{said} {name} was left out: the platform sets it for every job.")
        elif name == "PYTHONPATH":
            self._note(f"{said} PYTHONPATH was left out: it names folders of the image.")
        else:
            self.environ[name] = value

    def refuse(self, line: int, message: str) -> None:
        """Something only an engine can do."""
        if not self.foreign:
            self.needs.append(Problem(f"{message} {NEEDS_ENGINE}", field=f"{self.file}:{line}", hint=HOW_TO_HAVE_ONE))

    @property
    def foreign(self) -> bool:
        """Whether it starts from an image of unknown content: then nothing more need be said."""
        return any("FROM " in problem.message for problem in self.needs)

    def absolute(self, path: str, folder: str = "") -> str:
        """A path in the image."""
        return posixpath.normpath(posixpath.join(folder or self.workdir, path))

    def find(self, path: str, folder: str, context: Context) -> tuple[str, str] | None:
        """The context's name and the text of a file at ``path`` in the image; None when no ``COPY`` put it there."""
        wanted = self.absolute(path, folder)
        if wanted in self.texts:
            text, line = self.texts[wanted]
            self.taken.add(line)
            return wanted, text
        for target, source, line in reversed(self.copies):
            inside = _below(wanted, target)
            found = posixpath.normpath(posixpath.join(source, inside)) if inside else source
            if (inside or wanted == target) and (text := context.text(found)) is not None:
                self.taken.add(line)
                return found, text
        return None

    def tell_left_out(self, context: Context) -> None:
        """What was to be copied into the image and is nowhere, since there is none; a note for each such line.

        Of a folder that something was installed from, the note has no line and no names: they do not make it another
        environment.
        """
        for line, said in self.copied.items():
            if line not in self.taken:
                self.note(line, f"{said} was left out: there is no image. A job brings its files as code or inputs.")
            elif any(one.line == line and context.text(one.source) is None for one in self.copies):
                self._note(f"{self.file}: of {said} only what is installed from it was taken; there is no image.")

    def take(self, other: PipLines) -> None:
        """Add what a later line installs: of two versions of one package the later line's is kept, as with pip."""
        names = {pip_lines.name_of(line): line for line in self.lines.requirements}
        for requirement, source in other.requirements.items():
            before = names.get(pip_lines.name_of(requirement))
            if before is None:
                self.lines.requirements[requirement] = source
            elif before != requirement and _says_version(requirement):
                told = self.lines.requirements.pop(before)
                self.lines.requirements[requirement] = source
                if _says_version(before):
                    self.lines.notes.append(f"{source} replaces what stands before it: {told}.")
        self.lines.index_url = other.index_url or self.lines.index_url
        self.lines.extra_index_urls += other.extra_index_urls
        self.lines.find_links += other.find_links
        self.lines.pre = self.lines.pre or other.pre
        self.lines.notes += [note for note in other.notes if note not in self.lines.notes]
        self.lines.problems += other.problems
        self.lines.doubtful |= other.doubtful

    def copy(self, target: str, source: str, line: int) -> None:
        """``COPY source target``, both files or both folders."""
        self.copies.append(Copy(target, posixpath.normpath(source), line))


def matching(pattern: str, context: Context) -> list[str]:
    """The context's files that a ``COPY`` pattern names."""
    if not any(character in pattern for character in "*?["):
        return [pattern]
    wanted = posixpath.normpath(pattern)
    found = (name for name in context.names() if name.count("/") == wanted.count("/"))
    return sorted(name for name in found if fnmatch.fnmatchcase(name, wanted))


def _below(path: str, folder: str) -> str:
    root = folder if folder.endswith("/") else f"{folder}/"
    return path[len(root) :] if path.startswith(root) else ""


def _says_version(requirement: str) -> bool:
    return any(character in requirement.partition(";")[0] for character in "<>=!~@")
