"""What the server asks of the router can be called off at any moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

from zaffre.serving import process
from zaffre.serving.process import Record

MOST_TURNS = 40
"""Turns of the event loop, more than an answer takes."""


async def test_a_question_that_is_called_off_as_its_answer_arrives_stays_called_off(tmp_path: Path):
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n{}")
        writer.close()

    door = tmp_path / "r.sock"
    answered = 0
    async with await asyncio.start_unix_server(answer, door):
        for turns in range(MOST_TURNS):
            asking = asyncio.create_task(process.ask(Record(1, 0.0, 1, str(door)), "/status"))
            for _ in range(turns):
                await asyncio.sleep(0)
            called_off = asking.cancel()
            await asyncio.wait([asking])
            assert asking.cancelled() == called_off
            answered += not called_off
    assert 0 < answered < MOST_TURNS
