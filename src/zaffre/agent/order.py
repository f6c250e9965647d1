"""``task.json`` as the agent reads it: the same words as ``zaffre.core.tasks``, which this process cannot import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from zaffre.agent import PROTOCOL, files


class Intake(NamedTuple):
    """An input to put in place."""

    name: str
    source: str
    target: str
    copy: bool
    required: bool
    hard_links: bool = False


class Deposit(NamedTuple):
    """An output to move to its final place."""

    name: str
    staging: str
    final: str
    kind: str
    merge: bool
    always: bool


class Step(NamedTuple):
    """A process of the platform's own before or after the command."""

    name: str
    argv: list[str]
    environ: dict[str, str]
    log: str
    cause: str
    report: str
    order: str
    litter: str


class Rank(NamedTuple):
    """One process."""

    log: str
    environ: dict[str, str]
    argv: Sequence[str] = ()
    role: str = ""
    name: str = ""
    awaits: Sequence[int] = ()
    ready: str = ""
    at: str = ""


class Order(NamedTuple):
    """One attempt of one run."""

    run: str
    attempt: int
    token: str
    directory: str
    argv: list[str]
    cwd: str
    environ: dict[str, str]
    ranks: list[Rank]
    intakes: list[Intake]
    deposits: list[Deposit]
    timeout: float | None
    grace: float
    memory: int | None
    log_limit: int
    boot_id: str
    cpus: float | None = None
    pids: int | None = None
    before: Sequence[Step] = ()
    after: Sequence[Step] = ()
    vitals: float | None = None
    own: Step | None = None
    merged: str = ""
    scratch: str = ""
    stdin: int | None = None
    """A descriptor for the processes to read from; not part of what is written."""

    @property
    def identity(self) -> dict[str, Any]:
        """What every file of this attempt carries, so that no other attempt's is taken for it."""
        return {"run": self.run, "attempt": self.attempt, "token": self.token, "boot_id": self.boot_id}

    @property
    def plain(self) -> bool:
        """One process and nothing around it: no steps, no limits, no gang."""
        steps = self.before or self.after or self.own
        limits = self.memory or self.cpus or self.pids
        gang = len(self.ranks) != 1 or self.ranks[0].role or self.merged or self.scratch
        return not (steps or limits or gang)


class Refused(Exception):
    """``task.json`` is absent, damaged or of another protocol."""


def read(directory: str) -> Order:
    """The order that lies in a run directory."""
    content = files.read(directory, files.TASK)
    if content is None:
        raise Refused("%s holds no readable %s" % (directory, files.TASK))
    if content.get("protocol") != PROTOCOL:
        raise Refused("protocol %s expected, found %r" % (PROTOCOL, content.get("protocol")))
    task = dict(content["task"])
    task["ranks"] = [Rank(**rank) for rank in task["ranks"]]
    task["intakes"] = [Intake(**intake) for intake in task["intakes"]]
    task["deposits"] = [Deposit(**deposit) for deposit in task["deposits"]]
    for side in ("before", "after"):
        task[side] = [Step(**step) for step in task.get(side, ())]
    task["own"] = Step(**task["own"]) if task.get("own") else None
    return Order(boot_id=content["boot_id"], **task)
