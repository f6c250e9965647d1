"""R code that installs packages, and ``renv.lock`` → names and versions of R packages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from zaffre.core.plain import is_dict, mapping_of

_CALL = re.compile(r"\b(?:utils::)?install\.packages\s*\(")
_PINNED = re.compile(
    r"\b(?:remotes|devtools)::install_version\s*\(\s*(?:package\s*=\s*)?[\"']([\w.]+)[\"']\s*,\s*(?:version\s*=\s*)?[\"']([\w.-]+)[\"']"
)
_BY_PAK = re.compile(r"\b(?:pak::(?:pkg_install|pak)|BiocManager::install)\s*\(\s*(?:pkgs?\s*=\s*)?")
_TEXT = re.compile(r"[\"']([^\"']+)[\"']")
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9.]*$")
_HARMLESS = re.compile(
    r"^\s*(?:(?:library|require|requireNamespace|suppress\w+|options|cat|print|message|quit|q|stopifnot|Sys\.setenv"
    r"|sessionInfo|R\.version|installed\.packages|tinytex::\w+)\b.*|#.*|\s*)$"
)
_SOURCE = re.compile(r"^https?://.*/([A-Za-z][\w.]*)_([\d.-]+)\.tar\.gz$")
_RESTORE = re.compile(r"\brenv::restore\s*\(")
_INSTALLERS = frozenset(("renv", "remotes", "devtools", "pak", "BiocManager"))


@dataclass(slots=True)
class RLines:
    """The R packages asked for."""

    wanted: bool = False
    """Whether there is to be R at all."""
    version: str = ""
    """Asked for by a conda file; R itself is the system's."""
    packages: dict[str, str] = field(default_factory=dict[str, str])
    """Name, or ``name==version`` → where that is said."""
    repositories: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class RCode:
    """What a piece of R asks for."""

    packages: list[str] = field(default_factory=list[str])
    """``name`` or ``name==version``."""
    repositories: list[str] = field(default_factory=list[str])
    addresses: list[str] = field(default_factory=list[str])
    """Packages named by a URL or a file instead of a name."""
    restores: bool = False
    """Whether it asks for what ``renv.lock`` says."""
    understood: bool = True


def read(code: str) -> RCode:
    """The install lines of ``code``; ``understood`` is false where it does something else besides."""
    found = RCode()
    for match in list(_CALL.finditer(code)) + list(_BY_PAK.finditer(code)):
        _installed(_balanced(code, code.index("(", match.start())), found)
    for name, version in _PINNED.findall(code):
        found.packages.append(f"{name}=={version}")
    found.restores = _RESTORE.search(code) is not None
    asked = bool(found.packages or found.addresses or found.restores)
    found.understood = asked or all(_HARMLESS.match(part) for part in re.split(r"[;\n]", code))
    return found


def lock(text: str) -> dict[str, str]:
    """Package → version of an ``renv.lock``; raises ``ValueError`` for what is none."""
    stored: Any = json.loads(text)
    if not is_dict(stored) or not is_dict(stored.get("Packages")):
        raise ValueError("it has no Packages")
    packages = mapping_of(stored["Packages"])
    return {
        str(name): str(mapping_of(told).get("Version", ""))
        for name, told in packages.items()
        if name not in _INSTALLERS
    }


def lock_repositories(text: str) -> list[str]:
    """The repositories an ``renv.lock`` names."""
    listed: Any = mapping_of(mapping_of(json.loads(text)).get("R")).get("Repositories") or []
    return [str(mapping_of(one).get("URL")) for one in listed if mapping_of(one).get("URL")]


def _balanced(code: str, opening: int) -> str:
    """From an opening bracket to its closing one."""
    depth = 0
    quote = ""
    for at in range(opening, len(code)):
        character = code[at]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return code[opening : at + 1]
    return code[opening:]


def _installed(call: str, found: RCode) -> None:
    """``(c('a', 'b'), repos = 'https://…', lib = '…')``."""
    inner = call[1:-1]
    named = dict(re.findall(r"\b(repos|lib|type|method|dependencies|Ncpus)\s*=\s*(c\([^)]*\)|[^,]+)", inner))
    rest = re.sub(r"\b(?!pkgs\b)\w+\s*=\s*(?:c\([^)]*\)|[\"'][^\"']*[\"']|[^,]+)", "", inner)
    found.repositories += _TEXT.findall(named.get("repos", ""))
    for text in _TEXT.findall(rest):
        if _NAME.match(text):
            if text not in _INSTALLERS:
                found.packages.append(text)
        elif source := _SOURCE.match(text):
            found.packages.append(f"{source.group(1)}=={source.group(2)}")
        else:
            found.addresses.append(text)
