"""User and password of a package index, taken out of its address: an address is logged, compared and kept, they are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class Login:
    """Who one is to an index."""

    url: str
    """Without the login."""
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.url!r})"

    @property
    def whole(self) -> str:
        """The address with the login in it, as pip's configuration wants it."""
        parts = urlsplit(self.url)
        told = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        return urlunsplit(parts._replace(netloc=f"{told}@{parts.netloc}"))

    def to_json(self) -> list[str]:
        """For the request file of a build, which only its owner reads and which goes when it has been read."""
        return [self.url, self.user, self.password]


def plain(url: str) -> tuple[str, Login | None]:
    """An address without its login, and the login."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url, None
    told, _, host = parts.netloc.rpartition("@")
    user, _, password = told.partition(":")
    bare = urlunsplit(parts._replace(netloc=host))
    return bare, Login(bare, unquote(user), unquote(password))


def taken_out(urls: Iterable[str]) -> tuple[dict[str, str], tuple[Login, ...]]:
    """Address as written → without its login; and the logins."""
    bare: dict[str, str] = {}
    found: list[Login] = []
    for url in urls:
        bare[url], login = plain(url)
        found += [login] if login is not None and login not in found else []
    return bare, tuple(found)


def environ(names: Mapping[str, str], logins: Iterable[Login]) -> dict[str, str]:
    """The variables by which uv is told the logins of named indexes (name → address), out of sight of ``ps``."""
    by_url = {login.url.rstrip("/"): login for login in logins}
    found: dict[str, str] = {}
    for name, url in names.items():
        login = by_url.get(url.rstrip("/"))
        if login is not None:
            found[f"UV_INDEX_{name.upper()}_USERNAME"] = login.user
            found[f"UV_INDEX_{name.upper()}_PASSWORD"] = login.password
    return found


def without(text: str, logins: Iterable[Login]) -> str:
    """Words that may quote a login, made fit to be kept."""
    for login in logins:
        for secret in (login.password, login.user if not login.password else ""):
            if len(secret) >= 3:
                text = text.replace(secret, "***")
    return text
