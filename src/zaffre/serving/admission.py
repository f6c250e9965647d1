"""Is a request one that we answer, and may its sender ask? Decided on the head alone, before a byte of body is kept."""

from __future__ import annotations

from typing import Protocol

from zaffre.serving import answers, heads
from zaffre.serving.answers import Answer
from zaffre.serving.fleet import Door
from zaffre.serving.guard import Guard, Verdict
from zaffre.serving.heads import Head, Malformed
from zaffre.serving.keys import Gate
from zaffre.serving.message import MAX_BODY, MAX_HEADERS, Message


class Caller:
    """Who is at the other end of a connection, and the credential that was right before."""

    __slots__ = ("address", "credential", "gate")

    def __init__(self) -> None:
        self.address = ""
        self.credential = b""
        self.gate: Gate | None = None

    def showed(self, gate: Gate, credential: bytes) -> bool:
        """Whether this very credential has opened this very gate for the connection."""
        return gate is self.gate and credential == self.credential


class Doors(Protocol):
    """The endpoints there are."""

    guard: Guard

    def next_id(self) -> str:
        """A new request id."""
        ...

    def door(self, name: str) -> Door | None:
        """An endpoint of the table."""
        ...


def check(message: Message, doors: Doors, caller: Caller) -> Head | Answer:
    """What routing needs of the head, with the message's id and door filled in; or the answer that refuses it."""
    if len(message.headers) > MAX_HEADERS:
        return answers.HEAD_TOO_LARGE
    try:
        head = heads.read(message.target, message.headers, message.version)
    except Malformed as error:
        message.keep_alive = False
        return answers.bad(f"{str(error)[:1].upper()}{str(error)[1:]}.")
    message.id = head.request_id.decode("latin-1") or doors.next_id()
    message.client_id = head.client_id
    if not head.endpoint:
        alive = message.target in (b"/livez", b"/readyz") and message.method in (b"GET", b"HEAD")
        return answers.ALIVE if alive else answers.NO_ROUTE
    message.door = doors.door(head.endpoint)
    refusal = _identify(message.door.gate if message.door is not None else None, head.authorization, doors, caller)
    if refusal is not None:
        return refusal
    return answers.TOO_LARGE if head.length is not None and head.length > MAX_BODY else head


def _identify(gate: Gate | None, credential: bytes, doors: Doors, caller: Caller) -> Answer | None:
    """A key that opened this very gate for this connection opens it again; a changed key changes the gate."""
    if gate is not None and caller.showed(gate, credential):
        return None
    verdict = doors.guard.judge(gate, credential, caller.address)
    if verdict is not Verdict.ADMITTED:
        return answers.DENIED if verdict is Verdict.DENIED else answers.TRIED_TOO_OFTEN
    if gate is not None and gate.lasting:
        caller.gate, caller.credential = gate, credential
    return None


def bodiless(message: Message) -> bool:
    """True when no body follows the head."""
    framing = (b"content-length", b"transfer-encoding")
    return not any(name in framing and value != b"0" for name, value in message.headers)
