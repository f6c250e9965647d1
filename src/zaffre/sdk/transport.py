"""HTTP to the server over one kept-alive connection: bearer token, safe retries, errors a user can act on."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from zaffre.core import errors
from zaffre.sdk.connection import Answer, Connection
from zaffre.sdk.parsed import mapping

_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_NO_CONTENT, _BAD_REQUEST = 204, 400
_AGAIN = frozenset({429, 502, 503, 504})
_ATTEMPTS = 4
_LONGEST_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens and what opens it."""

    url: str
    token: str
    router_url: str = ""
    local: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """A body sent in pieces: ``pieces`` is called anew for every attempt."""

    length: int
    pieces: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Request:
    """One call: a path below the server's address, and what goes with it."""

    method: str
    path: str
    body: Any = None
    """A JSON value, or bytes, or a ``Load``."""
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    timeout: float = 60.0

    @property
    def repeatable(self) -> bool:
        """True when sending it twice does what sending it once does."""
        return self.method in _IDEMPOTENT or "Idempotency-Key" in self.headers

    @property
    def target(self) -> str:
        """Path and query as they go on the wire."""
        asked = {name: value for name, value in self.query.items() if value not in (None, "")}
        return f"{self.path}?{urlencode(asked)}" if asked else self.path


class Broken(errors.Unavailable):
    """The connection failed before an answer was complete."""

    code = "ConnectionFailed"


class Transport:
    """A client's line to one server. Not for several threads at once."""

    def __init__(
        self,
        address: Address | Callable[[bool], Address],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``address`` may be a function: it is asked at the first call, and with True when nobody answers there."""
        self._find = address if callable(address) else None
        self._address = None if callable(address) else address
        self._connection: Connection | None = None
        self._sleep = sleep

    @property
    def address(self) -> Address:
        """The server spoken to."""
        if self._address is None:
            assert self._find
            self._address = self._find(False)
        return self._address

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The parsed JSON answer; None for an empty one. ``options`` are the further fields of ``Request``."""
        status, content = self._exchange(Request(method, path, body, **options))
        return json.loads(content) if content and status != _NO_CONTENT else None

    def read(self, method: str, path: str, body: Any = None, **options: Any) -> bytes:
        """The answer's bytes as they are."""
        return self._exchange(Request(method, path, body, **options))[1]

    @contextmanager
    def open(self, path: str, **options: Any) -> Generator[Answer]:
        """A streamed GET on a connection of its own, closed at the end of the block."""
        request = Request("GET", path, **options)
        connection = self._connect(request.timeout)
        try:
            try:
                answer = self._send(connection, request)
            except OSError as error:
                raise Broken(f"{self.address.url} did not answer GET {path}: {_words(error)}") from error
            if answer.status >= _BAD_REQUEST:
                raise _failure(answer.status, answer.read(), answer.headers.get("retry-after"))
            yield answer
        finally:
            connection.close()

    def lines(self, path: str, **options: Any) -> Generator[bytes]:
        """The lines of a streamed answer as they come; ``Broken`` when nothing came within ``timeout``."""
        with self.open(path, **options) as answer:
            while line := _line(answer):
                yield line

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, request: Request) -> tuple[int, bytes]:
        for attempt in range(1, _ATTEMPTS + 1):
            last = attempt == _ATTEMPTS or not request.repeatable
            try:
                status, content, retry_after = self._once(request)
            except Broken:
                if last:
                    raise
                self._sleep(_pause(attempt, None))
                continue
            if status in _AGAIN and not last:
                self._sleep(_pause(attempt, retry_after))
                continue
            if status >= _BAD_REQUEST:
                raise _failure(status, content, retry_after)
            return status, content
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _once(self, request: Request) -> tuple[int, bytes, str | None]:
        """One attempt. A kept connection that the server has closed meanwhile is replaced before anything is sent."""
        kept = self._connection
        if kept is None or _is_stale(kept):
            self.close()
            kept = self._connection = self._connect(request.timeout)
        kept.sock.settimeout(request.timeout)
        whole = False
        try:
            answer = self._send(kept, request)
            content = answer.read()
            whole = not answer.will_close
        except OSError as error:
            during = f"{request.method} {request.path}"
            raise Broken(f"The connection to {self.address.url} broke during {during}: {_words(error)}") from error
        finally:
            if not whole:  # also after an interrupt: the rest of an answer must not be read as the next one
                self.close()
        return answer.status, content, answer.headers.get("retry-after")

    def _send(self, connection: Connection, request: Request) -> Answer:
        headers = {"Authorization": f"Bearer {self.address.token}", "Accept": "application/json", **request.headers}
        body = request.body
        if isinstance(body, Load):
            headers["Content-Length"] = str(body.length)
            body = body.pieces()
        elif body is not None and not isinstance(body, bytes):
            body = json.dumps(body, separators=(",", ":"), default=_plain).encode()
            headers.setdefault("Content-Type", "application/json")
        return connection.send(request.method, request.target, headers, body)

    def _connect(self, timeout: float) -> Connection:
        """An open connection; a local server that is not there is started by the address function."""
        try:
            return _dial(self.address, timeout)
        except OSError as error:
            if self._find is None:
                raise _absent(self.address, error) from error
        self._address = self._find(True)
        try:
            return _dial(self._address, timeout)
        except OSError as error:
            raise _absent(self._address, error) from error


