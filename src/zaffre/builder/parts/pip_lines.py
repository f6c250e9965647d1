"""The lines of a requirements file: which requirements, which indexes, and which lines cannot be taken.

Lines end up in a file that a resolver reads, so everything not known to be harmless is refused: options that read
other files, local paths (they are not in the environment's definition), and version-control addresses but https ones.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from zaffre.core.errors import Problem

_OPTION = re.compile(r"^(--?[A-Za-z][A-Za-z-]*)(?:[=\s]\s*(.*))?$")
_COMMENT = re.compile(r"(?:^|\s)#(?!egg=|subdirectory=).*$")
_HASH = re.compile(r"\s--hash[=\s]\S+")
_SINGLE_EQUALS = re.compile(r"(?<![=<>!~])=(?!=)")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+(?:\[[A-Za-z0-9,._-]*\])?)")
_NO_SECRET = ("", "git")
"""Users in an address that are no login: everybody is git to a git server. A token may stand there without a colon."""
_RENAMED = {"sklearn": "scikit-learn"}

_INDEX = {"-i", "--index-url", "--pypi-url"}
_EXTRA = {"--extra-index-url"}
_LINKS = {"-f", "--find-links"}
_HARMLESS = {"--trusted-host", "--prefer-binary", "--no-cache-dir", "--only-binary", "--no-binary", "--use-feature"}
_WHY_NOT = {
    "-r": "the other file is not part of the definition; put its lines here",
    "--requirement": "the other file is not part of the definition; put its lines here",
    "-c": "the constraints file is not part of the definition; put its lines here",
    "--constraint": "the constraints file is not part of the definition; put its lines here",
    "-e": "editable installs need the source beside the job; name a version, or a git+https address",
    "--editable": "editable installs need the source beside the job; name a version, or a git+https address",
}


@dataclass(slots=True)
class PipLines:
    """What a list of lines comes to."""

    requirements: dict[str, str] = field(default_factory=dict[str, str])
    """Canonical requirement → the line as it was written, with its place."""
    index_url: str = ""
    extra_index_urls: list[str] = field(default_factory=list[str])
    find_links: list[str] = field(default_factory=list[str])
    pre: bool = False
    notes: list[str] = field(default_factory=list[str])
    problems: list[Problem] = field(default_factory=list[Problem])
    doubtful: dict[str, Problem] = field(default_factory=dict[str, Problem])
    """Host of an index that only an administrator can allow → what to say where none has."""

    def refuse(self, place: str, message: str, hint: str = "") -> None:
        """Add one mistake; all are reported together."""
        self.problems.append(Problem(message, field=place, hint=hint))


def read(lines: Iterable[object], place: str) -> PipLines:
    """Read ``lines``; mistakes are collected in ``problems`` under ``place[number]``."""
    found = PipLines()
    for number, line in enumerate(lines):
        add(found, line, f"{place}[{number}]")
    return found


def add(found: PipLines, line: object, place: str) -> None:
    """Take one line into ``found``."""
    if not isinstance(line, str):
        found.refuse(place, f"expected a requirement such as numpy==1.26.4, found {line!r}")
        return
    text = _COMMENT.sub("", line).strip().rstrip("\\").strip()
    if not text:
        return
    if any(character in text for character in "\n\r\0"):
        found.refuse(place, "a requirement is one line")
    elif text.startswith("-"):
        _option(found, text, place)
    elif _is_local(text):
        found.refuse(
            place, f"{text!r} is a local path: not part of the definition", "name a version, or an https address"
        )
    else:
        _requirement(found, text, place)


def name_of(requirement: str) -> str:
    """The canonical name in a canonical requirement."""
    return str(canonicalize_name(re.split(r"[\[ @;<>=!~]", requirement, maxsplit=1)[0]))


def refused_address(url: str, schemes: tuple[str, ...] = ("https", "http")) -> str:
    """Why an address that a file names is not taken; empty when it is. Names are not looked up here."""
    parts = urlsplit(url)
    if parts.scheme not in schemes or not parts.hostname:
        return f"{shown(url)} is not one of {', '.join(scheme + '://…' for scheme in schemes)}"
    address = _literal_address(parts.hostname)
    if address is not None and not address.is_global:
        return f"{parts.hostname} is an address of this machine or its network"
    if parts.hostname == "localhost" or parts.hostname.endswith((".localhost", ".internal")):
        return f"{parts.hostname} is an address of this machine or its network"
    return ""


def shown(url: str) -> str:
    """An address fit for a message: a login in it stays out."""
    return re.sub(r"(?<=//)[^/@\s]*@", "***@", url)


def permits(host: str, allowed: Iterable[str]) -> bool:
    """Whether an administrator's list of hosts and networks (CIDR) has ``host``; names are not looked up."""
    address = _literal_address(host)
    for entry in allowed:
        if entry.lower() == host.lower():
            return True
        try:
            network = ipaddress.ip_network(entry, strict=False)
        except ValueError:
            continue
        if address is not None and address.version == network.version and address in network:
            return True
    return False


