"""Asks an index whether it wants a login: the installer takes “I do not know you” for “no such package”."""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from collections.abc import Iterable

from zaffre.builder.parts.logins import Login
from zaffre.builder.parts.pip_lines import name_of

_REFUSED = frozenset((401, 403, 407))
_SECONDS = 10.0


def refusing(urls: Iterable[str], requirements: Iterable[str], logins: Iterable[Login]) -> str:
    """What the first index says that refuses to answer; empty when none does."""
    package = next((name_of(line) for line in requirements), "pip")
    known = {login.url.rstrip("/"): login for login in logins}
    for url in urls:
        if not url.startswith(("http://", "https://")):
            continue
        login = known.get(url.rstrip("/"))
        status = _status(f"{url.rstrip('/')}/{package}/", login)
        if status in _REFUSED:
            why = f"does not accept the login of {login.user!r}" if login is not None else "wants a login"
            return (
                f"the index {url} {why} (it answers {status}). Keep one in the workspace: zaffre connection create, "
                f"with type: python_feed and target: {url}"
            )
    return ""


def _status(url: str, login: Login | None) -> int:
    request = urllib.request.Request(url)  # noqa: S310 - http and https only, see above
    if login is not None:
        told = base64.b64encode(f"{login.user}:{login.password}".encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {told}")
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
