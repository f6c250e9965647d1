"""Commands that need no shell: ``bash -c 'python train.py --lr 0.1'`` reads a line, finds a program and becomes it.

Where a command is that plain, the agent does so itself, and saves the start of a shell. Program, arguments and environment are
the same to the byte; whatever a shell might read otherwise (a variable, a pattern, a redirection, a setting of its own), and
a program that is not found, is left to bash.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_SHELL = ["/bin/bash", "-c"]
_PROGRAM = re.compile(r"python[0-9.]*\Z")
_BARE = r"[A-Za-z0-9_@%+=:,./-]"
_QUOTED = r"""'[^']*'|"[^"$`\\]*\""""
_PIECES = re.compile(r"%s+|%s" % (_BARE, _QUOTED))
_ONE = r"(?:%s|%s)+" % (_BARE, _QUOTED)
_WORD = re.compile(_ONE)
_LINE = re.compile(r"[ \t\n]*%s(?:[ \t]+%s)*[ \t\n]*\Z" % (_ONE, _ONE))
_HEEDED = ("PWD", "OLDPWD", "SHLVL", "ENV", "SHELLOPTS", "POSIXLY_CORRECT")
"""Variables by which bash would do something else, and those that begin with its name."""


class Direct(NamedTuple):
    """What bash would become."""

    words: list[str]
    environ: dict[str, str]


def direct(argv: Sequence[str], environ: Mapping[str, str], cwd: str) -> Direct | None:
    """The program of a plain command, as bash starts it; None where it is bash's business."""
    if list(argv[:2]) != _SHELL or len(argv) != 3 or not _LINE.match(argv[2]):
        return None
    if any(name in _HEEDED or name.startswith("BASH") for name in environ):
        return None
    words = ["".join(map(_bare, _PIECES.findall(word))) for word in _WORD.findall(argv[2])]
    program = _found(words[0], environ.get("PATH", "")) if _PROGRAM.match(words[0]) else ""
    if not program:
        return None
    return Direct(words, dict(environ, PWD=os.path.realpath(cwd), SHLVL="0", _=program))


def _bare(piece: str) -> str:
    return piece[1:-1] if piece[0] in "'\"" else piece


def _found(name: str, path: str) -> str:
    """Empty where there is none, or bash might find another, or would read it as a script of its own."""
    for folder in path.split(os.pathsep):
        if not os.path.isabs(folder):
            return ""
        place = os.path.join(folder, name)
        if os.path.isfile(place) and os.access(place, os.X_OK):
            return place if _starts(place) else ""
    return ""


def _starts(place: str) -> bool:
    try:
        with open(place, "rb") as stream:
            return stream.read(4).startswith((b"\x7fELF", b"#!"))
    except OSError:
        return False