def _option(found: PipLines, text: str, place: str) -> None:
    match = _OPTION.match(text)
    if match is None and text[:2] in {"-r", "-c", "-e", "-i", "-f"}:
        match = re.match(r"^(-[rceif])(.+)$", text)
    name, value = (match.group(1), (match.group(2) or "").strip()) if match else (text, "")
    if name in _WHY_NOT:
        found.refuse(place, f"{shown(text)!r} cannot be used: {_WHY_NOT[name]}")
    elif name == "--pre":
        found.pre = True
    elif name in _HARMLESS or name == "--no-index":
        found.notes.append(f"The option {name} was left out.")
    elif name in _INDEX | _EXTRA | _LINKS:
        _address(found, name, value, place)
    else:
        found.refuse(place, f"{text!r}: the option {name} is not known here")


def _address(found: PipLines, name: str, value: str, place: str) -> None:
    why = refused_address(value)
    host = urlsplit(value).hostname if value.startswith(("http://", "https://")) else None
    if why:
        told = Problem(f"{name}: {why}", field=place, hint="an administrator can add the host to egress.allow")
        if host is None:
            found.problems.append(told)
            return
        found.doubtful[host] = told
    if name in _INDEX:
        found.index_url = value.rstrip("/")
    elif name in _EXTRA:
        found.extra_index_urls.append(value.rstrip("/"))
    else:
        found.find_links.append(value)


def _requirement(found: PipLines, text: str, place: str) -> None:
    if _HASH.search(f" {text}"):
        text = _HASH.sub("", f" {text}").strip()
        found.notes.append(f"{text}: the hash in the file is not compared; the lock has its own.")
    if text.startswith(("git+", "http://", "https://", "hg+", "svn+", "bzr+", "ssh:", "file:")):
        text = _named(text)
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        found.refuse(place, *_explain(text, error))
        return
    why = _refused_source(requirement.url) if requirement.url else ""
    if why:
        found.refuse(place, f"{shown(text)!r}: {why}")
        return
    if canonicalize_name(requirement.name) == "pip":
        found.notes.append(f"{text}: every run has a current pip of its own instead.")
        return
    renamed = _RENAMED.get(str(canonicalize_name(requirement.name)))
    if renamed:
        found.notes.append(f"{requirement.name} was read as {renamed}, its name in the index.")
        requirement.name = renamed
    found.requirements.setdefault(_canonical(requirement), f"{place}: {text}")


def _named(address: str) -> str:
    """A bare address as a named requirement, when it says its name."""
    egg = _EGG.search(address)
    if egg:
        return f"{egg.group(1)} @ {_EGG.sub('', address)}"
    last = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    if last.endswith(".whl"):
        return f"{last.split('-')[0]} @ {address}"
    stem = re.sub(r"(\.git)?(@.*)?$", "", last)
    return f"{stem} @ {address}" if address.startswith("git+") and stem else address


def _is_local(text: str) -> bool:
    return text.startswith((".", "/", "~")) or ("://" not in text and text.endswith((".whl", ".tar.gz", ".zip")))


def _refused_source(url: str) -> str:
    if urlsplit(url).netloc.rpartition("@")[0] not in _NO_SECRET:
        return "a login in it would be kept in the lock; put it into a connection, or into the machine's .netrc"
    if url.startswith("git+"):
        return refused_address(url.removeprefix("git+"), ("https",))
    return refused_address(url)


def _explain(text: str, error: InvalidRequirement) -> tuple[str, str]:
    if _SINGLE_EQUALS.search(text):
        return f"{text!r} is not a pip requirement", f"did you mean {_SINGLE_EQUALS.sub('==', text, count=1)}?"
    return f"{text!r} is not a pip requirement: {str(error).splitlines()[0]}", ""


def _canonical(requirement: Requirement) -> str:
    name = str(canonicalize_name(requirement.name))
    extras = ",".join(sorted(str(canonicalize_name(extra)) for extra in requirement.extras))
    version = ",".join(sorted(str(part) for part in requirement.specifier))
    source = f" @ {requirement.url}" if requirement.url else ""
    marker = f" ; {requirement.marker}" if requirement.marker else ""
    return f"{name}{f'[{extras}]' if extras else ''}{version}{source}{marker}"


def _literal_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address a host name spells out, in the old spellings too (``2130706433``, ``0x7f.1``)."""
    try:
        found = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return _old_spelling(host)
    return getattr(found, "ipv4_mapped", None) or found


def _old_spelling(host: str) -> ipaddress.IPv4Address | None:
    """An IPv4 address of one to four numbers, each decimal, octal or hexadecimal, as C libraries still take it."""
    numbers: list[int] = []
    for part in host.split("."):
        match = re.fullmatch(r"(0[xX])([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*)", part)
        if match is None or len(numbers) == 4:
            return None
        base = 16 if match.group(1) else 8 if match.group(3) else 10
        numbers.append(int(match.group(2) or part, base))
    value = numbers.pop()
    for place, number in enumerate(numbers):
        value += number << (24 - 8 * place)
    return ipaddress.IPv4Address(value) if 0 <= value < 2**32 else None