def _dial(address: Address, timeout: float) -> Connection:
    parts = urlsplit(address.url)
    return Connection(parts.hostname or "127.0.0.1", parts.port, secure=parts.scheme == "https", timeout=timeout)


def _line(answer: Answer) -> bytes:
    try:
        return answer.readline()
    except OSError as error:
        raise Broken(f"The stream broke: {_words(error)}") from error


def _is_stale(connection: Connection) -> bool:
    """True when the peer has closed: a quiet kept-alive socket has nothing to read, a closed one has its end."""
    held = connection.sock
    held.setblocking(False)
    try:
        held.recv(1, socket.MSG_PEEK)
    except (BlockingIOError, InterruptedError):
        return False
    except (OSError, ValueError):
        return True
    return True


def _absent(address: Address, error: OSError) -> Broken:
    hint = "check the address and the network"
    if address.local:
        hint = "zaffre up starts it, zaffre logs shows why it stopped"
    return Broken(f"No Zaffre server answers at {address.url} ({_words(error)}); {hint}.")


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(getattr(error, "strerror", None) or error or type(error).__name__)


def _pause(attempt: int, retry_after: str | None) -> float:
    try:
        return min(float(retry_after or ""), _LONGEST_WAIT)
    except ValueError:
        return 0.1 * 4 ** (attempt - 1)


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _failure(status: int, content: bytes, retry_after: str | None) -> errors.ZaffreError:
    """The server's error answer as the exception it came from."""
    try:
        told: dict[str, Any] = json.loads(content)["error"]
    except (ValueError, KeyError, TypeError):
        told = {"message": content.decode(errors="replace").strip()[:500]}
    message = str(told.get("message") or f"HTTP {status}")
    target = str(told.get("target") or "")
    if status == errors.Invalid.status:
        return _invalid(told, message, target)
    kind = _BY_STATUS.get(status, errors.Unavailable if status in _AGAIN else errors.ZaffreError)
    failure = kind(message, target=target)
    failure.code, failure.status = str(told.get("code") or kind.code), status
    return failure


def _invalid(told: dict[str, Any], message: str, target: str) -> errors.Invalid:
    details = [mapping(detail) for detail in told.get("details") or ()]
    problems = [
        errors.Problem(
            str(detail.get("message", "")), field=str(detail.get("target") or ""), hint=str(detail.get("hint") or "")
        )
        for detail in details
    ]
    return errors.Invalid(problems or [errors.Problem(message, field=target)], target=target)


_BY_STATUS: dict[int, type[errors.ZaffreError]] = {
    kind.status: kind
    for kind in (
        errors.Unauthenticated,
        errors.Forbidden,
        errors.NotFound,
        errors.Conflict,
        errors.TooLarge,
        errors.NotBuilt,
        errors.Unavailable,
        errors.NoSpace,
    )
}
