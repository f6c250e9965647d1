"""A body that does not come on is given up; one that does may take its time."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import Message

from zaffre.api.auth import Permission, Principal, Tokens
from zaffre.api.errors import ErrorAnswers
from zaffre.api.gate import PROGRESS, Gate, Limits, Trust

PATIENCE = 0.25


class Anybody:
    """Knows every token."""

    def check(self, token: str, wanted: frozenset[str] = frozenset()) -> Principal:
        return Principal("user:ada", frozenset(Permission))


async def told(piece: int, pause: float, pieces: int) -> tuple[int, list[tuple[bytes, bytes]]]:
    """The status and headers of the answer to a body that comes in ``pieces``, a ``pause`` before each."""

    async def length(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    async def is_open(run: str) -> bool:
        return True

    sent: list[Message] = []
    left = pieces

    async def receive() -> Message:
        nonlocal left
        await asyncio.sleep(pause)
        left -= 1
        return {"type": "http.request", "body": bytes(piece), "more_body": left > 0}

    async def send(message: Message) -> None:
        sent.append(message)

    app = ErrorAnswers(Router(routes=[Route("/", length, methods=["POST"])]))
    trust = Trust(frozenset({"here"}), Limits(patience=PATIENCE))
    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b"", "root_path": "",
        "headers": [(b"host", b"here"), (b"authorization", b"Bearer x")], "http_version": "1.1", "scheme": "http",
    }  # fmt: skip
    await Gate(app, cast(Tokens, Anybody()), trust, is_open)(scope, receive, send)
    return sent[0]["status"], sent[0]["headers"]


async def test_a_body_of_drops_is_given_up():
    async with asyncio.timeout(5):
        status, headers = await told(piece=1, pause=PATIENCE / 5, pieces=100_000)
    assert status == 408
    assert (b"connection", b"close") in headers


async def test_a_body_that_never_comes_is_given_up():
    async with asyncio.timeout(5):
        assert (await told(piece=1, pause=60, pieces=1))[0] == 408


async def test_a_slow_upload_that_comes_on_lives():
    status, _ = await told(piece=PROGRESS, pause=PATIENCE / 2, pieces=6)
    assert status == 200


@pytest.mark.parametrize("owner", ["workspaces/default", "registries/shared"])
def test_packs_of_uploads_may_be_large_wherever_they_go(owner: str) -> None:
    assert Limits().large_paths.fullmatch(f"/api/v1/{owner}/uploads/{'a' * 40}/pack")
