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
    grace: float = 10.0
    limits: Limits = field(default_factory=Limits)
    """What the processes may use, all together."""
    own: Step | None = None
    """For a type that runs no command of the user's: the platform's process that does its work."""

    @property
    def work(self) -> Path:
        """The command's working folder, which holds the code."""
        return self.directory / "work"
