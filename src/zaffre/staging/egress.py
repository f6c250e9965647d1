"""The one way out: every address that somebody named is checked, and the checked one is connected to.

Only public addresses are reached, and what ``egress.allow`` adds. A name that resolves differently a moment later gains
nothing, since the connection is made to the address that was looked at. ``egress.map`` puts another URL, or a local folder,
in the place of a URL prefix; an administrator's mapping is not checked further.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from zaffre.core.errors import Forbidden, Invalid, Unavailable
from zaffre.staging.policy import Policy, as_https, shown

MOST_HOPS = 3
CONNECT_SECONDS = 15.0
STALL_SECONDS = 60.0
"""Seconds without a byte after which a connection counts as dead."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Mapped:
    """What stands in for a URL."""

    url: str
    trusted: bool
    """An administrator named it."""

    @property
    def local(self) -> Path | None:
        """The file or folder of this machine, where it is mapped to one."""
        return Path(unquote(urlsplit(self.url).path)) if self.trusted and self.url.startswith("file:") else None


class Egress:
    """Connects, under a policy."""

    def __init__(self, policy: Policy) -> None:
        self._map = sorted(policy.map.items(), key=lambda pair: -len(pair[0]))
        self._networks = tuple(_networks(policy.allow))
        self._hosts = frozenset(name.lower() for name in policy.allow if "/" not in name)

    def mapped(self, url: str) -> Mapped:
        """``url``, or what an administrator put in its place; refuses a local folder that does not have it."""
        plain = as_https(url)
        for prefix, place in self._map:
            for said in (url, plain):
                if said.startswith(prefix):
                    found = Mapped(place + said[len(prefix) :], trusted=True)
                    _check_local(found, url)
                    return found
        return Mapped(plain, trusted=False)

    def connect(self, host: str, port: int, *, trusted: bool = False) -> socket.socket:
        """A connection to an address of ``host`` that may be reached."""
        last: OSError | None = None
        for address in self._addresses(host, port, trusted):
            try:
                connection = socket.create_connection((address, port), CONNECT_SECONDS)
                connection.settimeout(STALL_SECONDS)
                return connection
            except OSError as error:
                last = error
        raise Unavailable(f"{host}:{port} could not be reached: {_why(last)}") from last

    def address(self, host: str, port: int) -> str:
        """An address of ``host`` that may be reached and answers, for libraries that take one and connect by themselves."""
        with self.connect(host, port) as connection:
            found: str = connection.getpeername()[0]
            return found

    def get(self, url: str, headers: Mapping[str, str], *, trusted: bool = False, method: str = "GET") -> Answer:
        """The answer to a request for ``url``, after at most three redirects that are each checked again."""
        first = urlsplit(url)
        for _ in range(MOST_HOPS + 1):
            parts = _parts(url)
            same_host = (parts.scheme, parts.netloc) == (first.scheme, first.netloc)
            told = headers if same_host else {key: headers[key] for key in headers if key != "Authorization"}
            connection = self._http(url, trusted)
            try:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                given = {"Accept-Encoding": "identity", **told}
                connection.request(method, quote(path, safe="/?&=%:;+,~@!$'()*"), headers=given)
                answer = connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                raise Unavailable(f"{shown(url)} could not be fetched: {_why(error)}") from error
            if answer.status not in _REDIRECTS:
                return Answer(connection, answer, url)
            target = urljoin(url, answer.getheader("Location", ""))
            connection.close()
            if parts.scheme == "https" and urlsplit(target).scheme != "https":
                raise Invalid(f"{shown(url)} redirects from https to {shown(target)}, which is not followed")
            url, trusted = target, False
        raise Invalid(f"{shown(first.geturl())} redirects more than {MOST_HOPS} times")

    def _http(self, url: str, trusted: bool) -> http.client.HTTPConnection:
        parts = _parts(url)
        assert parts.hostname is not None
        port = parts.port or _PORTS[parts.scheme]
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=STALL_SECONDS)
        plain = self.connect(parts.hostname, port, trusted=trusted)
        if parts.scheme == "http":
            connection.sock = plain
            return connection
        try:
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
        except OSError as error:
            plain.close()
            raise Unavailable(f"{shown(url)} could not be fetched: {_why(error)}") from error
        if port == _PORTS["https"]:
            connection.port = _PORTS["http"]  # so that the Host header leaves the port out
        return connection

    def _addresses(self, host: str, port: int, trusted: bool) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise Unavailable(f"the host {host!r} was not found") from error
        addresses = [str(entry[4][0]) for entry in found]
        free = trusted or host.lower() in self._hosts
        permitted = [address for address in addresses if free or self._permits(address)]
        if not permitted:
            raise Forbidden(f"{host!r} is not a public address; an administrator can add it to egress.allow")
        return permitted

    def _permits(self, address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        plain = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped else ip
        return (plain.is_global and not plain.is_multicast) or any(plain in network for network in self._networks)


class Answer:
    """An answer whose body is yet to be read. A context manager."""

    def __init__(self, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse, url: str) -> None:
        self._connection = connection
        self._answer = answer
        self.url = url
        """After redirects."""
        self.status = answer.status
        self.reason = answer.reason

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def header(self, name: str) -> str:
        """Empty where there is none."""
        return self._answer.getheader(name, "") or ""

    def read(self, count: int) -> bytes:
        """At most ``count`` bytes; none at the end. A body that breaks off raises."""
        try:
            piece = self._answer.read(count)
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"{shown(self.url)} broke off: {_why(error)}") from error
        if not piece and self._answer.length:
            raise Unavailable(f"{shown(self.url)} broke off {self._answer.length} bytes before its end")
        return piece


def _parts(url: str):  # noqa: ANN202 - SplitResult
    try:
        parts = urlsplit(url)
        bad = parts.scheme not in _PORTS or not parts.hostname or parts.username is not None or parts.port == 0
    except ValueError:
        bad = True
    if (
        bad
        or "\\" in url
        or any(ord(letter) < 33 for letter in url.partition("/")[2].partition("/")[2].partition("/")[0])
    ):
        raise Invalid(f"{shown(url)} cannot be fetched: expected http:// or https://, a host, and no credentials in it")
    return urlsplit(url)


def _check_local(found: Mapped, url: str) -> None:
    path = found.local
    if path is not None and (".." in path.parts or not path.exists()):
        raise Invalid(f"{shown(url)} is mapped to a local folder that does not have it")


def _networks(allow: Iterable[str]) -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for name in allow:
        try:
            yield ipaddress.ip_network(name, strict=False)
        except ValueError:
            continue


def _why(error: BaseException | None) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
