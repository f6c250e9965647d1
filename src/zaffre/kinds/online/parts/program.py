"""The server that an image starts by itself, read off its Dockerfile: words, variables, folder, copied files. Pure."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

_CONTINUED = re.compile(r"\\\s*\n")
_LINE = re.compile(r"^\s*([A-Za-z]+)\s+(.*\S)\s*$", re.MULTILINE)
_FLAG = re.compile(r"^(?:--[a-z-]+(?:=\S+)?\s+)+")
_AZURES = frozenset(("azmlinfsrv", "runsvdir", "runsv"))
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))")


@dataclass(frozen=True, slots=True)
class Program:
    """How a container would be started."""

    entry: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
    folder: str = "/"
    """The image's WORKDIR."""
    copies: tuple[tuple[str, str], ...] = ()
    """(path in the image, path in the build context)."""

    @property
    def words(self) -> tuple[str, ...]:
        """What is run."""
        return (*self.entry, *self.command)

    @property
    def is_azures(self) -> bool:
        """Whether it is Azure's inference server, as its images start it."""
        return bool({posixpath.basename(word) for word in self.words} & _AZURES)

    def to_json(self) -> dict[str, Any]:
        """As a wish keeps it."""
        return {
            "argv": list(self.words),
            "environ": dict(self.environ),
            "folder": self.folder,
            "copies": [list(pair) for pair in self.copies],
        }


def read(dockerfile: str) -> Program:
    """The last stage's program; without words where it starts none."""
    found = Program()
    for keyword, rest in _LINE.findall(_CONTINUED.sub(" ", _uncommented(dockerfile))):
        found = _taken(found, keyword.upper(), rest)
    return found


def placed(told: Mapping[str, Any], code: str, models: str, mount: str = "") -> dict[str, Any]:
    """The same outside a container: paths of the image become those of the build context and of the model."""
    pairs = [(str(target), posixpath.join(code, str(source)).rstrip("/.")) for target, source in told["copies"]]
    pairs += _folder_of(str(told["folder"]), pairs)
    pairs += [("/var/azureml-app/azureml-models", models)] + ([(mount, models)] if mount else [])
    pairs.sort(key=lambda pair: -len(pair[0]))
    argv = [_moved(str(word), pairs) for word in told["argv"]]
    environ = {name: _moved(str(value), pairs) for name, value in told["environ"].items()}
    folder = _moved(str(told["folder"]), pairs)
    return {"argv": argv, "environ": environ, "folder": folder if folder != told["folder"] else code}


def _folder_of(folder: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The image's folder as the one that a file lies in which was copied there."""
    for target, real in pairs:
        if posixpath.split(target) == (folder, posixpath.basename(real)):
            return [(folder, posixpath.dirname(real))]
    return []


def _uncommented(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def _taken(found: Program, keyword: str, rest: str) -> Program:
    if keyword == "FROM":
        return Program()
    rest = _FLAG.sub("", rest) if keyword in ("COPY", "ADD") else rest
    if keyword == "CMD":
        return replace(found, command=_words(rest))
    if keyword == "ENTRYPOINT":
        return replace(found, entry=_words(rest), command=())
    if keyword == "WORKDIR":
        return replace(found, folder=posixpath.normpath(posixpath.join(found.folder, _filled(rest, found.environ))))
    if keyword in ("ENV", "ARG"):
        return replace(found, environ={**found.environ, **_pairs(rest, found.environ)})
    return replace(found, copies=(*found.copies, *_copies(rest, found))) if keyword in ("COPY", "ADD") else found


def _words(rest: str) -> tuple[str, ...]:
    """The exec form as it is, the shell form through a shell."""
    if rest.startswith("["):
        try:
            said: Any = json.loads(rest)
        except ValueError:
            said = None
        if isinstance(said, list):
            return tuple(str(word) for word in said)  # type: ignore[reportUnknownVariableType]
    return ("/bin/sh", "-c", f"exec {rest}" if not set(rest) & set(";&|") else rest)


def _pairs(rest: str, known: Mapping[str, str]) -> dict[str, str]:
    if "=" not in rest.split(maxsplit=1)[0]:
        name, _, value = rest.partition(" ")
        return {name: _filled(value.strip(), known)} if value else {}
    found: dict[str, str] = {}
    for word in shlex.split(rest):
        name, _, value = word.partition("=")
        found[name] = _filled(value, {**known, **found})
    return found


def _copies(rest: str, found: Program) -> list[tuple[str, str]]:
    words = list(_words(rest)) if rest.startswith("[") else _filled(rest, found.environ).split()
    if len(words) < 2 or "<<" in rest:
        return []
    target = posixpath.normpath(posixpath.join(found.folder, words[-1]))
    into = words[-1].endswith(("/", ".")) or len(words) > 2
    made: list[tuple[str, str]] = []
    for source in words[:-1]:
        own = source.removeprefix("./").strip("/") or "."
        is_file = "." in posixpath.basename(own) and own != "."
        made.append((posixpath.join(target, posixpath.basename(own)) if into and is_file else target, own))
    return made


def _filled(text: str, known: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda one: known.get(one[1] or one[3], one[2] or ""), text.strip().strip("\"'"))


def _moved(text: str, pairs: list[tuple[str, str]]) -> str:
    """``text`` with the first path of the image in it that lies elsewhere now."""
    for target, real in pairs:
        edge = re.compile(rf"(?<![\w/.-]){re.escape(target)}(?=$|[/\s\"':,;)])")
        if target != "/" and edge.search(text):
            return edge.sub(lambda _, real=real: real, text)
    return text
