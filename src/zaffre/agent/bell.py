"""Signals turned into something a loop can wait for: SIGCHLD and SIGTERM ring, and the loop asks what it was."""

from __future__ import annotations

import os
import signal
from types import FrameType


class Bell:
    """Install before telling anyone this process's id: from then on no signal is missed and none kills it."""

    def __init__(self) -> None:
        self.descriptor, self._ringer = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self._ringer, False)
        self._asked = False
        self._wish = ""
        signal.set_wakeup_fd(self._ringer, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGCHLD, _noticed)
        for number in (signal.SIGINT, signal.SIGHUP):  # not ignored: the command would inherit that
            signal.signal(number, _noticed)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])

    @property
    def asked(self) -> bool:
        """True once after every SIGTERM that is this task's."""
        asked, self._asked = self._asked, False
        return asked and (not self._wish or os.path.exists(self._wish))

    def turn_to(self, wish: str) -> None:
        """Another task: from now on a signal counts if there is this file, and was meant for the one before if not."""
        self._wish = wish
        self._asked = False
        self.silence()

    def silence(self) -> None:
        """Forget what rang; look at the world after this, not before."""
        try:
            while os.read(self.descriptor, 512):
                pass
        except BlockingIOError:
            pass

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True


def _noticed(number: int, frame: FrameType | None) -> None:
    """Without a handler the signal would be dropped before it reaches the wake-up descriptor."""
