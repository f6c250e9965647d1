"""Worker processes: started with logs of their own, given a mini-batch each, killed with all they started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from typing import Any, Dict, List, Optional

from zaffre.agent.parallel import settings as written
from zaffre.agent.parallel import wire
from zaffre.agent.parallel.settings import Settings

_SOON = 1.0
_GPUS = "CUDA_VISIBLE_DEVICES"


class Worker:
    """One worker process and the mini-batch it has, if any."""

    def __init__(self, settings: Settings, number: int, slot: int) -> None:
        """``number`` counts workers, ``slot`` the places for them: who takes a dead one's place has its GPU."""
        self.number = number
        self.slot = slot
        self.name = "process%03d" % number
        self.node = slot // settings.per_node
        self.batch: Optional[int] = None
        self.ready = False
        self.excused = False
        """It said itself why it does not become ready."""
        self.deadline = time.monotonic() + settings.first
        self.waits_for = "init()"
        self.given_at = 0.0
        self._process = self._start(settings)
        os.set_blocking(self.incoming.descriptor, False)

    def _start(self, settings: Settings) -> "subprocess.Popen[bytes]":
        from_us, self._to_it = os.pipe()
        from_it, to_us = os.pipe()
        self.incoming = wire.Incoming(from_it)
        out, err = (self._log(settings, kind) for kind in ("stdout", "stderr"))
        ends = [str(from_us), str(to_us)]
        argv = [sys.executable, os.path.abspath(sys.argv[0]), "work", written.write(settings), self.name, *ends]
        try:
            return subprocess.Popen(
                argv,
                cwd=settings.code,
                env=_environ(self.slot, settings),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                pass_fds=(from_us, to_us),
                start_new_session=True,
            )
        finally:
            for descriptor in (from_us, to_us, out, err):
                os.close(descriptor)

    def _log(self, settings: Settings, kind: str) -> int:
        folder = os.path.join(settings.logs, "user", kind, str(self.node))
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "%s.%s.txt" % (self.name, kind))
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def give(self, index: int, batch: Dict[str, Any], settings: Settings) -> None:
        """A mini-batch to work on. One that died meanwhile is found dead soon."""
        self.batch = index
        self.given_at = time.monotonic()
        self.deadline = self.given_at + settings.overhead
        self.waits_for = "the mini-batch to be read"
        with contextlib.suppress(OSError):
            wire.send(self._to_it, {"batch": index, "of": batch})

    def loaded(self, settings: Settings) -> None:
        """Its ``run()`` is called now."""
        self.deadline = time.monotonic() + settings.timeout
        self.waits_for = "run()"

    def idle(self) -> None:
        """It has nothing to do."""
        self.ready = True
        self.batch = None
        self.deadline = float("inf")

    @property
    def ended(self) -> Optional[str]:
        """How it ended, in words; None while it lives."""
        if self.incoming.ended:  # it is about to end, and soon it can be told how
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_SOON)
        code = self._process.poll()
        if code is None:
            return None
        if code >= 0:
            return "ended with exit code %d" % code
        if -code == signal.SIGKILL:
            return "was killed by SIGKILL, as the kernel does where memory runs out"
        try:
            return "was killed by %s" % signal.Signals(-code).name
        except ValueError:
            return "was killed by signal %d" % -code

    def kill(self) -> None:
        """It, and whatever it started, at once."""
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._close()

    def dismiss(self, patience: float) -> None:
        """There is nothing more to do: ``shutdown()`` has ``patience`` seconds."""
        os.close(self._to_it)
        self._to_it = -1
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self.kill()

    def _close(self) -> None:
        for descriptor in (self._to_it, self.incoming.descriptor):
            if descriptor >= 0:
                os.close(descriptor)
        self._to_it = self.incoming.descriptor = -1


def _environ(slot: int, settings: Settings) -> Dict[str, str]:
    """A worker's variables: with several on a node each has a GPU of its own, as long as there are enough."""
    environ = dict(os.environ)
    gpus: List[str] = [one for one in environ.get(_GPUS, "").split(",") if one]
    if gpus and settings.per_node > 1:
        place = slot % settings.per_node
        environ[_GPUS] = gpus[place] if place < len(gpus) else ""
    return environ
