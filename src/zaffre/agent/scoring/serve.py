"""A packaged model on an address of its own: ``python serve.py`` in a folder that ``zaffre model package`` wrote."""

from __future__ import annotations

import argparse
import json
import os
from typing import Any, Dict, List

from zaffre.agent.scoring import host
from zaffre.agent.scoring.config import TCP, Config

PORT = 5001


def main(folder: str, argv: List[str]) -> int:
    """Serve what ``package.json`` in ``folder`` describes; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="serve.py", description="Serve the model in this folder. Nobody is asked who he is."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--workers", type=int, default=int(os.environ.get("WORKER_COUNT", "1")), help="processes")
    parser.add_argument("--timeout", type=float, default=0, help="seconds a request may take (default: no limit)")
    asked = parser.parse_args(argv)
    with open(os.path.join(folder, "package.json"), encoding="utf-8") as file:
        told: Dict[str, Any] = json.load(file)
    code = str(told.get("code") or "")
    config = Config(
        socket="{}{}:{}".format(TCP, asked.host, asked.port),
        kind=str(told["kind"]),
        model_dir=os.path.join(folder, os.path.dirname(str(told["model"]))),
        code_dir=os.path.join(folder, code) if code else "",
        score_file=str(told.get("script") or ""),
        environ=dict(told.get("environment_variables") or {}),
        request_timeout=asked.timeout or None,
        workers=asked.workers,
    )
    return host.run(config)
