"""A deployment on the user's own machine: the scoring host on a port, started again when the user's code changes.

``main(folder, argv)`` reads ``host.json`` in ``folder``. A process of its own holds the model, in the same terminal, so
``breakpoint()`` works in the foreground; this one watches the files. Code that cannot be loaded is told, and tried
again after the next change.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
from types import FrameType
from typing import Any, Dict, List, Optional

from zaffre.agent.scoring import config as orders
from zaffre.agent.scoring import host
from zaffre.agent.scoring.config import Config

DEBUG_PORT = "AZUREML_DEBUG_PORT"
_LOOK = 0.4
_GRACE = 10.0
_SKIPPED = ("__pycache__", ".git", ".venv", "node_modules")
Seen = Dict[str, float]


def main(folder: str, argv: List[str]) -> int:
    """Serve until SIGTERM or Ctrl-C; with ``--first-must-load`` a first start that fails ends it."""
    config = orders.read(os.path.join(folder, "host.json"))
    return _Watch(config, "--first-must-load" in argv).run()


class _Watch:
    def __init__(self, config: Config, strict: bool) -> None:
        self._config = config
        self._strict = strict
        self._stopping = False
        self._child = 0

    def run(self) -> int:
        """Start, look, start again."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        first = True
        while not self._stopping:
            seen = _seen(self._config.code_dir)
            self._child = _forked(self._config)
            code = self._until_changed(seen)
            if first and code and self._strict:
                return code
            first = first and code == 0
            if code is not None and not self._stopping:
                _tell("it ended with code {}; change the code to start it again".format(code))
                self._wait_for_change(seen)
        return 0

    def _until_changed(self, seen: Seen) -> Optional[int]:
        """The exit code of the process, or None where it was ended because its code has changed."""
        while True:
            pid, status = os.waitpid(self._child, os.WNOHANG)
            if pid:
                return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
            if self._stopping:
                self._end()
                return 0
            if _seen(self._config.code_dir) != seen:
                _tell("the code has changed; starting again")
                self._end()
                return None
            time.sleep(_LOOK)

    def _wait_for_change(self, seen: Seen) -> None:
        while not self._stopping and _seen(self._config.code_dir) == seen:
            time.sleep(_LOOK)

    def _end(self) -> None:
        deadline = time.monotonic() + _GRACE
        os.kill(self._child, signal.SIGTERM)
        while os.waitpid(self._child, os.WNOHANG)[0] == 0:
            if time.monotonic() > deadline:
                os.kill(self._child, signal.SIGKILL)
                deadline = float("inf")
            time.sleep(0.05)

    def _stop(self, _number: int, _frame: Optional[FrameType]) -> None:
        self._stopping = True


def _forked(config: Config) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        sys.dont_write_bytecode = True  # a file changed within a second of its import would be taken from there
        _listen_to_debugger()
        code = host.run(config)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _listen_to_debugger() -> None:
    port = os.environ.get(DEBUG_PORT, "")
    if not port:
        return
    debugger: Any = importlib.import_module("debugpy")
    debugger.listen(("127.0.0.1", int(port)))
    _tell("a debugger may attach to 127.0.0.1:{}".format(port))


def _seen(folder: str) -> Seen:
    """The files that are code, and when each was changed."""
    found: Seen = {}
    for root, folders, files in os.walk(folder) if folder else ():
        folders[:] = [name for name in folders if name not in _SKIPPED]
        for name in files:
            if name.endswith((".py", ".json", ".yml", ".yaml")):
                path = os.path.join(root, name)
                try:
                    found[path] = os.stat(path).st_mtime
                except OSError:
                    continue
    return found


def _tell(text: str) -> None:
    sys.stderr.write("zaffre scoring host: " + text + "\n")
    sys.stderr.flush()
