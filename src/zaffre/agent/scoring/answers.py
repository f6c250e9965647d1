"""What a host answers: status, headers, body, and how a value of user code becomes JSON."""

from __future__ import annotations

import base64
import json
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

JSON = "application/json"
TEXT = "text/html; charset=utf-8"
_PHRASES = {
    200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
    415: "Unsupported Media Type", 500: "Internal Server Error", 503: "Service Unavailable",
}  # fmt: skip
_BODILESS = frozenset((204, 304))


_BEGUN: Dict[Tuple[int, str, Tuple[Tuple[str, str], ...], int], bytes] = {}
"""Beginnings of heads that were made: an answer of the same status, type, headers and length begins the same."""
_MOST_BEGUN = 256


class Answer(NamedTuple):
    """One answer, not yet bytes."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Tuple[Tuple[str, str], ...] = ()
    ran: bool = False
    """True when user code chose this answer: its time is told then."""
    stream: Optional[Iterator[bytes]] = None
    """Pieces that follow ``body`` as they come; the length is not known then."""


def message(status: int, text: str, headers: Tuple[Tuple[str, str], ...] = ()) -> Answer:
    """Azure's error form: ``{"message": …}``."""
    return Answer(status, json.dumps({"message": text}).encode(), JSON, headers)


def as_json(value: Any) -> bytes:
    """JSON of what user code returned: numpy and pandas values included, which Azure's server refuses."""
    return json.dumps(value, default=_plain).encode()


def encode(answer: Answer, extra: List[Tuple[str, str]], keep_alive: bool) -> bytes:
    """The answer's bytes; a header value that could break the framing is dropped."""
    again = (answer.status, answer.content_type, answer.headers, -1 if answer.stream is not None else len(answer.body))
    begins = _BEGUN.get(again)
    if begins is None:
        begins = _beginning(answer)
        if len(_BEGUN) >= _MOST_BEGUN:
            _BEGUN.clear()
        _BEGUN[again] = begins
    ends = "".join([name + ": " + value + "\r\n" for name, value in extra])
    if not ends.count("\r") == ends.count("\n") == len(extra) or "\0" in ends:
        ends = "".join([name + ": " + _clean(value) + "\r\n" for name, value in extra])
    head = begins + (ends + ("\r\n" if keep_alive else "connection: close\r\n\r\n")).encode("latin-1", "replace")
    if answer.stream is not None:
        return head + chunk(answer.body)
    return head if answer.status in _BODILESS else head + answer.body


def _beginning(answer: Answer) -> bytes:
    """The head as far as it is the answer's own."""
    lines = ["HTTP/1.1 {} {}".format(answer.status, _PHRASES.get(answer.status, "Status"))]
    if answer.content_type:
        lines.append("content-type: " + _clean(answer.content_type))
    lines += _framing(answer)
    for name, value in answer.headers:
        if name.lower() not in ("content-length", "transfer-encoding", "connection", "content-type"):
            lines.append(_clean(name).replace(":", "") + ": " + _clean(value))
    lines.append("")
    return "\r\n".join(lines).encode("latin-1", "replace")


def _framing(answer: Answer) -> List[str]:
    if answer.stream is not None:
        return ["transfer-encoding: chunked"]
    return [] if answer.status in _BODILESS else ["content-length: {}".format(len(answer.body))]


def chunk(data: bytes) -> bytes:
    """A piece of a streamed body; nothing for an empty one, which would end the body."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


LAST_CHUNK = b"0\r\n\r\n"


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
