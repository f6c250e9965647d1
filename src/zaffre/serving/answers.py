"""The router's own answers, in Azure Resource Manager's error form, ready as bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer the router gives without asking a replica."""

    status: int
    code: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()

    def encode(self, request_id: str, keep_alive: bool, client_id: bytes = b"") -> bytes:
        """Its bytes."""
        error: dict[str, object] = {"code": self.code, "message": self.message, "target": None, "details": []}
        body = json.dumps({"error": error} if self.code else {"status": self.message}).encode()
        lines = [
            f"HTTP/1.1 {self.status} {phrase(self.status)}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            f"x-ms-request-id: {request_id}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        if client_id:
            lines.append(f"x-ms-client-request-id: {client_id.decode('latin-1')}")
        if not keep_alive:
            lines.append("connection: close")
        return "\r\n".join([*lines, "\r\n"]).encode("latin-1") + body


def phrase(status: int) -> str:
    """The reason phrase of a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"


def bad(message: str) -> Answer:
    """A request that is not HTTP as we accept it."""
    return Answer(400, "BadRequest", message)


ALIVE = Answer(200, "", "Healthy")
DENIED = Answer(
    401,
    "AuthenticationFailed",
    "There is no such endpoint, or the key or token is not valid for it. Send 'Authorization: Bearer <key>' with a key "
    "from: zaffre online-endpoint get-credentials -n <endpoint>",
    (("www-authenticate", "Bearer"),),
)
TRIED_TOO_OFTEN = Answer(
    429,
    "TooManyRequests",
    "Too many requests with a wrong key or token came from this address; whoever was right before is still answered.",
    (("retry-after", "10"),),
)
NO_UPGRADE = Answer(400, "BadRequest", "Only websockets can be switched to; speak plain HTTP/1.1.")
NOT_SWITCHED = Answer(424, "ModelError", "The model's server did not switch to a websocket.")
NO_ROUTE = Answer(404, "ResourceNotFound", "Score at /endpoints/<workspace>/<endpoint>/score.")
NO_TRAFFIC = Answer(
    404,
    "ResourceNotFound",
    "No deployment of this endpoint has traffic. Give one a share (zaffre online-endpoint update -n <endpoint> --traffic "
    "<deployment>=100) or name one in the header azureml-model-deployment.",
)
BUSY = Answer(
    429,
    "TooManyRequests",
    "All replicas are busy and the wait ended (request_settings.max_queue_wait_ms).",
    (("retry-after", "1"),),
)
NOT_READY = Answer(503, "ServiceUnavailable", "No replica of this deployment is ready.", (("retry-after", "1"),))
LOST = Answer(502, "BadGateway", "The replica ended before it had answered.")
STOPPED = Answer(
    502,
    "BadGateway",
    "The replica's process is stopped (a signal, or a debugger) and did not go on within the deployment's time "
    "(request_settings.request_timeout_ms); its liveness probe has it replaced.",
)
TIMED_OUT = Answer(
    408, "RequestTimeout", "The model took longer than the deployment allows (request_settings.request_timeout_ms)."
)
TOO_LARGE = Answer(413, "PayloadTooLarge", "The request body is larger than 100 MiB.")
HEAD_TOO_LARGE = Answer(
    431, "RequestHeaderFieldsTooLarge", "The request head is larger than 64 KiB or has over 200 headers."
)
SLOW = Answer(408, "RequestTimeout", "The request came too slowly.")
ANSWER_TOO_LARGE = Answer(502, "BadGateway", "The replica's answer is larger than this router passes on.")


def waking(expected: float, held: float) -> Answer:
    """A deployment without replicas was woken, and is not there in time."""
    seconds = max(1, round(expected))
    told = (
        f"The deployment was scaled to zero and is being started: this usually takes {seconds} s. The request was held "
        f"for {held:g} s; ask again."
        if expected
        else f"The deployment was scaled to zero and is being started. The request was held for {held:g} s; ask again."
    )
    hints = (("retry-after", str(seconds)), ("x-zaffre-wake-seconds", f"{expected:g}"))
    return Answer(503, "ServiceUnavailable", told, hints)


def no_deployment(name: str) -> Answer:
    """The header azureml-model-deployment names nothing of this endpoint."""
    return Answer(
        404, "ResourceNotFound", f"The endpoint has no deployment {name[:64]!r} (header azureml-model-deployment)."
    )
