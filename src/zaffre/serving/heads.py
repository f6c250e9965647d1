"""Heads of requests and answers as they pass: what goes through, what is dropped, what is added. Pure.

Dropped from requests: hop-by-hop headers (and those that ``Connection`` names), credentials and cookies (user code must
not see them), and every name that Zaffre gives a meaning inside. Dropped from answers: hop-by-hop headers, cookies
(they would be the studio's, one host up), and inner names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zaffre.serving.answers import phrase

Headers = list[tuple[bytes, bytes]]
"""Names in lower case."""

_HOP = frozenset(
    (
        b"connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding "
        b"upgrade content-length"
    ).split()
)
_REQUEST_DROPPED = _HOP | frozenset(b"authorization cookie expect azureml-model-deployment x-request-id host".split())
_ANSWER_DROPPED = _HOP | frozenset(
    b"set-cookie set-cookie2 clear-site-data strict-transport-security azureml-model-deployment "
    b"content-security-policy x-content-type-options".split()
)
_INNER = (b"x-internal-", b"x-zaffre-", b"x-azureml-")
_SAFE = b"content-security-policy: sandbox\r\nx-content-type-options: nosniff\r\n"
"""A browser that is led to an endpoint runs nothing of its answer."""
NOT_RUN = b"x-zaffre-not-run"
"""A replica's word that user code never saw the request."""
_PATH = re.compile(rb"/endpoints/([A-Za-z0-9][A-Za-z0-9_.-]{0,63})/([A-Za-z0-9][A-Za-z0-9-]{0,62})(/[\x21-\x7e]*)")
_TRAVERSAL = re.compile(rb"(?i)(?:^|/)(?:\.|%2e){1,2}(?:/|$|;)|%2f|%5c|%00|\\|//|#")
_NAME = re.compile(rb"[a-zA-Z0-9][a-zA-Z0-9-]{0,62}")
_FRAMING = (b"content-length", b"transfer-encoding", b"host", b"authorization", b"azureml-model-deployment", b"expect")

_IDS = (b"x-request-id", b"x-ms-client-request-id", b"x-ms-request-id")
"""What a request is called: inside, by its caller, and by its caller in the old spelling."""


class Malformed(ValueError):
    """A head that is refused with 400; the message is for the caller."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the router must know of a request's head."""

    endpoint: str
    """``<workspace>/<endpoint>``, or empty where the path is not an endpoint's."""
    target: bytes
    """Path and query below the endpoint."""
    deployment: str
    authorization: bytes
    length: int | None
    """None: chunked."""
    expects: bool
    request_id: bytes
    client_id: bytes
    """What the caller calls its request."""


def read(target: bytes, headers: Headers, version: str) -> Head:
    """Check a request's head as far as its framing goes and take from it what routing needs."""
    seen: dict[bytes, bytes] = {}
    ids: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _FRAMING:
            if name in seen:
                raise Malformed(f"the header {name.decode()} is repeated")
            seen[name] = value
        elif name in _IDS:
            ids[name] = value
    if version not in ("1.0", "1.1"):
        raise Malformed("the request must be of HTTP/1.1")
    if b"host" not in seen and version == "1.1":
        raise Malformed("the Host header is missing")
    deployment = seen.get(b"azureml-model-deployment", b"").strip()
    if deployment and _NAME.fullmatch(deployment) is None:
        raise Malformed("azureml-model-deployment is not a deployment's name")
    endpoint, rest = _route(target)
    return Head(
        endpoint,
        rest,
        deployment.decode(),
        seen.get(b"authorization", b""),
        _length(seen, version),
        seen.get(b"expect", b"").lower() == b"100-continue",
        ids.get(_IDS[0], b"")[:100],
        (ids.get(_IDS[1]) or ids.get(_IDS[2], b""))[:100],
    )


def forwarded(method: bytes, head: Head, headers: Headers) -> bytes:
    """The request's head for a replica, without framing, request id and blank line, which come last."""
    parts = [b"%b %b HTTP/1.1\r\nhost: zaffre\r\n" % (method, head.target)]
    named = _named(headers)
    for name, value in headers:
        if name in _REQUEST_DROPPED or name in named or _inner(name):
            continue
        parts.append(b"%b: %b\r\n" % (name, value))
    return b"".join(parts)


