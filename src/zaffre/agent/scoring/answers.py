"""What a host answers: status, headers, body, and how a value of user code becomes JSON."""

from __future__ import annotations

import base64
import json
from typing import Any, List, NamedTuple, Tuple

JSON = "application/json"
TEXT = "text/html; charset=utf-8"
_PHRASES = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 500: "Internal Server Error"}


class Answer(NamedTuple):
    """One answer, not yet bytes."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Tuple[Tuple[str, str], ...] = ()


def message(status: int, text: str, headers: Tuple[Tuple[str, str], ...] = ()) -> Answer:
    """Azure's error form: ``{"message": …}``."""
    return Answer(status, json.dumps({"message": text}).encode(), JSON, headers)


def as_json(value: Any) -> bytes:
    """JSON of what user code returned: numpy and pandas values included, which Azure's server refuses."""
    return json.dumps(value, default=_plain).encode()


def encode(answer: Answer, extra: List[Tuple[str, str]], keep_alive: bool) -> bytes:
    """The answer's bytes; a header value that could break the framing is dropped."""
    lines = ["HTTP/1.1 {} {}".format(answer.status, _PHRASES.get(answer.status, "Status"))]
    if answer.content_type:
        lines.append("content-type: " + _clean(answer.content_type))
    lines.append("content-length: {}".format(len(answer.body)))
    for name, value in answer.headers:
        if name.lower() not in ("content-length", "transfer-encoding", "connection", "content-type"):
            lines.append(_clean(name).replace(":", "") + ": " + _clean(value))
    for name, value in extra:
        lines.append(name + ": " + _clean(value))
    if not keep_alive:
        lines.append("connection: close")
    lines.append("\r\n")
    return "\r\n".join(lines).encode("latin-1", "replace") + answer.body


def _clean(value: str) -> str:
    if "\r" in value or "\n" in value or "\0" in value:
        return value.replace("\r", " ").replace("\n", " ").replace("\0", " ")
    return value


def _plain(value: Any) -> Any:
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return value.to_dict(orient="records")
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError("{} is not JSON: return text, numbers, lists, dicts or an AMLResponse".format(type(value).__name__))
