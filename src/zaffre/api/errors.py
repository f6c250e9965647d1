"""Errors become answers here and nowhere else: Azure Resource Manager's shape, no traceback, no path of the server."""

from __future__ import annotations

import errno
import logging
import math
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zaffre.core.errors import Invalid, NoSpace, WrongMethod, ZaffreError

log = logging.getLogger(__name__)
_MLFLOW = "/mlflow/"
_IN_MLFLOW = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED"}
"""What its clients call the refusals that come before the tracking floor, which has words of its own."""


def body_of(error: ZaffreError) -> dict[str, Any]:
    """The error as a client reads it."""
    details: list[dict[str, Any]] = []
    if isinstance(error, Invalid):
        details = [
            {"code": error.code, "message": problem.message, "target": problem.field, "hint": problem.hint}
            for problem in error.problems
        ]
    return {"error": {"code": error.code, "message": error.message, "target": error.target or None, "details": details}}


def answer(error: ZaffreError, path: str = "") -> JSONResponse:
    """The response for an error of ours; below ``/mlflow/`` in the words of MLflow's clients too."""
    headers: dict[str, str] = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if isinstance(error, WrongMethod):
        headers["Allow"] = ", ".join(error.allowed)
    if error.status == 408:
        headers["Connection"] = "close"  # what is still to come of the request is not waited for
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = body_of(error)
    if path.startswith(_MLFLOW) and error.status in _IN_MLFLOW:
        body |= {"error_code": _IN_MLFLOW[error.status], "message": error.message}
    return JSONResponse(body, status_code=error.status, headers=headers)


class ErrorAnswers:
    """Outermost but one: turns whatever a route raised into an answer, and logs what is our own mistake."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a started answer cannot be replaced, so then the error is only logged."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ZaffreError as error:
            if started:
                raise
            await answer(error, scope["path"])(scope, receive, send)
        except Exception as error:
            request = Request(scope)
            identity = getattr(request.state, "request_id", "")
            log.exception("request failed", extra={"request_id": identity, "path": scope["path"]})
            if started:
                raise
            await answer(_told(error, identity))(scope, receive, send)


def _told(error: Exception, identity: str) -> ZaffreError:
    """A full disk is told as that wherever it was met; all else that nobody translated is our mistake."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoSpace("the server's disk is full; free some space and try again")
    return ZaffreError(f"Zaffre made a mistake. The server's log has the details under request {identity}.")
