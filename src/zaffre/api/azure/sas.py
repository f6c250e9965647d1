"""Signed storage URLs: who holds one may do what it says, below one folder of one container, until it ends.

The token is spelt as Azure's (``sv``, ``sr``, ``sp``, ``se``, ``sig``), so that its clients carry it along; how it is signed
is ours. Container, folder, permissions and end all enter the signature, so nothing can be changed, moved or prolonged.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from zaffre.core.errors import Forbidden
from zaffre.core.ports import Clock

VERSION = "2024-11-04"
READ = "rl"
ALL = "racwdl"
"""Read, add, create, write, delete, list: the letters of Azure's permissions."""
ACCOUNT = "storage"
SEGMENT = f"{ACCOUNT}.blob.core.windows.net"
"""The first segment of the blob service's paths: the official client makes it of the account's name."""
PREFIX = f"/{SEGMENT}"
LAKE = PREFIX.replace(".blob.", ".dfs.")
SHARES = PREFIX.replace(".blob.", ".file.")
SPELLINGS = (PREFIX, LAKE, SHARES)
"""Three protocols for the same containers: Azure's blobs, its data lake's paths, its file shares."""
_SIGNED = ("sv", "sr", "sdd", "sp", "se")
_MOST = 1024
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody may do in a container."""

    container: str
    """Empty: in every one."""
    letters: str = ALL
    prefix: str = ""
    """A folder or a blob; empty for the whole container."""

    def allows(self, container: str, letter: str, path: str = "") -> bool:
        """Whether ``letter`` (one of ``ALL``) may be done to ``path``."""
        within = not self.prefix or path == self.prefix or path.startswith(f"{self.prefix.rstrip('/')}/")
        return self.container in ("", container) and letter in self.letters and within


class Signer:
    """Makes and checks tokens, with one key of the installation."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def token(self, grant: Grant, seconds: float) -> str:
        """The query string that carries ``grant``; container and folder stand in the URLs that it is used with."""
        depth = len(grant.prefix.split("/")) if grant.prefix else 0
        told = {
            "sv": VERSION,
            "sr": "d" if depth else "c",
            **({"sdd": str(depth)} if depth else {}),
            "sp": grant.letters,
            "se": datetime.fromtimestamp(int(self._clock.now() + seconds), UTC).strftime(_MOMENT),
        }
        return urlencode({**told, "sig": self._signature(told, grant.container, grant.prefix)}, quote_via=quote)

    def url(self, origin: str, grant: Grant, seconds: float) -> str:
        """The whole URL of what is granted; ``origin`` is scheme and host."""
        return f"{address(origin, grant.container, grant.prefix)}?{self.token(grant, seconds)}"

    def check(self, query: Mapping[str, str], container: str, path: str) -> Grant:
        """What a request for ``path`` carries. Raises ``Forbidden`` for anything that is not exactly ours and still good."""
        told = {name: query[name] for name in _SIGNED if name in query}
        if sum(map(len, told.values())) > _MOST:
            raise Forbidden("The signed URL is too long to be one of this server's.")
        depth = told.get("sdd", "0")
        prefix = "/".join(path.split("/")[: int(depth)]) if depth.isascii() and depth.isdecimal() else path
        signature = self._signature(told, container, prefix).encode()
        if not hmac.compare_digest(signature, query.get("sig", "").encode()):
            raise Forbidden("The signature of the URL is not this server's: the URL was changed, or is of another.")
        ends = datetime.strptime(told["se"], _MOMENT).replace(tzinfo=UTC).timestamp()
        if ends < self._clock.now():
            raise Forbidden(f"The signed URL has ended at {told['se']}; ask for a new one.")
        return Grant(container, told["sp"], prefix)

    @property
    def account_key(self) -> str:
        """The storage account's key, base64, for clients that sign requests themselves."""
        return base64.b64encode(hmac.digest(self._key, b"account key", hashlib.sha256)).decode()

    def _signature(self, told: Mapping[str, str], container: str, prefix: str) -> str:
        signed = {**{name: told.get(name, "") for name in _SIGNED}, "container": container, "prefix": prefix}
        text = "\n".join(f"{name}={quote(value, safe='')}" for name, value in signed.items())
        return base64.b64encode(hmac.digest(self._key, text.encode(), hashlib.sha256)).decode()


def address(origin: str, container: str, path: str = "") -> str:
    """The URL of a container or a blob."""
    return f"{origin}{PREFIX}/{container}" + (f"/{quote(path, safe='/~')}" if path else "")
