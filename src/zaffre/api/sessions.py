"""Who is logged in with a browser: a one-time code from somebody with a token, then a cookie that only this server knows.

A browser cannot put a token into a header of its own, and a page of another origin must not act with the cookie: the gate
takes it only from pages of this server. What is kept of a session is its secret's hash, and which personal token began it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from zaffre.api.auth import OWNER, Principal, claimed
from zaffre.core.ports import Clock

COOKIE = "zaffre_session"
INVITED_SECONDS = 300.0
SESSION_SECONDS = 12 * 3600.0
_MOST = 1000
Held = tuple[float, str]
"""Until when, and by which personal token: empty for the token of the home."""
_NOBODY: Held = (0.0, "")


class Sessions:
    """Sessions of one installation; those of a server before this one go on."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file = file
        self._clock = clock
        self._invited: dict[str, Held] = {}
        self._open = _read(file)

    def invite(self, token: str = "") -> str:
        """A code that logs in once, within five minutes, while this server lives: as whom ``token`` names."""
        self._forget(self._invited)
        code = secrets.token_urlsafe(32)
        self._invited[_digest(code)] = (self._clock.now() + INVITED_SECONDS, token)
        return code

    def redeem(self, code: str) -> str | None:
        """A session's token for a code; None for one that is used, late or not ours."""
        self._forget(self._invited)
        found = self._invited.pop(_digest(code), None)
        return self.begin(found[1]) if found is not None else None

    def begin(self, token: str = "") -> str:
        """A session's secret; it opens what the personal token of this name does, and the owner's all where none is named."""
        session = secrets.token_urlsafe(32)
        self._open[_digest(session)] = (self._clock.now() + SESSION_SECONDS, token)
        self._forget(self._open)
        self._write()
        return session

    def check(self, session: str) -> Principal | None:
        """Who is logged in; None for nobody. What somebody with a personal token may do is looked up by that."""
        until, token = self._open.get(_digest(session), _NOBODY)
        if until <= self._clock.now():
            return None
        return claimed(token) if token else OWNER

    def end(self, session: str) -> None:
        """Log out; the secret opens nothing any more."""
        if self._open.pop(_digest(session), None) is not None:
            self._write()

    def _forget(self, held: dict[str, Held]) -> None:
        """What has run out, and of too many the oldest."""
        now = self._clock.now()
        for digest, (until, _) in sorted(held.items(), key=lambda item: item[1]):
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


def _read(file: Path) -> dict[str, Held]:
    with suppress(OSError, ValueError, AttributeError, TypeError):
        return {str(digest): _held(said) for digest, said in json.loads(file.read_text("ascii")).items()}
    return {}


def _held(said: Any) -> Held:
    """As a server before this one wrote it; one of before there were people wrote the time alone."""
    if isinstance(said, float | int):
        return float(said), ""
    until, token = said
    return float(until), str(token)
