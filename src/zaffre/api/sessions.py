"""Who is logged in with a browser: a one-time code from somebody with a token, then a cookie that only this server knows.

A browser cannot put a token into a header of its own, and a page of another origin must not act with the cookie: the gate
takes it only from pages of this server. What is kept of a session is its token's hash.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

from zaffre.api.auth import OWNER, Principal
from zaffre.core.ports import Clock

COOKIE = "zaffre_session"
INVITED_SECONDS = 300.0
SESSION_SECONDS = 12 * 3600.0
_MOST = 1000


class Sessions:
    """Sessions of one installation; those of a server before this one go on."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file = file
        self._clock = clock
        self._invited: dict[str, float] = {}
        self._open = _read(file)

    def invite(self) -> str:
        """A code that logs in once, within five minutes, while this server lives."""
        self._forget(self._invited)
        code = secrets.token_urlsafe(32)
        self._invited[_digest(code)] = self._clock.now() + INVITED_SECONDS
        return code

    def redeem(self, code: str) -> str | None:
        """A session's token for a code; None for one that is used, late or not ours."""
        self._forget(self._invited)
        return self.begin() if self._invited.pop(_digest(code), None) is not None else None

    def begin(self) -> str:
        """A session's token."""
        token = secrets.token_urlsafe(32)
        self._open[_digest(token)] = self._clock.now() + SESSION_SECONDS
        self._forget(self._open)
        self._write()
        return token

    def check(self, token: str) -> Principal | None:
        """Who is logged in with a token; None for nobody."""
        until = self._open.get(_digest(token))
        return OWNER if until is not None and until > self._clock.now() else None

    def end(self, token: str) -> None:
        """Log out; the token opens nothing any more."""
        if self._open.pop(_digest(token), None) is not None:
            self._write()

    def _forget(self, held: dict[str, float]) -> None:
        """What has run out, and of too many the oldest."""
        now = self._clock.now()
        for digest, until in sorted(held.items(), key=lambda item: item[1]):
            if until <= now or len(held) > _MOST:
                del held[digest]

    def _write(self) -> None:
        draft = self._file.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(self._open, file)
        draft.replace(self._file)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _read(file: Path) -> dict[str, float]:
    with suppress(OSError, ValueError, AttributeError):
        return {str(digest): float(until) for digest, until in json.loads(file.read_text("ascii")).items()}
    return {}
