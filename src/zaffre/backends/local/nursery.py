"""The server's side of the nursery: a request a launch, and a plain process in its place when it is not there."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from zaffre.backends.local.archive import command
from zaffre.core.errors import Unavailable

_LONGEST_ANSWER = 4096


class Nursery:
    """Starts agents; keeps one small process for it and replaces that when it dies."""

    def __init__(self, archive: Path, log: Path, failpoint: str = "") -> None:
        self._archive = archive
        self._log = log
        self._failpoint = ["--failpoint", failpoint] if failpoint else []
        self._channel: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: dict[int, asyncio.Future[int]] = {}
        self._next = 0
        self._plain: list[subprocess.Popen[bytes]] = []

    @property
    def pid(self) -> int | None:
        """Of the nursery process; None when there is none."""
        return self._process.pid if self._process is not None else None

    def open(self) -> None:
        """Start the process; requests may follow at once, they wait in its socket."""
        if sys.platform != "linux":  # the socket keeps message borders on Linux only
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._log.open("ab") as log:
            end = theirs.fileno()
            self._process = self._run(["nursery", *self._failpoint, str(end)], (end,), log.fileno())
        ours.setblocking(False)
        self._channel = ours
        asyncio.get_running_loop().add_reader(ours.fileno(), self._hear)

    async def agent(self, directory: str, nudge: int) -> int:
        """Start an agent for a run directory and give it the writing end of its nudge pipe; returns its pid."""
        for _ in range(2):
            try:
                return await self._ask(directory, nudge)
            except ConnectionError:
                self._forget()
        return self._spawn(directory, nudge)

    async def close(self) -> None:
        """Let the process end; the agents it started go on."""
        self._forget()
        for process in self._plain:
            process.poll()

    async def _ask(self, directory: str, nudge: int) -> int:
        if self._channel is None:
            self.open()
        if self._channel is None:
            raise ConnectionError
        self._next += 1
        number = self._next
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        request = json.dumps({"id": number, "directory": directory}).encode()
        try:
            await self._send(request, nudge)
            return await answer
        finally:
            self._waiting.pop(number, None)

    async def _send(self, request: bytes, nudge: int) -> None:
        while self._channel is not None:
            try:
                socket.send_fds(self._channel, [request], [nudge])
                return
            except BlockingIOError:
                await asyncio.sleep(0.001)  # a burst filled the socket; the nursery empties it at once
        raise ConnectionError

    def _hear(self) -> None:
        """Answers, or the end of the process."""
        while self._channel is not None:
            try:
                data = self._channel.recv(_LONGEST_ANSWER)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._forget()
                return
            answer = json.loads(data)
            waiting = self._waiting.get(answer["id"])
            if waiting is not None and not waiting.done():
                _settle(waiting, answer)

    def _forget(self) -> None:
        if self._channel is not None:
            asyncio.get_running_loop().remove_reader(self._channel.fileno())
            self._channel.close()
            self._channel = None
        if self._process is not None:
            self._plain.append(self._process)
            self._process = None
        self._plain = [process for process in self._plain if process.poll() is None]
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the nursery ended"))

    def _spawn(self, directory: str, nudge: int) -> int:
        with self._log.open("ab") as log:
            arguments = ["task", directory, "--nudge", str(nudge), *self._failpoint]
            process = self._run(arguments, (nudge,), log.fileno())
        self._plain = [*(one for one in self._plain if one.poll() is None), process]
        return process.pid

    def _run(self, arguments: list[str], descriptors: tuple[int, ...], log: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command(self._archive, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=descriptors,
            start_new_session=True,
            cwd=os.sep,
            env={},
        )


def _settle(waiting: asyncio.Future[int], answer: dict[str, int | str]) -> None:
    if "pid" in answer:
        waiting.set_result(int(answer["pid"]))
    else:
        waiting.set_exception(Unavailable(f"No process could be started: {answer['error']}", retry_after=5))
