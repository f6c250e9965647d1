"""The one client that fetches what a user names by URL: every address checked, every hop again, nothing without a bound.

Only public addresses are reached, and what ``egress.allow`` adds. The connection is made to the very address that was
checked, so a name that resolves differently a moment later gains nothing. ``egress.map`` puts another URL, or a local folder,
in the place of a URL prefix; an administrator's mapping is not checked further.
"""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
import os
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from zaffre.core.errors import Invalid, TooLarge, Unavailable

MOST_HOPS = 3
CONNECT_SECONDS = 15.0
MOST_BYTES = 20 * 1024**3
_CHUNK = 1024 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
_BLOB_SCHEMES = ("wasb", "wasbs")


@dataclass(frozen=True, slots=True)
class Policy:
    """What an administrator set."""

    allow: tuple[str, ...] = ()
    """Host names and networks (CIDR) that may be reached though they are not public."""
    map: Mapping[str, str] = field(default_factory=dict[str, str])


class Egress:
    """Fetches single files."""

    def __init__(self, policy: Policy) -> None:
        self._map = sorted(policy.map.items(), key=lambda pair: -len(pair[0]))
        self._networks = tuple(_networks(policy.allow))
        self._hosts = frozenset(name.lower() for name in policy.allow if "/" not in name)

    async def fetch(self, url: str, target: Path) -> Path:
        """The content of ``url`` as the file ``target`` (or a folder, where the URL is mapped to one)."""
        return await asyncio.to_thread(self._fetch, url, target)

    def _fetch(self, url: str, target: Path) -> Path:
        mapped, trusted = self._mapped(as_https(url))
        target.parent.mkdir(parents=True, exist_ok=True)
        if trusted and mapped.startswith("file:"):
            return _local(mapped, url)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            self._download(mapped, draft, trusted)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return target

    def _mapped(self, url: str) -> tuple[str, bool]:
        for prefix, place in self._map:
            if url.startswith(prefix):
                return place + url[len(prefix) :], True
        return url, False

    def _download(self, url: str, draft: Path, trusted: bool) -> None:
        for _ in range(MOST_HOPS + 1):
            connection = self._connect(url, trusted)
            try:
                parts = urlsplit(url)
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request(
                    "GET", quote(path, safe="/?&=%:;+,~@!$'()*"), headers={"Accept-Encoding": "identity"}
                )
                answer = connection.getresponse()
                if answer.status in _REDIRECTS:
                    url, trusted = urljoin(url, answer.getheader("Location", "")), False
                    continue
                if answer.status != http.client.OK:
                    raise Invalid(f"{_shown(url)} answered {answer.status} {answer.reason}")
                _copy(answer, draft, url)
                return
            except (OSError, http.client.HTTPException) as error:
                raise Unavailable(f"{_shown(url)} could not be fetched: {type(error).__name__}") from error
            finally:
                connection.close()
        raise Invalid(f"{_shown(url)} redirects more than {MOST_HOPS} times")

    def _connect(self, url: str, trusted: bool) -> http.client.HTTPConnection:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
            raise Invalid(
                f"{_shown(url)} cannot be fetched: expected http:// or https://, a host, and no credentials in it"
            )
        port = parts.port or _PORTS[parts.scheme]
        address = self._checked_address(parts.hostname, port, trusted)
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = _PinnedHttps(parts.hostname, port, address)
        else:
            connection = _PinnedHttp(parts.hostname, port, address)
        return connection

    def _checked_address(self, host: str, port: int, trusted: bool) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise Unavailable(f"the host {host!r} was not found") from error
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            if trusted or host.lower() in self._hosts or self._permits(address):
                return address
        raise Invalid(f"{host!r} is not a public address; an administrator can add it to egress.allow")

    def _permits(self, address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        plain = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped else ip
        return (plain.is_global and not plain.is_multicast) or any(plain in network for network in self._networks)


def as_https(url: str) -> str:
    """``wasbs://container@account.blob…/path`` as the https URL of the same blob; other URLs as they are."""
    parts = urlsplit(url)
    if parts.scheme not in _BLOB_SCHEMES or parts.username is None:
        return url
    return f"https://{parts.hostname}/{parts.username}{parts.path}"


class _PinnedHttp(http.client.HTTPConnection):
    """Connects to the address that was checked, whatever the name resolves to now."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _PinnedHttps(http.client.HTTPSConnection):
    """The same with TLS; the certificate is checked against the name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=CONNECT_SECONDS, context=self._tls)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def _copy(answer: http.client.HTTPResponse, draft: Path, url: str) -> None:
    seen = 0
    with draft.open("wb") as file:
        while piece := answer.read(_CHUNK):
            seen += len(piece)
            if seen > MOST_BYTES:
                raise TooLarge(f"{_shown(url)} is larger than {MOST_BYTES} bytes")
            file.write(piece)


def _local(mapped: str, url: str) -> Path:
    path = Path(unquote(urlsplit(mapped).path))
    if ".." in path.parts or not path.exists():
        raise Invalid(f"{_shown(url)} is mapped to a local folder that does not have it")
    return path


def _networks(allow: Iterable[str]) -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for name in allow:
        try:
            yield ipaddress.ip_network(name, strict=False)
        except ValueError:
            continue


def _shown(url: str) -> str:
    """The URL without its query, where signatures are."""
    return url.partition("?")[0]
