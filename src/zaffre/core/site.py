"""Where one attempt of a job runs: what the engine has made ready, told to the job type that makes a task of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zaffre.core.limits import Limits
from zaffre.core.ports import Interpreter
from zaffre.core.tasks import Step


@dataclass(frozen=True, slots=True)
class PlacedInput:
    """An input, ready: a value, or something on this file system."""

    value: str
    """The literal, the remote URI (mode ``direct``), or the absolute path of the file or folder."""
    is_path: bool = False
    copy: bool = False


@dataclass(frozen=True, slots=True)
class PlacedOutput:
    """An output and the absolute path where it is to appear."""

    final: str
    is_file: bool = False
    merge: bool = False
    is_bare: bool = False
    """There is nothing at its place before, and what the program makes there is taken, a file or a folder."""
    in_place: bool = False
    """The program writes to ``final`` itself."""

    @property
    def kind(self) -> str:
        """As ``Deposit`` has it."""
        return "any" if self.is_bare else "file" if self.is_file else "folder"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a job's task cannot be made without: asked of its type's ``parts.task.needs(spec)``, where it has that."""

    ports: int = 0
    """How many free ports of this machine."""
    programs: tuple[str, ...] = ()
    """Programs that are used where they are there."""
    packages: tuple[str, ...] = ()
    """Python packages of the environment whose folders are used."""
    on_this_machine: bool = False
    """Inputs of mode ``direct`` are to be files of this machine too: what reads them does not know ``azureml://``."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where one attempt runs."""

    run: str
    attempt: int
    token: str
    directory: Path
    artifacts: Path
    interpreter: Interpreter
    environ: Mapping[str, str]
    """What the platform sets: tracking, identity of the run, locale."""
    inputs: Mapping[str, PlacedInput] = field(default_factory=dict[str, PlacedInput])
    outputs: Mapping[str, PlacedOutput] = field(default_factory=dict[str, PlacedOutput])
    ports: tuple[int, ...] = ()
    """Free ports for the processes of a distributed job to meet at."""
    programs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the programs that were asked for, those that are there: name → absolute path."""
    packages: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the packages that were asked for, those that are there: name → absolute path of the folder."""
    secret: str = ""
    """Known to this attempt's processes only: what the parts of a cluster trust each other by."""
    grace: float = 10.0
    limits: Limits = field(default_factory=Limits)
    """What the processes may use, all together."""
    own: Step | None = None
    """For a type that runs no command of the user's: the platform's process that does its work."""
    parallel: str = ""
    """Absolute path of the program that runs the workers of a parallel job under the user's interpreter."""
    shared_out: Step | None = None
    """Of a parallel job over a table: the platform's process that makes mini-batches of it before the command."""

    @property
    def work(self) -> Path:
        """The command's working folder, which holds the code."""
        return self.directory / "work"

    @property
    def kept(self) -> Path:
        """A folder of the run's own that every attempt finds again."""
        return self.directory.parent / "kept"
