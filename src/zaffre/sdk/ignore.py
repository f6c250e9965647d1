"""Which files of a folder are left out of an upload: ``.amlignore``, else ``.gitignore``, by git's rules.

The nearest file that says something about a path wins, in a file its last matching line; a folder that is left out is
not looked into, so nothing below it can be taken back. Held against ``git check-ignore`` in the tests.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

AML = ".amlignore"
GIT = ".gitignore"
DOCKER = ".dockerignore"
_ALWAYS_OUT = frozenset({".git"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of an ignore file."""

    matches: re.Pattern[str]
    keeps: bool
    folders_only: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """The rules of one ignore file, for paths below the folder it lies in."""

    prefix: str
    """That folder relative to the root: ``''`` for the root itself and what lies above it, ``sub/`` below."""
    above: str
    """The root relative to that folder, where the folder lies above it."""
    rules: tuple[Rule, ...]

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """True to leave ``path`` out, False to keep it, None where no rule speaks."""
        if not path.startswith(self.prefix):
            return None
        relative = self.above + path[len(self.prefix) :]
        for rule in reversed(self.rules):
            if (is_folder or not rule.folders_only) and rule.matches.fullmatch(relative):
                return not rule.keeps
        return None


class Ignored:
    """The rules that hold in one folder to upload; subfolders' files are added as the walk enters them."""

    def __init__(self, root: Path) -> None:
        self._name = AML if (root / AML).is_file() else GIT
        self._layers: list[Layer] = []
        if self._name == GIT:
            self._layers += _above(root)
        self.enter(root, "")

    def enter(self, folder: Path, prefix: str) -> None:
        """Take the ignore file of ``folder``, whose path below the root is ``prefix`` (``sub/``), into account."""
        rules = _read(folder / self._name)
        if rules:
            self._layers.append(Layer(prefix, "", rules))

    def leaves_out(self, path: str, is_folder: bool) -> bool:
        """Whether ``path`` (relative to the root, with ``/``) stays behind."""
        if path.rpartition("/")[2] in _ALWAYS_OUT:
            return True
        for layer in reversed(self._layers):
            verdict = layer.verdict(path, is_folder)
            if verdict is not None:
                return verdict
        return False


class DockerIgnored:
    """``.dockerignore`` of a build context: patterns of whole paths from its root, the last one that matches holds."""

    def __init__(self, root: Path) -> None:
        self._rules = [rule for line in _lines(root / DOCKER) if (rule := _docker_rule(line))]
        self._takes_back = any(rule.keeps for rule in self._rules)

    def enter(self, folder: Path, prefix: str) -> None:
        """Only the root's file counts."""

    def leaves_out(self, path: str, is_folder: bool) -> bool:
        """Whether ``path`` stays behind; a folder is looked into where something below it may be taken back."""
        if path == DOCKER or path.rpartition("/")[2].startswith("Dockerfile"):
            return False
        left_out = False
        parts = path.split("/")
        for rule in self._rules:
            if any(rule.matches.fullmatch("/".join(parts[:end])) for end in range(1, len(parts) + 1)):
                left_out = not rule.keeps
        return left_out and not (is_folder and self._takes_back)


def _above(root: Path) -> list[Layer]:
    """The ``.gitignore`` files from the repository's top to above the root, outermost first; none outside one."""
    found: list[Layer] = []
    below = ""
    folder = root
    while not (folder / ".git").exists():
        if folder.parent == folder:
            return []
        below = f"{folder.name}/{below}"
        folder = folder.parent
        rules = _read(folder / GIT)
        if rules:
            found.append(Layer("", below, rules))
    return found[::-1]


def _read(file: Path) -> tuple[Rule, ...]:
    rules = (_rule(line) for line in _lines(file))
    return tuple(rule for rule in rules if rule)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _docker_rule(line: str) -> Rule | None:
    pattern = line.strip()
    if not pattern or pattern.startswith("#"):
        return None
    keeps = pattern.startswith("!")
    pattern = posixpath.normpath(pattern.removeprefix("!").strip()).removeprefix("/")
    try:
        return Rule(re.compile(_expression(pattern), re.DOTALL), keeps, folders_only=False)
    except re.error:
        return None


def _rule(line: str) -> Rule | None:
    pattern = _without_trailing_blanks(line)
    if not pattern or pattern.startswith("#"):
        return None
    keeps = pattern.startswith("!")
    pattern = pattern[1:] if keeps else pattern
    folders_only = pattern.endswith("/")
    pattern = pattern.rstrip("/") if folders_only else pattern
    if not pattern:
        return None
    anchored = "/" in pattern
    body = _expression(pattern.removeprefix("/"))
    try:
        matches = re.compile(body if anchored else f"(?:.*/)?{body}", re.DOTALL)
    except re.error:
        return None
    return Rule(matches, keeps, folders_only)


def _without_trailing_blanks(line: str) -> str:
    kept = line.rstrip(" ")
    backslashes = len(kept) - len(kept.rstrip("\\"))
    return kept + " " if backslashes % 2 and kept != line else kept


_PART = (  # a string: most folders have no ignore file
    r"(?P<lead>(?:^|(?<=/))\*\*/)|(?P<tail>/\*\*$)|(?P<star>\*+)|(?P<one>\?)"
    r"|(?P<set>\[[!^]?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\])|\\(?P<escaped>.)"
)


def _expression(pattern: str) -> str:
    """A git pattern as a regular expression: ``*`` and ``?`` stop at a slash, ``**`` does not."""
    parts: list[str] = []
    at = 0
    for token in re.finditer(_PART, pattern):
        parts.append(re.escape(pattern[at : token.start()]))
        parts.append(_translated(token))
        at = token.end()
    parts.append(re.escape(pattern[at:]))
    return "".join(parts)


def _translated(token: re.Match[str]) -> str:
    simple = {"lead": "(?:.*/)?", "tail": "/.+", "star": "[^/]*", "one": "[^/]"}
    kind = token.lastgroup or ""
    if kind in simple:
        return simple[kind]
    if kind == "escaped":
        return re.escape(token["escaped"])
    inner = token["set"][1:-1]
    negated = inner[:1] in ("!", "^")
    inner = inner[1:] if negated else inner
    classes = "".join(_POSIX.get(part, part) for part in re.split(r"(\[:\w+:\])", inner))
    return f"(?!/)[{'^' if negated else ''}{classes.replace('[', chr(92) + '[') if '[:' not in inner else classes}]"


_POSIX = {
    "[:alpha:]": "a-zA-Z",
    "[:digit:]": "0-9",
    "[:alnum:]": "a-zA-Z0-9",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
    "[:space:]": r"\s",
    "[:xdigit:]": "0-9a-fA-F",
    "[:punct:]": r"!-/:-@\[-`{-~",
}
