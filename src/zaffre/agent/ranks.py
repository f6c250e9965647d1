"""Starting a task's processes: each with its own group, a clean descriptor table and exactly the environment asked for."""

from __future__ import annotations

import os
import signal
import sys
import time

from zaffre.agent import procs
from zaffre.agent.order import Order, Rank

_OOM_SCORE = b"500"
"""The kernel shall take the user's process before the platform's."""


class NotStarted(Exception):
    """The command could not be executed; the text is for the user."""


class Process:
    """One started rank."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.start_time = getattr(procs.stat(pid), "start_time", 0)
        self.status: int | None = None
        """As ``wait`` gave it; None while it lives."""
        self.ended_at = 0.0
        """By the monotonic clock."""

    def end(self, status: int) -> None:
        """It was waited for."""
        self.status = status
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


def start(order: Order, rank: Rank, output: int, join: str | None) -> Process:
    """Fork and execute; returns when the command's program has taken over, raises ``NotStarted`` when it could not.

    ``output`` becomes standard output and error; ``join`` is a ``cgroup.procs`` file to enter first.
    """
    environ = dict(order.environ)
    environ.update(rank.environ)
    environ[procs.TOKEN] = order.token
    heard, tell = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become(order, environ, output, (parent, tell, join))
    os.close(tell)
    with os.fdopen(heard, "rb") as stream:
        trouble = stream.read()
    if trouble:
        os.waitpid(pid, 0)
        raise NotStarted(trouble.decode(errors="replace"))
    return Process(pid)


def _become(order: Order, environ: dict[str, str], output: int, link: tuple[int, int, str | None]) -> None:
    """In the child; never returns."""
    parent, tell, join = link
    step = "the process"
    try:
        os.setpgid(0, 0)
        procs.die_with_parent()
        if os.getppid() != parent:
            os._exit(127)
        os.umask(0o022)
        _inherit_nothing(output)
        _write("/proc/self/oom_score_adj", _OOM_SCORE, required=False)
        if join is not None:
            _write(join, b"0", required=True)
        step = order.cwd
        os.chdir(order.cwd)
        step = order.argv[0]
        os.execvpe(order.argv[0], order.argv, environ)  # noqa: S606 the user's command, as an argument list
    except BaseException as error:  # noqa: BLE001 a forked child must not run on as a second agent
        text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        os.write(tell, ("%s: %s" % (step, text)).encode(errors="replace"))
    finally:
        os._exit(127)


def _inherit_nothing(output: int) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _write(path: str, content: bytes, required: bool) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except OSError:
        if required and sys.platform == "linux":
            raise
        return
    try:
        os.write(descriptor, content)
    finally:
        os.close(descriptor)
