"""The process that answers questions about searches: started on first need, kept for a while, started again when killed.

Every question has the whole record of its search, so a process that dies only costs the time to start another.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zaffre.core.errors import Invalid, Problem, Unavailable
from zaffre.search.trial import Search, Trial

_MOST_ANSWERED = 16 * 1024 * 1024
_TRIES = 2
_LIBRARIES = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "PYTHONUTF8": "1",
    "PATH": "/usr/bin:/bin",
}
"""Nothing of the server's own environment is passed on."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds."""

    answer: float = 120.0
    """For one question."""
    idle: float = 300.0
    """A process that nobody asks for so long is ended: it holds a hundred megabytes."""


class SearchProcess:
    """Asks ``python -m zaffre.search``, one question at a time."""

    def __init__(self, patience: Patience | None = None, python: str = sys.executable) -> None:
        self._patience = patience or Patience()
        self._python = python
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._ending: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """Of the process that lives, if one does."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def suggest(self, search: Search, history: Sequence[Trial], count: int) -> list[dict[str, Any]]:
        """Parameters of the next trials. Raises ``Invalid`` where its sampler is not there, ``Unavailable`` where it failed."""
        question = {"search": search.to_json(), "history": [trial.to_json() for trial in history], "count": count}
        line = json.dumps(question).encode() + b"\n"
        async with self._turn:
            for _ in range(_TRIES):
                told = await self._asked(line)
                if told is not None:
                    return _read(told)
        raise Unavailable("the process that suggests values ended twice before it answered")

    async def _asked(self, line: bytes) -> bytes | None:
        """The answer, or None from a process that died of the question, or before it."""
        process = await self._alive()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            async with asyncio.timeout(self._patience.answer):
                process.stdin.write(line)
                await process.stdin.drain()
                told = await process.stdout.readline()
        except TimeoutError:
            await self.close()
            raise Unavailable(f"no values were suggested in {self._patience.answer:g} seconds") from None
        except (ConnectionError, ValueError):  # ValueError: an answer without end
            told = b""
        except asyncio.CancelledError:
            await self.close()  # its answer would be taken for that of the next question
            raise
        if not told.endswith(b"\n"):
            await self.close()
            return None
        self._ending = asyncio.get_running_loop().call_later(self._patience.idle, self._let_go)
        return told

    async def _alive(self) -> asyncio.subprocess.Process:
        if self._ending is not None:
            self._ending.cancel()
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                self._python, "-I", "-m", "zaffre.search",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_LIBRARIES,
                limit=_MOST_ANSWERED,
                start_new_session=True,
            )  # fmt: skip
        return self._process

    def _let_go(self) -> None:
        """Nobody asked for a while: at the end of its input it ends by itself."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def close(self) -> None:
        """End it."""
        if self._ending is not None:
            self._ending.cancel()
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _read(told: bytes) -> list[dict[str, Any]]:
    answer: dict[str, Any] = json.loads(told)
    if "problems" in answer:
        raise Invalid([Problem(**problem) for problem in answer["problems"]])
    if "failed" in answer:
        raise Unavailable(f"no values could be suggested: {answer['failed']}")
    parameters: list[dict[str, Any]] = answer["parameters"]
    return parameters
