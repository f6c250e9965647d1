"""HTTP to the server with the standard library: one kept connection a thread, answers as values, refusals as ``OSError``."""

from __future__ import annotations

import errno
import http.client
import json
import os
import threading
import time
from typing import IO, Any, Dict, NamedTuple, Optional, Tuple, Union
from urllib.parse import urlencode, urlsplit

from zaffre.inside.surroundings import Surroundings

Body = Union[bytes, IO[bytes], None]
_SAFE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_AGAIN = frozenset({429, 502, 503, 504})
_ATTEMPTS = 4
_REFUSED = 400
_SECONDS = 120.0


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: Dict[str, str]
    """Names in lower case."""
    content: bytes

    def json(self) -> Any:
        """The content read as JSON."""
        return json.loads(self.content) if self.content else {}


class Line:
    """A line to one server. Several threads, and processes forked from this one, may use it."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self._kept = threading.local()

    def ask(
        self,
        method: str,
        path: str,
        query: Optional[Dict[str, Any]] = None,
        body: Body = None,
        headers: Optional[Dict[str, str]] = None,
    ) -> Answer:
        """One request, its path quoted already; raises what its refusal means to somebody who works with files."""
        target = path + ("?" + urlencode(query) if query else "")
        told = {"Authorization": "Bearer " + self.surroundings.token, **(headers or {})}
        for attempt in range(1, _ATTEMPTS + 1):
            last = attempt == _ATTEMPTS or method not in _SAFE
            try:
                answer = self._once(method, target, body, told)
            except (OSError, http.client.HTTPException) as error:
                self._drop()
                if last:
                    words = str(error) or type(error).__name__
                    raise ConnectionError("%s did not answer: %s" % (self.surroundings.url, words)) from error
            else:
                if answer.status < _REFUSED:
                    return answer
                if last or answer.status not in _AGAIN:
                    raise refusal(answer, path)
            time.sleep(0.1 * 4 ** (attempt - 1))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def json(self, method: str, path: str, content: Any = None, query: Optional[Dict[str, Any]] = None) -> Any:
        """A request and an answer in JSON."""
        body = None if content is None else json.dumps(content).encode()
        return self.ask(method, path, query, body, {"Content-Type": "application/json"}).json()

    def _once(self, method: str, target: str, body: Body, headers: Dict[str, str]) -> Answer:
        if body is not None and not isinstance(body, bytes):
            body.seek(0, os.SEEK_END)
            headers = {**headers, "Content-Length": str(body.tell())}
            body.seek(0)
        connection = self._connection()
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.will_close:
            self._drop()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)

    def _connection(self) -> http.client.HTTPConnection:
        kept: Optional[Tuple[int, http.client.HTTPConnection]] = getattr(self._kept, "pair", None)
        if kept is None or kept[0] != os.getpid():  # a forked process must not speak into its parent's connection
            parts = urlsplit(self.surroundings.url)
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            kept = os.getpid(), kind(parts.hostname or "127.0.0.1", parts.port, timeout=_SECONDS)
            self._kept.pair = kept
        return kept[1]

    def _drop(self) -> None:
        kept: Optional[Tuple[int, http.client.HTTPConnection]] = getattr(self._kept, "pair", None)
        if kept is not None and kept[0] == os.getpid():
            kept[1].close()
        self._kept.pair = None


def refusal(answer: Answer, path: str) -> OSError:
    """A refusal as the exception that code about files expects."""
    words = _words(answer)
    kinds = {404: FileNotFoundError, 403: PermissionError, 401: PermissionError, 409: FileExistsError}
    numbers = {404: errno.ENOENT, 403: errno.EACCES, 401: errno.EACCES, 409: errno.EEXIST, 507: errno.ENOSPC}
    made: OSError = kinds.get(answer.status, OSError)(numbers.get(answer.status, errno.EIO), words, path)
    return made


def _words(answer: Answer) -> str:
    try:
        told = answer.json()
        found = told.get("error", told)
        return str(found.get("message") or told.get("message") or "HTTP %d" % answer.status)
    except (ValueError, AttributeError):
        return "HTTP %d: %s" % (answer.status, answer.content[:300].decode("utf-8", "replace"))
