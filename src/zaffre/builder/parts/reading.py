"""A Dockerfile, read instead of run: the last stage's packages, variables and files, as far as a Python needs them.

What cannot be had without an image is refused with its line; what a job would not notice is passed over; what it might
notice becomes a note. ``run_table`` says which command is which.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace

from zaffre.builder.parts import bases, dockerfile, installs
from zaffre.builder.parts.dockerfile import Instruction
from zaffre.builder.parts.stage import Context, Stage, matching
from zaffre.core.errors import Problem

_PASSED_OVER = frozenset(
    ("CMD", "ENTRYPOINT", "EXPOSE", "LABEL", "MAINTAINER", "STOPSIGNAL", "HEALTHCHECK", "VOLUME", "SHELL", "ONBUILD")
)
"""They concern a container's own process; a job brings its command."""

Bases = Callable[[str], "bases.Brought | None"]
"""Image → what it brings, or None when it is not known to be only that."""


def read(text: str, file: str, context: Context, known: Bases) -> Stage:
    """The last stage of a Dockerfile; what is wrong with it lies in ``lines.problems``."""
    return _Reader(file, context, known).read(text)


def sources(text: str) -> list[str]:
    """The images that a Dockerfile starts from, arguments put in, its own stages left out."""
    reader = _Reader("", _Nothing(), lambda _: bases.Brought())
    reader.read(text)
    return reader.images


class _Nothing:
    def text(self, path: str) -> str | None:
        del path
        return None

    def names(self) -> tuple[str, ...]:
        return ()


class _Reader:
    def __init__(self, file: str, context: Context, known: Bases) -> None:
        self._file = file
        self._context = context
        self._known = known
        self._global: dict[str, str] = {}
        self._stages: dict[str, Stage] = {}
        self._stage: Stage | None = None
        self.images: list[str] = []

    def read(self, text: str) -> Stage:
        for instruction in dockerfile.parse(text):
            self._take(instruction)
        if self._stage is None:
            empty = Stage(self._file)
            empty.lines.refuse(self._file, "expected a Dockerfile that begins with FROM, found none")
            return empty
        self._stage.tell_left_out(self._context)
        return self._stage

    def _take(self, instruction: Instruction) -> None:
        keyword = instruction.keyword
        if keyword == "FROM":
            self._from(instruction)
        elif keyword == "ARG" and self._stage is None:
            self._argument(instruction, self._global, {})
        elif self._stage is not None and keyword not in _PASSED_OVER:
            steps: Mapping[str, Callable[[Instruction, Stage], None]] = {
                "ARG": lambda told, stage: self._argument(told, stage.variables, self._global),
                "ENV": _environment,
                "WORKDIR": _workdir,
                "COPY": self._copy,
                "ADD": self._copy,
                "RUN": self._run,
                "USER": _user,
            }
            step = steps.get(keyword)
            if step is not None:
                step(instruction, self._stage)
            else:
                place = f"{self._file}:{instruction.line}"
                self._stage.lines.refuse(place, f"{keyword} is no instruction of a Dockerfile")

    def _from(self, instruction: Instruction) -> None:
        words = dockerfile.substitute(instruction.value, self._global).split()
        image = words[0] if words else ""
        stage = self._started(image, instruction.line)
        if len(words) == 3 and words[1].upper() == "AS":
            self._stages[words[2].lower()] = stage
        self._stages[str(len(self._stages))] = stage
        self._stage = stage

    def _started(self, image: str, line: int) -> Stage:
        """A new stage on an image, or on what an earlier stage has come to."""
        earlier = self._stages.get(image.lower())
        if earlier is not None:
            return _forked(earlier)
        stage = Stage(self._file)
        self.images.append(image)
        base = self._known(image) if image else None
        if base is None:
            stage.refuse(line, f"FROM {image}: this image has software of its own, which")
            return stage
        stage.python = base.python
        stage.take(replace(stage.lines, requirements=dict(base.requirements), notes=[], problems=[]))
        stage.lines.notes += [f"{self._file}:{line}: {note}" for note in base.notes]
        stage.environ.update(base.environ)
        stage.r.wanted = base.r
        stage.r.packages.update(dict.fromkeys(base.r_packages, f"{self._file}:{line}: FROM {image}"))
        return stage

    def _argument(self, instruction: Instruction, target: dict[str, str], inherited: Mapping[str, str]) -> None:
        name, equals, value = instruction.value.partition("=")
        given = dockerfile.substitute(value.strip().strip("\"'"), {**inherited, **target})
        target[name.strip()] = given if equals else inherited.get(name.strip(), "")

    def _copy(self, instruction: Instruction, stage: Stage) -> None:
        words = dockerfile.substitute(instruction.value, stage.variables).split()
        if instruction.value.startswith("["):
            words = instruction.value.strip("[] ").replace('"', "").replace(",", " ").split()
        if len(words) < 2:
            stage.lines.refuse(f"{self._file}:{instruction.line}", f"{instruction.keyword} needs a source and a target")
        elif "from" in instruction.flags:
            self._from_stage(instruction, stage)
        else:
            self._placed(instruction, stage, words)

    def _placed(self, instruction: Instruction, stage: Stage, words: list[str]) -> None:
        target = stage.absolute(words[-1])
        line = instruction.line
        into_folder = words[-1].endswith(("/", ".")) or len(words) > 2
        stage.copied[line] = f"{instruction.keyword} {' '.join(words)}"
        if instruction.documents:
            stage.texts[target] = instruction.documents[0], line
            return
        for pattern in words[:-1]:
            for source in matching(pattern.lstrip("/") or ".", self._context):
                if self._context.text(posixpath.normpath(source)) is not None:
                    inside = posixpath.join(target, source.rpartition("/")[2])
                    stage.copy(inside, source, line)  # the target may be a folder without saying so
                    if not into_folder:
                        stage.copy(target, source, line)
                else:
                    stage.copy(target, source, line)

    def _from_stage(self, instruction: Instruction, stage: Stage) -> None:
        """What another stage made ends up here: its packages are taken along."""
        earlier = self._stages.get(instruction.flags["from"].lower())
        if earlier is None:
            stage.note(instruction.line, f"COPY --from={instruction.flags['from']} was left out: there is no image.")
            return
        stage.take(earlier.lines)
        stage.python = stage.python or earlier.python
        stage.system |= earlier.system
        stage.r.packages |= earlier.r.packages
        stage.note(instruction.line, "the packages of the other stage were taken; other files of it are not there.")

    def _run(self, instruction: Instruction, stage: Stage) -> None:
        installs.read(instruction, stage, self._context)


