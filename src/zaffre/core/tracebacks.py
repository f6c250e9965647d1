"""What the end of the log of something that failed says: the error, and the user's own line on the way to it. Pure.

A log is whatever somebody's program wrote. What is not understood is left out; nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_LINES = 20
MOST_TRACEBACK = 40
_LONGEST = 400
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-_])")
_BORDER = re.compile(r"^\s*(?:\| |\+-+ ?)+")
_TRACEBACK = re.compile(r"^(?:.*: )?Traceback \(most recent call last\):\s*$")
_FRAME = re.compile(r'^\s+File "(?P<file>[^"]{1,4096})", line (?P<line>\d{1,9})(?:, in (?P<function>.*))?$')
_ERROR = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning|Iteration|Group)?(?::|$)")
_NOT_OWN = ("/site-packages/", "/dist-packages/", "/lib/python3", "/lib64/python3", "<frozen", "<__array_function__")
_WORK = re.compile(r"^.*/(?:runs/[^/]+/\d+/work|endpoints/[^/]+/[^/]+/[^/]+/\d+-\d+/code)/")
_SHELL = re.compile(r"^(?:/bin/)?(?:ba)?sh: (?:line \d+: )?(?P<told>.+)$")


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of somebody's code."""

    file: str
    """Below the code that was submitted, or as the log has it."""
    line: int
    source: str
    """Empty where the log does not show it."""


@dataclass(frozen=True, slots=True)
class Card:
    """What there is to say."""

    error: str
    frame: Frame | None
    tail: tuple[str, ...]
    traceback: tuple[str, ...] = ()
    """The last traceback whole, as far as it is the log's."""

    def to_json(self) -> dict[str, Any]:
        """As answers have it."""
        told: dict[str, Any] = {"error": self.error, "log": list(self.tail)}
        if self.frame is not None:
            told |= {"at": f"{self.frame.file}:{self.frame.line}", "source": self.frame.source}
        return told


def read(text: str) -> Card:
    """The card of a log, or of its end."""
    lines = [_plain(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    frames, error = _traceback(lines)
    own = [frame for frame in frames if not any(mark in frame.file for mark in _NOT_OWN)]
    frame = own[-1] if own else None
    return Card(error or _shell_error(lines), frame, tuple(lines[-MOST_LINES:]), tuple(_whole(lines)))


def _whole(lines: Sequence[str]) -> list[str]:
    """The lines of the last traceback, its error among them; the outermost frames go first where there are too many."""
    starts = [at for at, line in enumerate(lines) if _TRACEBACK.match(_bare(line))]
    if not starts:
        return []
    found: list[str] = []
    for line in lines[starts[-1] :]:
        found.append(line)
        if len(found) > 1 and line and not line[0].isspace():
            break
    return found if len(found) <= MOST_TRACEBACK else [found[0], "  …", *found[-(MOST_TRACEBACK - 2) :]]


def _plain(line: str) -> str:
    """Without colours and the borders of exception groups, and not too long."""
    line = _ESCAPES.sub("", line).replace("\0", "")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _traceback(lines: Sequence[str]) -> tuple[list[Frame], str]:
    """The frames of the last traceback, and the error below them."""
    starts = [at for at, line in enumerate(lines) if _TRACEBACK.match(_bare(line))]
    if not starts:
        return [], ""
    frames: list[Frame] = []
    for at in range(starts[-1] + 1, len(lines)):
        line = _bare(lines[at])
        found = _FRAME.match(line)
        if found:
            frames.append(_frame(found, lines, at))
        elif frames and line and not line[0].isspace():
            return frames, line if _ERROR.match(line) or ":" in line else ""
    return frames, ""


def _frame(found: re.Match[str], lines: Sequence[str], at: int) -> Frame:
    following = _bare(lines[at + 1]) if at + 1 < len(lines) else ""
    is_source = following.startswith("    ") and not _FRAME.match(following)
    return Frame(_WORK.sub("", found["file"]), int(found["line"]), following.strip() if is_source else "")


def _bare(line: str) -> str:
    """Without the border that an exception group draws."""
    border = _BORDER.match(line)
    return line[border.end() :] if border and "|" in border[0] else line


def _shell_error(lines: Sequence[str]) -> str:
    """What the shell complained about last."""
    found = [match["told"] for line in lines[-MOST_LINES:] if (match := _SHELL.match(line))]
    return found[-1] if found else ""
