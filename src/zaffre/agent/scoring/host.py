"""The host's process: read the orders, load the model in the main thread, serve until SIGTERM."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import signal
import socket
import sys
import traceback
from types import FrameType
from typing import Callable, Dict, List, Optional

from zaffre.agent.scoring import collecting, relay, workers
from zaffre.agent.scoring import config as orders
from zaffre.agent.scoring.collecting import Sink
from zaffre.agent.scoring.config import TCP, Config
from zaffre.agent.scoring.nocode import MlflowModel
from zaffre.agent.scoring.script import BadScript, Script
from zaffre.agent.scoring.server import Model, Server
from zaffre.agent.scoring.starting import Starting
from zaffre.agent.scoring.triton import Triton

BACKLOG = 512
_STOPPED = 143
MOST_SHOWN = 200
"""Files of the model that the log lists."""


def main(argv: List[str]) -> int:
    """``score host.json``; returns the exit code."""
    if len(argv) != 1:
        sys.stderr.write("usage: score host.json\n")
        return 2
    return run(orders.read(argv[0]))


def run(config: Config) -> int:
    """Serve by these orders until told to stop; returns the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    faulthandler.enable()  # a crash in C code leaves its lines in the log
    _prepare(config)
    signal.signal(signal.SIGTERM, _stop)
    if config.kind == "custom":
        return _custom(config)
    listeners = [_listen(worker_socket(config.socket, index)) for index in range(max(config.workers, 1))]
    serving = _Serving(config, listeners)
    if len(listeners) > 1:
        code = workers.supervise(listeners, serving.load, serving.serve)
        for index in range(config.workers):
            _forget(worker_socket(config.socket, index))
        return code
    failed = serving.load([0])
    return serving.serve(0) if failed is None else failed


def _custom(config: Config) -> int:
    try:
        return relay.run(config, _listen(config.socket))
    finally:
        _forget(config.socket)


class _Serving:
    """The model of this process, and its serving."""

    def __init__(self, config: Config, listeners: List[socket.socket]) -> None:
        self._config = config
        self._listeners = listeners
        self._model: Optional[Model] = None

    def load(self, indices: List[int]) -> Optional[int]:
        """Load the model while these listeners answer 503; the exit code where it fails."""
        config = self._config
        signal.signal(signal.SIGTERM, _stop)
        self._collect(min(indices))
        try:
            with Starting([self._listeners[index] for index in indices], config.init_patience):
                self._model = _load(config)
        except BadScript as bad:
            sys.stderr.write("The scoring script cannot be served: {}\n".format(bad))
            return 1
        except SystemExit as ended:
            if ended.code == _STOPPED:
                raise
            traceback.print_exc()
            sys.stderr.write("init() ended the process, with exit code {}.\n".format(ended.code))
            return 1
        except Exception:  # noqa: BLE001 - a process main: whatever init() raises ends the replica, with its traceback
            traceback.print_exc()
            _show_models(config.model_dir)
            sys.stderr.write("The model could not be loaded; the traceback above says why.\n")
            return 1
        return None

    def serve(self, index: int) -> int:
        """Answer on one listener until told to stop."""
        config = self._config
        if self._model is None:
            raise AssertionError("nothing is loaded")
        signal.signal(signal.SIGTERM, _stop)
        self._collect(index)
        self._listeners[index].listen(
            BACKLOG
        )  # again, by this process: its pid is what the router sees at the other end
        _tell("ready: {} answers on its socket".format(config.score_file or "the {} model".format(config.kind)))
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(Server(self._model, config).serve(self._listeners[index]))
        loop.close()
        _forget(worker_socket(config.socket, index))
        _tell("stopped")
        return 0

    def _collect(self, index: int) -> None:
        """What is collected goes into a file of this process's own."""
        if self._config.collect and (collecting.present() is None or index):
            collecting.use(Sink(self._config.collect, "-{}".format(index) if index else ""))


def _show_models(folder: str) -> None:
    """What AZUREML_MODEL_DIR holds: a wrong path is the usual reason why init() fails."""
    if not folder or not os.path.isdir(folder):
        return
    sys.stderr.write("AZUREML_MODEL_DIR holds:\n")
    left = MOST_SHOWN
    for root, folders, files in os.walk(folder, followlinks=True):
        folders.sort()
        for name in sorted(files):
            sys.stderr.write("  {}\n".format(os.path.relpath(os.path.join(root, name), folder)))
            left -= 1
            if not left:
                sys.stderr.write("  …\n")
                return


def _load(config: Config) -> Model:
    return _KINDS[config.kind](config)


_KINDS: Dict[str, Callable[[Config], Model]] = {"score": Script, "mlflow": MlflowModel, "triton": Triton}


def _prepare(config: Config) -> None:
    """The variables user code relies on, and unbuffered text so that its prints reach the log in order."""
    os.environ.update(config.environ)
    if config.model_dir:
        os.environ["AZUREML_MODEL_DIR"] = config.model_dir
    if config.code_dir:
        os.environ["AML_APP_ROOT"] = config.code_dir
        os.environ["AZUREML_ENTRY_SCRIPT"] = config.score_file
        os.chdir(config.code_dir)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(line_buffering=True)


def _listen(path: str) -> socket.socket:
    if path.startswith(TCP):
        host, _, port = path[len(TCP) :].rpartition(":")
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((host, int(port)))
    else:
        _forget(path)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(path)
    listener.listen(BACKLOG)
    return listener


def _forget(path: str) -> None:
    if path.startswith(TCP):
        return
    try:
        os.unlink(path)
    except OSError:
        return


def _stop(_number: int, _frame: Optional[FrameType]) -> None:
    raise SystemExit(_STOPPED)


def _tell(text: str) -> None:
    sys.stderr.write("zaffre scoring host: " + text + "\n")
    sys.stderr.flush()


def worker_socket(path: str, index: int) -> str:
    """The socket of one worker; the first has the replica's own path. A port is shared by all."""
    return path if index == 0 or path.startswith(TCP) else "{}.{}".format(path, index)
