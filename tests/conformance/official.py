"""The official client in a process of its own, told of an installation by nothing but ``zaffre azure env``.

It is the interpreter of the oracle, so azure-ai-ml has the version of ``uv.lock`` whatever else this project depends on.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import oracle
from installation import Installation

_SIDE = Path(__file__).with_name("official_side.py")
_SECONDS = 300.0
_NOT_PASSED = ("AZURE", "ARM_", "IDENTITY_", "MSI_", "MLFLOW_", "PYTHON", "VIRTUAL_ENV", "ZAFFRE_")


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one request."""

    answer: Any = None
    printed: str = ""
    refused: str = ""
    """What the client raised."""
    status: int = 0
    """Of the server's answer that it was raised for; 0 where the client itself refused."""
    unknown: bool = False
    """The client has no operation for it."""


class Official:
    """Asks one question after the other; started with the first, and again after one that did not end."""

    def __init__(self, site: Installation, log: Path) -> None:
        self._site = site
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, what: str, seconds: float = _SECONDS, **more: Any) -> Told:
        """The answer to one request. Raises ``subprocess.TimeoutExpired`` where it does not come in time."""
        process = self._process or self._started()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps({"do": what, **more}).encode() + b"\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if not selector.select(seconds):
                self.stop()
                raise subprocess.TimeoutExpired(["azure-ai-ml", "", "", what, json.dumps(more)], seconds)
        line = process.stdout.readline()
        if not line:
            self.stop()
            tail = self._log.read_text(errors="replace").strip()
            raise RuntimeError(f"the official client's process ended: {tail[-1500:]}")
        return Told(**json.loads(line))

    def stop(self) -> None:
        """End its process."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close() if process.stdin else None
            process.kill()
            process.wait()
            process.stdout.close() if process.stdout else None

    def _started(self) -> subprocess.Popen[bytes]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED)}
        environ |= json.loads(self._site.say("azure", "env", "--shell", "json"))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(oracle.interpreter()), "-W", "ignore", str(_SIDE)],
                env={**environ, "AZUREML_RUN_POLLING_INTERVAL_MIN": "1", "AZUREML_RUN_POLLING_INTERVAL_MAX": "5"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        return self._process
