"""Settings of a server: every one with its default and a sentence, from ``settings.toml`` and ``ZAFFRE_…`` variables."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.core.errors import Invalid, Problem


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its dotted name, its default and what it does."""

    name: str
    default: Any
    sentence: str


SETTINGS = (
    Setting("server.host", "127.0.0.1", "The address the server listens on; anything but loopback needs TLS in front."),
    Setting(
        "server.port", 8440, "The port at first start; afterwards server.json keeps it, since running jobs hold URLs."
    ),
    Setting("server.hosts", [], "Further names (host or host:port) that requests may be addressed to."),
    Setting("router.port", 8441, "The port of the scoring router at first start."),
    Setting("compute.local_nodes", 0, "Tasks that the built-in compute runs at once; 0 means one for each processor."),
    Setting("jobs.retries", 1, "Further attempts of a job whose machine or agent, not its command, failed."),
    Setting("jobs.grace", 10.0, "Seconds between asking a command to end and killing it."),
    Setting("egress.allow", [], "Hosts and networks (CIDR) beyond public addresses that Zaffre may fetch from."),
    Setting("egress.map", {}, "URL prefixes and what stands in for them: another URL, or a file: folder."),
)


class Settings:
    """The settings of one installation."""

    def __init__(self, home: Path, values: Mapping[str, Any]) -> None:
        self.home = home
        self._values = values

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """From ``$ZAFFRE_HOME/settings.toml``; ``ZAFFRE_SERVER_PORT=…`` and the like override single settings."""
        environ = os.environ if environ is None else environ  # noqa: TID251 - the one place that reads it
        home = Path(environ.get("ZAFFRE_HOME") or Path.home() / ".zaffre").absolute()
        values = {setting.name: setting.default for setting in SETTINGS}
        values |= _from_file(home / "settings.toml")
        values |= _from_environ(environ)
        return cls(home, values)

    def text(self, name: str) -> str:
        """A setting that is a string."""
        return str(self._values[name])

    def number(self, name: str) -> int:
        """A setting that is a whole number."""
        return int(self._values[name])

    def seconds(self, name: str) -> float:
        """A setting that is a duration."""
        return float(self._values[name])

    def names(self, name: str) -> tuple[str, ...]:
        """A setting that is a list of strings."""
        return tuple(str(item) for item in self._values[name])

    def table(self, name: str) -> dict[str, str]:
        """A setting that maps strings to strings."""
        return {str(key): str(value) for key, value in self._values[name].items()}


def passed_on(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables of the server's own environment that jobs and builds may see: locale, proxies, certificates, indexes.

    A job's environment is otherwise built from nothing, so no credential of the server can leak into it.
    """
    environ = os.environ if environ is None else environ  # noqa: TID251 - the one place that reads it
    return {
        name: value
        for name, value in environ.items()
        if name in _PASSED or (name.startswith(_PASSED_PREFIXES) and not _looks_secret(name))
    }


# fmt: off
_PASSED = frozenset({
    "PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TERM", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE", "LD_LIBRARY_PATH", "CUDA_HOME", "JAVA_HOME", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS", "OPENBLAS_CORETYPE", "NVIDIA_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES",
})
# fmt: on
_PASSED_PREFIXES = ("PIP_", "UV_")


def _looks_secret(name: str) -> bool:
    return any(word in name for word in ("TOKEN", "PASSWORD", "SECRET", "KEY", "CREDENTIAL"))


def _from_file(path: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise Invalid([Problem(str(error), file=str(path))]) from error
    known = {setting.name for setting in SETTINGS}
    found: dict[str, Any] = {}
    for section, entries in document.items():
        for name, value in entries.items():
            if f"{section}.{name}" not in known:
                told = f"there is no such setting; there are {', '.join(sorted(known))}"
                raise Invalid([Problem(told, field=f"{section}.{name}", file=str(path))])
            found[f"{section}.{name}"] = value
    return found


def _from_environ(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for setting in SETTINGS:
        text = environ.get("ZAFFRE_" + setting.name.upper().replace(".", "_"))
        if text is None:
            continue
        if isinstance(setting.default, list | dict):
            found[setting.name] = tomllib.loads(f"value = {text}")["value"]
        else:
            found[setting.name] = type(setting.default)(text)
    return found
