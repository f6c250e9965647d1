"""What a backend is asked to run, and what it can tell about it.

A task is one attempt of one run: the processes, the files they see and what is kept of what they leave. It is
written as ``task.json`` into the run directory, which is all that the agent beside the user's code reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Intake:
    """An input that is already on this file system, put where the command expects it."""

    name: str
    source: str
    """Absolute path of the file or folder."""
    target: str
    """Absolute path inside the run directory."""
    copy: bool = False
    """False: a symbolic link (mounts, direct). True: an own copy (download, code).

    A folder is linked by its parent where ``target`` keeps its name and nothing else lies beside it: then the folder itself
    is no link, which MLflow's clients refuse to load a model from.
    """
    required: bool = True
    hard_links: bool = False
    """With ``copy``: own folders, shared files. For what nobody writes to, such as the model of a deployment."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """An output: written to ``staging`` by the command, moved to ``final`` by the agent at the end."""

    name: str
    staging: str
    final: str
    """Absolute paths on one file system."""
    kind: str = "folder"
    """``folder``, which is there from the beginning, ``file``, or ``any``: what the command makes at a place that is empty."""
    merge: bool = False
    """False: the whole output appears by one rename. True: file by file, into a folder that already exists."""
    always: bool = False
    """True: kept however the command ends (``./outputs``, ``./logs``). False: only after exit code 0."""


class Role(StrEnum):
    """What a process is to its task."""

    RANK = ""
    """Its end counts: the first that fails ends the task with its reason."""
    TOLD = "told"
    """A rank that another process starts (mpirun): it writes to ``gang/<number>.out`` of the run directory, and how it ended
    to ``gang/<number>.end``."""
    SUPPORT = "support"
    """Ranks need it (the head of a cluster): its failure is the task's; it is ended when they have ended."""
    SERVICE = "service"
    """A way into the task: its end changes nothing, and it is ended when the ranks have ended."""


@dataclass(frozen=True, slots=True)
class Rank:
    """One process of the task; a plain command has one."""

    log: str
    """Absolute path; standard output and error, byte for byte, in the order written."""
    environ: dict[str, str] = field(default_factory=dict[str, str])
    """Added to the task's."""
    argv: tuple[str, ...] = ()
    """Instead of the task's."""
    role: str = Role.RANK
    name: str = ""
    """What it is called where it is spoken of; empty: its number."""
    awaits: tuple[int, ...] = ()
    """Ports of this machine at which somebody must listen before it is started."""
    ready: str = ""
    """What it writes when those who await it can use it; where it never does, its ports have to do."""
    at: str = ""
    """Where a service is reached: a port of this machine, or the absolute path of a socket."""


@dataclass(frozen=True, slots=True)
class Step:
    """A process of the platform's own before the command (bringing remote inputs) or after its success (sending outputs)."""

    name: str
    argv: tuple[str, ...]
    environ: dict[str, str]
    log: str
    """Absolute path."""
    cause: str
    """What its failure is: a ``Cause`` value. The facts beside it come from ``report``."""
    report: str
    """Absolute path of the JSON file in which it says what became of it: ``name`` and ``message``."""
    order: str = ""
    """Absolute path of the file that is its standard input. It may hold secrets: the agent removes it before all else."""
    litter: str = ""
    """Absolute path of a folder that is removed when the task has ended."""


@dataclass(frozen=True, slots=True)
class Task:
    """One attempt of one run."""

    run: str
    attempt: int
    token: str
    """Names this attempt to whoever adopts it; not a credential."""
    directory: str
    """The attempt's own directory, absolute; the agent's files lie in it."""
    argv: tuple[str, ...]
    cwd: str
    environ: dict[str, str]
    """The whole environment of the processes: nothing of the server's is inherited."""
    ranks: tuple[Rank, ...]
    intakes: tuple[Intake, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    timeout: float | None = None
    """Seconds from the first process's start, that of a step before the command included."""
    grace: float = 10.0
    """Seconds between SIGTERM and SIGKILL."""
    memory: int | None = None
    """Bytes for all processes together."""
    cpus: float | None = None
    """Processors for all together."""
    pids: int | None = None
    """Processes and threads, all together."""
    log_limit: int = 2 * 1024**3
    """Bytes kept of each log; then a marker, and the rest is dropped while the command goes on."""
    before: tuple[Step, ...] = ()
    """Done in order before inputs are placed; the first that fails ends the task."""
    after: tuple[Step, ...] = ()
    """Done in order when the command succeeded and its outputs are in place."""
    vitals: float | None = None
    """Seconds between samples of what the task uses; None takes none."""
    own: Step | None = None
    """Where the command is a process of the platform's own: its order is the standard input, its report says why it failed."""
    merged: str = ""
    """Absolute path of a log in which the lines of all ranks stand, each behind its rank; empty for none."""
    scratch: str = ""
    """Absolute path of a folder of its own with a short name, for sockets: made before the start, gone after the end."""


@dataclass(frozen=True, slots=True)
class Handle:
    """What a backend needs to find a launched task again, also after a restart of the server."""

    run: str
    attempt: int
    token: str
    directory: str


class Phase(StrEnum):
    """How far a launched task is."""

    STARTING = "starting"
    RUNNING = "running"
    EXITED = "exited"
    VANISHED = "vanished"
    """No trace of it lives, and it left no exit record: its host restarted, or its agent was killed."""


@dataclass(frozen=True, slots=True)
class Exit:
    """The agent's record of how a task ended (``exit.json``)."""

    exit_code: int | None
    """Of the first rank that failed, else of rank 0."""
    signal: int | None
    started_at: float
    ended_at: float
    out_of_memory: bool = False
    too_many_processes: bool = False
    """It failed after it had been refused another process or thread."""
    disk_full: str = ""
    """It failed while the disk of this folder of its own was full."""
    limited_by: str = ""
    """What kept the limits, e.g. ``memory and pids by cgroup v1``; empty where there were none."""
    timed_out: bool = False
    stopped: bool = False
    """True when it was asked to stop and then ended."""
    error: str = ""
    """Set when the agent itself could not go on: a ``Cause`` value."""
    error_facts: dict[str, str] = field(default_factory=dict[str, str])
    deposited: tuple[str, ...] = ()
    """Names of the outputs that were moved to their final place."""
    peak_memory: int = 0
    cpu_seconds: float = 0.0
    survivors: int = 0
    """Processes that could not be killed."""
    rank: str = ""
    """The process that failed, where there are several: ``Rank 3 of 8``."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known of a task now."""

    phase: Phase
    pid: int | None = None
    started_at: float | None = None
    heartbeat_at: float | None = None
    """When the process that watches it last showed that it lives."""
    exit: Exit | None = None
    saving: bool = False
    """With RUNNING: the command has ended, its outputs are being saved."""
    rebooted: bool = False
    """With VANISHED: the machine has restarted since the launch."""
