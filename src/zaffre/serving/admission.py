"""Is a request one that we answer, and may its sender ask? Decided on the head alone, before a byte of body is kept."""

from __future__ import annotations

from typing import Protocol

from zaffre.serving import answers, heads
from zaffre.serving.answers import Answer
from zaffre.serving.fleet import Door
from zaffre.serving.heads import Head, Malformed
from zaffre.serving.message import MAX_BODY, MAX_HEADERS, Message


class Doors(Protocol):
    """The endpoints there are."""

    def next_id(self) -> str:
        """A new request id."""
        ...

    def door(self, name: str) -> Door | None:
        """An endpoint of the table."""
        ...


def check(message: Message, doors: Doors) -> Head | Answer:
    """What routing needs of the head, with the message's id and door filled in; or the answer that refuses it."""
    if len(message.headers) > MAX_HEADERS:
        return answers.HEAD_TOO_LARGE
    try:
        head = heads.read(message.target, message.headers, message.version)
    except Malformed as error:
        message.keep_alive = False
        return answers.bad(f"{str(error)[:1].upper()}{str(error)[1:]}.")
    message.id = head.request_id.decode("latin-1") or doors.next_id()
    if not head.endpoint:
        alive = message.target in (b"/livez", b"/readyz") and message.method in (b"GET", b"HEAD")
        return answers.ALIVE if alive else answers.NO_ROUTE
    message.door = doors.door(head.endpoint)
    if message.door is None or not message.door.gate.admits(head.authorization):
        return answers.DENIED
    return answers.TOO_LARGE if head.length is not None and head.length > MAX_BODY else head


def bodiless(message: Message) -> bool:
    """True when no body follows the head."""
    framing = (b"content-length", b"transfer-encoding")
    return not any(name in framing and value != b"0" for name, value in message.headers)
