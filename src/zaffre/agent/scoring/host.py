"""The host's process: read the orders, load the model in the main thread, serve until SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import traceback
from types import FrameType
from typing import Callable, Dict, List, Optional

from zaffre.agent.scoring import config as orders
from zaffre.agent.scoring.config import TCP, Config
from zaffre.agent.scoring.nocode import MlflowModel
from zaffre.agent.scoring.script import BadScript, Script
from zaffre.agent.scoring.server import Model, Server
from zaffre.agent.scoring.starting import Starting
from zaffre.agent.scoring.triton import Triton


def main(argv: List[str]) -> int:
    """``score host.json``; returns the exit code."""
    if len(argv) != 1:
        sys.stderr.write("usage: score host.json\n")
        return 2
    return run(orders.read(argv[0]))


def run(config: Config) -> int:
    """Serve by these orders until told to stop; returns the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if config.workers > 1:
        return _workers(config)
    return _serve(config)


def _serve(config: Config) -> int:
    _prepare(config)
    signal.signal(signal.SIGTERM, _stop)
    listener = _listen(config.socket)
    try:
        with Starting(listener):
            model = _load(config)
    except BadScript as bad:
        sys.stderr.write("The scoring script cannot be served: {}\n".format(bad))
        return 1
    except Exception:  # noqa: BLE001 - a process main: whatever init() raises ends the replica, with its traceback
        traceback.print_exc()
        sys.stderr.write("The model could not be loaded; the traceback above says why.\n")
        return 1
    _tell("ready: {} answers on its socket".format(config.score_file or "the {} model".format(config.kind)))
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(Server(model, config).serve(listener))
    loop.close()
    _forget(config.socket)
    _tell("stopped")
    return 0


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
    listener.listen(512)
    return listener


def _forget(path: str) -> None:
    if path.startswith(TCP):
        return
    try:
        os.unlink(path)
    except OSError:
        return


def _stop(_number: int, _frame: Optional[FrameType]) -> None:
    raise SystemExit(143)


def _tell(text: str) -> None:
    sys.stderr.write("zaffre scoring host: " + text + "\n")
    sys.stderr.flush()


def _workers(config: Config) -> int:
    """One process per worker, each with its own model. When one ends, all end: the replica is replaced whole."""
    children: Dict[int, int] = {}
    for index in range(config.workers):
        pid = os.fork()
        if pid == 0:
            os._exit(_serve(config._replace(socket=worker_socket(config.socket, index), workers=1)))
        children[pid] = index

    def forward(number: int, _frame: Optional[FrameType]) -> None:
        for child in children:
            os.kill(child, number)

    signal.signal(signal.SIGTERM, forward)
    code = 0
    while children:
        pid, status = os.wait()
        children.pop(pid, None)
        ended = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        code = code or ended
        for child in children:
            os.kill(child, signal.SIGTERM)
    return code


def worker_socket(path: str, index: int) -> str:
    """The socket of one worker; the first has the replica's own path. A port is shared by all."""
    return path if index == 0 or path.startswith(TCP) else "{}.{}".format(path, index)
