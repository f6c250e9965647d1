"""What ``success`` of a list says, read as observations that can be made. Pure.

A list's authors write short notes (``std_log.txt has "hello"; training_r2_score=0.528``). What is regular in them is a rule
here; a note that no rule reads is told, so that nothing counts as seen that nobody looked at.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Look:
    """One observation."""

    at: str
    """``status``, ``ranks``, ``log``, ``file``, ``text``, ``rows``, ``parts``, ``printed``, ``field``, ``kept``,
    ``metric``, ``param``, ``column``, ``artifact``, ``model``, ``answer``, ``swagger``; of pipelines ``children``,
    ``left``, ``models``, ``said``, ``registered``; of sweeps ``trials``, ``best``, ``within``; of schedules ``due``."""
    name: str = ""
    value: Any = None


_NUMBER = r"-?\d+(?:\.\d+)?"
_RULES: list[tuple[str, Any]] = [
    (r"endpoint invoke -> Completed job", lambda m: Look("status")),
    (r"(?P<f>\w+)/\*\.csv with column (?P<c>\w+)", lambda m: Look("column", m["f"], m["c"])),
    (r"completed(?: on (?P<n>\d+) workers)?", lambda m: Look("ranks", value=int(m["n"])) if m["n"] else Look("status")),
    (r"log shows (?P<t>\w+) path|log (?P<w>\w+)", lambda m: Look("log", m["t"] or m["w"])),
    (r'(?:std_log\.txt|log) (?:has|lists|shows) "?(?P<t>[^"]+?)"?', lambda m: Look("log", m["t"])),
    (r'job artifacts have (?P<f>\S+) = "(?P<t>[^"]*)"', lambda m: Look("text", m["f"], m["t"])),
    (r"(?P<f>[\w./-]+\.csv) (?:has )?(?P<n>\d+) rows", lambda m: Look("rows", m["f"], int(m["n"]))),
    (r"\S+ has part-\*\.csv with (?P<n>\d+) rows", lambda m: Look("parts", value=int(m["n"]))),
    (r"header|no nulls", lambda m: Look("parts", m[0].lower())),
    (r"(?P<f>[\w./-]+) (?:exists|saved(?: by chief)?)", lambda m: Look("file", m["f"])),
    (r"(?:and )?its cell printed", lambda m: Look("printed")),
    (r"ls shows it", lambda m: Look("log", "")),
    (r"tags\.(?P<k>\w+)=(?P<v>\S+)", lambda m: Look("field", f"tags.{m['k']}", m["v"])),
    (r"(?P<k>display_name|experiment_name)(?: on job)?", lambda m: Look("kept", m["k"])),
    (r"(?:run has )?param (?P<k>\w+)=(?P<v>\S+)", lambda m: Look("param", m["k"], m["v"])),
    (
        rf"(?:run has )?metric (?P<k>\w+) in \[(?P<a>{_NUMBER}), ?(?P<b>{_NUMBER})\]",
        lambda m: Look("metric", m["k"], (float(m["a"]), float(m["b"]))),
    ),
    (rf"(?:metric )?(?P<k>\w+)=(?P<v>{_NUMBER})", lambda m: Look("metric", m["k"], _around(m["v"]))),
    (r"(?:run has )?artifact (?P<f>\S+)", lambda m: Look("artifact", m["f"])),
    (r"(?:model|\S+/MLmodel) logged", lambda m: Look("model")),
    (r"(?P<r>sample-request\.json|any request) -> (?P<a>\[.*\])", lambda m: Look("answer", m["r"], json.loads(m["a"]))),
    (r"(?P<a>\[.*\])", lambda m: Look("answer", "", json.loads(m["a"]))),
    (r"pipeline|(?:all|both|all (?:nodes|children)) completed|inputs/outputs binding", lambda m: Look("children")),
    (r".* readable by next step", lambda m: Look("children")),
    (r"(?P<n>\d+) partitions -> \d+ model folders .*", lambda m: Look("models", value=int(m["n"]))),
    (r"(?P<n>\d+) steps", lambda m: Look("children", value=int(m["n"]))),
    (r"(?P<f>\S+) passes \w+->\w+", lambda m: Look("left", m["f"])),
    (r'step \d log "(?P<t>[^"]+)"', lambda m: Look("log", m["t"])),
    (r"(?:named outputs hold the written|output) text file", lambda m: Look("left", "*.txt")),
    (r"output folder has counts|word counts printed/ written", lambda m: Look("left", "part-*")),
    (r"(?P<o>\w+) has file from \w+", lambda m: Look("left", f"{m['o']}/*")),
    (r"pipeline output has (?P<f>\S+)", lambda m: Look("left", m["f"])),
    (r"outputs? (?P<o>\w+)", lambda m: Look("left", m["o"])),
    (r"(?P<f>\w+/[\w.-]+)", lambda m: Look("left", m["f"])),
    (r"transformations", lambda m: Look("left", "*transformations*")),
    (r"(?P<o>\w+) output loads", lambda m: Look("left", "MLmodel")),
    (r"score report as above", lambda m: Look("left", "score.txt")),
    (rf"(?P<f>\S+\.txt): (?P<k>\w+) (?P<v>{_NUMBER})", lambda m: Look("said", m["f"], _rough(m["v"]))),
    (rf"R2 (?P<v>{_NUMBER})", lambda m: Look("said", "score.txt", _rough(m["v"]))),
    (r"(?P<n>\d+) ranks 0\.\.\d with .* right", lambda m: Look("ranks", value=int(m["n"]))),
    (r"model (?P<n>[\w-]+) registered", lambda m: Look("registered", m["n"])),
    (r"(?P<n>\d+) (?:child )?trials completed", lambda m: Look("trials", value=int(m["n"]))),
    (r"best(?: run)? ?= ?(?P<w>min|max) (?P<k>\w+)", lambda m: Look("best", m["k"], m["w"].lower())),
    (r"(?:each has )?params (?:in range|within space)", lambda _: Look("within")),
    (r"next-run times right", lambda _: Look("due")),
    (r"a triggered job completes", lambda _: Look("status")),
    (r"score|endpoint answers", lambda m: Look("answer")),
    (r"(?P<p>/swagger\.json\S*)", lambda m: Look("swagger", m["p"])),
]


def looks(success: str) -> tuple[list[Look], list[str]]:
    """The observations of a note, and the parts of it that no rule reads."""
    found: list[Look] = []
    unread: list[str] = []
    for part in _parts(success):
        look = _read(part)
        if look is None:
            unread.append(part)
        elif look == Look("log", ""):  # "it" is the file named before
            found.append(
                Look("log", next((one.name for one in reversed(found) if one.at == "rows"), "").split("/")[-1])
            )
        else:
            found.append(look)
    return found, unread


def _parts(success: str) -> list[str]:
    """Split at ``;``, at commas and ``and`` outside brackets and quotes, and at ``+``; remarks in parentheses say nothing."""
    plain = re.sub(r" ?\([^)]*\)", "", success)
    plain = re.sub(r"(?<=params )\w+(?:,\w+)+ ", "", plain)  # all that is searched for
    pieces = re.split(r"""(?:[;+]|,|\band\b)(?=(?:[^"]*"[^"]*")*[^"]*$)(?![^\[]*\])""", plain)
    return [piece.strip() for piece in pieces if piece.strip()]


def _read(part: str) -> Look | None:
    for pattern, make in _RULES:
        if found := re.fullmatch(pattern, part, re.IGNORECASE):
            return make(found)
    return None


def _around(number: str) -> tuple[float, float]:
    """A number as it was rounded: one unit of its last digit either way."""
    digits = len(number.partition(".")[2])
    return float(number) - 10**-digits, float(number) + 10**-digits


def _rough(number: str) -> tuple[float, float]:
    """A score of a training on a copy of the data, whose split is by chance."""
    return float(number) * 0.8, float(number) * 1.25
