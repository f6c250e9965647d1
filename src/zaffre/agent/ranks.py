"""Starting a task's processes: each with its own group, clean descriptors and exactly the environment asked for."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Generator

from zaffre.agent import commands, groups, memory, procs
from zaffre.agent.failure import words
from zaffre.agent.order import Order, Rank

_OOM_SCORE = "500"
"""The kernel shall take the user's process before the platform's."""


class NotStarted(Exception):
    """The command could not be executed; the text is for the user."""


class Process:
    """One started rank."""

    def __init__(self, started: subprocess.Popen[bytes], rank: Rank) -> None:
        self.rank = rank
        self.pid = started.pid
        self.start_time = getattr(procs.stat(self.pid), "start_time", 0)
        self.status: int | None = None
        """As ``wait`` gave it; None while it lives."""
        self.ended_at = 0.0
        """By the monotonic clock."""
        self._started = started

    def end(self, status: int) -> None:
        """It was waited for."""
        self.status = status
        self._started.returncode = 0  # it is waited for here, so its object need not
        self.ended_at = time.monotonic()

    @property
    def exit_code(self) -> int | None:
        """None when it lives or was killed by a signal."""
        return os.WEXITSTATUS(self.status) if self.status is not None and os.WIFEXITED(self.status) else None

    @property
    def signal(self) -> int | None:
        """The signal that killed it."""
        return os.WTERMSIG(self.status) if self.status is not None and os.WIFSIGNALED(self.status) else None

    @property
    def failed(self) -> bool:
        """It ended, and not with 0."""
        return self.status is not None and self.status != 0


def start(order: Order, rank: Rank, output: int, group: groups.Group | None) -> Process:
    """Returns when the command's program has taken over, raises ``NotStarted`` when it could not.

    ``output`` becomes standard output and error. The child is made by vfork, without a step of ours in it: what it
    must be born with (control group, file mask) this process takes on for the moment.
    """
    environ = dict(order.environ)
    environ.update(rank.environ)
    environ[procs.TOKEN] = order.token
    argv = rank.argv or order.argv
    plain = commands.direct(argv, environ, order.cwd)
    try:
        with _disguised(order, group):
            started = subprocess.Popen(
                plain.words if plain else argv,
                executable=plain.environ["_"] if plain else None,
                cwd=order.cwd,
                env=plain.environ if plain else environ,
                stdin=subprocess.DEVNULL if order.stdin is None else order.stdin,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
    except (OSError, ValueError) as error:
        raise NotStarted(words(error)) from error
    with contextlib.suppress(OSError), open("/proc/%d/oom_score_adj" % started.pid, "w", encoding="ascii") as score:
        score.write(_OOM_SCORE)
    return Process(started, rank)


@contextlib.contextmanager
def _disguised(order: Order, group: groups.Group | None) -> Generator[None, None, None]:
    mask = os.umask(0o022)
    held: frozenset[str] = group.holds if group is not None else frozenset()
    cpus = order.cpus if "cpu" not in held else None
    pids = order.pids if "pids" not in held else None
    try:
        with memory.bounded(cpus, pids, order.token), group.inside() if group else contextlib.nullcontext():
            yield
    finally:
        os.umask(mask)
