"""Following a log: complete, in order, and at its end without delay."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

from zaffre.api.stream import follow_file
from zaffre.control.files import Place


class Run:
    """A run whose end rings a bell."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "log.txt"
        self.bell = asyncio.Event()
        self.status: str | None = None
        self.asked = 0

    def write(self, data: bytes) -> None:
        with self.file.open("ab") as file:
            file.write(data)

    def end(self, status: str) -> None:
        self.status = status
        self.bell.set()

    async def final(self) -> str | None:
        self.asked += 1
        return self.status

    async def follow(self, after: int = 0) -> list[tuple[str, Any]]:
        log = Place(self.file.parent, self.file.name)
        return [told(piece) async for piece in follow_file(log, after, self.final, self.bell)]


def told(piece: bytes) -> tuple[str, Any]:
    fields = dict(line.split(": ", 1) for line in piece.decode().strip().split("\n"))
    return fields["event"], json.loads(fields["data"])


def text(events: list[tuple[str, Any]]) -> str:
    return "".join(data["data"] for name, data in events if name == "log")


async def test_what_was_written_before_the_end_is_never_missed(tmp_path: Path) -> None:
    run = Run(tmp_path)
    following = asyncio.create_task(run.follow())
    await asyncio.sleep(0.03)  # it waits for a file that is not there yet
    for number in range(5):
        run.write(f"line {number}\n".encode())
        await asyncio.sleep(0.01)
    run.write(b"last")
    run.end("Completed")
    events = await asyncio.wait_for(following, 5)
    assert text(events) == "line 0\nline 1\nline 2\nline 3\nline 4\nlast"
    assert events[-1] == ("end", {"status": "Completed", "offset": 39})


async def test_the_end_is_told_when_the_bell_rings_and_the_run_is_not_asked_all_the_time(tmp_path: Path) -> None:
    run = Run(tmp_path)
    following = asyncio.create_task(run.follow())
    await asyncio.sleep(0.5)
    assert run.asked == 1
    begun = time.monotonic()
    run.end("Failed")
    await asyncio.wait_for(following, 5)
    assert time.monotonic() - begun < 0.08  # the pause between two looks at the file is longer by now


async def test_an_end_without_a_bell_is_noticed(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("zaffre.api.stream.STATUS_SECONDS", 0.05)
    run = Run(tmp_path)
    following = asyncio.create_task(run.follow())
    await asyncio.sleep(0.02)
    run.status = "Canceled"
    assert (await asyncio.wait_for(following, 5))[-1] == ("end", {"status": "Canceled", "offset": 0})


async def test_a_character_is_not_cut_in_two(tmp_path: Path) -> None:
    run = Run(tmp_path)
    following = asyncio.create_task(run.follow())
    run.write("caf\u00e9"[:-1].encode() + b"\xc3")
    await asyncio.sleep(0.05)
    run.write(b"\xa9!")
    run.end("Completed")
    assert text(await asyncio.wait_for(following, 5)) == "caf\u00e9!"


async def test_it_goes_on_where_it_stopped_and_large_logs_come_in_pieces(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.write(b"x" * 600_000)
    run.end("Completed")
    events = await asyncio.wait_for(run.follow(after=100), 5)
    assert len(text(events)) == 599_900
    assert [name for name, _ in events] == ["log", "log", "log", "end"]


async def test_a_log_that_became_a_link_is_not_read(tmp_path: Path) -> None:
    run = Run(tmp_path)
    (tmp_path / "secret").write_text("secret")
    run.file.symlink_to(tmp_path / "secret")
    run.end("Completed")
    assert text(await asyncio.wait_for(run.follow(), 5)) == ""
