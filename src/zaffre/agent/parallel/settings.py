"""What a parallel job says, as its driver and workers are told it: one JSON object, made by the job type's plan."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List, NamedTuple


class Settings(NamedTuple):
    """One parallel job on this machine."""

    kept: str
    """The run's own folder, the same for every attempt."""
    code: str
    """The folder with the script."""
    logs: str
    """Where logs and reports go."""
    report: str
    """The file that says why the job failed, if it does."""
    script: str
    """Path of the entry script below ``code``."""
    arguments: List[str]
    """What the script finds in ``sys.argv``."""
    source: str
    """The file or folder whose files are shared out; empty where a step before made the plan from a table."""
    name: str
    """Of the input that is shared out; for messages."""
    files: int
    """Files of a mini-batch; 0 where ``size`` or ``keys`` decide."""
    size: int
    """Bytes of a mini-batch of files."""
    keys: List[str]
    """Folders named ``key=value`` that decide which files belong together."""
    nodes: int
    per_node: int
    """Worker processes of a node; 0 is one a processor."""
    cpus: float
    """Processors that the job is limited to; 0 is no limit."""
    retries: int
    timeout: float
    """Seconds of one call of ``run()``."""
    overhead: float
    """Seconds to read a mini-batch before ``run()`` is called."""
    first: float
    """Seconds for ``init()``."""
    items_allowed: int
    """Items that may fail; -1 is any number."""
    batches_allowed: int
    percent_allowed: float
    level: str
    """Of logging."""
    rows_to: str
    """The file that all returned rows become, in the attempt's staging; empty without one."""
    header: bool
    """Whether that file begins with the columns' names."""
    outputs: List[List[str]]
    """(``folder`` or ``file``, where the script writes, where the agent picks it up) of every output."""
    prefix: str
    """Before the names of metrics."""
    model: str = ""
    """The folder of the MLflow model that takes the script's place; empty where there is a script."""

    @property
    def processes(self) -> int:
        """Worker processes, all together."""
        return self.nodes * self.per_node


def manned(settings: Settings) -> Settings:
    """With a number of processes, where the job leaves that to the machine."""
    if settings.per_node:
        return settings
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return settings._replace(per_node=max(1, min(cores, int(settings.cpus)) if settings.cpus else cores))


def read(text: str) -> Settings:
    """The inverse of ``write``."""
    found: Dict[str, Any] = json.loads(text)
    return Settings(**found)


def write(settings: Settings) -> str:
    """For a command line."""
    return json.dumps(settings._asdict())
