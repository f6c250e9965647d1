"""TLS without anybody's help: a certificate authority of this home, and the server's certificate, made and renewed here.

The authority stays, so that who trusts it once need not again; the certificate below it lives a year. What is known of it
lies beside it, so that a start which finds it good enough reads no X.509 at all.
"""

from __future__ import annotations

import json
import os
import ssl
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import certifi

from zaffre.core.cloud import BUNDLES
from zaffre.core.plain import mapping_of

FOLDER = "tls"
LIVES = 365 * 86_400.0
RENEWED_BEFORE = 30 * 86_400.0
"""Seconds before its end at which a certificate is made anew."""
_RECORD = "server.json"


@dataclass(frozen=True, slots=True)
class Certificates:
    """What lies in a home's ``tls`` folder, for the names that this server has."""

    folder: Path
    names: tuple[str, ...]
    roots: Path = Path(certifi.where())
    """What ``ca-bundle.pem`` begins with: a client that is given it still reaches everybody else."""

    @property
    def authority(self) -> Path:
        """The authority's certificate, for browsers and trust stores."""
        return self.folder / "ca.pem"

    @property
    def bundle(self) -> Path:
        """The public roots and ours in one file, for ``REQUESTS_CA_BUNDLE``."""
        return self.folder / "ca-bundle.pem"

    def ensure(self, now: float) -> bool:
        """Make what is missing, too old or for other names; whether the server's certificate is another one."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        made = not self._is_good(now)
        if made:
            from zaffre.server import signing  # noqa: PLC0415 - weight: X.509 takes a tenth of a second to load

            paper = signing.renewed(self._read("ca.key"), self._read("ca.pem"), self.names, now, LIVES)
            self._write("ca.key", paper.authority_key)
            self._write("ca.pem", paper.authority)
            self._write("server.key", paper.key)
            self._write("server.pem", paper.certificate)
            record = {"names": list(self.names), "until": now + LIVES}
            self._write(_RECORD, json.dumps(record).encode())
        self._bundle()
        return made

    def context(self) -> ssl.SSLContext:
        """For a listener; ``load`` gives it a newer certificate while it listens."""
        found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        found.minimum_version = ssl.TLSVersion.TLSv1_2
        self.load(found)
        return found

    def load(self, context: ssl.SSLContext) -> None:
        """Let ``context`` show the present certificate from its next handshake on."""
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")

    def _is_good(self, now: float) -> bool:
        record = mapping_of(_parsed(self._read(_RECORD)))
        whole = all((self.folder / name).exists() for name in ("ca.key", "ca.pem", "server.key", "server.pem"))
        until = record.get("until")
        lasts = isinstance(until, (int, float)) and now < until - RENEWED_BEFORE and until <= now + LIVES
        return whole and lasts and set(self.names) <= set(record.get("names", ()))

    def _bundle(self) -> None:
        """Written again when either half has changed."""
        wanted = self.roots.read_bytes().rstrip() + b"\n\n" + self._read("ca.pem")
        if self._read("ca-bundle.pem") != wanted:
            self._write("ca-bundle.pem", wanted)

    def _read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return b""

    def _write(self, name: str, content: bytes) -> None:
        _written(self.folder, name, content)


def trusted(folder: Path, before: Mapping[str, str]) -> Path:
    """What jobs are to trust: the public roots and ours; where the server was told of others, those and ours."""
    named = next((Path(before[name]) for name in BUNDLES if before.get(name)), None)
    if named is None or not named.is_file() or named.parent == folder:
        return folder / "ca-bundle.pem"
    ours, roots = (folder / "ca.pem").read_bytes(), named.read_bytes()
    if ours.strip() in roots:
        return named
    return _written(folder, "ca-bundle-of-jobs.pem", roots.rstrip() + b"\n\n" + ours)


def names(own: Iterable[str], further: Iterable[str]) -> tuple[str, ...]:
    """The names a certificate is for: this machine's, and those of ``server.hosts`` without their ports."""
    found = ["localhost", "127.0.0.1", "::1", *own, *(_host(name) for name in further)]
    return tuple(dict.fromkeys(name.lower() for name in found if name))


def _written(folder: Path, name: str, content: bytes) -> Path:
    """Whole or not at all, for this user alone."""
    draft = folder / f"{name}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return draft.replace(folder / name)


def _host(name: str) -> str:
    bare = name[1:].partition("]")[0] if name.startswith("[") else name
    try:
        return str(ip_address(bare))
    except ValueError:
        return bare.rpartition(":")[0] or bare


def _parsed(text: bytes) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
