"""Starts a process of its own for what needs pyarrow and pandas, bounded in time and memory; asked and answered in JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from dataclasses import dataclass
from typing import Any

from zaffre.core.errors import Invalid, Problem, TooLarge, Unavailable

MOST_ANSWERED = 32 * 1024 * 1024
LIBRARIES = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "ARROW_IO_THREADS": "1", "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1", "DISABLE_PANDERA_IMPORT_WARNING": "True",
    "PATH": "/usr/bin:/bin",
}  # fmt: skip
"""Nothing of the server's own environment is passed on."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one question may cost."""

    seconds: float = 300.0
    memory: int = 1024**3
    """Bytes."""


class TableProcess:
    """Asks ``python -m zaffre.tables``; at most ``at_once`` at a time."""

    def __init__(self, bounds: Bounds, at_once: int = 2, python: str = sys.executable) -> None:
        self._bounds = bounds
        self._free = asyncio.Semaphore(at_once)
        self._python = python

    async def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer; raises ``Invalid`` with the problems that were found, ``TooLarge`` where a bound was met."""
        async with self._free:
            process = await asyncio.create_subprocess_exec(
                self._python, "-I", "-m", "zaffre.tables",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=LIBRARIES,
                start_new_session=True,
            )  # fmt: skip
            body = json.dumps({**question, "memory": self._bounds.memory, "seconds": self._bounds.seconds}).encode()
            try:
                async with asyncio.timeout(self._bounds.seconds):
                    told, said = await process.communicate(body)
            except TimeoutError:
                raise self._too_long() from None
            finally:
                await _ended(process)
        return self._answer(process.returncode or 0, told, said)

    def _answer(self, code: int, told: bytes, said: bytes) -> dict[str, Any]:
        if code == -signal.SIGXCPU:
            raise self._too_long()
        if code in (-signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT) or b"bad_alloc" in said:
            raise self._too_much()
        if code or len(told) > MOST_ANSWERED:
            last = said.decode(errors="replace").strip().splitlines()[-1:] or [f"exit code {code}"]
            raise Unavailable(f"the table could not be read: {last[0][:300]}")
        answer: dict[str, Any] = json.loads(told)
        if "problems" in answer:
            raise Invalid([Problem(**problem) for problem in answer["problems"]])
        if answer.get("out_of_memory"):
            raise self._too_much()
        return answer

    def _too_long(self) -> TooLarge:
        told = f"the table was not read in {self._bounds.seconds:g} seconds; tables.seconds is the setting"
        return TooLarge(told)

    def _too_much(self) -> TooLarge:
        megabytes = self._bounds.memory // 1024**2
        return TooLarge(f"the table needs more than {megabytes} MiB to be read; tables.memory is the setting")


async def _ended(process: asyncio.subprocess.Process) -> None:
    """No process of ours outlives its question."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
