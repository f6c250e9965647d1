"""What the builder must know of the machine: the indexes, the cache, the Pythons and the way to the network."""

from __future__ import annotations

import configparser
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zaffre.builder.parts.logins import Login, taken_out

_CARRIED = re.compile(
    r"^(?:HOME|USER|LANG|LC_[A-Z]+|TMPDIR|XDG_CACHE_HOME|XDG_CONFIG_HOME|NETRC|(?:https?|no|all)_proxy|"
    r"(?:HTTPS?|NO|ALL)_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|CC|CXX|CFLAGS|LDFLAGS|"
    r"UV_(?:CACHE_DIR|HTTP_TIMEOUT|HTTP_RETRIES|NATIVE_TLS|SYSTEM_CERTS|KEYRING_PROVIDER|INSECURE_HOST|CONCURRENT_\w+|"
    r"CONFIG_FILE|INDEX_\w+_(?:USERNAME|PASSWORD)|OFFLINE)|"
    r"STORAGE_DRIVER|CONTAINERS_\w+|BUILDAH_\w+|DOCKER_(?:HOST|CONFIG|CERT_PATH|TLS_VERIFY)|REGISTRY_AUTH_FILE|"
    r"XDG_RUNTIME_DIR|R_HOME|MAKEFLAGS)$"
)
_PIP_FILES = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")


@dataclass(frozen=True, slots=True)
class BuilderSettings:
    """Found once at start; the parts that decide an environment's content enter its fingerprint."""

    python: str = sys.executable
    """Zaffre's own interpreter, which runs the builds."""
    uv: str = "uv"
    interpreters: tuple[str, ...] = ()
    """Folders to look for Pythons in, best first."""
    index_url: str = ""
    """Empty: the installer's default."""
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    environ: dict[str, str] = field(default_factory=dict[str, str])
    """The whole environment of builds."""
    timeout: float = 3600.0
    engine: str = "auto"
    """``auto``, ``none``, or the container engine to use for every build context."""
    r_repository: str = ""
    """Where R packages come from; empty: the public archive."""
    allowed: tuple[str, ...] = ()
    """Hosts and networks, beyond public addresses, that files may name indexes on."""
    logins: tuple[Login, ...] = ()
    """User and password of the indexes above; their addresses are kept without."""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> BuilderSettings:
        """The inverse of ``dataclasses.asdict`` and JSON."""
        folders = ("interpreters", "extra_index_urls", "find_links", "allowed")
        listed: dict[str, Any] = {name: tuple(stored[name]) for name in folders}
        listed["logins"] = tuple(Login(**login) for login in stored["logins"])
        return cls(**{**stored, **listed})


def from_environ(environ: Mapping[str, str], *, uv: str, **own: Any) -> BuilderSettings:
    """Settings as the machine's variables and pip's own configuration files give them; ``own`` are the server's."""
    home = Path(environ.get("HOME") or "/")
    pip = _pip_configuration(environ, home)
    carried = {name: value for name, value in environ.items() if _CARRIED.match(name)}
    carried["PATH"] = environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")
    index = environ.get("UV_DEFAULT_INDEX") or environ.get("UV_INDEX_URL") or pip["index-url"]
    extra = _words(environ.get("UV_INDEX"), environ.get("UV_EXTRA_INDEX_URL"), pip["extra-index-url"])
    links = _words(environ.get("UV_FIND_LINKS"), pip["find-links"])
    plain, logins = taken_out((index, *extra, *links))
    return BuilderSettings(
        uv=uv,
        interpreters=tuple(dict.fromkeys(_folders(environ, home))),
        index_url=plain[index],
        extra_index_urls=tuple(plain[url] for url in extra),
        find_links=tuple(plain[url] for url in links),
        environ=carried,
        logins=logins,
        **own,
    )


def _words(*values: str | None) -> tuple[str, ...]:
    return tuple(word for value in values if value for word in value.replace(",", " ").split())


def _folders(environ: Mapping[str, str], home: Path) -> Iterator[str]:
    """Zaffre's own Python, then what version managers installed (newest first), then PATH."""
    yield str(Path(sys.base_prefix) / "bin")
    for root in (Path(environ.get("PYENV_ROOT") or home / ".pyenv") / "versions", home / ".local/share/uv/python"):
        if root.is_dir():
            yield from (str(version / "bin") for version in sorted(root.iterdir(), key=_numbers, reverse=True))
    for folder in environ.get("PATH", "").split(":"):
        if folder:
            yield folder
    yield from ("/usr/local/bin", "/usr/bin")


def _numbers(version: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version.name)]


def _pip_configuration(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """What pip would use: a machine whose pip reaches a company's index must build environments from it too."""
    found: dict[str, str] = {}
    named = environ.get("PIP_CONFIG_FILE")
    for name in (*_PIP_FILES, *([named] if named else [])):
        path = Path(name.replace("~", str(home), 1) if name.startswith("~") else name)
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(path, encoding="utf-8")
        except configparser.Error:
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                found.update(parser.items(section))
    for option in ("index-url", "extra-index-url", "find-links"):
        found[option] = environ.get(f"PIP_{option.upper().replace('-', '_')}", found.get(option, ""))
    return found
