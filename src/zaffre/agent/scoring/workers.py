"""Several processes for one replica: the model is loaded once and shared by forking, where that is safe.

``supervisor`` → *loader* (runs ``init()``) → workers. A loader whose model does not survive a fork serves by itself, and
the others load for themselves; the log says why.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
import time
import warnings
from types import FrameType
from typing import Callable, Dict, List, Optional

SHARED, OWN = b"s", b"o"
_FRAGILE = ("tensorflow", "jax", "onnxruntime", "ray", "pyspark", "py4j", "grpc", "vllm")
"""Modules whose threads or devices a forked process does not have."""
MOST_AGAIN = 5
AGAIN_WITHIN = 60.0
"""A worker that ends is forked again, so often within so many seconds; then the replica ends and is replaced."""

Serve = Callable[[int], int]
"""(index of the worker) → exit code; serves on that worker's socket."""


def supervise(listeners: List[socket.socket], load: Callable[[List[int]], Optional[int]], serve: Serve) -> int:
    """Run one process for each listener; ``load`` loads while those listeners answer 503, and tells a failure's code."""
    read, write = os.pipe()
    everyone = list(range(len(listeners)))
    loader = os.fork()
    if loader == 0:
        os.close(read)
        _end(lambda: _load_first(listeners, load, serve, write))
    os.close(write)
    children = {loader: 0}
    _forward(children)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read(1)
    if told == OWN:
        for index in everyone[1:]:
            pid = os.fork()
            if pid == 0:
                _end(lambda index=index: _load_alone(listeners, index, load, serve))
            children[pid] = index
    _close(listeners)
    return _all(children)


def why_not_shared() -> str:
    """Why what is loaded in this process must not be forked; empty when it may be."""
    if os.environ.get("WORKER_PRELOAD", "").lower() == "false":
        return "WORKER_PRELOAD is false"
    threads = [one.name for one in threading.enumerate() if one is not threading.main_thread()]
    if threads:
        return "init() left threads running, which a forked process does not have: " + ", ".join(threads[:5])
    fragile = [name for name in _FRAGILE if name in sys.modules]
    if fragile:
        return "{} does not survive a fork".format(" and ".join(fragile))
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    if cuda is not None and cuda.is_initialized():
        return "the model is on a GPU"
    return ""


def _load_first(
    listeners: List[socket.socket], load: Callable[[List[int]], Optional[int]], serve: Serve, write: int
) -> int:
    everyone = list(range(len(listeners)))
    failed = load(everyone)
    if failed is not None:
        return failed
    why = why_not_shared()
    os.write(write, OWN if why else SHARED)
    os.close(write)
    if why:
        _tell("each worker loads the model for itself: " + why)
        _close(listeners[1:])
        return serve(0)
    _tell("one loaded model is shared by {} workers".format(len(listeners)))
    return _share(listeners, serve)


def _load_alone(
    listeners: List[socket.socket], index: int, load: Callable[[List[int]], Optional[int]], serve: Serve
) -> int:
    _close([one for number, one in enumerate(listeners) if number != index])
    failed = load([index])
    return serve(index) if failed is None else failed


def _share(listeners: List[socket.socket], serve: Serve) -> int:
    """Fork the workers off the loaded process, and again those that end."""
    gc.collect()
    gc.freeze()
    children: Dict[int, int] = {}
    stopping = _forward(children, lambda: _close(listeners))
    for index in range(len(listeners)):
        children[_fork(listeners, index, serve)] = index
    again: List[float] = []
    while children:
        pid, status = os.wait()
        index = children.pop(pid, -1)
        code = _code(status)
        if stopping:
            continue
        now = time.monotonic()
        again = [one for one in again if now - one < AGAIN_WITHIN]
        if len(again) >= MOST_AGAIN:
            _tell("workers ended {} times within {:.0f} s; the replica ends".format(MOST_AGAIN + 1, AGAIN_WITHIN))
            return _all(children, code or 1, stop=True)
        again.append(now)
        _tell("worker {} ended with code {}; it is started again".format(index, code))
        children[_fork(listeners, index, serve)] = index
    return 0


def _fork(listeners: List[socket.socket], index: int, serve: Serve) -> int:
    """Fork from a fresh thread: OpenMP keeps the threads of a parallel region with the thread that made them, and a
    child that began as the old one would wait for them for ever.
    """
    pids: List[int] = []

    def go() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pid = os.fork()
        if pid == 0:
            _end(lambda: _serve_shared(listeners, index, serve))
        pids.append(pid)

    thread = threading.Thread(target=go)
    thread.start()
    thread.join()
    return pids[0]


def _serve_shared(listeners: List[socket.socket], index: int, serve: Serve) -> int:
    _close([one for number, one in enumerate(listeners) if number != index])
    return serve(index)


def _forward(children: Dict[int, int], before: Optional[Callable[[], None]] = None) -> List[int]:
    """Pass SIGTERM on to ``children``; the list is not empty once it came."""
    came: List[int] = []

    def forward(number: int, _frame: Optional[FrameType]) -> None:
        came.append(number)
        if before is not None:
            before()
        for child in list(children):
            _signal(child, number)

    signal.signal(signal.SIGTERM, forward)
    return came


def _all(children: Dict[int, int], code: int = 0, stop: bool = False) -> int:
    """Wait for all; when one ends, all end."""
    while children:
        for child in children if stop else ():
            _signal(child, signal.SIGTERM)
        pid, status = os.wait()
        children.pop(pid, None)
        code = code or _code(status)
        stop = True
    return code


def _end(run: Callable[[], int]) -> None:
    """The end of a forked process: it never returns into its parent's code."""
    code = 1
    try:
        code = run()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _close(listeners: List[socket.socket]) -> None:
    for listener in listeners:
        listener.close()


def _code(status: int) -> int:
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def _tell(text: str) -> None:
    sys.stderr.write("zaffre scoring host: " + text + "\n")
    sys.stderr.flush()
