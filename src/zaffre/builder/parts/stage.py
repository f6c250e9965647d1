"""What one stage of a Dockerfile has come to, so far: the packages asked for, and where its files come from."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from zaffre.builder.parts import pip_lines
from zaffre.builder.parts.pip_lines import PipLines
from zaffre.builder.parts.r_lines import RLines
from zaffre.core.errors import Problem

NEEDS_ENGINE = "needs a container engine (docker, podman or buildah), and none is used here"
HOW_TO_HAVE_ONE = "install one (apt-get install buildah; zaffre doctor says whether it works), or leave the line out"


class Context(Protocol):
    """The files beside a Dockerfile."""

    def text(self, path: str) -> str | None:
        """A text file by its path in the context, or None."""
        ...

    def names(self) -> Iterable[str]:
        """The paths of all files, for patterns."""
        ...


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
    copies: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Path in the image, path in the context; the last one wins."""
    needs: list[Problem] = field(default_factory=list[Problem])
    """What only an engine can do."""
    texts: dict[str, str] = field(default_factory=dict[str, str])
    """Files written out in the Dockerfile itself."""

    def note(self, line: int, message: str) -> None:
        """Something the user should know, with its place."""
        told = f"{self.file}:{line}: {message}"
        if told not in self.lines.notes:
            self.lines.notes.append(told)

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
            return wanted, self.texts[wanted]
        for target, source in reversed(self.copies):
            if wanted == target and (text := context.text(source)) is not None:
                return source, text
            inside = _below(wanted, target)
            if inside:
                below = posixpath.normpath(posixpath.join(source, inside))
                if (text := context.text(below)) is not None:
                    return below, text
        return None

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

    def copy(self, target: str, source: str) -> None:
        """``COPY source target``, both files or both folders."""
        self.copies.append((target, posixpath.normpath(source)))


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
