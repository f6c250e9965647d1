"""Settings of a server: every one with its default and a sentence, from ``settings.toml`` and ``ZAFFRE_…`` variables."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from zaffre.core import problems
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import is_dict, is_list
from zaffre.core.refs import CLOUD


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its dotted name, its default and what it does."""

    name: str
    default: Any
    sentence: str
    least: float = 0
    most: float = 1_000_000


_PORT = 65_535
SETTINGS = (
    Setting(
        "server.host", "127.0.0.1", "The address the server listens on; beyond loopback only with server.insecure."
    ),
    Setting(
        "server.port",
        8440,
        "The port at first start; afterwards server.json keeps it, since running jobs hold URLs.",
        most=_PORT,
    ),
    Setting(
        "server.tls_port",
        8443,
        "The port of HTTPS at first start: the official Azure client speaks no other.",
        most=_PORT,
    ),
    Setting(
        "database",
        "",
        "Address of a PostgreSQL database, postgresql://user@host/name; the last one set is kept; else SQLite in the home.",
    ),
    Setting("server.hosts", [], "Further names (host or host:port) that requests may be addressed to."),
    Setting("server.body_patience", 30.0, "Seconds in which a request's body must bring its next 64 KiB, or its end."),
    Setting("server.insecure", False, "Listen beyond loopback without TLS: for a network that a TLS proxy closes off."),
    Setting("router.port", 8441, "The port of the scoring router at first start.", most=_PORT),
    Setting("router.tls_port", 8444, "The port of the scoring router's HTTPS at first start.", most=_PORT),
    Setting("compute.local_nodes", 0, "Tasks that the built-in compute runs at once; 0 means one for each processor."),
    Setting("compute.quota", {}, "Workspace → nodes that all its jobs together may hold; * is every other workspace."),
    Setting("limits.enforce_sizes", False, "Give each job the processors and memory of its node's size, and no more."),
    Setting("limits.pids", 0, "Processes and threads that a job may have which sets no limit itself; 0 is any number."),
    Setting("jobs.retries", 1, "Further attempts of a job whose machine or agent, not its command, failed.", most=100),
    Setting("jobs.grace", 8.0, "Seconds between asking a command to end and killing it.", most=86_400),
    Setting(
        "schedules.catch_up",
        86_400.0,
        "Seconds after a schedule's time in which its run is still started where it could not be then; 0 is at most 60.",
        most=31_622_400,
    ),
    Setting("tables.seconds", 300.0, "Seconds that a preview, profile or verification of data may take.", 1, 86_400),
    Setting("tables.memory", 1024, "MiB that a process which reads a table may have.", 256, 1_048_576),
    Setting("environments.engine", "auto", "The container engine: auto, none, or the one that builds every context."),
    Setting("environments.r_repository", "https://cloud.r-project.org", "Where R packages come from."),
    Setting(
        "jobs.metrics_interval",
        10.0,
        "Seconds between samples of what a job uses (processor, memory, disk, network, GPUs); 0 takes none.",
        most=86_400,
    ),
    Setting("egress.allow", [], "Hosts and networks (CIDR) beyond public addresses that Zaffre may fetch from."),
    Setting(
        "data.cache_gigabytes",
        50,
        "How much of what was brought from cloud stores is kept for the next job.",
        most=1_000_000,
    ),
    Setting(
        "data.identity",
        False,
        "Open stores that have no credentials as this machine (az login, managed identity, AWS_…).",
    ),
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
        found = cls(home, values)
        if not found.is_loopback and not found.flag("server.insecure"):
            told = f"{found.text('server.host')} is reached from outside this machine, where tokens would travel unencrypted"
            hint = "keep 127.0.0.1 and put a TLS proxy or an SSH tunnel in front, or set server.insecure = true"
            raise Invalid([Problem(told, field="server.host", hint=hint)])
        return found

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        host = self.text("server.host")
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    @property
    def own_host(self) -> str:
        """The address at which this machine itself reaches the server, as URLs spell it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.text("server.host"), self.text("server.host"))  # noqa: S104
        return f"[{host}]" if ":" in host else host

    def text(self, name: str) -> str:
        """A setting that is a string."""
        return str(self._values[name])

    def number(self, name: str) -> int:
        """A setting that is a whole number."""
        return int(self._values[name])

    def flag(self, name: str) -> bool:
        """A setting that is true or false."""
        return bool(self._values[name])

    def seconds(self, name: str) -> float:
        """A setting that is a duration."""
        return float(self._values[name])

    def names(self, name: str) -> tuple[str, ...]:
        """A setting that is a list of strings."""
        return tuple(str(item) for item in self._values[name])

    def counts(self, name: str) -> dict[str, int]:
        """A setting that maps strings to whole numbers, written as texts."""
        wrong = [key for key, value in self._values[name].items() if not str(value).isdigit()]
        if wrong:
            told = f"expected a whole number for {wrong[0]!r}, found {self._values[name][wrong[0]]!r}"
            raise Invalid([Problem(told, field=name)])
        return {str(key): int(value) for key, value in self._values[name].items()}

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


def staging_environ(environ: Mapping[str, str] | None = None, *, identity: bool = False) -> dict[str, str]:
    """The variables of processes that bring and send data: no proxies, since they have a way out of their own.

    With ``identity``, also what tells the libraries of the clouds who this machine is.
    """
    environ = os.environ if environ is None else environ  # noqa: TID251 - the one place that reads it
    # A shell that was pointed at Zaffre names our own identity endpoint, whose tokens are nobody else's business.
    is_ours = environ.get("AZUREML_CURRENT_CLOUD") == CLOUD
    kinds = tuple(name for name in _IDENTITY if not (is_ours and name == "IDENTITY_"))
    known = {name: value for name, value in environ.items() if name == "HOME" or name.startswith(kinds)}
    passed = {name: value for name, value in passed_on(environ).items() if not name.lower().endswith("_proxy")}
    return {**passed, **(known if identity else {})}


_IDENTITY = ("AWS_", "AZURE_", "GOOGLE_", "IDENTITY_", "MSI_")
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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid([Problem(f"is not TOML: {error}", file=str(path))]) from error
    given: dict[str, Any] = {}
    for section, entries in document.items():
        given |= (
            {f"{section}.{name}": value for name, value in entries.items()} if is_dict(entries) else {section: entries}
        )
    wrong = [replace(problem, file=str(path)) for name, value in given.items() if (problem := _problem(name, value))]
    if wrong:
        raise Invalid(wrong)
    return given


def _from_environ(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    wrong: list[Problem] = []
    for setting in SETTINGS:
        variable = "ZAFFRE_" + setting.name.upper().replace(".", "_")
        text = environ.get(variable)
        if text is None:
            continue
        value = text if isinstance(setting.default, str) else _parsed(text)
        if problem := _problem(setting.name, value):
            wrong.append(replace(problem, field=variable))
        found[setting.name] = value
    if wrong:
        raise Invalid(wrong)
    return found


def _parsed(text: str) -> Any:
    """A variable's text as TOML has it; what is none stays the text, which no such setting can be."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _problem(name: str, value: Any) -> Problem | None:
    """What is wrong with a setting, if anything is."""
    setting = next((setting for setting in SETTINGS if setting.name == name), None)
    if setting is None:
        names = [setting.name for setting in SETTINGS]
        told = f"there is no such setting; there are {', '.join(names)}"
        return Problem(told, field=name, hint=problems.closest(name, names))
    expected = _expected(setting, value)
    return Problem(f"expected {expected}, found {value!r}", field=name) if expected else None


def _expected(setting: Setting, value: Any) -> str:
    """What the value should have been; empty where it is right."""
    match setting.default:
        case bool():
            return "" if isinstance(value, bool) else "true or false"
        case int() | float():
            whole = isinstance(setting.default, int)
            allowed = (int,) if whole else (int, float)
            right = isinstance(value, allowed) and not isinstance(value, bool)
            low, high = setting.least, setting.most
            wanted = f"a {'whole number' if whole else 'number'} from {low:g} to {high:g}"
            return "" if right and low <= value <= high else wanted
        case str():
            return "" if isinstance(value, str) and value else "a text"
        case list():
            return "" if _texts(value, list) else "a list of texts"
        case _:
            return "" if _texts(value, dict) else "a table of texts"


def _texts(value: Any, sort: type[Any]) -> bool:
    items = value.values() if is_dict(value) else value if is_list(value) else ()
    return isinstance(value, sort) and all(isinstance(item, str) for item in items)