def _forked(earlier: Stage) -> Stage:
    lines = earlier.lines
    copied = replace(
        lines,
        requirements=dict(lines.requirements),
        extra_index_urls=list(lines.extra_index_urls),
        find_links=list(lines.find_links),
        notes=list(lines.notes),
        problems=list[Problem](lines.problems),
    )
    r = replace(earlier.r, packages=dict(earlier.r.packages), repositories=list(earlier.r.repositories))
    return replace(
        earlier,
        lines=copied,
        r=r,
        constraints=dict(earlier.constraints),
        environ=dict(earlier.environ),
        variables=dict(earlier.environ),
        system=dict(earlier.system),
        needs=list(earlier.needs),
        copies=list(earlier.copies),
        copied=dict(earlier.copied),
        taken=set(earlier.taken),
        texts=dict(earlier.texts),
    )


def _environment(instruction: Instruction, stage: Stage) -> None:
    before = dict(stage.variables)
    for name, raw in dockerfile.assignments(instruction.value):
        value = dockerfile.substitute(raw, before)
        stage.variables[name] = value
        stage.assign(name, value, f"{stage.file}:{instruction.line}: ENV")


def _workdir(instruction: Instruction, stage: Stage) -> None:
    stage.workdir = stage.absolute(dockerfile.substitute(instruction.value, stage.variables).strip("\"'"))


def _user(instruction: Instruction, stage: Stage) -> None:
    user = dockerfile.substitute(instruction.value, stage.variables)
    if user.partition(":")[0] not in ("root", "0"):
        stage.note(instruction.line, f"USER {user} was left out: jobs run as the user of the server.")
