"""The official client as a judge: azure-ai-ml, at the version of ``uv.lock``, in an interpreter of its own.

It is made under ``.tools/oracle`` on first use and made anew when the locked versions change. The product's own
environment need not have it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".tools/oracle"
_SIDE = Path(__file__).with_name("oracle_side.py")


@dataclass(frozen=True, slots=True)
class Question:
    """A document, and what it is."""

    kind: str
    path: str
    overrides: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What azure-ai-ml makes of a document: a body, a refusal, or neither where it has nothing to compare."""

    body: dict[str, Any] | None = None
    refused: str = ""
    unknown: bool = False
    """It has no such kind."""


def ask(questions: Sequence[Question]) -> list[Answer]:
    """An answer to each, from one process."""
    if not questions:
        return []
    told = json.dumps([asdict(question) for question in questions])
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environ["PYTHONPATH"] = os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests/wire")))
    done = subprocess.run(
        [interpreter(), "-W", "ignore", _SIDE], input=told, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the oracle failed: {done.stderr.strip()[-1500:]}")
    return [Answer(**answer) for answer in json.loads(done.stdout)]


def interpreter() -> Path:
    """The Python that has azure-ai-ml; made, if it must be."""
    python = HOME / "bin/python"
    HOME.parent.mkdir(exist_ok=True)
    with HOME.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        locked = _uv("export", "--frozen", "--only-group", "guests", "--no-hashes", "--no-header")
        wanted = hashlib.sha256((locked + sys.version).encode()).hexdigest()
        stamp = HOME / ".made-from"
        if not (stamp.is_file() and stamp.read_text() == wanted):
            print("making the oracle's environment in .tools/oracle", file=sys.stderr)
            _uv("venv", "--clear", "--python", sys.executable, str(HOME))
            requirements = HOME / "requirements.txt"
            requirements.write_text(locked, encoding="utf-8")
            _uv("pip", "install", "--python", str(python), "-r", str(requirements))
            stamp.write_text(wanted)
    return python


def _uv(*words: str) -> str:
    uv = Path(sys.executable).with_name("uv")
    environ = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    environ["UV_PYTHON_DOWNLOADS"] = "never"
    done = subprocess.run([uv, "--quiet", *words], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"uv {words[0]}: {done.stderr.strip()[-1500:]}")
    return done.stdout