@dataclass(slots=True)
class Reply:
    """A replica's head, as it will be passed on."""

    status: int
    headers: Headers
    length: int | None
    """None: the body's end is told by chunks or by the connection."""
    shown: int = 0
    """The status that the caller is told, where it is another one."""


def answered(reply: Reply, added: bytes, version: str, keep_alive: bool, *, ends: bool = True) -> tuple[bytes, bool]:
    """The answer's head for the caller, and whether its body must be sent in chunks; without ``ends``, its beginning."""
    shown = reply.shown or reply.status
    parts = [b"HTTP/1.1 %d %b\r\n" % (shown, phrase(shown).encode())]
    named = _named(reply.headers)
    for name, value in reply.headers:
        if name in _ANSWER_DROPPED or name in named or _inner(name):
            continue
        parts.append(b"%b: %b\r\n" % (name, value))
    chunked = False
    if reply.length is not None:
        parts.append(b"content-length: %d\r\n" % reply.length)
    elif version == "1.1" and reply.status not in (204, 304):
        parts.append(b"transfer-encoding: chunked\r\n")
        chunked = True
    if not keep_alive:
        parts.append(b"connection: close\r\n")
    if reply.status >= 400:
        parts.append(
            b"ms-azureml-model-error-statuscode: %d\r\nms-azureml-model-error-reason: model_error\r\n" % reply.status
        )
    parts.append(ending(added) if ends else b"")
    return b"".join(parts), chunked


def ending(added: bytes) -> bytes:
    """How the head of every answer ends."""
    return b"%b%b\r\n" % (added, _SAFE)


def switched(reply: Reply, added: bytes) -> bytes:
    """The head that tells the caller that it speaks to the replica now."""
    parts = [b"HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"]
    for name, value in reply.headers:
        if name not in _ANSWER_DROPPED and not _inner(name):
            parts.append(b"%b: %b\r\n" % (name, value))
    return b"".join((*parts, added, b"\r\n"))


def is_websocket(method: bytes, headers: Headers) -> bool:
    """Whether a request asks to switch to a websocket, and to nothing else."""
    wishes = [value.strip().lower() for name, value in headers if name == b"upgrade"]
    bodies = any(name in (b"content-length", b"transfer-encoding") and value != b"0" for name, value in headers)
    return method == b"GET" and wishes == [b"websocket"] and not bodies


def size(target: bytes, headers: Headers) -> int:
    """Bytes of a head, about."""
    return len(target) + sum(len(name) + len(value) + 4 for name, value in headers)


def _route(target: bytes) -> tuple[str, bytes]:
    path, mark, query = target.partition(b"?")
    if not path.startswith(b"/"):
        raise Malformed("the request target must be a path")
    found = _PATH.fullmatch(path)
    if found is None:
        return "", b""
    if _TRAVERSAL.search(found.group(3)) is not None:
        raise Malformed("the path must not have empty, '.' or '..' segments, backslashes or encoded slashes")
    name = b"%b/%b" % (found.group(1), found.group(2))
    return name.decode().lower(), found.group(3) + mark + query


def _length(seen: dict[bytes, bytes], version: str) -> int | None:
    length, encoding = seen.get(b"content-length"), seen.get(b"transfer-encoding")
    if encoding is not None:
        if length is not None or encoding.strip().lower() != b"chunked" or version != "1.1":
            raise Malformed("Transfer-Encoding must be 'chunked', alone, and without Content-Length")
        return None
    if length is None:
        return 0
    if not length.isdigit() or len(length) > 18:
        raise Malformed("Content-Length must be a number")
    return int(length)


def _named(headers: Headers) -> frozenset[bytes]:
    """Headers that a Connection header declares to be for this hop alone."""
    for name, value in headers:
        if name == b"connection" and value.lower() not in (b"keep-alive", b"close"):
            return frozenset(one.strip().lower() for one in value.split(b","))
    return frozenset()


def _inner(name: bytes) -> bool:
    """Inner names, also when spelled with underscores (which some servers read as hyphens)."""
    if name.startswith(_INNER):
        return True
    if b"_" not in name:
        return False
    plain = name.replace(b"_", b"-")
    return plain in _REQUEST_DROPPED or plain.startswith(_INNER)
