"""The ``RUN`` lines of a Dockerfile: which packages they ask for, of pip, conda, Debian and R."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from zaffre.builder.parts import conda, dockerfile, pip_lines, r_lines, run_table, shell
from zaffre.builder.parts.dockerfile import Instruction
from zaffre.builder.parts.pip_lines import PipLines
from zaffre.builder.parts.run_table import Meaning
from zaffre.builder.parts.shell import Command
from zaffre.builder.parts.stage import Context, Stage
from zaffre.core import document, problems
from zaffre.core.errors import Invalid

_OWN_PIP = frozenset(("pip", "wheel"))
"""Every run has its own pip; wheels are only needed by builders, which bring it."""
_PIP_VALUES = frozenset(
    """
    -t --target --prefix --root --timeout --default-timeout --retries --trusted-host --progress-bar --python -p
    --root-user-action --use-deprecated --use-feature --only-binary --no-binary --cache-dir --log --proxy --cert
    --platform --implementation --abi --python-version --src -C --config-settings --upgrade-strategy --link-mode
    """.split()  # noqa: SIM905 - read best as a table
)
_PIP_TAKEN = {
    "-i": "--index-url",
    "--index-url": "--index-url",
    "--default-index": "--index-url",
    "--extra-index-url": "--extra-index-url",
    "--index": "--extra-index-url",
    "-f": "--find-links",
    "--find-links": "--find-links",
}
_CONDA_VALUES = frozenset(("-n", "--name", "-p", "--prefix", "-c", "--channel", "--solver", "--repodata-fn"))
_APT_VALUES = frozenset(("-t", "-o", "--target-release", "--option"))
_NESTED = 4


def read(instruction: Instruction, stage: Stage, context: Context) -> None:
    """Take what one ``RUN`` asks for into ``stage``."""
    texts = instruction.documents or (instruction.value,)
    for text in texts:
        _Run(stage, context, instruction.line).script(text)


class _Run:
    def __init__(self, stage: Stage, context: Context, line: int) -> None:
        self._stage = stage
        self._context = context
        self._line = line
        self._folder = stage.workdir
        self._installers: Mapping[str, Callable[[tuple[str, ...]], bool]] = {
            "pip": self._pip,
            "python": self._python,
            "uv": self._uv,
            "conda": self._conda,
            "bash": self._bash,
            "apt-get": self._apt,
            "apt": self._apt,
            "R": self._r,
            "Rscript": self._r,
            "r": self._r,
            "install2.r": self._install2,
            "sudo": lambda words: self._command(words[1:]),
        }

    @property
    def _place(self) -> str:
        return f"{self._stage.file}:{self._line}"

    def script(self, text: str) -> None:
        """All commands of a script."""
        text = re.sub(r"^#![^\n]*\n", "", text)
        try:
            found = shell.commands(dockerfile.substitute(text, self._stage.variables, quotes=True))
        except shell.Unreadable as error:
            self._stage.refuse(self._line, f"RUN {_short(text)}: it cannot be read ({error}); it")
            return
        for command in found:
            self._simple(command)

    def _simple(self, command: Command) -> None:
        if command.into.startswith("="):
            told = f"the shell reads > in {_short(' '.join(command.words))} as a redirection: quote the requirement."
            self._stage.note(self._line, told)
        if command.piped and run_table.program_of(command.words[0]) == "bash":
            self._unknown(("…", "|", *command.words))
        elif not self._command(command.words):
            self._unknown(command.words)

    def _command(self, words: tuple[str, ...]) -> bool:
        """Whether a command was dealt with."""
        if not words:
            return True
        program = run_table.program_of(words[0])
        if program == "cd":
            self._folder = self._stage.absolute(words[1] if len(words) > 1 else "/", self._folder)
            return True
        installer = self._installers.get(program)
        if installer is not None and installer(words):
            return True
        match run_table.meaning(words):
            case Meaning.SILENT:
                return True
            case Meaning.FILES:
                return self._files(words)
            case _:
                return False

    def _files(self, words: tuple[str, ...]) -> bool:
        program = run_table.program_of(words[0])
        if program in ("cp", "mv", "ln", "sed", "tee", "install") and not _of_tools(words):
            self._stage.note(self._line, f"{_short(' '.join(words))} was left out: the image's files are not there.")
        return True

    def _unknown(self, words: tuple[str, ...]) -> None:
        self._stage.refuse(self._line, f"RUN {_short(' '.join(words))}")

    def _bash(self, words: tuple[str, ...]) -> bool:
        """``bash -c "…"``."""
        for number, word in enumerate(words[1:], start=1):
            if re.fullmatch(r"-[a-z]*c[a-z]*", word) and number + 1 < len(words):
                self.script(words[number + 1])
                return True
        return False

    def _python(self, words: tuple[str, ...]) -> bool:
        rest = tuple(word for word in words[1:] if word not in ("-u", "-I", "-s", "-E"))
        return rest[:2] == ("-m", "pip") and self._command(("pip", *rest[2:]))

    def _uv(self, words: tuple[str, ...]) -> bool:
        return words[1:2] == ("pip",) and self._command(words[1:])

    def _pip(self, words: tuple[str, ...]) -> bool:
        rest = list(words[1:])
        while rest and rest[0].startswith("-") and rest[0] not in ("--version", "-V"):
            rest.pop(0)
        if rest[:1] != ["install"]:
            return False
        found = PipLines()
        for option, value in _options(rest[1:], _PIP_VALUES | set(_PIP_TAKEN) | {"-r", "-c", "-e", "--requirement"}):
            self._pip_word(option, value, found)
        self._stage.take(found)
        return True

    def _pip_word(self, option: str, value: str, found: PipLines) -> None:
        if option in _PIP_TAKEN:
            pip_lines.add(found, f"{_PIP_TAKEN[option]} {value}", self._place)
        elif option in ("-r", "--requirement"):
            self._requirements(value, self._folder, found, _NESTED)
        elif option in ("-c", "--constraint"):
            self._constrain(value, self._folder, found)
        elif option in ("-e", "--editable"):
            self._unknown(("pip", "install", option, value))
        elif option == "--pre":
            found.pre = True
        elif option == "--no-deps":
            self._stage.note(self._line, "--no-deps was left out: what the packages need is installed with them.")
        elif not option:
            self._pip_package(value, found)

    def _pip_package(self, value: str, found: PipLines) -> None:
        if value.startswith((".", "/", "~")) or (value.endswith((".whl", ".tar.gz", ".zip")) and "://" not in value):
            self._unknown(("pip", "install", value))
        elif pip_lines.name_of(value.partition("==")[0]) not in _OWN_PIP:
            pip_lines.add(found, value, self._place)

    def _requirements(self, name: str, folder: str, found: PipLines, depth: int) -> None:
        """A requirements file, and the files it names."""
        file = self._file(name, folder, found)
        if file is None:
            return
        source, text = file
        below = posixpath.dirname(self._stage.absolute(name, folder))
        for number, line in numbered(text):
            nested = re.match(r"^(-r|--requirement|-c|--constraint)[=\s]\s*(\S+)", line)
            if nested is None:
                pip_lines.add(found, line, f"{source}:{number}")
            elif nested.group(1) in ("-c", "--constraint"):
                self._constrain(nested.group(2), below, found)
            elif depth:
                self._requirements(nested.group(2), below, found, depth - 1)
            else:
                found.refuse(f"{source}:{number}", "requirements files name one another without end")

    def _constrain(self, name: str, folder: str, found: PipLines) -> None:
        file = self._file(name, folder, found)
        if file is None:
            return
        constrained = PipLines()
        for number, line in numbered(file[1]):
            pip_lines.add(constrained, line, f"{file[0]}:{number}")
        found.problems += constrained.problems
        self._stage.constraints |= constrained.requirements

    def _file(self, name: str, folder: str, found: PipLines) -> tuple[str, str] | None:
        file = self._stage.find(name, folder, self._context)
        if file is None:
            told = f"{name} is read here, but no COPY line puts a file of the context there"
            found.refuse(self._place, told, "check the path, and that .dockerignore does not leave it out")
        return file

    def _conda(self, words: tuple[str, ...]) -> bool:
        rest = [word for word in words[1:] if word not in ("-q", "-y", "--yes", "--quiet", "--debug")]
        if rest[:1] == ["run"]:
            return self._command(tuple(_conda_run(rest[1:])))
        if rest[:1] == ["env"] and rest[1:2] in (["create"], ["update"]):
            return self._conda_file(rest[2:])
        if rest[:1] not in (["create"], ["install"], ["update"], ["upgrade"]):
            return False
        named = [value for option, value in _options(rest[1:], _CONDA_VALUES | {"-f", "--file"}) if not option]
        wanted = [name for name in named if not re.match(r"^(?:conda|pip|setuptools|wheel|mamba)\b", name)]
        self._conda_packages({"dependencies": wanted}, lambda _: self._place)
        return all(option not in ("-f", "--file") for option, _ in _options(rest[1:], {"-f", "--file"}))

    def _conda_file(self, rest: list[str]) -> bool:
        named = [
            value for option, value in _options(rest, _CONDA_VALUES | {"-f", "--file"}) if option in ("-f", "--file")
        ]
        for name in named:
            found = PipLines()
            file = self._file(name, self._folder, found)
            self._stage.take(found)
            if file is not None:
                self._conda_text(*file)
        return bool(named)

    def _conda_text(self, source: str, text: str) -> None:
        try:
            loaded = document.load(text, file=source)
        except Invalid as error:
            self._stage.lines.problems += error.problems
            return
        places = {problems.dotted(path): place[2] for path, place in loaded.places.items()}
        self._conda_packages(loaded.data, lambda path: f"{source}:{places.get(path, 1)}")

    def _conda_packages(self, data: Mapping[str, object], where: conda.Where) -> None:
        found = conda.read(data, where)
        stage = self._stage
        stage.python = found.python or stage.python
        stage.take(found.lines)
        stage.r.wanted = stage.r.wanted or found.r.wanted
        stage.r.packages |= found.r.packages
        for name, (value, place) in found.variables.items():
            stage.assign(name, value, f"{place}:")

    def _apt(self, words: tuple[str, ...]) -> bool:
        options = list(_options(list(words[1:]), _APT_VALUES))
        named = [value for option, value in options if not option]
        if named[:1] != ["install"]:
            return False
        if any(option == "--only-upgrade" for option, _ in options) or len(named) == 1:
            return True
        for package in named[1:]:
            name = package.partition("=")[0].partition("/")[0]
            if name.startswith(("r-base", "r-cran-", "r-recommended")):
                self._stage.r.wanted = True
            if not run_table.is_brought(name):
                self._stage.system.setdefault(name, self._place)
        return True

    def _r(self, words: tuple[str, ...]) -> bool:
        code = [value for option, value in _options(list(words[1:]), {"-e"}) if option == "-e"]
        if not code:
            script = next((word for word in words[1:] if not word.startswith("-")), "")
            file = self._stage.find(script, self._folder, self._context) if script.endswith((".R", ".r")) else None
            code = [file[1]] if file else []
        return bool(code) and all(self._r_code(one) for one in code)

    def _r_code(self, code: str) -> bool:
        found = r_lines.read(code)
        if not found.understood or found.addresses:
            return False
        self._stage.r.wanted = True
        self._stage.r.packages |= dict.fromkeys(found.packages, self._place)
        self._stage.r.repositories += [url for url in found.repositories if url not in self._stage.r.repositories]
        return self._renv() if found.restores else True

    def _renv(self) -> bool:
        file = self._stage.find("renv.lock", self._folder, self._context)
        if file is None:
            return False
        try:
            locked = r_lines.lock(file[1])
        except ValueError as error:
            self._stage.lines.refuse(file[0], f"this is no renv.lock: {error}")
            return True
        self._stage.r.packages |= {f"{name}=={version}": file[0] for name, version in locked.items()}
        self._stage.r.repositories += r_lines.lock_repositories(file[1])
        return True

    def _install2(self, words: tuple[str, ...]) -> bool:
        named = [value for option, value in _options(list(words[1:]), {"-r", "--repos", "-n", "-l"}) if not option]
        self._stage.r.wanted = True
        self._stage.r.packages |= dict.fromkeys(named, self._place)
        return True


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """The logical lines of a requirements file with the line each begins at; continued ones joined."""
    held, first = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        first = first or number
        if line.rstrip().endswith("\\") and not line.lstrip().startswith("#"):
            held += line.rstrip()[:-1] + " "
            continue
        if (held + line).strip():
            yield first, (held + line).strip()
        held, first = "", 0
    if held.strip():
        yield first, held.strip()


def _options(words: list[str], with_values: set[str] | frozenset[str]) -> Iterator[tuple[str, str]]:
    """(option, value) of each word; what is no option has an empty one."""
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if not word.startswith("-"):
            yield "", word
        elif word in with_values:
            yield word, next(rest, "")
        elif equals and name.startswith("--"):
            yield name, value
        elif word[:2] in with_values and not word.startswith("--") and len(word) > 2:
            yield word[:2], word[2:]
        else:
            yield word, ""


def _conda_run(words: list[str]) -> list[str]:
    """The command of ``conda run -n name --no-capture-output command``."""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option in ("-n", "--name", "-p", "--prefix", "--cwd") and rest:
            rest.pop(0)
    return rest


def _of_tools(words: tuple[str, ...]) -> bool:
    """``ln -s /usr/bin/python3 /usr/bin/python`` and the like: an environment has these names already."""
    return any(re.search(r"/(?:python|pip)[\d.]*$", word) for word in words[1:])


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else f"{flat[:57]}…"
