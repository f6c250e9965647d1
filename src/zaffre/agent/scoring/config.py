"""``host.json``: everything a scoring host is told, written by the server before it starts the host."""

from __future__ import annotations

import json
from typing import Any, Dict, NamedTuple, Optional, Tuple

TCP = "tcp:"
"""How ``socket`` begins where it is an address (``tcp:127.0.0.1:5001``) instead of a path."""
KINDS = ("score", "mlflow", "triton", "custom")


class Config(NamedTuple):
    """One replica's orders."""

    socket: str
    """Where to listen; the directory exists and belongs to us."""
    kind: str
    """``score`` (a user's script), ``mlflow`` or ``triton`` (no code), ``custom`` (a server of the user's own)."""
    model_dir: str = ""
    """AZUREML_MODEL_DIR."""
    code_dir: str = ""
    """AML_APP_ROOT: the root of the user's code."""
    score_file: str = ""
    """The entry script, relative to ``code_dir``."""
    environ: Dict[str, str] = {}  # noqa: RUF012 - a NamedTuple's default is never changed
    """Added to the process's environment before user code is imported."""
    score_path: str = "/score"
    """A path that scores, beside ``/score`` (inference_config.scoring_route)."""
    health_paths: Tuple[str, ...] = ()
    """Paths that answer as ``/`` does (its liveness and readiness routes)."""
    request_timeout: Optional[float] = None
    """Seconds a single ``run()`` may take; it is interrupted then."""
    max_body: int = 100 * 1024 * 1024
    init_patience: float = 0
    """Seconds after which the log tells where ``init()`` is; 0 for never."""
    workers: int = 1
    """Processes; each has a socket of its own (``<socket>``, ``<socket>.1``, …). They share one model where it can be."""
    grace: float = 30.0
    """Seconds a SIGTERM leaves to requests that have been received."""
    collect: Dict[str, Any] = {}  # noqa: RUF012 - as above
    """What is kept of inputs and outputs (``collecting.Sink``); empty for nothing."""
    server: Dict[str, Any] = {}  # noqa: RUF012 - as above
    """Of ``custom``: ``argv``, ``port`` and the ``routes`` (``relay.Routes``)."""


def read(path: str) -> Config:
    """Read and check a ``host.json``; keys that this version does not know are ignored."""
    with open(path, encoding="utf-8") as file:
        document: Dict[str, Any] = json.load(file)
    if not document.get("socket"):
        raise ValueError("host.json names no socket")
    if document.get("kind") not in KINDS:
        raise ValueError("host.json: kind must be one of {}, found {!r}".format(", ".join(KINDS), document.get("kind")))
    return Config(**{name: value for name, value in document.items() if name in Config._fields})
